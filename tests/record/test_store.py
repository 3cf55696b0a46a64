from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from dragoman.errors import RecordDamaged, RecordError, RecordMissing
from dragoman.record import Store
from dragoman.record.schemas import COMMITS, FORMAT, TABLES


def refusal(number: int) -> dict[str, Any]:
    return {"id": f"r{number}", "stage": "read", "reason": "empty", "detail": f"number {number}"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "record", create=True)


def ids(store: Store, version: int | None = None) -> list[str]:
    return sorted(row["id"] for row in store.snapshot(version).rows("refusals"))


def test_open_without_create_names_the_place_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(RecordMissing, match=r"no record at .*nowhere.*dragoman add"):
        Store.open(tmp_path / "nowhere")


def test_open_refuses_an_address_that_it_cannot_keep(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="folder"):
        Store.open("ftp://host/record", create=True)


def test_a_new_record_is_version_0_and_empty(store: Store) -> None:
    snapshot = store.snapshot()
    assert snapshot.version == 0
    assert [snapshot.rows(name) for name in TABLES] == [[]] * len(TABLES)


def test_a_commit_makes_one_version(store: Store) -> None:
    with store.begin("add") as transaction:
        transaction.insert("refusals", [refusal(1), refusal(2)])
    assert (store.snapshot().version, ids(store)) == (1, ["r1", "r2"])


def test_nothing_to_change_makes_no_version(store: Store) -> None:
    with store.begin("add"):
        pass
    assert store.snapshot().version == 0


def test_an_older_version_stays_readable(store: Store) -> None:
    for number in (1, 2):
        with store.begin("add") as transaction:
            transaction.insert("refusals", [refusal(number)])
            transaction.delete("refusals", [f"r{number - 1}"])
    assert (ids(store, 1), ids(store, 2)) == (["r1"], ["r2"])


def test_an_unknown_version_says_which_there_are(store: Store) -> None:
    with pytest.raises(RecordMissing, match="no version 7; it has 0"):
        store.snapshot(7)


def test_an_error_inside_the_block_commits_nothing(store: Store) -> None:
    def fail() -> None:
        with store.begin("add") as transaction:
            transaction.insert("refusals", [refusal(1)])
            raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        fail()
    assert (store.snapshot().version, ids(store)) == (0, [])


def test_what_a_killed_writer_left_is_not_seen_and_is_put_back(store: Store) -> None:
    left = pa.Table.from_pylist([refusal(9)], schema=TABLES["refusals"])
    write_deltalake(f"{store.root}/refusals", left, mode="append")
    assert ids(store) == []
    with store.begin("add") as transaction:
        transaction.insert("refusals", [refusal(1)])
    assert ids(store) == ["r1"]


def test_a_creation_that_was_killed_is_finished(tmp_path: Path) -> None:
    DeltaTable.create(str(tmp_path / "record" / "documents"), schema=TABLES["documents"])
    assert Store.open(tmp_path / "record", create=True).snapshot().version == 0


def test_a_newer_layout_is_refused_with_the_version_that_wrote_it(store: Store) -> None:
    row = dict(store.versions()[0]) | {"version": 1, "format": FORMAT + 1, "dragoman": "9.9"}
    write_deltalake(f"{store.root}/commits", pa.Table.from_pylist([row], schema=COMMITS), mode="append")
    with pytest.raises(RecordError, match=r"written by Dragoman 9\.9"):
        store.snapshot()


def test_the_first_of_two_rows_with_one_id_is_kept(store: Store) -> None:
    with store.begin("add") as transaction:
        transaction.insert("refusals", [refusal(1), refusal(1) | {"detail": "again"}])
    assert [row["detail"] for row in store.snapshot().rows("refusals")] == ["number 1"]


@pytest.mark.parametrize("schema", TABLES.values(), ids=list(TABLES))
def test_every_column_says_what_it_means(schema: pa.Schema) -> None:
    assert all(field.metadata[b"meaning"] for field in schema)


def test_a_lost_file_is_named_as_damage(store: Store) -> None:
    with store.begin("add") as transaction:
        transaction.insert("refusals", [refusal(1)])
    for path in (Path(store.root) / "refusals").glob("*.parquet"):
        path.unlink()
    with pytest.raises(RecordDamaged, match=r"'refusals'.*Restore the folder"):
        store.snapshot().rows("refusals")


def test_a_disk_without_room_is_told_and_nothing_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> None:
        raise DeltaError("Generic LocalFileSystem error: No space left on device (os error 28)")

    with monkeypatch.context() as patched:
        patched.setattr("dragoman.record.store.write_deltalake", full)
        with pytest.raises(RecordError, match="No space left"), store.begin("add") as transaction:
            transaction.insert("refusals", [refusal(1)])
    with store.begin("add") as transaction:
        transaction.insert("refusals", [refusal(2)])
    assert (store.snapshot().version, ids(store)) == (1, ["r2"])
