from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dragoman.periods import Period, Precision
from dragoman.read.dates import find_dating, read_dating, resolve
from dragoman.terms import DateBasis

RETRIEVED = datetime(2026, 1, 26, 12, 0, tzinfo=UTC)
JUNE = Period(date(2024, 6, 19))


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-19",
        "2024-06-19T23:30:00-05:00",
        "2024-06-19 10:00",
        "2024/06/19",
        "2024.06.19",
        "20240619",
        "20240619101500",
        "20240619T101500Z",
        "19 June 2024",
        "19th of June 2024",
        "19-Jun-2024",
        "June 19, 2024",
        "Jun. 19th, 2024 10:30 pm EST",
        "Wed, 19 Jun 2024 10:30:00 GMT",
        "Wednesday, June 19, 2024",
        "19/06/2024",
        "06/19/2024",
        "1718755200",
        "1718755200000",
    ],
)
def test_a_stated_day_is_read_in_every_notation(text: str) -> None:
    dating = read_dating(text)
    assert dating is not None
    assert resolve(dating, None) == (JUNE, DateBasis.STATED)
    assert dating.text == text


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("June 2024", Period(date(2024, 6, 1), Precision.MONTH)),
        ("2024-06", Period(date(2024, 6, 1), Precision.MONTH)),
        ("2024", Period(date(2024, 1, 1), Precision.YEAR)),
        ("03/12/2024", Period(date(2024, 1, 1), Precision.YEAR)),  # day first or month first: nobody can tell
        ("05/05/2024", Period(date(2024, 5, 5))),
        ("Sept 3, 2023", Period(date(2023, 9, 3))),
        ("May 2024", Period(date(2024, 5, 1), Precision.MONTH)),
    ],
)
def test_a_date_is_no_finer_than_its_words(text: str, period: Period) -> None:
    dating = read_dating(text)
    assert dating is not None
    assert dating.period == period


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31 February 2024", "2024-13-45", "1970-01-01T00:00:00Z", "0", "0001-01-01", "99999999", "13:45"],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert read_dating(text) is None


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Published 25 days ago", date(2026, 1, 1), Precision.DAY),
        ("3 hours ago", date(2026, 1, 26), Precision.DAY),
        ("13 hours ago", date(2026, 1, 25), Precision.DAY),
        ("yesterday", date(2026, 1, 25), Precision.DAY),
        ("just now", date(2026, 1, 26), Precision.DAY),
        ("a day ago", date(2026, 1, 25), Precision.DAY),
        ("two weeks ago", date(2026, 1, 12), Precision.WEEK),
        ("last week", date(2026, 1, 19), Precision.WEEK),
        ("about a month ago", date(2025, 12, 1), Precision.MONTH),
        ("14 months ago", date(2024, 11, 1), Precision.MONTH),
        ("2 years ago", date(2024, 1, 1), Precision.YEAR),
        ("5mo ago", date(2025, 8, 1), Precision.MONTH),
        ("5m ago", date(2026, 1, 26), Precision.DAY),
    ],
)
def test_a_relative_date_counts_back_from_retrieval(text: str, day: date, precision: Precision) -> None:
    dating = read_dating(text)
    assert dating is not None
    assert resolve(dating, RETRIEVED) == (Period(day, precision), DateBasis.RELATIVE)
    assert resolve(dating, None) == (None, None)


def test_a_relative_date_beyond_the_calendar_is_unknown() -> None:
    dating = read_dating("9999 years ago")
    assert dating is not None
    assert resolve(dating, RETRIEVED) == (None, None)


def test_hours_before_a_retrieval_known_to_the_day_only_give_no_day() -> None:
    hours, days = read_dating("3 hours ago"), read_dating("1 day ago")
    assert hours is not None
    assert days is not None
    tuesday, monday = datetime(2026, 1, 27, tzinfo=UTC), datetime(2026, 1, 26, tzinfo=UTC)
    assert resolve(hours, tuesday) == (Period(date(2026, 1, 26), Precision.WEEK), DateBasis.RELATIVE)
    assert resolve(hours, monday) == (None, None)
    assert resolve(days, monday) == (Period(date(2026, 1, 25)), DateBasis.RELATIVE)


def test_the_stated_local_day_is_kept() -> None:
    dating = read_dating("2024-03-04T23:40:00-05:00")
    retrieved = datetime(2024, 3, 5, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    assert dating is not None
    assert resolve(dating, retrieved)[0] == Period(date(2024, 3, 4))


def test_a_date_after_retrieval_is_not_believed() -> None:
    dating = read_dating("2026-03-01")
    assert dating is not None
    assert resolve(dating, RETRIEVED) == (None, None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("By Omar Said HaddadPublished 25 days ago 3 min read", "Published 25 days ago"),
        ("By Carla ReyesUpdated 2 hours agoPublished 2 weeks ago", "Published 2 weeks ago"),
        ("Published 3 days ago4 min read", "Published 3 days ago"),
        ("Posted on 8 May 2023 | 2 min read", "Posted on 8 May 2023"),
        ("Published: June 19, 2024 at 10:30 GMT", "Published: June 19, 2024 at 10:30 GMT"),
    ],
)
def test_find_dating_gives_the_pages_own_words(line: str, words: str) -> None:
    found = find_dating(line)
    assert found is not None
    assert found[0].text == words


def test_a_date_of_change_is_no_date_of_publication() -> None:
    found = find_dating("Last updated 19 June 2024")
    assert found is not None
    assert found[0].updated
    assert resolve(found[0], RETRIEVED) == (None, None)


@pytest.mark.parametrize("line", ["3 min read", "Room 20240619", "in 12/2024 boxes", "12 2024 25"])
def test_find_dating_finds_nothing_where_nothing_is(line: str) -> None:
    assert find_dating(line) is None
