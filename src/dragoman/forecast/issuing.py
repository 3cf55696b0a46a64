"""Gives odds for questions as of a day, learned from the record up to it; says where the record is too small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dragoman.errors import ForecastError
from dragoman.forecast.estimative import estimative
from dragoman.forecast.history import Floats, History, Ints
from dragoman.forecast.models.base import BaseRate
from dragoman.forecast.models.ensemble import Ensemble
from dragoman.forecast.models.shape import Reason
from dragoman.forecast.questions import EventClass, Kind, Question
from dragoman.forecast.reasons import LEAST_MOVED, Seen, Told, tell
from dragoman.forecast.samples import Panel, Samples, Span, make_samples
from dragoman.forecast.scores import FEW
from dragoman.forecast.settling import closes
from dragoman.records import content_id
from dragoman.relate.keeping import wilson

MOST_PAIRS = 160
"""Pairs of parties that are learned from at most, the busiest."""

MOST_ROWS = 60_000
"""Samples that are learned from at most; where there would be more, days are asked farther apart."""

STEP = 7
"""Days between the days that are learned from, at least."""

WARM = 49
"""Days after the first event before which nothing is learned."""

LEAST_DAYS = 8
"""Days to learn from without which no odds are given."""

FEW_OWN = 3
"""Events of the class between the two below which the record is too small to say much of them."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Odds for a question as issued, with their 95 % interval, what they are measured against, and the reasons.

    `notes` say where the record is too small to say. `record_version` is the version that was read.
    """

    question: Question
    asked: date
    record_version: int
    model: str
    seed: int
    odds: float
    low: float
    high: float
    base_rate: float
    recurrence: float
    reasons: tuple[Told, ...]
    notes: tuple[str, ...]

    @property
    def id(self) -> str:
        """A hash of the question, the day, the model and the odds; the same forecast issued again is the same."""
        return content_id("f", str(self.question), self.asked.isoformat(), self.model, f"{self.odds:.6f}")

    @property
    def closes(self) -> date:
        """The last day on which events count."""
        return closes(self.question, self.asked)

    @property
    def words(self) -> str:
        """The odds in words of estimative probability."""
        return estimative(self.odds)


def issue(
    history: History, questions: Sequence[Question], as_of: date, version: int, *, seed: int = 0
) -> list[Forecast]:
    """A forecast for each question, in their order, from what was known by the end of the day alone."""
    known = history.known_by(as_of.toordinal())
    if not len(known):
        raise ForecastError(f"The record holds no event known by {as_of}; add documents, or choose a later --as-of.")
    groups: dict[tuple[Span, bool], list[Question]] = {}
    for question in questions:
        if {question.source, question.target} <= set(known.parties):
            by_itself = question.event_class.kind is Kind.INDICATOR
            groups.setdefault((Span(question.days, question.times), by_itself), []).append(question)
    found = {
        forecast.question: forecast
        for (span, by_itself), own in groups.items()
        for forecast in _group(known, own, span, by_itself, as_of, version, seed)
    }
    return [found.get(question) or _unknown(question, as_of, version, seed) for question in questions]


def _unknown(question: Question, as_of: date, version: int, seed: int) -> Forecast:
    note = f"the record knows no event of {question.source} or of {question.target}: it is too small to say anything"
    return Forecast(question, as_of, version, "none", seed, 0.5, 0.0, 1.0, 0.5, 0.5, (), (note,))


def _group(
    history: History, questions: Sequence[Question], span: Span, by_itself: bool, as_of: date, version: int, seed: int
) -> list[Forecast]:
    """Forecasts of questions of one span; indicators are known of the asked pairs alone, so only these are learned."""
    today = as_of.toordinal()
    asked = sorted({pair for q in questions for pair in ((q.source, q.target), (q.target, q.source))})
    pairs = (
        asked if by_itself else [*asked, *(pair for pair in busiest(history) if pair not in set(asked))][:MOST_PAIRS]
    )
    classes = tuple(sorted({question.event_class for question in questions}))
    panel = Panel(tuple(pairs), classes, (span.days,))
    samples = make_samples(panel, history, [*_learning_days(history, today, len(pairs) * len(classes)), today])
    outcomes = samples.outcomes(history, span)
    rows = np.flatnonzero((samples.day + span.days <= today) & ~np.isnan(outcomes))
    fitted = _Fitted(samples, rows, outcomes[rows], span, seed)
    return [fitted.forecast(history, question, as_of, version) for question in questions]


def busiest(history: History) -> list[tuple[str, str]]:
    """The pairs of the history, those with the most events first."""
    size = len(history.parties)
    away = history.of(EventClass(Kind.ANY))
    keys, counts = np.unique((history.source * size + history.target)[away], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(history.parties[key // size], history.parties[key % size]) for key in keys[order].tolist()]


def _learning_days(history: History, today: int, rows_a_day: int) -> list[int]:
    first = int(history.day.min()) + WARM
    most = max(LEAST_DAYS, MOST_ROWS // rows_a_day)
    step = max(STEP, -(-(today - first) // most))
    return list(range(today - step, first - 1, -step))


class _Fitted:
    """The models fitted for the questions of one span; too few learning days leave the share of all pairs alone."""

    def __init__(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span, seed: int) -> None:
        self.samples, self.rows, self.outcomes, self.span, self.seed = samples, rows, outcomes, span, seed
        self.days = len(np.unique(samples.day[rows]))
        self.base = BaseRate().fit(samples, rows, outcomes, span)
        asked = np.unique(samples.day)
        self.apart = min(1.0, float(np.diff(asked).min()) / span.days) if len(asked) > 1 else 1.0
        """The share of the spans that do not overlap: only so many outcomes are of their own."""
        enough = self.days >= LEAST_DAYS and outcomes.sum() * self.apart >= FEW
        self.ensemble = Ensemble(seed).fit(samples, rows, outcomes, span) if enough else None

    def forecast(self, history: History, question: Question, as_of: date, version: int) -> Forecast:
        """The forecast of a question; of a class that rarely came true the base rate is all that can be said."""
        samples = self.samples
        number = samples.panel.classes.index(question.event_class)
        pair = samples.panel.pairs.index((question.source, question.target))
        last = samples.day == as_of.toordinal()
        row = np.flatnonzero(last & (samples.event_class == number) & (samples.pair == pair))
        own = samples.event_class[self.rows] == number
        true = int(self.outcomes[own].sum() * self.apart)
        base = float(self.base.predict(samples, row)[0])
        notes = self._notes(history, question, true)
        reasons: list[Reason] = self.base.explain(samples, int(row[0]))
        if self.ensemble is None or true < FEW:
            low, high = self._base_interval(number, pair, base)
            name, odds, recurrence = self.base.name, base, base
            if self.ensemble is not None:
                recurrence = float(self.ensemble.members_[1].predict(samples, row)[0])
        else:
            name, odds = self.ensemble.name, float(self.ensemble.predict(samples, row)[0])
            recurrence = float(self.ensemble.members_[1].predict(samples, row)[0])
            low, high = self.ensemble.past_.interval(odds)
            reasons = _telling(self.ensemble, samples, int(row[0]))
            if self.ensemble.calibration_ is None:
                notes.append("too few questions came true to calibrate the odds")
        seen = Seen(
            history,
            as_of.toordinal(),
            history.numbers[question.source],
            history.numbers[question.target],
            question.event_class,
        )
        told = tuple(tell(reason, seen, samples.panel.bodies) for reason in reasons)
        return Forecast(
            question, as_of, version, name, self.seed, round(odds, 4), round(low, 4), round(high, 4),
            round(base, 4), round(recurrence, 4), told, tuple(notes),
        )  # fmt: skip

    def _notes(self, history: History, question: Question, true: int) -> list[str]:
        notes = []
        between = history.between(history.numbers[question.source], history.numbers[question.target])
        own = len(np.unique(history.ids[between & history.of(question.event_class)]))
        if own < FEW_OWN:
            many = ("no such event", "only 1 such event")[own] if own < 2 else f"only {own} such events"
            notes.append(f"too small to say much: the record holds {many} from {question.source} to {question.target}")
        if true < FEW:
            notes.append(
                f"too small for a model: such questions came true about {true} times in this record, overlapping spans "
                f"counted once (at least {FEW} are needed), so that the odds are the base rate"
            )
        return notes

    def _base_interval(self, number: int, pair: int, base: float) -> tuple[float, float]:
        """Wilson's interval over the pair's past spans that do not overlap."""
        asked, yes = self.base.asked_[number, pair], self.base.yes_[number, pair]
        if not asked:
            return 0.0, 1.0
        days = np.unique(self.samples.day[self.rows])
        spans = max(1, int((days[-1] - days[0]) // self.span.days + 1))
        low, high = wilson(round(yes / asked * spans), spans)
        return min(low, base), max(high, base)


def _telling(model: Ensemble, samples: Samples, row: int) -> list[Reason]:
    """The base rate, recurrence, the three surest rules and the six features that moved the odds most."""
    by_name = {own.name: own.explain(samples, row) for own in model.members_}
    moved = [
        reason
        for reason in by_name["trees"]
        if reason.weight is not None and abs(reason.weight) >= LEAST_MOVED and not reason.feature.startswith("rule_")
    ]
    names = [reason for reason in moved if reason.feature not in ("class", "weekday", "season_sine", "season_cosine")]
    return [*by_name["base rate"], *by_name["recurrence"], *by_name["rules"][:3], *names[:6]]
