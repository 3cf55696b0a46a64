"""The baseline: what happened lately happens again, and else whoever is a usual party of such events."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.links.facts import Facts, Names
from dragoman.forecast.links.history import History, Lookup, tally
from dragoman.forecast.links.protocol import Floats, Queries

HALF_LIFE = 30.0
"""Days in which a past event loses half its weight."""


class RecurrenceRanker:
    """Decayed counts of the same subject, relation and object; ties go by how usual the object is for the relation."""

    def __init__(self, names: Names, half_life: float = HALF_LIFE) -> None:
        self.half_life = half_life
        self.history_ = History(len(names.entities), len(names.relations))

    def fit(self, facts: Facts) -> RecurrenceRanker:
        """Take in the past."""
        if len(facts):
            self.history_.observe(facts)
        return self

    def predict(self, queries: Queries) -> Floats:
        """Decayed counts, queries x entities."""
        history = self.history_
        kinds, entities = 2 * history.relations, history.entities
        weights = history.decay(queries.day, self.half_life)
        row, event = Lookup(history.subject * kinds + history.relation).events(
            queries.subject * kinds + queries.relation
        )
        same = tally(row * entities + history.object[event], weights[event], len(queries) * entities)
        unique, of_relation = np.unique(queries.relation, return_inverse=True)
        row, event = Lookup(history.relation).events(unique)
        usual = tally(row * entities + history.object[event], weights[event], len(unique) * entities)
        usual = usual.reshape(len(unique), entities)
        usual /= 1 + usual.sum(1, keepdims=True)
        return (same.reshape(len(queries), entities) + 1e-3 * usual[of_relation]).astype(np.float32)

    def observe(self, facts: Facts) -> None:
        """Take in what happened on a day that is past."""
        self.history_.observe(facts)
