"""The log of past facts and how it is looked up."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.forecast.links.facts import facts_of
from dragoman.forecast.links.history import History, Lookup


def test_observe_appends_both_directions_in_order_of_days() -> None:
    history = History(3, 2)
    history.observe(facts_of([0], [1], [2], [1]))
    history.observe(facts_of([2], [0], [1], [4]))
    assert history.subject.tolist() == [0, 2, 2, 1]
    assert history.relation.tolist() == [1, 3, 0, 2]
    assert history.object.tolist() == [2, 0, 1, 2]
    assert history.day.tolist() == [1, 1, 4, 4]


def test_the_log_grows_past_its_first_room() -> None:
    history = History(3, 1)
    many = np.zeros(900, dtype=np.int64)
    for day in range(3):
        history.observe(facts_of(many, many, many + 1, many + day))
    assert len(history) == 5400
    assert history.day[[0, -1]].tolist() == [0, 2]


def test_decay_halves_each_half_life_and_never_for_ever() -> None:
    history = History(3, 1)
    history.observe(facts_of([0, 0], [0, 0], [1, 1], [2, 9]))
    assert history.decay(10, 8.0)[0] == pytest.approx(0.5)
    assert history.decay(10, np.inf).tolist() == [1, 1, 1, 1]


def test_lookup_gives_events_of_each_key_in_order_of_time() -> None:
    rows, events = Lookup(np.array([7, 3, 7, 5, 7])).events(np.array([7, 4, 3]))
    assert rows.tolist() == [0, 0, 0, 2]
    assert events.tolist() == [0, 2, 4, 1]
