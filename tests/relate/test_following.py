"""Deeds that follow words where only codes tell of both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dragoman.relate.following import FEWEST, WITHIN, Coded, following, keeps
from dragoman.terms import Domain, EventType, Factuality

FIRST, LAST = date(2014, 1, 1), date(2014, 12, 31)


def word(day: date, kind: EventType = EventType.AGREE, domain: Domain | None = Domain.ARMS) -> Coded:
    return Coded(day, "FRA", "EGY", kind, domain, Factuality.PLEDGED)


def deed(day: date, kind: EventType = EventType.AID, domain: Domain | None = Domain.ARMS) -> Coded:
    return Coded(day, "FRA", "EGY", kind, domain, Factuality.ACTUAL)


def every_week(count: int) -> list[date]:
    return [FIRST + timedelta(weeks=week) for week in range(count)]


def test_a_deed_two_days_after_each_word_follows_within_a_week() -> None:
    days = every_week(FEWEST)
    (found,) = following([*map(word, days), *(deed(day + timedelta(days=2)) for day in days)], FIRST, LAST)
    assert (found.words, found.followed, found.dyads) == (FEWEST, FEWEST, 1)
    assert found.within[0] == 1.0
    assert [(point.day, point.kept) for point in found.curve] == [(2, 1.0)]


def test_a_deed_of_the_same_day_or_before_follows_nothing() -> None:
    days = every_week(FEWEST)
    (found,) = following([*map(word, days), deed(days[0]), deed(days[0] - timedelta(days=1))], FIRST, LAST)
    assert found.followed == 0
    assert found.curve == ()
    assert set(found.within) == {0.0}


def test_the_odds_of_any_day_tell_what_would_have_come_anyway() -> None:
    daily = [deed(FIRST + timedelta(days=day)) for day in range(365)]
    (found,) = following([*map(word, every_week(FEWEST)), *daily], FIRST, LAST)
    assert found.any_day == pytest.approx(found.within, abs=0.01)


def test_few_words_tell_no_share() -> None:
    assert following([*map(word, every_week(FEWEST - 1)), deed(LAST)], FIRST, LAST) == []


def test_the_same_events_give_the_same_shares_in_any_order() -> None:
    days = every_week(FEWEST)
    events = [*map(word, days), *(deed(day + timedelta(days=9)) for day in days)]
    assert following(events, FIRST, LAST) == following(events[::-1], FIRST, LAST)
    assert len(following(events, FIRST, LAST)[0].within) == len(WITHIN)


@pytest.mark.parametrize(
    ("course", "field", "kind", "domain", "expected"),
    [
        ("pledge", Domain.ARMS, EventType.AID, Domain.ARMS, True),
        ("pledge", Domain.ARMS, EventType.AID, Domain.FOOD, False),
        ("pledge", Domain.ARMS, EventType.SANCTION, Domain.ARMS, False),
        ("pledge", Domain.DIPLOMACY, EventType.CONSULT, None, True),
        ("pledge", Domain.TRADE, EventType.CONSULT, Domain.TRADE, False),
        ("threat", Domain.TROOPS, EventType.ASSAULT, Domain.TROOPS, True),
        ("threat", Domain.TROOPS, EventType.AID, Domain.TROOPS, False),
        ("pledge", None, EventType.AID, None, False),
    ],
)
def test_what_a_word_announces(
    course: str, field: Domain | None, kind: EventType, domain: Domain | None, expected: bool
) -> None:
    assert keeps(course, field, kind, domain) is expected
