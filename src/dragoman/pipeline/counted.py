"""The course of a relation counted by the engine, for records whose events are too many to be held as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import ibis

from dragoman.record import Snapshot, both_ways
from dragoman.relate.counting import COLUMNS, counted, counted_series
from dragoman.relate.series import Coverage, SeriesRow, Step, start_of

MANY = 50_000
"""Events of a relation up to which the rows of its series tell their ids, where the engine counts them."""

WAYS = ("forth", "back")


def stored_series(
    snapshot: Snapshot,
    first: str,
    second: str,
    step: Step,
    *,
    coverage: Coverage | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[SeriesRow]:
    """`series.series` of the first towards the second, then of the way back; ids are told up to `MANY` events."""
    events = _between(snapshot, first, second)
    rows = snapshot.rows("events", counted(events.select(*COLUMNS, *WAYS), step, WAYS))
    ids = _ids(snapshot, events, step) if sum(row["events"] for row in rows) <= MANY else {}
    found = []
    for way, (source, target) in zip(WAYS, ((first, second), (second, first)), strict=True):
        own = [row for row in rows if row[way]]
        found += counted_series(
            own, source, target, step, coverage=coverage, since=since, until=until, events=ids.get(way, {})
        )
    return found


def _between(snapshot: Snapshot, first: str, second: str) -> ibis.Table:
    events = snapshot.table("events")
    whole = snapshot.is_whole("events", "source_key", "target_key")
    return both_ways(events.filter(~events.dismissed), first, second, whole=whole)


def _ids(snapshot: Snapshot, events: ibis.Table, step: Step) -> Mapping[str, Mapping[date, list[str]]]:
    """The ids of the events of each way by the period in which they stand."""
    placed = events.select(*WAYS, "id", start=start_of(events, step))
    found: dict[str, dict[date, list[str]]] = {way: defaultdict(list) for way in WAYS}
    told = snapshot.columns("events", placed.filter(placed.start.notnull())).to_pydict()
    for way in WAYS:
        for bears, start, identity in zip(told[way], told["start"], told["id"], strict=True):
            if bears:
                found[way][start].append(identity)
    return found
