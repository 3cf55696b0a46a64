"""Temporal rules: after an event of one type between two parties, how often an event of another follows, by lag.

"A did BODY to B, then A does HEAD to B on a day that is 4 to 7 days later: so on N of M days." A type counts with its
direction, so rules from B's deeds to A's are among them. Support N and chances M are counted as the days go by (after
TLogic's rules of length one, Liu et al. 2022, here by lag and without sampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links.facts import Facts, Ints
from dragoman.forecast.links.history import History, Lookup

LAGS = (1, 2, 3, 5, 8, 15, 31, 61, 121, 241)
"""First lag in days of each bucket."""

PRIOR = 20.0
"""Chances that a rule's confidence is worth at first; the head's rate after any event is its prior."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: after `body`, `head` on a day of the lag bucket; seen `support` of `chances` times."""

    body: int
    head: int
    first_lag: int
    last_lag: int | None
    support: int
    chances: int

    @property
    def confidence(self) -> float:
        """Share of the days of the bucket on which the head happened, 0..1."""
        return self.support / self.chances if self.chances else 0.0

    def sentence(self, relations: Sequence[str]) -> str:
        """The rule as people read it."""
        if self.last_lag is None:
            lag = f"{self.first_lag} or more days"
        elif self.last_lag == self.first_lag:
            lag = f"{self.first_lag} day{'s' if self.first_lag > 1 else ''}"
        else:
            lag = f"{self.first_lag} to {self.last_lag} days"
        return (
            f"{phrase(self.body, relations)}, then {phrase(self.head, relations)} {lag} later: "
            f"seen {self.support} of {self.chances} times"
        )


def phrase(relation: int, relations: Sequence[str]) -> str:
    """`A Consult B`, or `B Consult A` for a relation seen from the target's side."""
    name = relations[relation % len(relations)].replace("_", " ")
    return f"A {name} B" if relation < len(relations) else f"B {name} A"


class Rules:
    """Counts of all rules of length one, kept up to date day by day."""

    def __init__(self, relations: int) -> None:
        kinds = 2 * relations
        self.support: NDArray[np.float32] = np.zeros((len(LAGS), kinds, kinds), dtype=np.float32)
        """Lag bucket x body x head: days on which the head followed."""
        self.chances: NDArray[np.float64] = np.zeros((len(LAGS), kinds))
        """Lag bucket x body: days on which it could have followed."""
        self._bodies: dict[int, NDArray[np.float64]] = {}
        self._kinds = kinds
        self._table: NDArray[np.float32] | None = None

    def observe(self, history: History, pairs: Lookup, today: Facts, day: int) -> None:
        """Count what of `today` (in both directions) followed what of the history; `pairs` finds a pair's events."""
        for past, bodies in self._bodies.items():
            self.chances[bucket_of(np.array([day - past]))[0]] += bodies
        keys = np.unique((today.source * history.entities + today.target) * self._kinds + today.relation)
        rows, events = pairs.events(keys // self._kinds)
        head = (keys % self._kinds)[rows]
        cell = (bucket_of(day - history.day[events]) * self._kinds + history.relation[events]) * self._kinds + head
        body = np.unique(np.stack([cell, keys[rows], history.day[events]]), axis=1)[0] if len(cell) else cell
        self.support += np.bincount(body, minlength=self.support.size).reshape(self.support.shape).astype(np.float32)
        self._bodies[day] = np.bincount(keys % self._kinds, minlength=self._kinds).astype(np.float64)
        self._table = None

    @property
    def confidence(self) -> NDArray[np.float32]:
        """Lag bucket x body x head: chance per day, 0..1, drawn toward the head's rate in that bucket."""
        if self._table is None:
            total = np.maximum(self.chances.sum(1), 1.0)
            rate = self.support.sum(1) / total[:, None]
            self._table = ((self.support + PRIOR * rate[:, None, :]) / (self.chances[:, :, None] + PRIOR)).astype(
                np.float32
            )
        return self._table

    def listed(self, least_support: int = 10, most: int = 50) -> list[Rule]:
        """The surest rules with enough support, surest first."""
        found = np.argwhere(self.support >= least_support)
        rules = [self.rule(int(bucket), int(body), int(head)) for bucket, body, head in found]
        return sorted(rules, key=lambda rule: (-rule.confidence, -rule.support, rule.body, rule.head))[:most]

    def rule(self, bucket: int, body: int, head: int) -> Rule:
        """The rule of a cell of the table."""
        last = LAGS[bucket + 1] - 1 if bucket + 1 < len(LAGS) else None
        support, chances = int(self.support[bucket, body, head]), int(self.chances[bucket, body])
        return Rule(body, head, LAGS[bucket], last, support, chances)


def bucket_of(lags: Ints) -> Ints:
    """The bucket of `LAGS` into which each lag of at least one day falls."""
    return np.searchsorted(np.array(LAGS), lags, side="right") - 1
