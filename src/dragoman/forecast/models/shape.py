"""The shape that all models share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.samples import Samples, Span

FEWEST = 1e-4
"""No odds are nearer to 0 or 1 than this: nothing is certain before it has happened."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What moved the odds: in words, by how much (log-odds; None where it is only told), and what it rests on.

    `feature` is the column, or `rule`, that it is of; `column` the number of a rule's body.
    """

    words: str
    weight: float | None
    feature: str
    column: int | None = None


class Model(Protocol):
    """Gives the odds that at least one event of a class comes within a span."""

    name: str

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Learn from these rows, whose outcomes (0 or 1) are one each; returns itself."""

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds of these rows, 0 to 1."""

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """What moved the odds of a row, the most telling first."""


def clipped(odds: Floats) -> Floats:
    """Odds kept away from 0 and 1."""
    found: Floats = np.clip(odds, FEWEST, 1 - FEWEST)
    return found


def logit(odds: Floats) -> Floats:
    """Log-odds."""
    kept = clipped(odds)
    found: Floats = np.log(kept / (1 - kept))
    return found


def expit(value: Floats) -> Floats:
    """Odds from log-odds."""
    found: Floats = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return found


def log_loss(odds: Floats, outcomes: Floats) -> float:
    """Mean negative log-likelihood; 0 is perfect, lower is better."""
    kept = clipped(odds)
    return float(-np.mean(outcomes * np.log(kept) + (1 - outcomes) * np.log1p(-kept)))
