from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from dragoman.errors import RecordMissing, UsageError
from dragoman.record import FORMAT, TABLES, Store, compact, event_from, event_row, restore, vacuum
from dragoman.record.schemas import COMMITS
from dragoman.relate import make_event
from dragoman.terms import EventType
from making import KOR, NATO, PRK, RUS, make_told

PAIRS = [(RUS, PRK), (KOR, NATO), (PRK, RUS), (KOR, NATO), (PRK, KOR)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of five commits, each with one event and a refusal, in no order."""
    place = tmp_path_factory.mktemp("made") / "record"
    found = Store.open(place, create=True)
    for number, (source, target) in enumerate(PAIRS):
        told = make_told(
            f"Report number {number}.", date(2024, 6, 20 - number), EventType.AID, source=source, target=target
        )
        with found.begin("add") as transaction:
            transaction.insert("events", [event_row(make_event(told.reports))])
            transaction.insert("refusals", [{"id": f"r{number}", "stage": "read", "reason": "empty", "detail": "x"}])
    return place


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    return Store.open(shutil.copytree(made, tmp_path / "record"))


def content(store: Store, version: int | None = None) -> dict[str, list[dict[str, Any]]]:
    snapshot = store.snapshot(version)
    return {name: sorted(snapshot.rows(name), key=lambda row: str(row["id"])) for name in TABLES}


def parquet_files(store: Store, name: str = "events") -> set[str]:
    return {path.name for path in (Path(store.root) / name).glob("*.parquet")}


def test_compacting_makes_one_sorted_file_and_one_version_with_the_same_rows(store: Store) -> None:
    before = content(store)
    done = compact(store)
    assert (done.version, store.versions()[-1]["operation"]) == (6, "compact")
    assert done.files == {"events": (5, 1), "refusals": (5, 1)}
    assert content(store) == before
    (file,) = store.snapshot().delta("events").file_uris()
    rows = pq.read_table(file).to_pylist()
    keys = [(row["source"][0]["code"], row["target"][0]["code"], row["date"]) for row in rows]
    assert keys == sorted(keys)


def test_compacting_keeps_older_versions_and_is_done_once(store: Store) -> None:
    before = {version: content(store, version) for version in range(6)}
    compact(store)
    assert {version: content(store, version) for version in range(6)} == before
    assert compact(store).version is None
    assert store.snapshot().version == 6


def test_compacting_keeps_the_types_of_the_tables(store: Store) -> None:
    before = store.snapshot().delta("events").schema()
    compact(store)
    assert store.snapshot().delta("events").schema() == before


def test_what_an_older_layout_compacted_gets_its_keys(store: Store) -> None:
    rows = store.snapshot().rows("events")
    several = replace(event_from(rows[0]), source=(PRK, RUS))
    with store.begin("compact") as transaction:
        transaction.format = FORMAT - 1
        transaction.delete("events", [row["id"] for row in rows])
        transaction.insert("events", [{**event_row(several), "source_key": None}])
    assert not store.snapshot().is_whole("events", "source_key")
    with store.begin("migrate"):
        pass
    assert store.snapshot().commit["format"] == FORMAT
    assert compact(store).files["events"] == (1, 1)
    (found,) = store.snapshot().rows("events")
    assert (found["source_key"], found["target_key"]) == ("+PRK+RUS+", rows[0]["target_key"])
    assert store.snapshot().is_whole("events", "source_key", "target_key")
    assert compact(store).version is None


def test_the_log_tells_how_many_rows_a_table_has(store: Store) -> None:
    assert [store.snapshot(version).size("events") for version in (0, 1, 5)] == [0, 1, 5]
    assert not store.snapshot().is_whole("events", "no such column")
    assert store.snapshot(0).is_whole("events", "source_key")


def test_a_compacted_record_can_be_written_to(store: Store) -> None:
    compact(store)
    with store.begin("add") as transaction:
        transaction.delete("events", [store.snapshot().rows("events")[0]["id"]])
    assert len(store.snapshot().rows("events")) == 4
    assert compact(store).files == {"events": (1, 1)}


def test_vacuum_keeps_the_last_versions_and_says_which_are_gone(store: Store) -> None:
    compact(store)
    kept = {version: content(store, version) for version in (5, 6)}
    done = vacuum(store, versions=2)
    assert (done.kept, done.gone) == ((5, 6), (0, 1, 2, 3, 4))
    assert {version: content(store, version) for version in (5, 6)} == kept
    with pytest.raises(RecordMissing, match=r"Version 3 of the record is gone.*there are 5 to \d"):
        store.snapshot(3)
    with pytest.raises(RecordMissing, match="has no version 99"):
        store.snapshot(99)


def test_vacuum_removes_files_that_nothing_needs(store: Store) -> None:
    compact(store)
    before = parquet_files(store)
    done = vacuum(store, versions=1)
    assert (len(before), len(parquet_files(store)), done.files) == (6, 1, 10)
    assert content(store) == content(store, 6)
    assert compact(store).version is None


def test_a_dry_vacuum_only_tells(store: Store) -> None:
    compact(store)
    before = parquet_files(store)
    done = vacuum(store, versions=1, dry=True)
    assert (done.gone, done.files) == ((0, 1, 2, 3, 4, 5), 10)
    assert (parquet_files(store), len(store.versions())) == (before, 7)


def test_pinned_versions_stay(store: Store) -> None:
    compact(store)
    wanted = content(store, 2)
    done = vacuum(store, versions=1, pinned=[2])
    assert done.kept == (2, 6)
    assert content(store, 2) == wanted
    with pytest.raises(UsageError, match="Version 4 cannot be pinned"):
        vacuum(store, versions=1, pinned=[4])


def test_vacuum_by_days_keeps_what_was_current_then(store: Store) -> None:
    rows = store.versions()
    now = datetime.now(UTC)
    for row, days in zip(rows, (30, 20, 10, 6, 2, 0), strict=True):
        row["at"] = now - timedelta(days=days)
    write_deltalake(f"{store.root}/commits", pa.Table.from_pylist(rows, schema=COMMITS), mode="overwrite")
    # Version 2 was current until six days ago, so it answers what was known a week ago.
    assert vacuum(store, days=7).kept == (2, 3, 4, 5)
    assert vacuum(store, days=0).kept[0] == store.versions()[0]["version"]


@pytest.mark.parametrize("wanted", [{}, {"versions": 1, "days": 1}, {"versions": 0}, {"days": -1}])
def test_a_vacuum_that_cannot_be_is_refused(store: Store, wanted: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        vacuum(store, **wanted)
    assert len(store.versions()) == 6


def test_vacuum_removes_what_a_killed_writer_left(store: Store) -> None:
    stray = Path(store.root) / "events" / "part-stray.parquet"
    pq.write_table(TABLES["events"].empty_table(), stray)
    vacuum(store, versions=99)
    assert not stray.exists()
    assert len(store.snapshot().rows("events")) == 5


def test_restore_makes_an_older_version_current_as_a_new_one(store: Store) -> None:
    latest = content(store)
    assert restore(store, 2) == 6
    assert content(store) == content(store, 2)
    assert store.versions()[-1]["operation"] == "restore"
    assert content(store, 5) == latest
    assert restore(store, 5) == 7
    assert content(store) == latest


def test_a_restored_record_can_be_written_to(store: Store) -> None:
    restore(store, 2)
    with store.begin("add") as transaction:
        transaction.insert("refusals", [{"id": "r9", "stage": "read", "reason": "empty", "detail": "x"}])
    assert sorted(row["id"] for row in store.snapshot().rows("refusals")) == ["r0", "r1", "r9"]


@pytest.mark.parametrize(("version", "message"), [(5, "is the current one"), (17, "has no version 17")])
def test_what_cannot_be_restored(store: Store, version: int, message: str) -> None:
    with pytest.raises((UsageError, RecordMissing), match=message):
        restore(store, version)


def test_restoring_across_a_compacting_and_a_vacuum(store: Store) -> None:
    compact(store)
    vacuum(store, versions=2)
    wanted = content(store, 5)
    restore(store, 5)
    assert content(store) == wanted


def test_a_stream_goes_on_while_others_ask(store: Store) -> None:
    snapshot = store.snapshot()
    seen = []
    for batch in snapshot.batches("events", size=2):
        seen += batch.to_pylist()
        assert len(snapshot.rows("refusals")) == 5
    assert len(seen) == 5


def test_the_list_of_commits_is_compacted_too(store: Store) -> None:
    compact(store)
    # One file of all that were there, and that of the compacting itself.
    assert len(DeltaTable(f"{store.root}/commits").file_uris()) == 2
    assert [row["version"] for row in store.versions()] == list(range(7))
