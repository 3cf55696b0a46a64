"""Calibration on questions that a model did not learn from, and intervals from how those came out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression, minimize

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.shape import clipped, expit, logit
from dragoman.relate.keeping import wilson

NEIGHBOURS = 200
"""Questions of nearest odds on either side from which an interval is told; near the ends as many as lie beyond."""

FEWEST_NEIGHBOURS = 30
"""On either side at least so many, where there are."""

RIDGE = 1.0
"""How strongly fitted slopes are held to where they start, in squared log-odds, where nothing else is said."""


@dataclass(frozen=True)
class Logistic:
    """Odds as the logistic function of columns: `weights` and an intercept."""

    weights: Floats
    intercept: float

    def __call__(self, columns: Floats) -> Floats:
        """The odds of rows of the columns."""
        return clipped(expit(columns @ self.weights + self.intercept))


def fit_logistic(
    columns: Floats,
    outcomes: Floats,
    start: Floats,
    *,
    positive: bool = True,
    ridge: float = RIDGE,
    weights: Floats | None = None,
) -> Logistic:
    """Fit by penalised likelihood, slopes held to `start`, and not below 0 if `positive`; few rows keep the start.

    `weights` are how many rows each row stands for.
    """
    size = columns.shape[1]
    count = np.ones(len(outcomes)) if weights is None else weights

    def loss(point: Floats) -> tuple[float, Floats]:
        value = columns @ point[:size] + point[size]
        away = point[:size] - start
        total = np.sum(count * (np.logaddexp(0, value) - outcomes * value)) + ridge * away @ away
        rest = count * (expit(value) - outcomes)
        return float(total), np.append(columns.T @ rest + 2 * ridge * away, rest.sum())

    limits = [(0.0 if positive else None, None)] * size + [(None, None)]
    found = minimize(loss, np.append(start, 0.0), jac=True, method="L-BFGS-B", bounds=limits)
    return Logistic(found.x[:size], float(found.x[size]))


@dataclass(frozen=True)
class Beta:
    """Beta calibration (Kull, Silva Filho and Flach 2017): a logistic function of ln p and -ln(1-p)."""

    logistic: Logistic

    @classmethod
    def fit(cls, odds: Floats, outcomes: Floats) -> Beta:
        """The calibration that these odds needed."""
        return cls(fit_logistic(_logs(odds), outcomes, np.ones(2)))

    def __call__(self, odds: Floats) -> Floats:
        """Odds put right."""
        return self.logistic(_logs(odds))


def _logs(odds: Floats) -> Floats:
    kept = clipped(odds)
    return np.column_stack([np.log(kept), -np.log1p(-kept)])


@dataclass(frozen=True)
class Isotonic:
    """Isotonic calibration: the steps that rise with the odds and fit the outcomes best, joined by lines."""

    at: Floats
    share: Floats

    @classmethod
    def fit(cls, odds: Floats, outcomes: Floats) -> Isotonic:
        """The calibration that these odds needed."""
        order = np.argsort(odds, kind="stable")
        fitted = isotonic_regression(outcomes[order]).x
        return cls(odds[order], fitted)

    def __call__(self, odds: Floats) -> Floats:
        """Odds put right."""
        return clipped(np.interp(odds, self.at, self.share))


@dataclass(frozen=True)
class Past:
    """How questions with like odds came out before: their odds in order, outcomes and dyads."""

    odds: Floats
    outcomes: Floats
    dyads: Ints

    @classmethod
    def of(cls, odds: Floats, outcomes: Floats, dyads: Ints) -> Past:
        """The questions in the order of their odds."""
        order = np.argsort(odds, kind="stable")
        return cls(odds[order], outcomes[order], dyads[order])

    def interval(self, odds: float) -> tuple[float, float]:
        """The 95 % interval of the share that came true among the questions of nearest odds.

        Questions of one dyad go together, so that their number is taken to be that of the dyads. The interval always
        holds the odds themselves; without any past it is 0 to 1.
        """
        if not len(self.odds):
            return 0.0, 1.0
        middle = int(np.searchsorted(self.odds, odds))
        side = max(FEWEST_NEIGHBOURS, min(NEIGHBOURS, middle, len(self.odds) - middle))
        near = slice(max(0, middle - side), middle + side)
        dyads = len(np.unique(self.dyads[near]))
        share = float(self.outcomes[near].mean())
        low, high = wilson(round(share * dyads), dyads)
        return min(low, odds), max(high, odds)


def stacked(odds: list[Floats]) -> Floats:
    """The log-odds of several models as columns."""
    return np.column_stack([logit(own) for own in odds])
