"""The course of a relation counted by the engine, for records whose events are too many to be held as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.record import Snapshot, both_ways, by_stretches, counts_by_day, is_code, like_pair, ways_of
from dragoman.record.partitions import PARTED_FROM
from dragoman.record.sides import KEYS
from dragoman.relate.counting import COLUMNS, counted, counted_series
from dragoman.relate.series import Coverage, SeriesRow, Step, read_by_period, start_of

MANY = 50_000
"""Events of a relation up to which the rows of its series tell their ids, where the engine counts them.

In a record that is cut into folders they tell none: to read the ids takes as long as all the rest.
"""

FLAGS = ("forth", "back")

Ways = Callable[[Any, Any], tuple[bool, bool]]
"""Whether an event goes forth, and back, by the two columns that tell it."""


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
    if coverage is not None:
        # Told by period once for both ways.
        coverage = {(None, start): documents for start, documents in read_by_period(coverage, step).items()}
    events, told_by, ways = _between(snapshot, first, second)
    rows = _counted(snapshot, first, second, step) if told_by is KEYS else None
    if rows is None:
        rows = snapshot.columns("events", counted(events.select(*COLUMNS, *told_by), step, told_by))
    told = [ways(*keys) for keys in zip(*(rows[name].to_pylist() for name in told_by), strict=True)]
    going = [rows.filter(pa.array([goes[way] for goes in told], pa.bool_())) for way in (0, 1)]
    size = snapshot.size("events")
    few = (size is None or size < PARTED_FROM) and sum(pc.sum(own["events"]).as_py() or 0 for own in going) <= MANY
    ids = _ids(snapshot, events.select(*told_by, "id", start=start_of(events, step)), ways) if few else ({}, {})
    return [
        row
        for (source, target), own, named in zip(((first, second), (second, first)), going, ids, strict=True)
        for row in counted_series(own, source, target, step, coverage=coverage, since=since, until=until, events=named)
    ]


def _between(snapshot: Snapshot, first: str, second: str) -> tuple[ibis.Table, tuple[str, str], Ways]:
    """The events between the two and perhaps some others, two columns that tell the ways they go, and what reads them.

    Where every event has its keys, they tell it; else what the engine makes of the actors.
    """
    events = snapshot.table("events")
    events = events.filter(~events.dismissed)
    whole = snapshot.is_whole("events", *KEYS)
    if whole and is_code(first) and is_code(second):
        return like_pair(events, first, second), KEYS, lambda *keys: ways_of(keys, first, second)
    return both_ways(events, first, second, whole=whole), FLAGS, lambda *flags: flags


def _counted(snapshot: Snapshot, first: str, second: str, step: Step) -> pa.Table | None:
    """What is counted of the two by their keys, from what is kept beside the events; None where nothing is."""
    kept = counts_by_day(snapshot)
    if kept is None:
        return None
    asked = [counted(like_pair(by_stretches(kept.counted, first, second), first, second), step, KEYS, summed=True)]
    if kept.rest is not None:
        rest = like_pair(kept.rest.filter(~kept.rest.dismissed), first, second)
        asked.append(counted(rest.select(*COLUMNS, *KEYS), step, KEYS))
    return pa.concat_tables([snapshot.columns("events", one) for one in asked], promote_options="permissive")


def _ids(snapshot: Snapshot, placed: ibis.Table, ways: Ways) -> tuple[dict[date, list[str]], dict[date, list[str]]]:
    """The ids of the events of each way by the period in which they stand."""
    found: tuple[dict[date, list[str]], dict[date, list[str]]] = (defaultdict(list), defaultdict(list))
    told_by = [name for name in placed.columns if name not in ("id", "start")]
    for row in snapshot.rows("events", placed.filter(placed.start.notnull())):
        for goes, by_start in zip(ways(*(row[name] for name in told_by)), found, strict=True):
            if goes:
                by_start[row["start"]].append(row["id"])
    return found
