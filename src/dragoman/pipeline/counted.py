"""The course of a relation counted by the engine, for records whose events are too many to be held as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import ibis

from dragoman.record import Snapshot, both_ways, is_code, like_pair, ways_of
from dragoman.record.partitions import PARTED_FROM
from dragoman.record.rows import Row
from dragoman.record.sides import KEYS
from dragoman.relate.counting import COLUMNS, counted, counted_series
from dragoman.relate.series import Coverage, SeriesRow, Step, read_by_period, start_of

MANY = 50_000
"""Events of a relation up to which the rows of its series tell their ids, where the engine counts them.

In a record that is cut into folders they tell none: to read the ids takes as long as all the rest.
"""

FLAGS = ("forth", "back")

Ways = Callable[[Row], tuple[bool, bool]]
"""Whether an event goes forth, and back."""


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
    rows = snapshot.rows("events", counted(events.select(*COLUMNS, *told_by), step, told_by))
    told = list(map(ways, rows))
    going = [[row for row, goes in zip(rows, told, strict=True) if goes[way]] for way in (0, 1)]
    size = snapshot.size("events")
    few = (size is None or size < PARTED_FROM) and sum(row["events"] for own in going for row in own) <= MANY
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
        return like_pair(events, first, second), KEYS, lambda row: ways_of((row[KEYS[0]], row[KEYS[1]]), first, second)
    return both_ways(events, first, second, whole=whole), FLAGS, lambda row: (row[FLAGS[0]], row[FLAGS[1]])


def _ids(snapshot: Snapshot, placed: ibis.Table, ways: Ways) -> tuple[dict[date, list[str]], dict[date, list[str]]]:
    """The ids of the events of each way by the period in which they stand."""
    found: tuple[dict[date, list[str]], dict[date, list[str]]] = (defaultdict(list), defaultdict(list))
    for row in snapshot.rows("events", placed.filter(placed.start.notnull())):
        for goes, by_start in zip(ways(row), found, strict=True):
            if goes:
                by_start[row["start"]].append(row["id"])
    return found
