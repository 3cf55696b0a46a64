"""Gradient boosting (LightGBM; Ke and others 2017) over all features and the rules."""

from __future__ import annotations

from typing import Self

import lightgbm
import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.rules import Rules
from dragoman.forecast.models.shape import Reason, clipped
from dragoman.forecast.samples import Samples

ROUNDS = 160
"""Trees; chosen on questions of June to August 2014, as were the other parameters."""

PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 24,
    "max_bin": 63,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "cat_smooth": 50.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


class Trees:
    """Boosted trees; the same seed gives the same odds."""

    name = "trees"

    def __init__(self, seed: int = 0, threads: int = 2) -> None:
        self.seed = seed
        self.threads = threads

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, horizon: int) -> Self:
        """Grow."""
        self.rules_ = Rules().fit(samples, rows, outcomes, horizon)
        least = int(np.clip(len(rows) // 3000, 10, 100))
        parameters = {**PARAMETERS, "min_data_in_leaf": least, "seed": self.seed, "num_threads": self.threads}
        names = [*samples.names, "rule_best", "rule_joined", "class"]
        data = lightgbm.Dataset(
            self._table(samples, rows), outcomes, feature_name=names, categorical_feature=["class"], params=parameters
        )
        self.names_ = names
        self.booster_ = lightgbm.train(parameters, data, ROUNDS)
        return self

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        found = self.booster_.predict(self._table(samples, rows), num_threads=self.threads)
        return clipped(np.asarray(found, dtype=float))

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The features by how far they moved the log-odds of the row (Lundberg and Lee 2017)."""
        table = self._table(samples, np.array([row]))
        moved = np.asarray(self.booster_.predict(table, pred_contrib=True, num_threads=self.threads))[0, :-1]
        order = np.argsort(-np.abs(moved), kind="stable")
        return [
            Reason(f"{self.names_[place]} = {table[0, place]:.4g}", float(moved[place]), self.names_[place])
            for place in order
            if moved[place]
        ]

    def _table(self, samples: Samples, rows: Ints) -> Floats:
        added = self.rules_.columns(samples, rows)
        kinds = samples.event_class[rows][:, None]
        found: Floats = np.hstack([samples.values[rows], added.astype(np.float32), kinds.astype(np.float32)])
        return found
