"""The course of a relation of very many events, counted by the engine and never held as objects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis

from dragoman.pipeline.remembered import remembered
from dragoman.record import EventFilter, Snapshot, directed_in_parts, filter_events
from dragoman.relate.counting import COLUMNS, counted, counted_series
from dragoman.relate.series import Coverage, SeriesRow, Step

MANY = 50_000
"""Events of a relation from which its series is counted by the engine: the rows then tell no ids of events."""


def is_long(snapshot: Snapshot, parties: Sequence[str]) -> bool:
    """Whether more than `MANY` events stand between the two."""

    def count() -> int:
        events = filter_events(snapshot.table("events"), EventFilter(tuple(parties)))
        number: int = snapshot.rows("events", events.aggregate(n=events.count()))[0]["n"]
        return number

    return remembered(snapshot, ("number of events", *parties), count) > MANY


def stored_series(
    snapshot: Snapshot,
    source: str,
    target: str,
    step: Step,
    *,
    coverage: Coverage | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[SeriesRow]:
    """What the first says and does to the second by period: the same as `series.series`, but for the ids of events."""
    events = snapshot.table("events")
    whole = snapshot.is_whole("events", "source_key", "target_key")
    parts = directed_in_parts(events.filter(~events.dismissed), source, target, whole=whole)
    told = [part.select(*COLUMNS) for part in parts]
    rows = snapshot.rows("events", counted(ibis.union(*told) if len(told) > 1 else told[0], step))
    return counted_series(rows, source, target, step, coverage=coverage, since=since, until=until)
