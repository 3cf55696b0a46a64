"""The events of a record that a filter names, as they are or as they were known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dragoman.pipeline.merge import merged_from
from dragoman.pipeline.parties import party_code
from dragoman.record import (
    EventFilter,
    Snapshot,
    event_row,
    event_table,
    filter_events,
    in_order,
    mentions_between,
)
from dragoman.record.rows import Row
from dragoman.relate import PROVIDER

EventTable = Any
"""A table of events as an Ibis expression; only `record` knows more of it."""


def event_rows(snapshot: Snapshot, events: EventTable, wanted: EventFilter) -> list[Row]:
    """The events of the table that match, in order."""
    return snapshot.rows("events", matching(events, wanted))


def matching(events: EventTable, wanted: EventFilter) -> EventTable:
    """The events of the table that match, in order, as an expression."""
    return in_order(filter_events(events, replace(wanted, parties=party_codes(wanted))))


def party_codes(wanted: EventFilter) -> tuple[str, ...]:
    """The parties of a filter as codes, or names of bodies and groups."""
    return tuple(map(party_code, wanted.parties))


def events_as_of(snapshot: Snapshot, as_of: date | None, *parties: str) -> EventTable:
    """The table of events; with `as_of` merged anew from what was published by that day about the parties."""
    if as_of is None:
        return snapshot.table("events")
    known = snapshot.rows("mentions", mentions_between(snapshot, parties, as_of))
    imported = snapshot.table("events")
    imported = snapshot.rows(
        "events", imported.filter((imported.provider != PROVIDER) & (imported.first_reported <= as_of))
    )
    return event_table([*map(event_row, merged_from(known, snapshot)), *imported])
