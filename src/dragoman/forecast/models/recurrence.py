"""Recurrence with decay: what happened lately happens again."""

from __future__ import annotations

import math
from typing import Self

import numpy as np

from dragoman.forecast.features import HALF_LIVES, exposure
from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.calibration import Logistic, fit_logistic
from dragoman.forecast.models.shape import Reason, clipped, log_loss, logit
from dragoman.forecast.samples import Samples

PRIOR_DAYS = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Days of all pairs' rate that may be added to a pair's own."""


class Recurrence:
    """Odds 1 - exp(-rate x days), from a rate that fades, shrunk towards all pairs' rate, and put right by class.

    Of each class the half-life and the days of the common rate are those that tell the learning rows best, and so is
    the logistic correction; it is a strong rival on purpose, for it is what skill is measured against.
    """

    name = "recurrence"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, horizon: int) -> Self:
        """Choose by class."""
        self.horizon_ = horizon
        self.chosen_: dict[int, tuple[float | None, float, float, Logistic]] = {}
        for event_class in range(len(samples.panel.classes)):
            own = samples.event_class[rows] == event_class
            if not own.any():
                continue
            share = (outcomes[own].sum() + 0.5) / (own.sum() + 1)
            rate = -math.log1p(-share) / horizon
            tried = [
                (log_loss(self._raw(samples, rows[own], half_life, prior, rate), outcomes[own]), half_life, prior)
                for half_life in (*HALF_LIVES, None)
                for prior in PRIOR_DAYS
            ]
            _, half_life, prior = min(tried, key=lambda item: (item[0], item[2]))
            raw = self._raw(samples, rows[own], half_life, prior, rate)
            put_right = fit_logistic(logit(raw)[:, None], outcomes[own], np.ones(1))
            self.chosen_[event_class] = (half_life, prior, rate, put_right)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        found = np.zeros(len(rows))
        for event_class, (half_life, prior, rate, put_right) in self.chosen_.items():
            own = samples.event_class[rows] == event_class
            found[own] = put_right(logit(self._raw(samples, rows[own], half_life, prior, rate))[:, None])
        return clipped(found)

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The rate in words."""
        half_life, prior, rate, _ = self.chosen_[int(samples.event_class[row])]
        one = np.array([row])
        own = float(self._raw(samples, one, half_life, prior, rate)[0])
        fading = f"with a half-life of {half_life} days" if half_life else "without fading"
        name = f"own_{half_life or 'ever'}"
        last = float(samples.column("own_last")[row])
        lately = f"the last one {last:.0f} days ago" if last < 999 else "none so far"
        words = f"counted {fading} it comes about {-math.log1p(-own) / self.horizon_ * 30:.2f} times in 30 days; {lately}"
        return [Reason(words, None, name)]

    def _raw(self, samples: Samples, rows: Ints, half_life: float | None, prior: float, rate: float) -> Floats:
        counts = samples.column(f"own_{half_life or 'ever'}")[rows].astype(float)
        observed, where = np.unique(samples.observed[rows], return_inverse=True)
        days = np.array([exposure(own, half_life) for own in observed])[where]
        return clipped(-np.expm1(-self.horizon_ * (counts + prior * rate) / (days + prior)))
