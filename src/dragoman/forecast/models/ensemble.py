"""All models together: weighed and calibrated on questions of later days than they learned from."""

from __future__ import annotations

from typing import Self

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.base import BaseRate
from dragoman.forecast.models.calibration import Beta, Logistic, Past, fit_logistic, stacked
from dragoman.forecast.models.recurrence import Recurrence
from dragoman.forecast.models.shape import Model, Reason, clipped
from dragoman.forecast.models.trees import Trees
from dragoman.forecast.samples import Samples, Span

HELD_OUT = 0.25
"""The share of the days, the last ones, on which the models are weighed and calibrated."""

START = (0.0, 0.0, 0.1, 0.0, 0.3, 0.6)
"""The weights of the members, in the order of `Ensemble.members_`, from which fitting starts."""


class Ensemble:
    """The members' log-odds added with weights not below 0, then beta-calibrated; both fitted out of time.

    Members first learn from days whose questions had ended when the held-out days began; after weighing they learn
    again from all. `past_` is how the held-out questions came out, from which intervals are told.
    """

    name = "ensemble"

    def __init__(self, seed: int = 0, threads: int = 1) -> None:
        self.seed = seed
        self.threads = threads

    def _members(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> list[Model]:
        """The models that are joined, fitted: base rate, recurrence, tuned recurrence, rules, regression, trees."""
        base = BaseRate().fit(samples, rows, outcomes, span)
        recurrence = Recurrence().fit(samples, rows, outcomes, span)
        trees = Trees(self.seed, self.threads).fit(samples, rows, outcomes, span)
        return [base, recurrence, trees.regression_.recurrence_, trees.rules_, trees.regression_, trees]

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Weigh and calibrate on the last days, then learn from all days."""
        days = np.unique(samples.day[rows])
        start = int(days[int(len(days) * (1 - HELD_OUT))])
        early = samples.day[rows] + span.days <= start
        late = samples.day[rows] >= start
        self.adding_ = Logistic(np.array(START), 0.0)
        self.calibration_: Beta | None = None
        self.past_ = Past.of(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
        if outcomes[early].sum() >= 5 and outcomes[late].sum() >= 5:
            tried = self._members(samples, rows[early], outcomes[early], span)
            columns = stacked([model.predict(samples, rows[late]) for model in tried])
            self.adding_ = fit_logistic(columns, outcomes[late], np.array(START))
            added = self.adding_(columns)
            self.calibration_ = Beta.fit(added, outcomes[late])
            self.past_ = Past.of(self.calibration_(added), outcomes[late], samples.dyad[rows[late]])
        self.members_ = self._members(samples, rows, outcomes, span)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        return self.joined([model.predict(samples, rows) for model in self.members_])

    def joined(self, odds: list[Floats]) -> Floats:
        """The odds from those of the members."""
        added = self.adding_(stacked(odds))
        return clipped(self.calibration_(added) if self.calibration_ else added)

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """What the members tell, base rate and recurrence first, then rules, then features."""
        return [reason for model in self.members_ for reason in model.explain(samples, row)]
