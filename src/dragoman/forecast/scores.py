"""How odds did: Brier and log score, skill, calibration error, reliability, and bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.shape import clipped, log_loss

DRAWS = 1000
"""Bootstrap draws."""

BINS = 10
"""Bins of equal width of the reliability diagram and of the calibration error."""

FEW = 30
"""Questions that came true below which a skill says too little."""


def brier(odds: Floats, outcomes: Floats) -> float:
    """Mean squared distance of odds and outcomes (Brier 1950); 0 is perfect, 1 the worst."""
    return float(np.mean((odds - outcomes) ** 2))


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose odds lie in one bin: how many, their mean odds, and the share that came true."""

    low: float
    high: float
    count: int
    odds: float
    share: float


def reliability(odds: Floats, outcomes: Floats, bins: int = BINS) -> list[Bin]:
    """The bins of equal width that hold questions."""
    number = np.minimum((odds * bins).astype(int), bins - 1)
    found = []
    for place in range(bins):
        own = number == place
        if own.any():
            mean, share = float(odds[own].mean()), float(outcomes[own].mean())
            found.append(Bin(place / bins, (place + 1) / bins, int(own.sum()), mean, share))
    return found


def calibration_error(odds: Floats, outcomes: Floats, bins: int = BINS) -> float:
    """Mean distance of odds and share over the bins, weighed by questions (expected calibration error); 0 is best."""
    found = reliability(odds, outcomes, bins)
    return sum(b.count * abs(b.odds - b.share) for b in found) / max(1, len(odds))


@dataclass(frozen=True, slots=True)
class Skill:
    """1 - Brier / Brier of the reference: 1 is perfect, 0 no better; with a 95 % bootstrap interval.

    The interval is None where there is but one block to draw.
    """

    value: float
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:+.3f} (one block: no interval)"
        return f"{self.value:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


def skill(odds: Floats, reference: Floats, outcomes: Floats, blocks: Ints, seed: int = 0) -> Skill:
    """The skill against a reference; whole blocks (dyads, or stretches of days) are drawn again with replacement."""
    distinct, slot = np.unique(blocks, return_inverse=True)
    own = np.bincount(slot, (odds - outcomes) ** 2, len(distinct))
    other = np.bincount(slot, (reference - outcomes) ** 2, len(distinct))
    value = 1 - own.sum() / max(other.sum(), 1e-12)
    if len(distinct) < 2:
        return Skill(float(value), None, None)
    draws = np.random.default_rng(seed).multinomial(len(distinct), np.full(len(distinct), 1 / len(distinct)), DRAWS)
    drawn = 1 - (draws @ own) / np.maximum(draws @ other, 1e-12)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Skill(float(value), float(low), float(high))


@dataclass(frozen=True)
class Score:
    """How the odds of one model did on some questions; `few` says that too few came true to tell."""

    questions: int
    true: int
    brier: float
    log_score: float
    calibration_error: float
    against: dict[str, Skill]

    @property
    def few(self) -> bool:
        """Whether fewer than `FEW` came true, or all but so few."""
        return min(self.true, self.questions - self.true) < FEW

    def row(self) -> dict[str, object]:
        """Plain values."""
        found: dict[str, object] = {
            "questions": self.questions,
            "true": self.true,
            "brier": round(self.brier, 6),
            "log_score": round(self.log_score, 6),
            "calibration_error": round(self.calibration_error, 5),
            "too_few": self.few,
        }
        for name, value in self.against.items():
            key = name.replace(" ", "_")
            found[f"skill_{key}"] = round(value.value, 4)
            for end, bound in (("low", value.low), ("high", value.high)):
                found[f"skill_{key}_{end}"] = None if bound is None else round(bound, 4)
        return found


def score(odds: Floats, outcomes: Floats, references: dict[str, Floats], blocks: Ints, seed: int = 0) -> Score:
    """The score of odds, with their skill against each of the references."""
    return Score(
        len(odds),
        int(outcomes.sum()),
        brier(odds, outcomes),
        log_loss(clipped(odds), outcomes),
        calibration_error(odds, outcomes),
        {name: skill(odds, other, outcomes, blocks, seed) for name, other in references.items()},
    )
