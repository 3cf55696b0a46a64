"""Rewrites the tables' files, lets old versions go, and brings one back: the versions of the commit log stay right."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ibis
import pyarrow as pa
from deltalake import DeltaTable

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.record.partitions import PARTED_FROM, is_parted, parted_schema, with_parts
from dragoman.record.places import is_there
from dragoman.record.rows import Row
from dragoman.record.schemas import FORMAT, TABLES
from dragoman.record.sides import with_keys, with_keys_of
from dragoman.record.store import DYAD_ORDER, SORTED_BY_DYAD, Snapshot, Store

_READER_HOURS = 1
"""For how long files of the list of commits stay that a reader may have open; the list is read at every question."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What compacting did: the version it made (None: nothing was left to do), files before and after by table."""

    version: int | None
    files: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """What a vacuum did, or with `dry` would do: the versions kept and gone, and the files removed."""

    kept: tuple[int, ...]
    gone: tuple[int, ...]
    files: int


def sorted_table(snapshot: Snapshot, name: str) -> ibis.Table:
    """The rows of a table in the order in which compacting writes them: by dyad and date, else by id.

    The keys of the sides are told anew, so that those come in which an older layout lacked.
    """
    table = snapshot.table(name)
    if name in SORTED_BY_DYAD:
        events = with_keys(snapshot.table("events"))
        return _by_dyad(events if name == "events" else with_keys_of(table, events))
    return table.order_by([table.available, table.id] if name == "documents" else [table.id])


def _by_dyad(table: ibis.Table) -> ibis.Table:
    return table.order_by([table[key].asc(nulls_first=False) for key in DYAD_ORDER])


def compact(store: Store, *, parted: bool | None = None) -> Compacted:
    """Sort every table that has changed since it was last compacted and write it in few files: one new version.

    The rows stay the same, and older versions stay readable: their files go with `vacuum` only. With `parted` the
    events are cut by month and provider, without it they are not; where nothing is said a table of events stays as it
    is, and is cut from `PARTED_FROM` events on.
    """
    with store.begin("compact") as transaction:
        base = transaction.base
        if base.commit["format"] != FORMAT:
            raise UsageError(
                f"The record has layout {base.commit['format']}; compacting needs layout {FORMAT}. "
                "The first “dragoman add” brings it there."
            )
        was_parted = is_parted(base.delta("events"))
        cut = parted if parted is not None else was_parted or _number(base) >= PARTED_FROM
        waiting = [
            name
            for name in TABLES
            if _is_scattered(base, name, store.versions()) or (name == "events" and cut is not was_parted)
        ]
        for name in waiting:
            if name == "events" and cut:
                transaction.replace(name, _in_parts(base), parted=True)
            else:
                transaction.replace(name, base.batches(name, sorted_table(base, name), TABLES[name]))
        if waiting:
            store.rewrite_commits()
    if not waiting:
        return Compacted(None, {})
    now = store.snapshot()
    files = {name: (len(base.delta(name).file_uris()), len(now.delta(name).file_uris())) for name in waiting}
    return Compacted(now.version, files)


def _number(snapshot: Snapshot) -> int:
    events = snapshot.table("events")
    number: int = snapshot.rows("events", events.aggregate(n=events.count()))[0]["n"]
    return number


def _in_parts(snapshot: Snapshot) -> pa.RecordBatchReader:
    """The events month by month and provider by provider, each part sorted; only one is sorted at a time."""
    events = snapshot.table("events")
    parts = events.select("provider", month=events.date.truncate("M")).distinct()
    found = snapshot.rows("events", parts.order_by("month", "provider"))
    schema = parted_schema(TABLES["events"])

    def batches() -> Iterator[pa.RecordBatch]:
        for row in found:
            month = row["month"]
            dated = events.date.isnull() if month is None else events.date.between(month, _end(month))
            part = with_keys(events.filter(events.provider == row["provider"], dated))
            for batch in snapshot.batches("events", _by_dyad(part)):
                whole = with_parts(pa.Table.from_batches([batch]).cast(TABLES["events"]))
                yield from whole.cast(schema).to_batches()

    return pa.RecordBatchReader.from_batches(schema, batches())


def _end(month: datetime.date) -> datetime.date:
    return Period(month, Precision.MONTH).end


def _is_scattered(base: Snapshot, name: str, commits: Sequence[Row]) -> bool:
    """Whether a table has rows and has changed since the last compacting; one of an older layout filled in no keys."""
    files = base.delta(name).file_uris()
    done = [c for c in commits if c["operation"] == "compact" and (name not in SORTED_BY_DYAD or c["format"] == FORMAT)]
    last = done[-1][name] if done else None
    return bool(files) and (last is None or set(files) != base.files_at(name, last))


def restore(store: Store, version: int) -> int:
    """Make an older version current again as a new commit; returns the new version's number."""
    with store.begin("restore") as transaction:
        chosen = store.snapshot(version)
        if chosen.version == transaction.base.version:
            raise UsageError(f"Version {version} is the current one; give an older version.")
        transaction.restore(chosen)
    return store.snapshot().version


def vacuum(
    store: Store,
    *,
    versions: int | None = None,
    days: int | None = None,
    pinned: Iterable[int] = (),
    dry: bool = False,
) -> Vacuumed:
    """Let go of old versions and remove every file that no kept one needs; the current version always stays.

    Kept are the last `versions`, those that were current within the last `days`, those that are `pinned` because
    something rests on them, and those that a forecast names. Versions that are gone can no longer be asked for, and
    the record says so.
    """
    if (versions is None) == (days is None):
        raise UsageError("Say what to keep: either a number of versions or a number of days.")
    if (versions is not None and versions < 1) or (days is not None and days < 0):
        raise UsageError(
            f"To keep {versions if days is None else days} {'versions' if days is None else 'days'} is not possible; "
            "the least is 1 version or 0 days, and the current version stays in any case."
        )
    with store.begin("vacuum") as transaction:
        commits = store.versions()
        kept = _kept(commits, versions, days) | {commits[-1]["version"]}
        unknown = sorted(set(pinned) - {commit["version"] for commit in commits})
        if unknown:
            raise UsageError(f"Version {unknown[0]} cannot be pinned: the record does not have it.")
        kept |= set(pinned)
        named = {row["record_version"] for row in transaction.base.rows("forecasts")}
        kept |= named & {commit["version"] for commit in commits}
        gone = tuple(commit["version"] for commit in commits if commit["version"] not in kept)
        held = {
            name: sorted({commit[name] for commit in commits if commit["version"] in kept and commit[name] is not None})
            for name in TABLES
        }
        if not dry:
            # First the versions, then the files: a run that is killed in between leaves files too many, not too few.
            if gone:
                store.rewrite_commits(gone)
            store.vacuum_commits(_READER_HOURS)
        removed = {name: _remove_files(f"{store.root}/{name}", keep, dry) for name, keep in held.items()}
        if not dry:
            transaction.note({name: DeltaTable(f"{store.root}/{name}").version() for name in TABLES if removed[name]})
    return Vacuumed(tuple(sorted(kept)), gone, sum(removed.values()))


def _kept(commits: Sequence[Row], versions: int | None, days: int | None) -> set[int]:
    if versions is not None:
        return {commit["version"] for commit in commits[-versions:]}
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days or 0)
    later = [commit["at"] for commit in commits[1:]]
    # A version was current until the next one came.
    return {commit["version"] for commit, ended in zip(commits, later, strict=False) if ended >= since}


def _remove_files(place: str, keep: list[int], dry: bool) -> int:
    """Remove the files of a table that none of these Delta versions needs; returns their number."""
    table = DeltaTable(place)

    def clean(dry_run: bool) -> list[str]:
        return table.vacuum(0, dry_run, enforce_retention_duration=False, full=True, keep_versions=keep)

    found = clean(dry_run=True)
    if found and not dry:
        clean(dry_run=False)
        return sum(not is_there(f"{place}/{name}") for name in found)
    return len(found)
