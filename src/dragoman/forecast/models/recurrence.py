"""Recurrence with decay: what happened lately happens again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import gammainc

from dragoman.forecast.features import HALF_LIVES, NEVER, exposure
from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.calibration import Logistic, fit_logistic
from dragoman.forecast.models.shape import Reason, clipped, log_loss, logit
from dragoman.forecast.samples import Samples, Span

PRIOR_DAYS = (3.0, 10.0, 30.0, 100.0)
"""Days of all pairs' rate that may be added to a pair's own."""


@dataclass(frozen=True)
class Fading:
    """How a count fades (half-life in days; None: never), and how many days of all pairs' rate are added to it."""

    half_life: float | None
    prior: float

    @property
    def column(self) -> str:
        """The feature that holds the count."""
        return f"own_{self.half_life or 'ever'}"


FADINGS = tuple(Fading(half_life, prior) for half_life in (*HALF_LIVES, None) for prior in PRIOR_DAYS)


class Recurrence:
    """Odds of a Poisson process: of one event at least, 1 - exp(-rate x days).

    The rate is the pair's own of the class, faded and shrunk towards that of all pairs.

    One way of fading is chosen for all classes: that with the best Brier score on the learning rows. Skill is measured
    against it.
    """

    name = "recurrence"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Choose the fading."""
        self.span_ = span
        kinds = len(samples.panel.classes)
        counted = np.bincount(samples.event_class[rows], samples.column("own_ever")[rows], kinds)
        self.rates_ = (counted + 0.5) / (np.bincount(samples.event_class[rows], samples.observed[rows], kinds) + 1)
        losses = {fading: float(np.mean((self._raw(samples, rows, fading) - outcomes) ** 2)) for fading in FADINGS}
        self.fading_ = min(losses, key=lambda fading: losses[fading])
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        return self._raw(samples, rows, self.fading_)

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The rate in words."""
        fading = self._fading_of(int(samples.event_class[row]))
        monthly = 30 * float(self._rate(samples, np.array([row]), fading)[0])
        how = f"with a half-life of {fading.half_life} days" if fading.half_life else "without fading"
        last = float(samples.column("own_last")[row])
        lately = f"the last one {last:.0f} days ago" if last < NEVER else "none so far"
        return [Reason(f"counted {how} it comes {monthly:.2f} times in 30 days; {lately}", None, fading.column)]

    def _fading_of(self, event_class: int) -> Fading:  # noqa: ARG002  (a model by class has one for each)
        return self.fading_

    def _raw(self, samples: Samples, rows: Ints, fading: Fading) -> Floats:
        expected = self.span_.days * self._rate(samples, rows, fading)
        return clipped(-np.expm1(-expected) if self.span_.times == 1 else gammainc(self.span_.times, expected))

    def _rate(self, samples: Samples, rows: Ints, fading: Fading) -> Floats:
        """Events a day."""
        counts = samples.column(fading.column)[rows].astype(float)
        observed, where = np.unique(samples.observed[rows], return_inverse=True)
        days = np.array([exposure(own, fading.half_life) for own in observed])[where]
        rates = self.rates_[samples.event_class[rows]]
        found: Floats = (counts + fading.prior * rates) / (days + fading.prior)
        return found


class TunedRecurrence(Recurrence):
    """Recurrence with a fading for each class and a logistic correction: the stronger rival."""

    name = "tuned recurrence"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Choose by class, then correct."""
        super().fit(samples, rows, outcomes, span)
        self.chosen_: dict[int, tuple[Fading, Logistic]] = {}
        for number in range(len(samples.panel.classes)):
            own = samples.event_class[rows] == number
            if not own.any():
                continue
            raw = {fading: self._raw(samples, rows[own], fading) for fading in FADINGS}
            fading = min(raw, key=lambda fading: log_loss(raw[fading], outcomes[own]))
            correction = fit_logistic(logit(raw[fading])[:, None], outcomes[own], np.ones(1))
            self.chosen_[number] = (fading, correction)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        found = np.zeros(len(rows))
        for number, (fading, correction) in self.chosen_.items():
            own = samples.event_class[rows] == number
            found[own] = correction(logit(self._raw(samples, rows[own], fading))[:, None])
        return clipped(found)

    def _fading_of(self, event_class: int) -> Fading:
        return self.chosen_[event_class][0]
