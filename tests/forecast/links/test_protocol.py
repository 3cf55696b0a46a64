"""The protocol of link forecasts, rule by rule on examples worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.forecast.links.facts import Facts, facts_of
from dragoman.forecast.links.protocol import Floats, Queries, evaluate_links, mean_ranks

ENTITIES = 5
RELATIONS = 2


class Written:
    """A ranker with given scores for each question, which notes what it is asked and shown."""

    def __init__(self, scores: dict[tuple[int, int], list[float]]) -> None:
        self.scores = scores
        self.told: list[tuple[str, int]] = []
        self.asked: list[tuple[int, int]] = []

    def predict(self, queries: Queries) -> Floats:
        self.told.append(("asked", queries.day))
        keys = list(zip(queries.subject.tolist(), queries.relation.tolist(), strict=True))
        self.asked += keys
        return np.array([self.scores.get(key, [0.0] * ENTITIES) for key in keys], dtype=np.float32)

    def observe(self, facts: Facts) -> None:
        self.told.append(("shown", int(facts.day[0])))


class Random:
    """A ranker that knows nothing."""

    def __init__(self, entities: int) -> None:
        self.random, self.entities = np.random.default_rng(7), entities

    def predict(self, queries: Queries) -> Floats:
        return self.random.random((len(queries), self.entities), dtype=np.float32)

    def observe(self, facts: Facts) -> None:
        pass


class Perfect:
    """A ranker that knows every fact."""

    def __init__(self, facts: Facts, relations: int, entities: int) -> None:
        self.facts, self.relations, self.entities = facts, relations, entities

    def predict(self, queries: Queries) -> Floats:
        today = self.facts.of_days(queries.day, queries.day).both_ways(self.relations)
        scores = np.zeros((len(queries), self.entities), dtype=np.float32)
        for i, (subject, relation) in enumerate(zip(queries.subject, queries.relation, strict=True)):
            scores[i, today.target[(today.source == subject) & (today.relation == relation)]] = 1
        return scores

    def observe(self, facts: Facts) -> None:
        pass


def drawn(count: int, entities: int, relations: int, days: int) -> Facts:
    random = np.random.default_rng(3)
    rows = np.unique(
        np.stack([random.integers(0, limit, count) for limit in (entities, relations, entities, days)], axis=1), axis=0
    )
    return facts_of(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])


def test_both_directions_are_asked_for_every_fact() -> None:
    ranker = Written({(0, 1): [0, 0, 9, 1, 2], (2, 3): [1, 5, 4, 3, 2]})
    scores = evaluate_links(ranker, facts_of([0], [1], [2], [8]), RELATIONS)
    assert sorted(ranker.asked) == [(0, 1), (2, 3)]  # 3 asks who is the source of relation 1
    assert scores.ranks.tolist() == [1.0, 5.0]
    assert scores.summary() == {"mrr": 0.6, "hits1": 0.5, "hits3": 0.5, "hits10": 1.0, "n": 2}


def test_other_true_answers_of_the_day_are_taken_out() -> None:
    ranker = Written({(0, 0): [0, 9, 8, 7, 6]})
    scores = evaluate_links(ranker, facts_of([0, 0], [0, 0], [1, 3], [4, 4]), RELATIONS)
    # 3 stands behind 1 and 2; 1 is true too on that day, 2 is not. The other two ranks are of the reverse questions.
    assert scores.ranks[:2].tolist() == [1.0, 2.0]


def test_answers_true_on_another_day_stay_in() -> None:
    ranker = Written({(0, 0): [0, 9, 8, 7, 6]})
    scores = evaluate_links(ranker, facts_of([0, 0], [0, 0], [1, 3], [4, 5]), RELATIONS)
    assert scores.ranks[2] == 3.0


def test_a_true_answer_to_another_relation_stays_in() -> None:
    ranker = Written({(0, 0): [0, 9, 8, 7, 6]})
    scores = evaluate_links(ranker, facts_of([0, 0], [0, 1], [3, 1], [4, 4]), RELATIONS)
    assert scores.ranks[0] == 3.0


def test_ties_share_their_mean_rank() -> None:
    scores = np.array([[5, 3, 3, 3, 1]], dtype=np.float32)
    none = np.zeros(0, dtype=np.int64)
    assert mean_ranks(scores, np.array([2]), (none, none)).tolist() == [3.0]
    assert mean_ranks(np.zeros((1, 5), dtype=np.float32), np.array([2]), (none, none)).tolist() == [3.0]


def test_a_tied_true_answer_is_taken_out_of_the_tie() -> None:
    scores = np.array([[5, 3, 3, 3, 1]], dtype=np.float32)
    true = (np.array([0, 0]), np.array([1, 2]))
    assert mean_ranks(scores, np.array([2]), true).tolist() == [2.5]


def test_a_day_is_shown_only_after_it_was_asked_about() -> None:
    ranker = Written({})
    evaluate_links(ranker, facts_of([0, 0, 1], [0, 0, 0], [1, 2, 2], [6, 4, 6]), RELATIONS)
    assert ranker.told == [("asked", 4), ("shown", 4), ("asked", 6), ("shown", 6)]


def test_a_fact_told_twice_is_one_answer_and_two_questions() -> None:
    ranker = Written({(0, 0): [0, 9, 8, 7, 6]})
    scores = evaluate_links(ranker, facts_of([0, 0], [0, 0], [2, 2], [4, 4]), RELATIONS)
    assert len(scores.ranks) == 4
    assert scores.ranks[:2].tolist() == [2.0, 2.0]


def test_a_perfect_ranker_scores_one() -> None:
    facts = drawn(400, 30, 4, 6)
    summary = evaluate_links(Perfect(facts, 4, 30), facts, 4).summary()
    assert summary == {"mrr": 1.0, "hits1": 1.0, "hits3": 1.0, "hits10": 1.0, "n": 2 * len(facts)}


def test_a_random_ranker_scores_as_chance_has_it() -> None:
    facts = drawn(3000, 200, 4, 6)
    summary = evaluate_links(Random(200), facts, 4).summary()
    assert summary["mrr"] == pytest.approx(np.mean(1 / np.arange(1, 201)), abs=0.004)
    assert summary["hits10"] == pytest.approx(10 / 200, abs=0.01)
