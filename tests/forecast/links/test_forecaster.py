"""The forecaster end to end on a small world with known regularities."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.errors import UsageError
from dragoman.forecast.links.baseline import RecurrenceRanker
from dragoman.forecast.links.facts import facts_of
from dragoman.forecast.links.forecaster import LinkForecaster
from dragoman.forecast.links.protocol import Queries, evaluate_links
from dragoman.forecast.links.ranker import LinkTrees
from dragoman.forecast.links.reasons import PastEvent
from worlds import NAMES, regular_world

WORLD = regular_world(70)


def fitted(seed: int = 0) -> LinkForecaster:
    return LinkForecaster(NAMES, seed, passes=2, trees=LinkTrees(seed, threads=1, trees=20)).fit(WORLD.of_days(0, 49))


@pytest.fixture(scope="module")
def forecaster() -> LinkForecaster:
    return fitted()


def test_what_the_world_repeats_comes_first(forecaster: LinkForecaster) -> None:
    scores = forecaster.predict(Queries(50, np.array([0, 1]), np.array([1, 2])))
    assert scores.shape == (2, len(NAMES.entities))
    assert scores.argmax(1).tolist() == [1, 0]  # Aland accuses Bland; Bland fights Aland


def test_every_entity_gets_a_finite_score(forecaster: LinkForecaster) -> None:
    assert np.isfinite(forecaster.predict(Queries(50, np.array([20]), np.array([3])))).all()


def test_the_same_seed_gives_the_same_scores() -> None:
    queries = Queries(50, np.array([0, 3, 12]), np.array([1, 6, 2]))
    assert (fitted().predict(queries) == fitted().predict(queries)).all()


def test_it_outdoes_chance_by_far() -> None:
    summary = evaluate_links(fitted(), WORLD.of_days(50, 69), len(NAMES.relations)).summary()
    chance = np.mean(1 / np.arange(1, len(NAMES.entities) + 1))
    assert summary["mrr"] > 3 * chance


def test_reasons_name_the_rule_and_the_events_behind_it(forecaster: LinkForecaster) -> None:
    reasons = forecaster.explain(1, 2, 0, 50)
    assert reasons.place == 1
    first = reasons.rules[0]
    assert first.sentence.startswith("B Accuse A, then A Fight B 2 days later: seen ")
    assert first.events == (PastEvent(0, 1, 1, 48),)
    assert first.rule.support <= first.rule.chances
    assert reasons.features
    assert {feature.name for feature in reasons.features} <= set(forecaster.trees_.names_)


def test_a_candidate_whom_nothing_speaks_for_has_no_rules(forecaster: LinkForecaster) -> None:
    assert forecaster.explain(0, 1, 20, 50).rules == ()


def test_rules_are_listed_with_support_and_confidence(forecaster: LinkForecaster) -> None:
    assert any("A Accuse B, then B Fight A 2 days later: seen 16 of 16 times" in line for line in forecaster.rules())


def test_an_unfitted_forecaster_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="call fit"):
        LinkForecaster(NAMES).predict(Queries(1, np.array([0]), np.array([0])))
    with pytest.raises(UsageError, match="needs two"):
        LinkForecaster(NAMES).fit(facts_of([0], [0], [1], [3]))


def test_questions_about_a_known_day_are_refused(forecaster: LinkForecaster) -> None:
    with pytest.raises(ValueError, match="earlier days only"):
        forecaster.predict(Queries(49, np.array([0]), np.array([1])))


def test_recurrence_ranks_by_decayed_counts_and_then_by_popularity() -> None:
    facts = facts_of([0, 0, 0, 3], [0, 0, 0, 0], [1, 2, 2, 4], [0, 88, 89, 89])
    scores = RecurrenceRanker(NAMES).fit(facts).predict(Queries(90, np.array([0]), np.array([0])))[0]
    assert np.argsort(-scores, kind="stable")[:4].tolist() == [2, 1, 4, 0]
