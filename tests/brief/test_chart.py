from __future__ import annotations

from datetime import date
from typing import Any

from dragoman.brief.chart import weekly_chart, weekly_counts


def event(
    day: date | None, quad: int, factuality: str = "actual", precision: str = "day", seen: date | None = None
) -> dict[str, Any]:
    return {"date": day, "date_precision": precision, "quad": quad, "factuality": factuality, "first_reported": seen}


def counts(*events: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(row["week"], row["kind"], row["events"]) for row in weekly_counts(events)]


def test_weeks_start_on_monday_and_gaps_are_counted_as_none() -> None:
    assert counts(event(date(2024, 6, 19), 1), event(date(2024, 7, 1), 2)) == [
        ("2024-06-17", "words", 1),
        ("2024-06-17", "deeds", 0),
        ("2024-06-24", "words", 0),
        ("2024-06-24", "deeds", 0),
        ("2024-07-01", "words", 0),
        ("2024-07-01", "deeds", 1),
    ]


def test_a_promised_deed_is_a_word() -> None:
    assert counts(event(date(2024, 6, 19), 2, "pledged"))[0] == ("2024-06-17", "words", 1)


def test_the_possible_and_the_denied_are_not_counted() -> None:
    assert counts(event(date(2024, 6, 19), 2, "possible"), event(date(2024, 6, 19), 2, "denied")) == []


def test_an_event_without_a_day_stands_in_the_week_of_its_report() -> None:
    assert counts(event(date(2024, 1, 1), 1, precision="year", seen=date(2024, 6, 20)))[0][0] == "2024-06-17"


def test_an_event_without_any_day_is_left_out() -> None:
    assert counts(event(None, 1)) == []


def test_the_chart_is_an_image_only_where_there_is_something_to_draw() -> None:
    assert weekly_chart([], "empty") is None
    drawn = weekly_chart([event(date(2024, 6, 19), 1)], "A and B")
    assert drawn is not None
    assert drawn.startswith("<svg")
    assert "A and B" in drawn
