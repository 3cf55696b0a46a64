"""Learning to rank candidates by their features: boosted trees under a softmax over each question's candidates.

LightGBM (Ke et al. 2017) grows the trees; the loss is the negative log of the share that the right answers get among
all candidates (ListNet's top-one loss, Cao et al. 2007). Not all candidates are learned from: the foremost by the rules
and a random part of the others, which weighs as many as it stands for, so that the shares stay unbiased.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.forecast.links.facts import Ints
from dragoman.forecast.links.features import Featured
from dragoman.forecast.links.history import Weights
from dragoman.forecast.links.protocol import Floats

if TYPE_CHECKING:
    import lightgbm

GUIDES = ("rules_place", "expected_place")
FOREMOST = 10
"""Candidates of each question, by each of the guides, that are always learned from."""

OTHERS = 25
"""Further candidates of each question, drawn at random."""

TREES = 350
SETTINGS: dict[str, Any] = {
    "num_leaves": 47,
    "learning_rate": 0.07,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.35,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
"""Tuned on the validation month of ICEWS14 (docs/forecast.md)."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Candidates of one day to learn from: features, right (1) or not (0), weight, candidates of each question."""

    values: Floats
    right: Floats
    weight: Floats
    sizes: Ints


def lesson_of(featured: Featured, answers: tuple[Ints, Ints], entities: int, random: np.random.Generator) -> Lesson:
    """What to learn from a day: `answers` gives row of the question and entity of every true answer."""
    row = featured.row
    right = np.isin(row * entities + featured.entity, answers[0] * entities + answers[1])
    asked = np.bincount(row, weights=right)
    places = [featured.values[:, i] for i, name in enumerate(featured.names) if name in GUIDES]
    always = right | (np.min(places, axis=0) < FOREMOST)
    rest = np.bincount(row, weights=~always, minlength=len(asked))
    chance = np.minimum(1.0, OTHERS / np.maximum(rest, 1))[row]
    kept = (always | (random.random(len(row)) < chance)) & (asked[row] > 0)
    weight = np.where(always, 1.0, 1 / chance)[kept].astype(np.float32)
    sizes = np.unique(row[kept], return_counts=True)[1]
    return Lesson(featured.values[kept], right[kept].astype(np.float32), weight, sizes)


class LinkTrees:
    """Boosted trees that score candidates."""

    def __init__(self, seed: int = 0, threads: int = 2, trees: int = TREES) -> None:
        self.seed, self.threads, self.trees = seed, threads, trees
        self.booster_: lightgbm.Booster | None = None
        self.names_: tuple[str, ...] = ()

    def fit(self, lessons: Sequence[Lesson], names: Sequence[str]) -> LinkTrees:
        """Learn from lessons; the same lessons and seed give the same trees."""
        right = np.concatenate([lesson.right for lesson in lessons])
        weight = np.concatenate([lesson.weight for lesson in lessons])
        sizes = np.concatenate([lesson.sizes for lesson in lessons])
        values = np.concatenate([lesson.values for lesson in lessons])
        settings = SETTINGS | {
            "objective": softmax(right, weight, sizes),
            "seed": self.seed,
            "num_threads": self.threads,
        }
        lightgbm = _lightgbm()
        data = lightgbm.Dataset(values, right, feature_name=list(names), params={"max_bin": SETTINGS["max_bin"]})
        self.booster_ = lightgbm.train(settings, data, self.trees)
        self.names_ = tuple(names)
        return self

    def predict(self, values: Floats) -> Weights:
        """Scores of candidates, higher is likelier; differences are log odds."""
        if self.booster_ is None:
            raise ValueError("The trees are not grown yet; call fit first.")
        return np.asarray(self.booster_.predict(values, num_threads=self.threads), dtype=np.float64)

    def contributions(self, values: Floats) -> Weights:
        """What each feature adds to each score, candidates x (features + 1); the last is the mean score."""
        if self.booster_ is None:
            raise ValueError("The trees are not grown yet; call fit first.")
        found = self.booster_.predict(values, pred_contrib=True, num_threads=self.threads)
        return np.asarray(found, dtype=np.float64)


def _lightgbm() -> Any:
    """The library, loaded when it is needed; on a busy machine its threads must not spin while they wait."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    return importlib.import_module("lightgbm")


def softmax(
    right: Floats, weight: Floats, sizes: Ints
) -> Callable[[Weights, lightgbm.Dataset], tuple[Weights, Weights]]:
    """The objective: gradient and curvature of the questions' log loss, with drawn candidates weighed up."""
    starts = np.cumsum(sizes) - sizes
    offset = np.log(weight.astype(np.float64))
    answers = np.repeat(np.add.reduceat(right, starts), sizes)

    def objective(scores: Weights, _: lightgbm.Dataset) -> tuple[Weights, Weights]:
        shifted = scores + offset
        odds = np.exp(shifted - np.repeat(np.maximum.reduceat(shifted, starts), sizes))
        odds /= np.repeat(np.add.reduceat(odds, starts), sizes)
        return answers * odds - right, np.maximum(2 * answers * odds * (1 - odds), 1e-6)

    return objective
