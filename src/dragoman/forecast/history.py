"""The events of a record as columns: one row for each source and target of an event, in the order they became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dragoman.forecast.questions import EventClass, Kind
from dragoman.terms import Domain, EventType, Factuality

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

TYPES = tuple(EventType)
DOMAINS = tuple(Domain)
UNKNOWN = -1
"""The number of a domain that is not known."""


@dataclass(frozen=True)
class History:
    """Events by row, sorted by `known`, then `day`, then id; days are proleptic ordinals.

    `day` is when the event stands in time and `known` when it was first reported, never before `day`. `source` and
    `target` number `parties`, `type` and `domain` the members of `TYPES` and `DOMAINS`. `firm` rows are told by more
    than outsiders; `pledged` ones are promised or threatened. `indicators` names the events that answer each indicator.
    """

    parties: tuple[str, ...]
    ids: npt.NDArray[np.str_]
    source: Ints
    target: Ints
    day: Ints
    known: Ints
    quad: Ints
    type: Ints
    domain: Ints
    pledged: Flags
    firm: Flags
    indicator: Ints
    indicators: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each party."""
        return {party: number for number, party in enumerate(self.parties)}

    @cached_property
    def home(self) -> Flags:
        """Which rows are within one party: they answer no question, but tell how much goes on there."""
        found: Flags = self.source == self.target
        return found

    def take(self, rows: Any) -> History:
        """Only these rows (a slice, a mask or numbers), in their order."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _COLUMNS})

    def known_by(self, day: int) -> History:
        """What had been reported by the end of that day."""
        return self.take(slice(0, int(np.searchsorted(self.known, day, side="right"))))

    def of(self, event_class: EventClass) -> Flags:
        """Which rows are of a class and count for a question."""
        material = np.isin(self.quad, (2, 4))
        deed, word = material & ~self.pledged, ~material | self.pledged
        match event_class.kind:
            case Kind.ANY:
                found = deed | word
            case Kind.WORD | Kind.DEED:
                found = deed if event_class.kind is Kind.DEED else word
            case Kind.QUAD:
                found = (self.quad == int(event_class.value or 0)) & ~(material & self.pledged)
            case Kind.TYPE:
                found = (self.type == TYPES.index(EventType(str(event_class.value)))) & ~(material & self.pledged)
            case Kind.DOMAIN:
                found = deed | word
            case Kind.INDICATOR:
                found = self._answering(event_class.value or "")
        if event_class.domain is not None:
            found = found & (self.domain == DOMAINS.index(event_class.domain))
        own = self.indicator < 0 if event_class.kind is not Kind.INDICATOR else found
        return found & own & self.firm & ~self.home

    def between(self, source: int, target: int) -> Flags:
        """Which rows go from one party to another, by their numbers."""
        found: Flags = (self.source == source) & (self.target == target)
        return found

    def _answering(self, key: str) -> Flags:
        if key not in self.indicators:
            return np.zeros(len(self), dtype=bool)
        found: Flags = self.indicator == self.indicators.index(key)
        return found


_COLUMNS = ("ids", "source", "target", "day", "known", "quad", "type", "domain", "pledged", "firm", "indicator")


def history_of(table: pa.Table) -> History:
    """The history that a table of rows holds: `id, day, known, source, target, type, quad, factuality, domain, firm`.

    Rows without a day, and possible and denied ones, are left out.
    """
    columns = {name: table[name].to_pylist() for name in table.column_names}
    said = (Factuality.ACTUAL.value, Factuality.PLEDGED.value)
    kept = [
        number
        for number, (day, known, factuality) in enumerate(
            zip(*(columns[name] for name in ("day", "known", "factuality")), strict=True)
        )
        if day is not None and known is not None and factuality in said
    ]
    parties = tuple(sorted({columns[side][row] for side in ("source", "target") for row in kept}))
    numbers = {party: number for number, party in enumerate(parties)}
    types = {kind.value: number for number, kind in enumerate(TYPES)}
    domains = {domain.value: number for number, domain in enumerate(DOMAINS)}

    def column(name: str, value: Any) -> Ints:
        return np.array([value(columns[name][row]) for row in kept], dtype=np.int64)

    known = column("known", date.toordinal)
    found = History(
        parties=parties,
        ids=np.array([columns["id"][row] for row in kept], dtype=np.str_),
        source=column("source", numbers.__getitem__),
        target=column("target", numbers.__getitem__),
        day=np.minimum(column("day", date.toordinal), known),
        known=known,
        quad=column("quad", int),
        type=column("type", types.__getitem__),
        domain=column("domain", lambda value: domains.get(value, UNKNOWN)),
        pledged=column("factuality", lambda value: value == Factuality.PLEDGED).astype(bool),
        firm=column("firm", bool).astype(bool),
        indicator=np.full(len(kept), UNKNOWN),
    )
    return found.take(_order(found))


def _order(history: History) -> Ints:
    return np.lexsort((history.target, history.source, history.ids, history.day, history.known))


@dataclass(frozen=True, slots=True)
class Answer:
    """An event that answers an indicator, and which way: from `source` to `target`."""

    indicator: str
    event: str
    source: str
    target: str


def with_answers(history: History, answers: Sequence[Answer]) -> History:
    """The history with a further row for each answer, on the days of its event; answers without a row are left out."""
    place = {str(key): row for row, key in enumerate(history.ids)}
    kept = [own for own in answers if own.event in place and {own.source, own.target} <= set(history.parties)]
    names = tuple(sorted({own.indicator for own in answers}))
    rows = np.array([place[own.event] for own in kept], dtype=np.int64)
    added = replace(
        history.take(rows),
        source=np.array([history.numbers[own.source] for own in kept], dtype=np.int64),
        target=np.array([history.numbers[own.target] for own in kept], dtype=np.int64),
        quad=np.zeros(len(kept), dtype=np.int64),
        type=np.full(len(kept), UNKNOWN),
        domain=np.full(len(kept), UNKNOWN),
        pledged=np.zeros(len(kept), dtype=bool),
        firm=np.ones(len(kept), dtype=bool),
        indicator=np.array([names.index(own.indicator) for own in kept], dtype=np.int64),
    )
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(history, name), getattr(added, name)]) for name in _COLUMNS
    }
    joined = replace(history, indicators=names, **columns)
    return joined.take(_order(joined))


def most_active(history: History, count: int, states: Sequence[str]) -> tuple[str, ...]:
    """The parties among `states` with the most rows, as source or target, the most active first."""
    wanted = [history.numbers[state] for state in states if state in history.numbers]
    away = ~history.home
    both = np.bincount(np.concatenate([history.source[away], history.target[away]]), minlength=len(history.parties))
    ordered = sorted(wanted, key=lambda number: (-both[number], history.parties[number]))
    return tuple(history.parties[number] for number in ordered[:count])
