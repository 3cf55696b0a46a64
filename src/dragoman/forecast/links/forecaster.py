"""Forecasts links: fits on past facts, ranks entities for a question, says why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from dragoman.errors import UsageError
from dragoman.forecast.links.embedding import Embedding
from dragoman.forecast.links.facts import Facts, Names
from dragoman.forecast.links.features import Featured, features_of
from dragoman.forecast.links.kinds import kinds_of
from dragoman.forecast.links.protocol import Floats, Queries
from dragoman.forecast.links.ranker import Lesson, LinkTrees, lesson_of
from dragoman.forecast.links.reasons import LinkReasons, reasons_of
from dragoman.forecast.links.view import LinkState

WINDOW = 75
"""Last days of the past on which the trees learn; the vectors that they use were first taught on the days before."""

PASSES = 8
"""Times that the vectors go through the days before the window."""

CELLS = 3_000_000
"""Questions x entities that are looked at together, to bound memory (each map then takes 24 MB)."""


PARTS = 2
"""Parts of a day's questions that are looked at side by side."""


class LinkForecaster:
    """Ranks entities for (subject, relation, ?, day) by boosted trees over features of the record up to the day before.

    The record is gone through once in the order of the days. On each of its last days the features are computed before
    the day is shown, as at prediction, so no lesson knows what it asks for.
    """

    def __init__(
        self,
        names: Names,
        seed: int = 0,
        threads: int = 2,
        window: int = WINDOW,
        passes: int = PASSES,
        trees: LinkTrees | None = None,
    ) -> None:
        self.names, self.seed = names, seed
        self.window, self.passes = window, passes
        self.trees_ = trees or LinkTrees(seed, threads)
        self.state_: LinkState | None = None

    def fit(self, facts: Facts) -> LinkForecaster:
        """Learn from all facts up to now; the same facts and seed give the same forecasts."""
        entities, relations = len(self.names.entities), len(self.names.relations)
        days = [int(day) for day in np.unique(facts.day)]
        if len(days) < 2:
            raise UsageError(f"The facts are of {len(days)} day(s); a forecaster needs two at least, and better sixty.")
        first = max(days[-1] - self.window + 1, days[len(days) // 2])
        embedding = self._taught(facts.of_days(days[0], first - 1))
        state = LinkState(entities, relations, kinds_of(self.names.entities))
        random = np.random.default_rng(self.seed)
        lessons: list[Lesson] = []
        names: tuple[str, ...] = ()
        for day in days:
            today = facts.of_days(day, day)
            if day >= first:
                state.embedding = embedding
                for featured, answers in _asked(state, today, day):
                    lessons.append(lesson_of(featured, answers, entities, random))
                    names = featured.names
            state.observe(today)
        self.trees_.fit(lessons, names)
        self.state_ = state
        return self

    def predict(self, queries: Queries) -> Floats:
        """Scores of every entity for every question, queries x entities; higher is likelier."""
        state = self._fitted()
        entities = state.history.entities
        scores = np.empty((len(queries), entities), dtype=np.float32)

        def score(part: slice) -> None:
            featured = features_of(state, Queries(queries.day, queries.subject[part], queries.relation[part]))
            # Entities that nobody proposed stand behind, by their activity.
            scores[part] = -1e3 - 1 / (1 + featured.rest)
            scores[part][featured.row, featured.entity] = self.trees_.predict(featured.values)

        first, *others = _parts(queries, entities)
        score(first)  # by itself, for it works out what all parts of the day share
        with ThreadPoolExecutor(PARTS) as pool:
            list(pool.map(score, others))
        return scores

    def observe(self, facts: Facts) -> None:
        """Take in what happened on a day that is past; the trees stay as they were fitted."""
        self._fitted().observe(facts)

    def explain(self, subject: int, relation: int, entity: int, day: int) -> LinkReasons:
        """Why an entity stands where it does: the rules and features that moved it, with the past events."""
        state = self._fitted()
        queries = Queries(day, np.array([subject]), np.array([relation]))
        return reasons_of(state, self.trees_, features_of(state, queries), queries, entity, self.names)

    def rules(self, most: int = 50, least_support: int = 10) -> list[str]:
        """The surest rules as people read them, with support and confidence, surest first."""
        listed = self._fitted().rules.listed(least_support, most)
        return [f"{rule.confidence:.2f}  {rule.sentence(self.names.relations)}" for rule in listed]

    def _taught(self, facts: Facts) -> Embedding:
        relations = len(self.names.relations)
        embedding = Embedding(len(self.names.entities), relations, self.seed)
        days = [(int(day), facts.of_days(int(day), int(day)).both_ways(relations)) for day in np.unique(facts.day)]
        for _ in range(self.passes):
            embedding.forget()
            for day, both in days:
                embedding.learn(both, day)
                embedding.remember(both, day)
        return embedding

    def _fitted(self) -> LinkState:
        if self.state_ is None:
            raise UsageError("The forecaster has learned nothing yet; call fit with past facts first.")
        return self.state_


def _asked(state: LinkState, today: Facts, day: int) -> list[tuple[Featured, tuple[np.ndarray, np.ndarray]]]:
    """The features of a day's questions with their answers, in parts that fit in memory."""
    kinds = 2 * state.history.relations
    both = today.both_ways(state.history.relations)
    keys, row = np.unique(both.source * kinds + both.relation, return_inverse=True)
    queries = Queries(day, keys // kinds, keys % kinds)
    found = []
    for part in _parts(queries, state.history.entities):
        inside = (row >= part.start) & (row < part.stop)
        featured = features_of(state, Queries(day, queries.subject[part], queries.relation[part]))
        found.append((featured, (row[inside] - part.start, both.target[inside])))
    return found


def _parts(queries: Queries, entities: int) -> list[slice]:
    size = max(1, CELLS // entities)
    return [slice(start, min(start + size, len(queries))) for start in range(0, len(queries), size)]
