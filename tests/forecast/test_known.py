"""The guard: no feature reads what was not known on its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from chronicle import happened, make_history, make_panel, make_world, on
from dragoman.errors import LookAheadError
from dragoman.forecast.backtest import Schedule, backtest
from dragoman.forecast.features import CLASS_MAKERS, Columns, Counts, Pairs
from dragoman.forecast.known import Known
from dragoman.forecast.questions import EventClass
from dragoman.forecast.samples import guard


def planted(known: Known, pairs: Pairs, event_class: EventClass) -> Columns:
    """A leak: it counts the events of the week to come, past the guard's back."""
    history = known._history
    rows = history.of(event_class) & (history.day > known.day) & (history.day <= known.day + 7)
    keys = (history.source * pairs.parties + history.target)[rows]
    return {"oracle": np.array([float((keys == key).sum()) for key in pairs.keys])}


def test_a_planted_future_feature_is_refused_by_name() -> None:
    panel = replace(make_panel(), makers=(*CLASS_MAKERS, planted))
    with pytest.raises(LookAheadError, match=r"oracle \(quad:1\)"):
        guard(panel, make_world(), on(200))


def test_a_backtest_with_a_planted_future_feature_stops_before_it_learns() -> None:
    panel = replace(make_panel(), makers=(*CLASS_MAKERS, planted))
    history = make_world()
    start, end = date.fromordinal(on(200)), date.fromordinal(on(300))
    with pytest.raises(LookAheadError, match="oracle"):
        backtest(history, panel, Schedule(start, end))


def test_the_project_s_own_features_read_nothing_later() -> None:
    guard(make_panel("quad:1", "quad:4", "deed:troops", "type:THREATEN", "any"), make_world(), on(200))


def test_a_window_that_ends_later_is_refused() -> None:
    with pytest.raises(LookAheadError, match="only days up to its own"):
        Known(make_world(), on(100)).window(on(90), on(101))


def test_an_event_counts_from_the_day_of_its_first_report() -> None:
    history = make_history(happened(10), happened(5, known=happened(20)["day"]))
    assert len(Known(history, on(15)).rows) == 1
    known = Known(history, on(20))
    pairs = Pairs(np.array([0]), np.array([1]), 2)
    counts = Counts(known, pairs, np.ones(2, dtype=bool))
    assert counts.forth(counts.faded(None))[0] == 2
    assert counts.last()[0] == 10
