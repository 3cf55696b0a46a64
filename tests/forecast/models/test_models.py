"""The models on a small world in which a threat from BBB is followed by an assault of AAA within three days."""

from __future__ import annotations

import numpy as np
import pytest

from chronicle import make_panel, make_world, on
from dragoman.forecast.history import Floats, History, Ints
from dragoman.forecast.models.base import BaseRate
from dragoman.forecast.models.calibration import Beta, Isotonic, Past
from dragoman.forecast.models.ensemble import Ensemble
from dragoman.forecast.models.recurrence import Recurrence, TunedRecurrence
from dragoman.forecast.models.regression import Regression
from dragoman.forecast.models.rules import Rules
from dragoman.forecast.models.shape import Model
from dragoman.forecast.models.trees import Trees
from dragoman.forecast.samples import Samples, Span, make_samples
from dragoman.forecast.scores import brier

SPAN = Span(3)
MODELS = (BaseRate, Recurrence, TunedRecurrence, Rules, Regression, Trees, Ensemble)
Learned = tuple[History, Samples, Ints, Floats]


@pytest.fixture(scope="module")
def learned() -> Learned:
    history = make_world()
    samples = make_samples(make_panel(horizons=(3,)), history, range(on(60), on(410), 2))
    outcomes = samples.outcomes(history, SPAN)
    rows = np.flatnonzero(~np.isnan(outcomes))
    return history, samples, rows, outcomes[rows]


@pytest.mark.parametrize("kind", MODELS)
def test_every_model_has_one_shape_and_gives_the_same_odds_again(kind: type[Model], learned: Learned) -> None:
    _, samples, rows, outcomes = learned
    model = kind().fit(samples, rows, outcomes, SPAN)
    odds = model.predict(samples, rows)
    assert ((odds > 0) & (odds < 1)).all()
    assert np.array_equal(odds, kind().fit(samples, rows, outcomes, SPAN).predict(samples, rows))
    assert all(reason.words and reason.feature for reason in model.explain(samples, int(rows[-1])))


def test_trees_learn_what_recurrence_cannot(learned: Learned) -> None:
    _, samples, rows, outcomes = learned
    early, late = samples.day[rows] < on(300), samples.day[rows] >= on(303)
    late &= samples.event_class[rows] == 1
    odds = {
        kind.name: kind().fit(samples, rows[early], outcomes[early], SPAN).predict(samples, rows[late])
        for kind in (Recurrence, Trees)
    }
    assert brier(odds["trees"], outcomes[late]) < 0.95 * brier(odds["recurrence"], outcomes[late])


def test_the_mined_rule_is_readable_with_support_and_confidence(learned: Learned) -> None:
    _, samples, rows, outcomes = learned
    rule = Rules().fit(samples, rows, outcomes, SPAN).listed(1)[0]
    assert str(rule.body.event_class) in ("type:THREATEN", "quad:3")
    assert str(rule.event_class) == "quad:4"
    assert rule.followed <= rule.support
    assert f"{rule.followed:,} of {rule.support:,} times" in str(rule)


def test_more_events_are_asked_of_the_same_rate(learned: Learned) -> None:
    history, samples, rows, _ = learned
    thrice = Span(3, 3)
    outcomes = samples.outcomes(history, thrice)[rows]
    odds = Recurrence().fit(samples, rows, outcomes, thrice).predict(samples, rows)
    once = Recurrence().fit(samples, rows, samples.outcomes(history, SPAN)[rows], SPAN).predict(samples, rows)
    assert odds.sum() < once.sum()


def test_outcomes_are_unknown_until_the_span_has_ended(learned: Learned) -> None:
    history, samples, _, _ = learned
    known = samples.outcomes(history.known_by(on(200)), SPAN)
    assert np.isnan(known[samples.day > on(197)]).all()
    assert not np.isnan(known[samples.day <= on(190)]).any()


def test_calibration_puts_too_sure_odds_right() -> None:
    draw = np.random.default_rng(0)
    truth = draw.random(4000)
    outcomes = (draw.random(4000) < truth).astype(float)
    sure = truth**2 / (truth**2 + (1 - truth) ** 2)
    for kind in (Beta, Isotonic):
        assert brier(kind.fit(sure, outcomes)(sure), truth) < 0.2 * brier(sure, truth)


def test_an_interval_holds_the_odds_and_narrows_with_dyads() -> None:
    draw = np.random.default_rng(0)
    odds = draw.random(2000)
    outcomes = (draw.random(2000) < odds).astype(float)
    many, few = (Past.of(odds, outcomes, np.arange(2000) % size).interval(0.3) for size in (400, 5))
    assert many[0] <= 0.3 <= many[1]
    assert few[1] - few[0] > many[1] - many[0]
    assert Past.of(odds[:0], outcomes[:0], np.zeros(0, dtype=np.int64)).interval(0.3) == (0, 1)
