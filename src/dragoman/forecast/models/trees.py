"""Gradient boosting (LightGBM; Ke and others 2017) over all features and the rules, on top of the regression."""

from __future__ import annotations

from typing import Self

import lightgbm
import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.regression import Regression
from dragoman.forecast.models.rules import Rules
from dragoman.forecast.models.shape import Reason, clipped, expit, logit
from dragoman.forecast.models.thinning import thinned
from dragoman.forecast.samples import Samples, Span

ROUNDS = 60
"""Trees, few and small on top of the regression: larger ones told questions of July and August 2014 no better."""

PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.04,
    "num_leaves": 12,
    "max_bin": 63,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 20.0,
    "cat_smooth": 50.0,
    "boost_from_average": False,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


class Trees:
    """Boosted trees that begin at the odds of the regression; the same seed gives the same odds."""

    name = "trees"

    def __init__(self, seed: int = 0, threads: int = 1) -> None:
        self.seed = seed
        self.threads = threads

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Grow."""
        self.rules_ = Rules().fit(samples, rows, outcomes, span)
        self.regression_ = Regression().fit(samples, rows, outcomes, span)
        kept, stand_for = thinned(samples, rows, outcomes)
        some = rows[kept]
        least = int(np.clip(len(some) // 2000, 10, 100))
        parameters = {**PARAMETERS, "min_data_in_leaf": least, "seed": self.seed, "num_threads": self.threads}
        self.names_ = [*samples.names, "rule_best", "rule_joined", "class"]
        data = lightgbm.Dataset(
            self._table(samples, some),
            outcomes[kept],
            weight=stand_for,
            init_score=logit(self.regression_.predict(samples, some)),
            feature_name=self.names_,
            categorical_feature=["class"],
            params=parameters,
        )
        self.booster_ = lightgbm.train(parameters, data, ROUNDS)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        added = self.booster_.predict(self._table(samples, rows), raw_score=True, num_threads=self.threads)
        begun = logit(self.regression_.predict(samples, rows))
        return clipped(expit(begun + np.asarray(added, dtype=float)))

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The features by how far they moved the log-odds, in the regression and the trees (Lundberg and Lee 2017)."""
        table = self._table(samples, np.array([row]))
        added = np.asarray(self.booster_.predict(table, pred_contrib=True, num_threads=self.threads))[0, :-1]
        moved = dict(zip(self.names_, added.tolist(), strict=True))
        for name, weight in self.regression_.moved(samples, row).items():
            moved[name] += weight
        order = sorted((name for name in moved if moved[name]), key=lambda name: (-abs(moved[name]), name))
        values = dict(zip(self.names_, table[0].tolist(), strict=True))
        return [Reason(f"{name} = {values[name]:.4g}", moved[name], name) for name in order]

    def _table(self, samples: Samples, rows: Ints) -> Floats:
        added = self.rules_.columns(samples, rows)
        kinds = samples.event_class[rows][:, None]
        found: Floats = np.hstack([samples.values[rows], added.astype(np.float32), kinds.astype(np.float32)])
        return found
