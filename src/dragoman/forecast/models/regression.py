"""A logistic function of rates and times on a logarithmic scale, by class; few events leave it at recurrence."""

from __future__ import annotations

from typing import Self

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.calibration import Logistic, fit_logistic
from dragoman.forecast.models.recurrence import TunedRecurrence
from dragoman.forecast.models.shape import Reason, clipped, logit
from dragoman.forecast.models.thinning import thinned
from dragoman.forecast.samples import Samples, Span

RIDGE = 100.0
"""How strongly slopes are held to 0; 100 told questions of July and August 2014 better than 10."""

_PLAIN = ("tone", "tone_change", "era_change", "friends_of_friends", "enemies_of_friends", "enemies_of_enemies")
_LEFT_OUT = ("weekday", "season_sine", "season_cosine", "last_year")


class Regression:
    """The log-odds of recurrence plus weighed features."""

    name = "regression"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Fit each class."""
        self.recurrence_ = TunedRecurrence().fit(samples, rows, outcomes, span)
        self.used_ = [
            place
            for place, name in enumerate(samples.names)
            if name not in _LEFT_OUT and ("_odds_" not in name or name.endswith(f"_{span.days}"))
        ]
        self.names_ = [samples.names[place] for place in self.used_]
        self.fitted_: dict[int, tuple[Floats, Floats, Logistic]] = {}
        kept, stand_for = thinned(samples, rows, outcomes)
        for number in range(len(samples.panel.classes)):
            own = samples.event_class[rows[kept]] == number
            if not own.any():
                continue
            some = rows[kept][own]
            scaled = self._scaled(samples, some)
            middle, spread = scaled.mean(axis=0), scaled.std(axis=0) + 1e-6
            base = logit(self.recurrence_.predict(samples, some))
            columns = np.column_stack([base, (scaled - middle) / spread])
            start = np.zeros(columns.shape[1])
            start[0] = 1
            fitted = fit_logistic(
                columns, outcomes[kept][own], start, positive=False, ridge=RIDGE, weights=stand_for[own]
            )
            self.fitted_[number] = (middle, spread, fitted)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        base = logit(self.recurrence_.predict(samples, rows))
        found = np.zeros(len(rows))
        for number, (middle, spread, fitted) in self.fitted_.items():
            own = samples.event_class[rows] == number
            columns = np.column_stack([base[own], (self._scaled(samples, rows[own]) - middle) / spread])
            found[own] = fitted(columns)
        return clipped(found)

    def moved(self, samples: Samples, row: int) -> dict[str, float]:
        """By how much each feature moved the log-odds of a row, against a middling one."""
        middle, spread, fitted = self.fitted_[int(samples.event_class[row])]
        values = (self._scaled(samples, np.array([row]))[0] - middle) / spread
        return dict(zip(self.names_, (values * fitted.weights[1:]).tolist(), strict=True))

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The features by how far they moved the log-odds."""
        moved = self.moved(samples, row)
        order = sorted(moved, key=lambda name: (-abs(moved[name]), name))
        return [Reason(f"{name} = {float(samples.column(name)[row]):.4g}", moved[name], name) for name in order]

    def _scaled(self, samples: Samples, rows: Ints) -> Floats:
        found: Floats = samples.values[rows[:, None], np.array(self.used_)].astype(float)
        for place, name in enumerate(self.names_):
            if name.endswith("_last"):
                found[:, place] = np.log1p(found[:, place])
            elif name not in _PLAIN:
                found[:, place] = np.log(np.maximum(found[:, place], 0) + 0.05)
        return found
