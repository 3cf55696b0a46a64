"""Events and mentions from whole columns of their tables: the same as row by row, for the many that a view reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as kinds

from dragoman.periods import Period, Precision
from dragoman.records import Actor, Claimant, Event, Mention, Party, Place, Span
from dragoman.terms import ClaimantKind, Domain, EventType, Factuality, Part

UNIQUE = frozenset({"id", "document_id", "event_id", "text", "vector", "signature", "intensity", "confidence", "row"})
"""Columns with as many values as rows; of all others each value is made once."""


def values(column: pa.ChunkedArray | pa.Array, *, unique: bool = False) -> list[Any]:
    """A column as plain values: structs as tuples of their fields, lists as tuples, what is unknown as None."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    if kinds.is_struct(whole.type):
        found: list[Any] = list(zip(*(values(child) for child in whole.flatten()), strict=True))
        return _with_nulls(found, whole)
    if kinds.is_list(whole.type):
        return _lists(whole, values(whole.flatten()))
    if unique or len(whole) < 2 or not (kinds.is_string(whole.type) or kinds.is_date(whole.type)):
        return list(whole.to_pylist())
    encoded = whole.dictionary_encode()
    known = np.empty(len(encoded.dictionary) + 1, object)
    known[:-1] = encoded.dictionary.to_pylist()
    return list(known[encoded.indices.fill_null(len(known) - 1).to_numpy()].tolist())


def _lists(whole: pa.Array, inside: Sequence[Any]) -> list[Any]:
    if not inside:
        return _with_nulls([()] * len(whole), whole)
    # Lists that are null hold nothing in `inside`.
    ends = np.concatenate([[0], np.cumsum(whole.value_lengths().fill_null(0).to_numpy())]).tolist()
    return _with_nulls([tuple(inside[start:end]) for start, end in pairwise(ends)], whole)


def _with_nulls(found: list[Any], whole: pa.Array) -> list[Any]:
    if whole.null_count == 0:
        return found
    return [value if there else None for value, there in zip(found, whole.is_valid().to_pylist(), strict=True)]


def columns_of(table: pa.Table) -> dict[str, list[Any]]:
    """Every column of a table as plain values, by name."""
    return {name: values(table[name], unique=name in UNIQUE) for name in table.column_names}


def events_from(table: pa.Table) -> list[Event]:
    """The events that rows of `events` hold, in their order."""
    read = columns_of(table)
    fields = (
        read["id"],
        _periods(read),
        _each(read["source"], _actors),
        _each(read["target"], _actors),
        _each(read["type"], EventType),
        read["mode"],
        read["quad"],
        read["intensity"],
        _each(read["factuality"], Factuality),
        read["contested"],
        read["claimants"],
        read["deniers"],
        _each(read["domain"], Domain),
        map(_place, read["place"]),
        *(
            read[name]
            for name in (
                "confidence mentions outlets origins first_reported last_reported provider coder_version dismissed"
            ).split()
        ),
    )
    return [Event(*row) for row in zip(*fields, strict=True)]


def mentions_from(table: pa.Table) -> list[Mention]:
    """The mentions that rows of `mentions` hold, in their order."""
    return mentions_in(columns_of(table), len(table))


def mentions_in(read: Mapping[str, list[Any]], count: int) -> list[Mention]:
    """The same from `columns_of` such a table of so many rows."""
    fields = (
        read["document_id"],
        [Span(_part(part), start, end) for part, start, end in read["sentence"]],
        [Span(_part(part), start, end) for part, start, end in read["predicate"]],
        map(_parties, read["source"]),
        map(_parties, read["target"]),
        _each(read["type"], EventType),
        read["mode"],
        read["quad"],
        read["intensity"],
        _each(read["factuality"], Factuality),
        map(_claimants, read["claimants"]),
        _periods(read),
        map(_span, read["date_span"]),
        map(_place, read["place"]),
        _each(read["domain"], Domain),
        read["contexts"],
        map(_spans, read["quotes"]),
        read["rules"],
        read["coder_version"],
        read["confidence"],
        read.get("vector", repeat(None, count)),
        read["id"],
    )
    return [Mention(*row) for row in zip(*fields, strict=True)]


def _each(found: Iterable[Any], make: Callable[[Any], Any]) -> list[Any]:
    """What is made of each value, once for all that are equal; of None comes None."""
    made: dict[Any, Any] = {None: None}
    result = []
    for value in found:
        if value not in made:
            made[value] = make(value)
        result.append(made[value])
    return result


def _periods(read: Mapping[str, list[Any]]) -> list[Period | None]:
    told = zip(read["date"], read["date_precision"], strict=True)
    return _each((one if None not in one else None for one in told), _period)


def _period(told: tuple[date, str]) -> Period:
    return Period(told[0], Precision(told[1]))


_actor = lru_cache(65_536)(Actor)
_part = cache(Part)


def _actors(told: Sequence[tuple[Any, ...]]) -> tuple[Actor, ...]:
    return tuple(_actor(*one) for one in told)


def _parties(told: Sequence[tuple[Any, ...]]) -> tuple[Party, ...]:
    return tuple(
        [
            Party(_actor(code, name, sector, wikidata), Span(_part(part), start, end), rule)
            for code, name, sector, wikidata, part, start, end, rule in told
        ]
    )


def _claimants(told: Sequence[tuple[Any, ...]]) -> tuple[Claimant, ...]:
    return tuple(
        Claimant(
            ClaimantKind(kind), _actor(*actor) if actor[0] is not None else None, Span(_part(part), start, end), cue
        )
        for kind, *actor, part, start, end, cue in told
    )


def _span(told: tuple[str, int, int] | None) -> Span | None:
    return None if told is None else Span(_part(told[0]), told[1], told[2])


def _spans(told: Sequence[tuple[str, int, int]]) -> tuple[Span, ...]:
    return tuple(Span(_part(part), start, end) for part, start, end in told)


def _place(told: tuple[Any, ...] | None) -> Place | None:
    if told is None:
        return None
    name, country, geonames_id, latitude, longitude, part, start, end = told
    span = Span(_part(part), start, end) if part else None
    return Place(name, country, span, geonames_id, latitude, longitude)
