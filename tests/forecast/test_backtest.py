from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from chronicle import make_panel, make_world, on
from dragoman.errors import UsageError
from dragoman.forecast.backtest import Backtest, Schedule, backtest
from dragoman.forecast.charts import reliability_chart
from dragoman.relate.drawing import to_svg


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest(make_world(), make_panel(horizons=(3, 6)), schedule())


def schedule() -> Schedule:
    return Schedule(date.fromordinal(on(280)), date.fromordinal(on(410)), step=3, refit=60)


def test_every_question_ends_within_the_backtest(found: Backtest) -> None:
    days = found.samples.day[found.asked.rows]
    assert days.min() == on(280)
    assert (days + found.asked.horizon <= on(410)).all()
    assert not np.isnan(found.asked.outcomes).any()


def test_every_model_is_scored_against_the_others(found: Backtest) -> None:
    scored = found.score(found.asked.horizon == 3)
    assert scored.questions == (found.asked.horizon == 3).sum()
    assert set(scored.against) == {"recurrence", "tuned recurrence", "base rate"}
    assert scored.calibration_error < 0.05
    assert set(found.score(model="recurrence").against) == {"tuned recurrence", "base rate"}


def test_what_comes_after_changes_no_odds_before(found: Backtest) -> None:
    history = make_world()
    again = backtest(history.take(history.known <= on(410)), make_panel(horizons=(3, 6)), schedule())
    assert np.array_equal(found.asked.odds["ensemble"], again.asked.odds["ensemble"])


def test_groups_part_the_questions(found: Backtest) -> None:
    for by in ("class", "horizon", "kind", "dyad"):
        assert sum(rows.sum() for rows in found.groups(by).values()) == len(found.asked.rows)
    with pytest.raises(UsageError, match="use class"):
        found.groups("colour")
    with pytest.raises(UsageError, match="dyad, days"):
        found.score(resample="moon")


def test_reliability_is_drawn(found: Backtest) -> None:
    svg = to_svg(reliability_chart({"all": found.reliability()}, "Reliability"))
    assert b"share that came true" in svg
    with pytest.raises(UsageError, match="nothing to draw"):
        reliability_chart({}, "Reliability")


def test_a_schedule_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="multiple"):
        Schedule(date(2020, 1, 1), date(2020, 6, 1), step=7, refit=30)
    with pytest.raises(UsageError, match="after the start"):
        Schedule(date(2020, 1, 1), date(2020, 1, 1))
    with pytest.raises(UsageError, match="at least 4"):
        backtest(make_world(), make_panel(), Schedule(date.fromordinal(on(20)), date.fromordinal(on(100))))
