"""Backtest by rolling origin: learn, ask, wait, score, learn again; nothing later than the day of asking is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from dragoman.errors import UsageError
from dragoman.forecast.history import Flags, Floats, History, Ints
from dragoman.forecast.models.ensemble import Ensemble
from dragoman.forecast.models.rules import Rule, Rules
from dragoman.forecast.samples import Panel, Samples, Span, guard, make_samples
from dragoman.forecast.scores import Bin, Score, reliability, score

REFERENCES = ("recurrence", "tuned recurrence", "base rate")
"""What skill is measured against."""

RESAMPLES = ("dyad", "days")
"""What the bootstrap draws whole: the two parties of a question, or stretches of 28 days."""

BLOCK_DAYS = 28

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Questions are asked every `step` days from `start`, and must have ended by `end`.

    Models learn anew on the first such day and then every `refit` days, from questions asked every `step` days since
    `warm` days after the first event.
    """

    start: date
    end: date
    step: int = 7
    refit: int = 28
    warm: int = 49

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise UsageError(f"The backtest runs from {self.start} to {self.end}; let the end lie after the start.")
        if min(self.step, self.refit) < 1 or self.refit % self.step:
            raise UsageError(
                f"Asking every {self.step} days and learning every {self.refit} does not fit; the second must be a "
                "multiple of the first."
            )

    def asked(self) -> list[int]:
        """The days of asking."""
        return list(range(self.start.toordinal(), self.end.toordinal(), self.step))

    def learned(self, first_event: int) -> list[int]:
        """The days of asking before the start, from which models learn."""
        start = self.start.toordinal()
        return list(range(start - (start - first_event - self.warm) // self.step * self.step, start, self.step))

    @property
    def words(self) -> str:
        """The schedule in words."""
        return (
            f"asked every {self.step} days from {self.start}, ended by {self.end}; learned anew every {self.refit} "
            "days from what was known then"
        )


@dataclass(frozen=True)
class Asked:
    """Questions of one horizon with each model's odds and their outcomes."""

    rows: Ints
    horizon: Ints
    outcomes: Floats
    odds: dict[str, Floats]


@dataclass(frozen=True)
class Backtest:
    """All questions of a backtest, and the rules that the last fit found."""

    samples: Samples
    schedule: Schedule
    asked: Asked
    rules: list[Rule] = field(default_factory=list)

    def score(self, chosen: Flags | None = None, model: str = "ensemble", resample: str = "dyad") -> Score:
        """The score of a model on chosen questions (all, if None), against all references."""
        if resample not in RESAMPLES:
            raise UsageError(f"{resample!r} cannot be drawn again; use one of {', '.join(RESAMPLES)}.")
        kept = np.ones(len(self.asked.rows), dtype=bool) if chosen is None else chosen
        rows = self.asked.rows[kept]
        blocks = self.samples.dyad[rows] if resample == "dyad" else self.samples.day[rows] // BLOCK_DAYS
        return score(
            self.asked.odds[model][kept],
            self.asked.outcomes[kept],
            {name: self.asked.odds[name][kept] for name in REFERENCES if name != model},
            blocks,
        )

    def reliability(self, chosen: Flags | None = None, model: str = "ensemble") -> list[Bin]:
        """The reliability of a model."""
        kept = np.ones(len(self.asked.rows), dtype=bool) if chosen is None else chosen
        return reliability(self.asked.odds[model][kept], self.asked.outcomes[kept])

    def groups(self, by: str) -> dict[str, Flags]:
        """The questions by `class`, `horizon`, `kind` (words, deeds) or `dyad` (the most true ones first)."""
        rows, panel = self.asked.rows, self.samples.panel
        kind = self.samples.event_class[rows]
        match by:
            case "class":
                return {str(own): kind == number for number, own in enumerate(panel.classes)}
            case "horizon":
                return {f"{days} days": self.asked.horizon == days for days in panel.horizons}
            case "kind":
                deeds = np.array([own.is_deed for own in panel.classes])[kind]
                return {"words": ~deeds, "deeds": deeds}
            case "dyad":
                names = ["/".join(sorted(pair)) for pair in panel.pairs]
                own = np.array(names)[self.samples.pair[rows]]
                distinct, slot = np.unique(own, return_inverse=True)
                true = np.bincount(slot, self.asked.outcomes)
                return {str(distinct[place]): slot == place for place in np.argsort(-true, kind="stable")}
        raise UsageError(f"Questions cannot be told apart by {by!r}; use class, horizon, kind or dyad.")


def backtest(
    history: History,
    panel: Panel,
    schedule: Schedule,
    *,
    seed: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Ask every question of the panel on every day of the schedule, of models that know no more than that day.

    Features that read later events are refused with a `LookAheadError` before anything is learned.
    """
    if not len(history):
        raise UsageError("The record holds no event between two parties; add or import some first.")
    tell = progress or (lambda _: None)
    asked_days, end = schedule.asked(), schedule.end.toordinal()
    for day in (asked_days[0], asked_days[-1]):
        guard(panel, history, day)
    learned = schedule.learned(int(history.day.min()))
    if len(learned) < 4:
        raise UsageError(
            f"Before {schedule.start} lie {len(learned)} days to learn from; at least 4 are needed: start later."
        )
    tell("making features")
    samples = make_samples(panel, history, [*learned, *asked_days])
    parts: list[Asked] = []
    rules: list[Rule] = []
    for horizon in panel.horizons:
        final = samples.outcomes(history.known_by(end), Span(horizon))
        for refit in range(asked_days[0], asked_days[-1] + 1, schedule.refit):
            wanted = (samples.day >= refit) & (samples.day < refit + schedule.refit) & (samples.day + horizon <= end)
            rows = np.flatnonzero(wanted & ~np.isnan(final))
            if not len(rows):
                continue
            tell(f"learning as of {date.fromordinal(refit)} for {horizon} days")
            model = _learned(samples, history, refit, horizon, seed, threads)
            odds = {own.name: own.predict(samples, rows) for own in model.members_}
            odds[model.name] = model.joined(list(odds.values()))
            parts.append(Asked(rows, np.full(len(rows), horizon), final[rows], odds))
            rules = next(own for own in model.members_ if isinstance(own, Rules)).listed() or rules
    return Backtest(samples, schedule, _joined(parts), rules)


def _learned(samples: Samples, history: History, day: int, horizon: int, seed: int, threads: int) -> Ensemble:
    """The model fitted on the questions that had ended, and been reported, by the day."""
    outcomes = samples.outcomes(history.known_by(day), Span(horizon))
    rows = np.flatnonzero((samples.day + horizon <= day) & ~np.isnan(outcomes))
    return Ensemble(seed, threads).fit(samples, rows, outcomes[rows], Span(horizon))


def _joined(parts: Sequence[Asked]) -> Asked:
    if not parts:
        raise UsageError("No question ends within the backtest; let it run longer than the shortest horizon.")
    return Asked(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.horizon for part in parts]),
        np.concatenate([part.outcomes for part in parts]),
        {name: np.concatenate([part.odds[name] for part in parts]) for name in parts[0].odds},
    )
