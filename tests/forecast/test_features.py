from __future__ import annotations

import numpy as np
import pytest

from chronicle import happened, make_history, on
from dragoman.forecast.features import NEVER, Pairs, all_between, eras, exposure, recurrence, third_parties, triads
from dragoman.forecast.history import History
from dragoman.forecast.known import Known
from dragoman.forecast.questions import EventClass

TALK = EventClass.parse("quad:1")


def pair(history: History, source: str, target: str) -> Pairs:
    ends = [np.array([history.numbers[party]]) for party in (source, target)]
    return Pairs(ends[0], ends[1], len(history.parties))


def test_counts_fade_by_their_half_life_and_recency_is_told_in_days() -> None:
    history = make_history(happened(0), happened(30), happened(30, "BBB", "AAA"))
    found = recurrence(Known(history, on(60)), pair(history, "AAA", "BBB"), TALK)
    assert found["own_30"][0] == pytest.approx(0.25 + 0.5)
    assert (found["own_ever"][0], found["own_last"][0], found["back_last"][0]) == (2, 30, 30)


def test_what_never_was_is_never() -> None:
    history = make_history(happened(0))
    found = recurrence(Known(history, on(5)), pair(history, "BBB", "AAA"), TALK)
    assert (found["own_last"][0], found["own_ever"][0]) == (NEVER, 0)


def test_third_parties_leave_the_pair_out() -> None:
    history = make_history(happened(9), happened(9, "AAA", "CCC"), happened(9, "CCC", "BBB"))
    found = third_parties(Known(history, on(9)), pair(history, "AAA", "BBB"), TALK)
    assert (found["source_out_7"][0], found["target_in_7"][0], found["source_in_7"][0]) == (1, 1, 0)


def test_friends_of_friends_are_told_from_enemies() -> None:
    history = make_history(happened(9, "AAA", "CCC"), happened(9, "CCC", "BBB", type="ACCUSE", quad=3))
    found = triads(Known(history, on(9)), pair(history, "AAA", "BBB"))
    assert found["friends_of_friends"][0] == 0
    assert found["enemies_of_friends"][0] == pytest.approx(np.log(2) ** 2)


def test_an_era_begins_where_the_rate_changes() -> None:
    quiet = [happened(day) for day in range(0, 140, 70)]
    busy = [happened(day) for day in range(140, 210)]
    history = make_history(*quiet, *busy)
    found = eras(Known(history, on(209)), pair(history, "AAA", "BBB"))
    assert found["era_days"][0] == 70
    assert found["era_rate"][0] == pytest.approx(7)
    assert found["era_change"][0] > 1


def test_all_between_counts_each_quad_both_ways() -> None:
    history = make_history(happened(9, type="ASSAULT", quad=4), happened(9, "BBB", "AAA"))
    found = all_between(Known(history, on(9)), pair(history, "AAA", "BBB"))
    assert (found["quad4_14"][0], found["quad1_back_14"][0], found["quad1_14"][0]) == (1, 1, 0)
    assert found["any_both_7"][0] == 2


def test_exposure_is_the_count_of_one_event_a_day() -> None:
    assert exposure(10, None) == 10
    assert exposure(3, 1) == pytest.approx(1 + 0.5 + 0.25)
