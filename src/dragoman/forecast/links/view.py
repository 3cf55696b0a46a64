"""One day's questions against the history: what every group of features needs, computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dragoman.forecast.links.embedding import Embedding
from dragoman.forecast.links.facts import Facts, Ints
from dragoman.forecast.links.history import History, Lookup, Weights, tally
from dragoman.forecast.links.kinds import Kinds
from dragoman.forecast.links.protocol import Queries
from dragoman.forecast.links.rules import Rules

Made = TypeVar("Made")

NEVER = 400.0
"""Days since something that never happened."""

EVER = float("inf")

SPARSE = 8
"""Cells for each positive one from which sorting the positive alone is faster."""

Columns = dict[str, NDArray[np.float64] | NDArray[np.float32] | NDArray[np.int64]]
"""Values of every candidate by name of the feature."""


class LinkState:
    """All that is known after the days shown so far: the log, the counts of rules, the learned vectors."""

    def __init__(self, entities: int, relations: int, kinds: Kinds, embedding: Embedding | None = None) -> None:
        self.history = History(entities, relations)
        self.rules = Rules(relations)
        self.kinds = kinds
        self.embedding = embedding
        self._kept: dict[tuple[str, int], Any] = {}

    def once(self, name: str, day: int, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for a day: parts of a day's questions share it."""
        if (name, day) not in self._kept:
            self._kept = {key: made for key, made in self._kept.items() if key[1] == day}
            self._kept[name, day] = make()
        made: Made = self._kept[name, day]
        return made

    def observe(self, facts: Facts) -> None:
        """Take in the facts of one later day."""
        self._kept.clear()
        history = self.history
        today = facts.both_ways(history.relations)
        day = int(facts.day[0])
        self.rules.observe(history, Lookup(history.subject * history.entities + history.object), today, day)
        if self.embedding is not None:
            self.embedding.learn(today, day)
            self.embedding.remember(today, day)
        history.observe(facts)


@dataclass(frozen=True, slots=True)
class Matches:
    """Past events that bear on rows (of questions, subjects or relations): row and number of the event."""

    row: Ints
    event: Ints


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map by which candidates are proposed: so many of the highest positive scores of each question.

    `scores` is rows x columns; `rows` leads from each question to its row, `columns` from each column to its entity,
    where they are not one and the same.
    """

    scores: NDArray[np.floating]
    most: int
    rows: Ints | None = None
    columns: Ints | None = None

    def choose(self, chosen: NDArray[np.bool_]) -> None:
        """Mark the proposed, questions x entities."""
        row, column = highest(self.scores, self.most)
        entity = column if self.columns is None else self.columns[column]
        if self.rows is None:
            chosen[row, entity] = True
            return
        marked = np.zeros((len(self.scores), chosen.shape[1]), dtype=bool)
        marked[row, entity] = True
        chosen |= marked[self.rows]


class DayView:
    """The history on the day of some questions, with the lookups that features share.

    `subject_row` and `relation_row` lead from each question to its row among the unique subjects and relations.
    """

    def __init__(self, state: LinkState, queries: Queries) -> None:
        if len(state.history) and state.history.day[-1] >= queries.day:
            raise ValueError(
                f"The history reaches day {state.history.day[-1]}, but the questions are of day {queries.day}; "
                "a forecast may know earlier days only."
            )
        self.state, self.queries, self.history = state, queries, state.history
        self.entities, self.kinds = state.history.entities, 2 * state.history.relations
        self.subjects, self.subject_row = np.unique(queries.subject, return_inverse=True)
        self.relations, self.relation_row = np.unique(queries.relation, return_inverse=True)
        self.age: Ints = queries.day - state.history.day

    def __len__(self) -> int:
        return len(self.queries)

    def decay(self, half_life: float) -> Weights:
        """The weight of every past event today."""
        return self.once(f"decay {half_life:g}", lambda: self.history.decay(self.queries.day, half_life))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What depends on the day but not on its questions."""
        return self.state.once(name, self.queries.day, make)

    @cached_property
    def of_subject(self) -> Matches:
        """The events of each unique subject."""
        lookup = self.once("by subject", lambda: Lookup(self.history.subject))
        return Matches(*lookup.events(self.subjects))

    @cached_property
    def of_relation(self) -> Matches:
        """The events of each unique relation."""
        lookup = self.once("by relation", lambda: Lookup(self.history.relation))
        return Matches(*lookup.events(self.relations))

    @cached_property
    def _by_both(self) -> Lookup:
        return self.once("by both", lambda: Lookup(self.history.subject * self.kinds + self.history.relation))

    @cached_property
    def same(self) -> Matches:
        """For each question the events of its subject and relation."""
        return Matches(*self._by_both.events(self.queries.subject * self.kinds + self.queries.relation))

    @cached_property
    def inverse(self) -> Matches:
        """For each question the events of its subject and relation in the other direction."""
        turned = (self.queries.relation + self.kinds // 2) % self.kinds
        return Matches(*self._by_both.events(self.queries.subject * self.kinds + turned))

    @cached_property
    def of_question(self) -> Matches:
        """For each question all events of its subject."""
        found = self.of_subject
        counts = np.bincount(found.row, minlength=len(self.subjects))
        starts = (np.cumsum(counts) - counts)[self.subject_row]
        counts = counts[self.subject_row]
        row = np.repeat(np.arange(len(self)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        return Matches(row, found.event[np.repeat(starts, counts) + within])

    def by_group(self, name: str, group: Ints, keys: Ints, with_relation: bool) -> Matches:
        """The events whose subject (and relation, where asked) fall under each key; a negative key has none."""

        def make() -> Lookup:
            own = group[self.history.subject]
            return Lookup(own * self.kinds + self.history.relation if with_relation else own)

        return Matches(*self.once(f"by {name} {with_relation}", make).events(keys))

    def counts(
        self, found: Matches, rows: int, weights: Weights | None = None, columns: Ints | None = None, width: int = 0
    ) -> Weights:
        """Weighted counts by row and column, rows x width; the other entity is the column unless told."""
        columns = self.history.object if columns is None else columns
        width = width or self.entities
        cells = found.row * width + columns[found.event]
        chosen = None if weights is None else weights[found.event]
        return tally(cells, chosen, rows * width).reshape(rows, width)

    def matrix(self, half_life: float) -> sparse.csr_matrix:
        """Decayed counts of events, subjects x other entities."""
        shape = (self.entities, self.entities)
        return sparse.csr_matrix((self.decay(half_life), (self.history.subject, self.history.object)), shape=shape)

    @cached_property
    def pairs(self) -> dict[float, Weights]:
        """Decayed counts by half-life, unique subjects x entities."""
        return {
            half_life: self.counts(self.of_subject, len(self.subjects), self.decay(half_life))
            for half_life in (2.0, 7.0, 30.0, 120.0, EVER)
        }

    @cached_property
    def activity(self) -> dict[float, Weights]:
        """Decayed counts of all events by half-life, entities."""
        return self.once(
            "activity",
            lambda: {
                half_life: tally(self.history.object, self.decay(half_life), self.entities)
                for half_life in (1.0, 2.0, 7.0, 30.0, EVER)
            },
        )


class Picked:
    """The candidates of all questions, flat: row of the question and entity, sorted by both."""

    def __init__(self, view: DayView, proposals: list[Proposal]) -> None:
        chosen = np.zeros((len(view), view.entities), dtype=bool)
        for proposal in proposals:
            proposal.choose(chosen)
        self.view = view
        self.row, self.entity = positive_cells(chosen)
        self.subject_row, self.relation_row = view.subject_row[self.row], view.relation_row[self.row]
        self._slot = np.full(chosen.size, -1, dtype=np.int64)
        self._slot[self.row * view.entities + self.entity] = np.arange(len(self.row))

    def __len__(self) -> int:
        return len(self.row)

    def slots(self, found: Matches) -> Ints:
        """For each event of a question the candidate that it concerns, or -1."""
        slots: Ints = self._slot[found.row * self.view.entities + self.view.history.object[found.event]]
        return slots

    def sums(self, found: Matches, weights: Weights) -> Weights:
        """Sums over events of a weight per event of the log, by candidate."""
        slots = self.slots(found)
        kept = slots >= 0
        return tally(slots[kept], weights[found.event[kept]], len(self))

    def days_since(self, found: Matches) -> Weights:
        """Days since the last of the events, by candidate; `NEVER` without one."""
        slots = self.slots(found)
        kept = slots >= 0
        since = np.full(len(self), NEVER)
        np.minimum.at(since, slots[kept], self.view.age[found.event[kept]].astype(np.float64))
        return since

    def rank(self, values: NDArray[np.floating]) -> Weights:
        """Place of each candidate among its question's, 0 the highest value."""
        order = np.lexsort((-values, self.row))
        place = np.empty(len(self))
        place[order] = np.arange(len(self)) - np.searchsorted(self.row, self.row[order])
        return place


def highest(scores: NDArray[np.floating], most: int) -> tuple[Ints, Ints]:
    """Rows and columns of the `most` highest positive scores of each row."""
    most = min(most, scores.shape[1])
    rows, columns = positive_cells(scores > 0)
    if len(rows) * SPARSE < scores.size:
        order = np.lexsort((-scores[rows, columns], rows))
        kept = order[np.arange(len(rows)) - np.searchsorted(rows, rows) < most]
        return rows[kept], columns[kept]
    columns = np.argpartition(scores, scores.shape[1] - most, axis=1)[:, -most:].reshape(-1)
    rows = np.repeat(np.arange(len(scores)), most)
    positive = scores[rows, columns] > 0
    return rows[positive], columns[positive]


def positive_cells(cells: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rows and columns of the true cells, by row; through one dimension, which NumPy searches many times faster."""
    rows, columns = np.divmod(np.flatnonzero(cells), cells.shape[1])
    return rows, columns


def share(values: Weights, totals: Weights) -> Weights:
    """Parts of a total, 0 where the total is 0."""
    return values / np.maximum(totals, 1e-9)
