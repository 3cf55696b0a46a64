"""Compares the codings of two records, or of two versions or providers of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from dragoman.exchange.agreement import Agreement, Coded, Coding, Reference, compare
from dragoman.exchange.exporting.edges import node
from dragoman.exchange.exporting.layout import NO_DAY, NO_TARGET
from dragoman.exchange.exporting.told import pairs
from dragoman.pipeline.record import Record
from dragoman.record import EventFilter, coverage, filter_events
from dragoman.relate import PROVIDER

_COLUMNS = ("id", "date", "date_precision", "source", "target", "type", "quad", "factuality")


@dataclass(frozen=True, slots=True)
class Compared:
    """One side of a comparison: a record, or one version or provider of it."""

    record: Record
    version: int | None = None
    providers: tuple[str, ...] = ()


def compare_records(
    a: Compared,
    b: Compared,
    *,
    since: date | None = None,
    until: date | None = None,
    reference: Reference = Reference.B,
) -> Agreement:
    """How far two sides agree on the days that both cover, from the first to the last wanted day."""
    return compare(_coding(a, since, until), _coding(b, since, until), reference)


def _coding(side: Compared, since: date | None, until: date | None) -> Coding:
    """The units of a side; it covers the days on which it has an event, and those of which it read a document."""
    snapshot = side.record.store().snapshot(side.version)
    events = snapshot.table("events")
    chosen = filter_events(events, EventFilter(since=since, until=until, providers=side.providers)).select(*_COLUMNS)
    units: list[Coded] = []
    left_out: Counter[str] = Counter()
    days: set[date] = set()
    if not side.providers or PROVIDER in side.providers:
        days |= {day for _, day in coverage(snapshot)}
    for batch in snapshot.batches("events", chosen):
        for row in batch.to_pylist():
            if row["date"] is None or row["date_precision"] != "day":
                left_out[NO_DAY] += 1
                continue
            days.add(row["date"])
            if not row["target"]:
                left_out[NO_TARGET] += 1
                continue
            ends = {(node(source), node(target)) for source, target in pairs(row) if target is not None}
            units += [
                Coded(row["date"], source, target, row["type"], row["quad"], row["factuality"], row["id"])
                for source, target in sorted(ends)
            ]
    within = frozenset(day for day in days if (since is None or since <= day) and (until is None or day <= until))
    return Coding(_name(side), within, units, dict(sorted(left_out.items())))


def _name(side: Compared) -> str:
    version = f", version {side.version}" if side.version is not None else ""
    providers = f", provider {', '.join(side.providers)}" if side.providers else ""
    return f"{side.record.location}{version}{providers}"
