"""What is known so far: the past facts in both directions, and ways to look them up by subject, relation or group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links.facts import Facts, Ints

Weights = NDArray[np.float64]


def tally(cells: Ints, weights: Weights | None, size: int) -> Weights:
    """Sums of weights (or counts) by cell, as numbers of one type; `size` cells."""
    return np.bincount(cells, weights=weights, minlength=size).astype(np.float64, copy=False)


class Lookup:
    """Past events by a key: which events of the log have each of some keys."""

    def __init__(self, keys: Ints, order: Ints | None = None) -> None:
        self._order = np.argsort(keys, kind="stable") if order is None else order
        self._sorted = keys[self._order]

    def events(self, keys: Ints) -> tuple[Ints, Ints]:
        """For each key its events: the position of the key and the number of the event, in order of time."""
        low = np.searchsorted(self._sorted, keys, side="left")
        high = np.searchsorted(self._sorted, keys, side="right")
        counts = high - low
        rows = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return rows, self._order[np.repeat(low, counts) + within]


class History:
    """The log of past facts, each in both directions, in order of days.

    It holds only what it was shown, so nothing that is computed from it can know a later day.
    """

    def __init__(self, entities: int, relations: int) -> None:
        self.entities = entities
        self.relations = relations
        self._columns = np.zeros((4, 1024), dtype=np.int64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def subject(self) -> Ints:
        """The entity from whose side the event is seen."""
        return self._columns[0, : self._size]

    @property
    def relation(self) -> Ints:
        """The relation, or the relation + R where the subject is the target."""
        return self._columns[1, : self._size]

    @property
    def object(self) -> Ints:
        """The other entity."""
        return self._columns[2, : self._size]

    @property
    def day(self) -> Ints:
        """The day of the event."""
        return self._columns[3, : self._size]

    def observe(self, facts: Facts) -> Facts:
        """Append the facts of a later day in both directions; what was appended."""
        both = facts.both_ways(self.relations)
        end = self._size + len(both)
        if end > self._columns.shape[1]:
            grown = np.zeros((4, max(end, 2 * self._columns.shape[1])), dtype=np.int64)
            grown[:, : self._size] = self._columns[:, : self._size]
            self._columns = grown
        self._columns[:, self._size : end] = both.source, both.relation, both.target, both.day
        self._size = end
        return both

    def decay(self, day: int, half_life: float) -> Weights:
        """The weight of every event on `day`: halved each `half_life` days, 1 for ever where it is infinite."""
        if np.isinf(half_life):
            return np.ones(self._size)
        weights: Weights = np.exp2(-(day - self.day) / half_life)
        return weights
