"""Loads the events of one or two actors with their reports, as the views of a relation read them."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from dragoman.pipeline.merge import merged_from, reports_from, stored_reports
from dragoman.pipeline.remembered import remembered
from dragoman.record import (
    EventFilter,
    Snapshot,
    events_from,
    filter_events,
    known_by,
    mentions_between,
    mentions_of,
    renamed_events,
)
from dragoman.records import Event
from dragoman.relate import PROVIDER, Happening, Report

EventTable = Any
"""A table of events as an Ibis expression; only `record` knows more of it."""

EVENT_SIZE = 10
"""How much an event with its reports takes of what is kept, in sentences."""


def load_happenings(snapshot: Snapshot, parties: Sequence[str], as_of: date | None = None) -> list[Happening]:
    """The events between two parties, of one, or of everybody (none), known by a day; sorted by day, then id.

    They are kept in the process for the next view of the same state of the record.
    """

    def load() -> tuple[Happening, ...]:
        with uncollected():
            return tuple(_load(snapshot, parties, as_of))

    def size(found: tuple[Happening, ...]) -> int:
        return EVENT_SIZE * len(found)

    found: tuple[Happening, ...] = remembered(snapshot, ("happenings", *parties, as_of), load, size)
    return list(found)


def load_events(snapshot: Snapshot, parties: Sequence[str]) -> list[Happening]:
    """The same for views that read no report; the happenings have none."""

    def load() -> tuple[Happening, ...]:
        with uncollected():
            events = filter_events(snapshot.table("events"), EventFilter(parties=tuple(parties)))
            return tuple(_joined(events_from(snapshot.columns("events", events)), ()))

    found: tuple[Happening, ...] = remembered(snapshot, ("events", *parties), load, len)
    return list(found)


def stored_happenings(snapshot: Snapshot, events: EventTable) -> list[Happening]:
    """The events of a table, which is the record's or made from it, with their reports; sorted by day, then id."""
    with uncollected():
        return _with_reports(snapshot, events)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: it would search very many new objects, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(snapshot: Snapshot, parties: Sequence[str], as_of: date | None) -> list[Happening]:
    table = snapshot.table("events")
    wanted = EventFilter(parties=tuple(parties))
    if as_of is None:
        events = [happening.event for happening in load_events(snapshot, parties)]
        return _joined(events, reports_from(snapshot, mentions_of(snapshot, events)) if events else [])
    known = known_by(snapshot.table("mentions"), as_of) if not parties else None
    rows = snapshot.rows("mentions", mentions_between(snapshot, parties, as_of) if known is None else known)
    imported = table.filter((table.provider != PROVIDER) & (table.first_reported <= as_of))
    renamed = set(renamed_events(snapshot)) if parties else set()
    theirs = {row["id"] for row in rows if row["event_id"] in renamed}
    events = [
        event
        for event in merged_from(rows, snapshot)
        if not event.dismissed and (theirs.isdisjoint(event.mentions) or _is_of(event, parties))
    ]
    events += events_from(snapshot.columns("events", filter_events(imported, wanted)))
    return _joined(events, stored_reports(snapshot, rows))


def _with_reports(snapshot: Snapshot, events: EventTable) -> list[Happening]:
    found = events_from(snapshot.columns("events", events))
    return _joined(found, reports_from(snapshot, mentions_of(snapshot, found)) if found else [])


def _is_of(event: Event, parties: Sequence[str]) -> bool:
    """Whether the parties stand in an event: two on either side of it, one anywhere."""
    sides = [{name for actor in side for name in (actor.code, actor.name)} for side in (event.source, event.target)]
    first, last = parties[0], parties[-1]
    if len(parties) == 1:
        return first in sides[0] | sides[1]
    return (first in sides[0] and last in sides[1]) or (last in sides[0] and first in sides[1])


def _joined(events: Sequence[Event], reports: Iterable[Report]) -> list[Happening]:
    known = {report.mention.id: report for report in reports}
    found = [Happening(event, tuple(known[key] for key in event.mentions if key in known)) for event in events]
    return sorted(found, key=lambda h: (h.day or date.max, h.event.id))
