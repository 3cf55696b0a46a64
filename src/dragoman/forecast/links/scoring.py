"""Scores a model of links on files: fits on train and valid, is asked about test, tells the seconds and the memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dragoman.errors import UsageError
from dragoman.forecast.links.baseline import RecurrenceRanker
from dragoman.forecast.links.facts import Facts, Names, load_facts, load_names, together
from dragoman.forecast.links.forecaster import LinkForecaster
from dragoman.forecast.links.protocol import LinkRanker, LinkScores, evaluate_links


class LinkModel(LinkRanker, Protocol):
    """A ranker that learns from the past first."""

    def fit(self, facts: Facts) -> LinkRanker:
        """Learn from past facts."""
        ...


MODELS: dict[str, Callable[[Names, int], LinkModel]] = {
    "trees": lambda names, seed: LinkForecaster(names, seed),
    "recurrence": lambda names, _: RecurrenceRanker(names),
}
"""The models by the name under which the command knows them."""


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Scores with what they cost: wall-clock seconds of fitting and of predicting, highest memory in MiB."""

    scores: LinkScores
    fit_seconds: float
    predict_seconds: float
    peak_mb: float
    model: LinkRanker

    def summary(self) -> dict[str, float | int]:
        """INTERFACE's keys."""
        return self.scores.summary() | {
            "fit_seconds": round(self.fit_seconds, 1),
            "predict_seconds": round(self.predict_seconds, 1),
            "peak_mb": round(self.peak_mb, 1),
        }


def score_links(train: Path, valid: Path | None, test: Path, model: str = "trees", seed: int = 0) -> LinkReport:
    """Fit on train (and valid), then rank for every fact of test, each day after the days before it were shown."""
    if model not in MODELS:
        raise UsageError(f"There is no model {model!r}; take one of {', '.join(MODELS)}.")
    names = load_names(train.parent)
    past = load_facts(train, names)
    if valid is not None:
        past = together(past, load_facts(valid, names))
    asked = load_facts(test, names)
    if asked.day[0] <= past.day[-1]:
        raise UsageError(
            f"{test.name} begins on day {asked.day[0]}, but the past that is learned from ends on day {past.day[-1]}; "
            "a forecast may know earlier days only."
        )
    started = time.perf_counter()
    ranker = MODELS[model](names, seed).fit(past)
    fitted = time.perf_counter()
    scores = evaluate_links(ranker, asked, len(names.relations))
    ended = time.perf_counter()
    return LinkReport(scores, fitted - started, ended - fitted, peak_mib(), ranker)


def peak_mib() -> float:
    """The most memory that this process has held, in MiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
