"""What may set off a rule: kinds of events that happened lately between two actors, or between one and others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dragoman.forecast.features import Counts, Pairs
from dragoman.forecast.history import Flags, History
from dragoman.forecast.known import Known
from dragoman.forecast.questions import EventClass, Kind
from dragoman.terms import Domain, EventType

LAGS = (7, 30)
"""Days back within which a body looks."""


class Way(StrEnum):
    """From whom to whom a body's events go, seen from a question's source A and target B."""

    FORTH = "A to B"
    BACK = "B to A"
    ON_TARGET = "others to B"
    BY_SOURCE = "A to others"


@dataclass(frozen=True, slots=True, order=True)
class Body:
    """Events of a class, one way, within so many days."""

    event_class: EventClass
    way: Way
    days: int

    def __str__(self) -> str:
        return f"{self.event_class.words}, {self.way}, in the last {self.days} days"

    def events(self, history: History, day: int, source: int, target: int) -> Flags:
        """The rows that set it off for a pair on a day."""
        match self.way:
            case Way.FORTH:
                parties = history.between(source, target)
            case Way.BACK:
                parties = history.between(target, source)
            case Way.ON_TARGET:
                parties = (history.target == target) & (history.source != source)
            case Way.BY_SOURCE:
                parties = (history.source == source) & (history.target != target)
        lately = (history.day > day - self.days) & (history.day <= day)
        return parties & lately & history.of(self.event_class)


def all_bodies() -> tuple[Body, ...]:
    """Every type both ways and both lags, words and deeds of each domain, and quads of others."""
    types = [EventClass(Kind.TYPE, kind.value) for kind in EventType]
    domains = [EventClass(kind, domain.value) for kind in (Kind.WORD, Kind.DEED) for domain in Domain]
    quads = [EventClass(Kind.QUAD, str(quad)) for quad in (1, 2, 3, 4)]
    return (
        *(Body(kind, way, days) for kind in types for way in (Way.FORTH, Way.BACK) for days in LAGS),
        *(Body(kind, way, 30) for kind in domains for way in (Way.FORTH, Way.BACK)),
        *(Body(kind, way, 7) for kind in quads for way in (Way.ON_TARGET, Way.BY_SOURCE)),
    )


def fired(known: Known, pairs: Pairs, bodies: tuple[Body, ...]) -> Flags:
    """For each pair (row) and body (column) whether it is set off on the day."""
    found = np.zeros((len(pairs), len(bodies)), dtype=bool)
    counts: dict[tuple[EventClass, int], Counts] = {}
    for column, body in enumerate(bodies):
        key = (body.event_class, body.days)
        if key not in counts:
            rows = known.of(body.event_class) & known.window(known.day - body.days + 1, known.day)
            counts[key] = Counts(known, pairs, rows)
        own = counts[key]
        one = np.ones(len(own.age))
        match body.way:
            case Way.FORTH:
                found[:, column] = own.forth(one) > 0
            case Way.BACK:
                found[:, column] = own.back(one) > 0
            case Way.ON_TARGET:
                found[:, column] = own.by_target(one, pairs.target) - own.forth(one) > 0
            case Way.BY_SOURCE:
                found[:, column] = own.by_source(one, pairs.source) - own.forth(one) > 0
    return found
