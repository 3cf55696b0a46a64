"""The events of a record as columns: one row for each source and target of an event, in the order they became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
    indicators: dict[str, frozenset[tuple[str, str, str]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each party."""
        return {party: number for number, party in enumerate(self.parties)}

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
                found = (self.type == TYPES.index(EventType(event_class.value))) & ~(material & self.pledged)
            case Kind.DOMAIN:
                found = deed | word
            case Kind.INDICATOR:
                found = self._answering(event_class.value or "")
        if event_class.domain is not None:
            found = found & (self.domain == DOMAINS.index(event_class.domain))
        return found & self.firm

    def between(self, source: int, target: int) -> Flags:
        """Which rows go from one party to another, by their numbers."""
        return (self.source == source) & (self.target == target)

    def _answering(self, key: str) -> Flags:
        wanted = self.indicators.get(key, frozenset())
        names = np.array(self.parties, dtype=object)
        rows = zip(self.ids, names[self.source], names[self.target], strict=True) if wanted else ()
        return np.array([row in wanted for row in rows], dtype=bool) if wanted else np.zeros(len(self), dtype=bool)


_COLUMNS = ("ids", "source", "target", "day", "known", "quad", "type", "domain", "pledged", "firm")


def history_of(table: pa.Table) -> History:
    """The history that a table of rows holds: `id, day, known, source, target, type, quad, factuality, domain, firm`.

    Rows without a day, those that name one party twice, and possible and denied ones are left out.
    """
    columns = {name: table[name].to_pylist() for name in table.column_names}
    said = (Factuality.ACTUAL.value, Factuality.PLEDGED.value)
    kept = [
        number
        for number, (day, known, factuality, source, target) in enumerate(
            zip(*(columns[name] for name in ("day", "known", "factuality", "source", "target")), strict=True)
        )
        if day is not None and known is not None and factuality in said and source != target
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
    )
    return found.take(np.lexsort((found.target, found.source, found.ids, found.day, found.known)))


def with_indicators(history: History, answers: dict[str, frozenset[tuple[str, str, str]]]) -> History:
    """The history with the events (id, source, target) that answer each indicator."""
    return replace(history, indicators={**history.indicators, **answers})


def most_active(history: History, count: int, states: Sequence[str]) -> tuple[str, ...]:
    """The parties among `states` with the most rows, as source or target, the most active first."""
    wanted = [history.numbers[state] for state in states if state in history.numbers]
    both = np.bincount(np.concatenate([history.source, history.target]), minlength=len(history.parties))
    ordered = sorted(wanted, key=lambda number: (-both[number], history.parties[number]))
    return tuple(history.parties[number] for number in ordered[:count])
