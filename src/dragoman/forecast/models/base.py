"""The base rate: how often the like came true for this pair before, shrunk towards the share of all pairs."""

from __future__ import annotations

from typing import Self

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.shape import Reason, clipped, log_loss
from dragoman.forecast.samples import Samples, Span

STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""How many questions the share of all pairs may count for."""


class BaseRate:
    """The share of past questions of the pair and class that came true, with `strength_` of all pairs' added.

    The strength is the one that told the last third of the days best from the days before.
    """

    name = "base rate"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Count."""
        self.span_ = span
        days = np.unique(samples.day[rows])
        split = days[2 * len(days) // 3] if len(days) > 2 else None
        self.strength_ = 4.0
        if split is not None:
            early, late = samples.day[rows] < split, samples.day[rows] >= split
            self._count(samples, rows[early], outcomes[early])
            losses = {s: log_loss(self._odds(samples, rows[late], s), outcomes[late]) for s in STRENGTHS}
            self.strength_ = min(losses, key=lambda s: (losses[s], s))
        self._count(samples, rows, outcomes)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The shares."""
        return self._odds(samples, rows, self.strength_)

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The share in words."""
        event_class, pair = samples.event_class[row], samples.pair[row]
        yes, asked = self.yes_[event_class, pair], self.asked_[event_class, pair]
        share = self.shares_[event_class]
        words = (
            f"it came true in {yes:.0f} of {asked:.0f} past spans of {self.span_.days} days; over all pairs in "
            f"{share:.1%}"
        )
        return [Reason(words, None, "own_ever")]

    def _count(self, samples: Samples, rows: Ints, outcomes: Floats) -> None:
        shape = (len(samples.panel.classes), len(samples.panel.pairs))
        slots = samples.event_class[rows] * shape[1] + samples.pair[rows]
        self.asked_ = np.bincount(slots, minlength=shape[0] * shape[1]).reshape(shape)
        self.yes_ = np.bincount(slots, outcomes, shape[0] * shape[1]).reshape(shape)
        self.shares_ = (self.yes_.sum(axis=1) + 0.5) / (self.asked_.sum(axis=1) + 1)

    def _odds(self, samples: Samples, rows: Ints, strength: float) -> Floats:
        event_class, pair = samples.event_class[rows], samples.pair[rows]
        yes = self.yes_[event_class, pair] + strength * self.shares_[event_class]
        return clipped(yes / (self.asked_[event_class, pair] + strength))
