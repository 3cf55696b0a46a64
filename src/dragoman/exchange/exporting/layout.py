"""What a layout is: its columns with their meanings, what it cannot carry, and how an event becomes lines of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from dragoman.exchange.exporting.told import Told
from dragoman.record.rows import Row
from dragoman.terms import EventType, Factuality


class Layout(StrEnum):
    """The layouts in which events leave the record."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"
    PLOVER = "plover"
    POLECAT = "polecat"
    ICEWS = "icews"
    EDGES = "edges"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a field of a JSON record; `values` are all that it may hold, with their meanings where needed."""

    name: str
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A layout in words, for its codebook: `lost` is what it cannot carry, `left_out` which events."""

    title: str
    file: str
    columns: tuple[Column, ...]
    lost: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A layout of text lines: `refuse` says why an event cannot stand in it, `write` gives its lines."""

    form: Form
    header: str | None
    refuse: Callable[[Row], str | None]
    write: Callable[[Told], Iterable[str]]


NO_DAY = "no day known"
NO_TARGET = "no target"
NOT_DONE = "not reported as done"
COMMIT_THE_FUTURE = frozenset({EventType.AGREE, EventType.THREATEN, EventType.CONCEDE})
"""Types whose words are the deed, though what they promise lies ahead."""


def refuse_undated(event: Row) -> str | None:
    """Why a layout with a day for every event cannot hold this one."""
    return NO_DAY if event["date"] is None or event["date_precision"] != "day" else None


def refuse_not_done(event: Row) -> str | None:
    """Why a layout that knows only what happened cannot hold this one: its readers would take it for done."""
    done = event["factuality"] == Factuality.ACTUAL
    promised = event["factuality"] == Factuality.PLEDGED and event["type"] in COMMIT_THE_FUTURE
    return None if done or promised else NOT_DONE


def cells(values: Iterable[str | None], empty: str) -> str:
    """A line of tab-separated cells; tabs and line ends inside a value become spaces."""
    return "\t".join(empty if value is None else " ".join(value.split()) or empty for value in values)
