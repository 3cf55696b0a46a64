"""What came of a question, by its stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from dragoman.forecast.history import History
from dragoman.forecast.questions import Question


class Outcome(StrEnum):
    """What the record says of a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome, the events that count for it, and why it is so."""

    outcome: Outcome
    events: tuple[str, ...]
    reason: str


def closes(question: Question, asked: date) -> date:
    """The last day on which events count."""
    return asked + timedelta(days=question.days)


def settle(question: Question, asked: date, history: History, today: date, read: frozenset[date]) -> Settlement:
    """The outcome as of `today` of a question asked on a day; `read` holds the days of which anything was read."""
    last = closes(question, asked)
    events = _counting(question, asked, history.known_by(today.toordinal()))
    if len(events) >= question.times:
        return Settlement(Outcome.YES, events, f"{_told(len(events))} from {asked + timedelta(days=1)} to {last}")
    if today <= last:
        return Settlement(Outcome.OPEN, events, f"{_told(len(events))} so far; it runs until {last}")
    if not any(asked < day <= last for day in read):
        return Settlement(Outcome.UNKNOWN, events, f"nothing was read of the days from {asked} to {last}")
    if not any(last < day <= today for day in read):
        return Settlement(Outcome.OPEN, events, f"it ended on {last}, but nothing was read yet of the days after")
    return Settlement(Outcome.NO, events, f"{_told(len(events))} from {asked + timedelta(days=1)} to {last}")


def _counting(question: Question, asked: date, history: History) -> tuple[str, ...]:
    numbers = history.numbers
    if question.source not in numbers or question.target not in numbers:
        return ()
    day = asked.toordinal()
    within = (history.day > day) & (history.day <= day + question.days)
    rows = history.between(numbers[question.source], numbers[question.target]) & within
    rows &= history.of(question.event_class)
    return tuple(str(key) for key in np.unique(history.ids[rows]))


def _told(count: int) -> str:
    return f"{count} such event{'' if count == 1 else 's'} in the record" if count else "no such event in the record"
