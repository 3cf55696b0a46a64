from __future__ import annotations

from datetime import date

import pytest

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision, parse_day, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), Precision.YEAR),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2024-06-19", date(2024, 6, 19), date(2024, 6, 19), Precision.DAY),
    ],
)
def test_parse_period_reads_three_precisions(text: str, start: date, end: date, precision: Precision) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.precision) == (start, end, precision)


@pytest.mark.parametrize("text", ["", "June 2024", "2024-13", "2024-02-30", "24-06-19", "2024-6-1"])
def test_parse_period_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        parse_period(text)


def test_parse_day_refuses_a_month() -> None:
    with pytest.raises(UsageError, match="single day"):
        parse_day("2024-06")


def test_of_week_starts_on_monday() -> None:
    assert Period.of(date(2024, 6, 19), Precision.WEEK) == Period(date(2024, 6, 17), Precision.WEEK)


def test_holds_compares_both_ends() -> None:
    june = Period.of(date(2024, 6, 1), Precision.MONTH)
    assert june.holds(Period(date(2024, 6, 30)))
    assert not june.holds(Period.of(date(2024, 7, 1), Precision.WEEK))


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (Precision.DAY, "2024-06-19"),
        (Precision.WEEK, "week of 2024-06-17"),
        (Precision.MONTH, "2024-06"),
        (Precision.YEAR, "2024"),
    ],
)
def test_str_shows_no_more_than_is_known(precision: Precision, text: str) -> None:
    assert str(Period.of(date(2024, 6, 19), precision)) == text
