"""Events counted by who acts on whom and by day, kept beside a large record that is cut by month.

There a relation's events lie in two stretches of each of hundreds of files. Here they lie together, and what is alike
stands in one row, so that the course of a relation is read from a few stretches in all. Made by compacting; what was
added since is counted from the events themselves. Nothing rests on this folder: without it, or where one of the files
that it was counted from is no more, all is counted from the events.
See docs/decisions/0013-day-counts-beside-events.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow.parquet as pq

from dragoman.record.engines import DuckEngine
from dragoman.record.partitions import GROUP_ROWS, is_parted
from dragoman.record.places import is_remote
from dragoman.record.sides import JOINT, KEYS
from dragoman.record.store import Snapshot, Store

FOLDER = "day_counts"
"""Beside the folders of the tables."""

ALIKE = (*KEYS, "date", "date_precision", "date_end", "first_reported", "domain", "quad", "factuality", "provider")
"""What the events of a row have in common. Beside it stand how many they are, and their sums."""

STRETCH = 2_000_000
"""Events that are counted at a time, as far as they are of several pairs of actors; about 1 GB of memory."""

READ, COVERED = "read.parquet", "covered.json"
"""How many imported events were last reported on each day; and the files of events that all this was counted from."""

_KEPT = 2
"""Folders that stay: today's, and the one before, which a reader may have open."""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """A state of the events: what is counted already, what was read by day of that, and the events that are neither."""

    counted: ibis.Table
    read: ibis.Table
    rest: ibis.Table | None
    """None where everything is counted."""


def counts_by_day(snapshot: Snapshot) -> DayCounts | None:
    """What is counted of the events of this state, and what is not; None where nothing is, or on a cluster."""
    engine = snapshot.engine
    if snapshot.providers or not isinstance(engine, DuckEngine) or is_remote(snapshot.identity[0]):
        return None
    files = snapshot.table_files("events")
    for folder in _folders(Path(snapshot.identity[0], FOLDER)):
        covered = {f"{snapshot.identity[0]}/events/{name}" for name in _covered(folder)}
        if not covered or not covered <= set(files):
            continue
        rest = sorted(set(files) - covered)
        counted = sorted(map(str, folder.glob("events-*.parquet")))
        return DayCounts(
            engine.files(counted), engine.files([str(folder / READ)]), engine.files(rest) if rest else None
        )
    return None


def keep_day_counts(store: Store) -> bool:
    """Count the events of a record that is cut by month, unless that was done; whether there was something to do.

    An event of which it is not known who acts on whom can stand in no row; where there is one, nothing is counted.
    """
    snapshot = store.snapshot()
    if is_remote(store.root) or not is_parted(snapshot.delta("events")) or not snapshot.is_whole("events", *KEYS):
        return False
    root, files = Path(store.root, FOLDER), snapshot.table_files("events")
    name = hashlib.sha256("\n".join(files).encode()).hexdigest()[:20]
    if not files or (root / name / COVERED).exists():
        return False
    making = root / f"{name}.{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        _count(snapshot, making)
        within = f"{store.root}/events/"
        (making / COVERED).write_text(json.dumps([file.removeprefix(within) for file in files]), "utf-8")
        shutil.rmtree(root / name, ignore_errors=True)
        making.rename(root / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for old in _folders(root)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return True


def imported_events(events: ibis.Table) -> ibis.Table:
    """Those of other providers that were reported on a known day: what of their files counts as read on it."""
    return events.filter((events.provider != "dragoman") & events.last_reported.notnull())


def by_stretches(counts: ibis.Table, first: str, second: str) -> ibis.Table:
    """Rows in which one of two codes may act: those of its own key, and of several actors, each a stretch of the file.

    Said apart, as DuckDB holds one stretch against the ends of a file's parts, and several only row by row.
    """
    key = counts.source_key
    bounds = [*((code, f"{code};") for code in sorted({first, second})), (JOINT, chr(ord(JOINT) + 1))]
    return ibis.union(*(counts.filter(key >= start, key < end) for start, end in bounds))


def _count(snapshot: Snapshot, folder: Path) -> None:
    events = snapshot.table("events")
    for number, part in enumerate(_stretches(snapshot, events)):
        told = part.filter(~part.dismissed)
        found = told.group_by(*ALIKE).aggregate(
            events=told.count(),
            intensity=told.intensity.sum(),
            origins=told.origins.sum(),
            reports=told.mentions.length().sum(),
        )
        rows = snapshot.columns("events", found.order_by(*KEYS, "date", "first_reported"))
        pq.write_table(rows, folder / f"events-{number:05}.parquet", row_group_size=GROUP_ROWS)
    told = imported_events(events)
    read = told.group_by(day=told.last_reported).aggregate(number=told.count())
    pq.write_table(snapshot.columns("events", read.order_by("day")), folder / READ)


def _stretches(snapshot: Snapshot, events: ibis.Table, column: str = KEYS[0]) -> Iterator[ibis.Table]:
    """The events in stretches of some millions by who acts, and of one who acts more often than that by on whom."""
    key = events[column]
    counts = events.group_by(key=key).aggregate(number=events.count())
    after, number = None, 0
    found = snapshot.rows("events", counts.order_by("key"))
    for at, row in enumerate(found):
        following = found[at + 1]["number"] if at + 1 < len(found) else STRETCH
        number += row["number"]
        if number + following < STRETCH:
            continue
        part = events.filter(*([] if after is None else [key > after]), key <= row["key"])
        if number > STRETCH and column != KEYS[1]:
            yield from _stretches(snapshot, part, KEYS[1])
        else:
            yield part
        after, number = row["key"], 0


def _folders(root: Path) -> Sequence[Path]:
    """The folders that were made to their end, the newest first."""
    found = [path.parent for path in root.glob(f"*/{COVERED}") if "." not in path.parent.name]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _covered(folder: Path) -> Sequence[str]:
    try:
        names: list[str] = json.loads((folder / COVERED).read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return names
