"""Proposes questions about a relation: from its open pledges and threats, its indicators, and the four quads."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.forecast.history import Answer, History
from dragoman.forecast.questions import EventClass, Kind, Question
from dragoman.relate.entries import Entry
from dragoman.relate.entries import State as WordState
from dragoman.relate.indicators import IndicatorRow
from dragoman.relate.testimony import State

DAYS = 90
"""How long a proposed question about a word or an indicator runs."""

SHORT_DAYS = 30
"""How long a proposed question about quads runs."""

MOST = 12
"""Questions that are proposed at most."""

_DONE = (State.REPORTED, State.CONFIRMED)


def propose(
    first: str, second: str, entries: Sequence[Entry], rows: Sequence[IndicatorRow], most: int = MOST
) -> list[Question]:
    """The questions, those about open words first, then indicators that are spoken of, then quads; each once."""
    found: dict[Question, None] = {}
    for entry in sorted(entries, key=lambda entry: (entry.made, entry.id), reverse=True):
        if entry.state is WordState.OPEN and not entry.general and len(found) < most // 3:
            for source, target in _ways(entry, first, second):
                found.setdefault(Question(source, target, _awaited(entry), DAYS), None)
    spoken_of = 0
    for row in sorted(rows, key=lambda row: (-row.finding.origins, row.key)):
        if row.state is not State.NOTHING and spoken_of < most // 3:
            source, target = _busier(row, first, second)
            found.setdefault(Question(source, target, EventClass(Kind.INDICATOR, row.key), DAYS), None)
            spoken_of += 1
    for quad in ("2", "1", "3", "4"):
        for source, target in ((first, second), (second, first)):
            if len(found) < most:
                found.setdefault(Question(source, target, EventClass(Kind.QUAD, quad), SHORT_DAYS), None)
    return list(found)[:most]


def answers(rows: Sequence[IndicatorRow], first: str, second: str, history: History) -> list[Answer]:
    """The events that answer indicators: reported, or confirmed by a party; claims and talk answer none."""
    known = set(history.ids.tolist())
    found: dict[Answer, None] = {}
    for row in rows:
        if row.directions:
            ways = [(way.source, way.target, way.finding) for way in row.directions]
        else:
            ways = [(first, second, row.finding), (second, first, row.finding)]
        for source, target, finding in ways:
            for step in finding.steps:
                for event in step.events if step.state in _DONE else ():
                    if event in known:
                        found.setdefault(Answer(row.key, event, source, target), None)
    return list(found)


def _awaited(entry: Entry) -> EventClass:
    """The class of deeds that would keep a word: those of its domain, else of its course."""
    if entry.domain is not None:
        return EventClass(Kind.DEED, entry.domain.value)
    return EventClass(Kind.QUAD, "4" if entry.is_threat else "2")


def _ways(entry: Entry, first: str, second: str) -> list[tuple[str, str]]:
    ways = [(first, second), (second, first)]
    return [way for way in ways if entry.mutual or (way[0] in entry.source and way[1] in entry.target)]


def _busier(row: IndicatorRow, first: str, second: str) -> tuple[str, str]:
    """The way about which more origins speak."""
    if len(row.directions) == 2 and row.directions[1].finding.origins > row.directions[0].finding.origins:
        return second, first
    return first, second
