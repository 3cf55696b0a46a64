from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from dragoman.database import Account, FetchedItem, load, open_database
from dragoman.errors import DatabaseError, DataError, UsageError
from dragoman.pipeline import Record, back_up, bring_back
from dragoman.record import TABLES, Snapshot
from dragoman.settings import Settings
from running import run

MOMENT = datetime.datetime(2026, 1, 15, 9, 30, tzinfo=datetime.UTC)


def rows_of(snapshot: Snapshot) -> dict[str, list[dict[str, object]]]:
    return {name: sorted(snapshot.rows(name), key=lambda row: str(row["id"])) for name in TABLES}


@pytest.fixture
def kept(ten_pages: Path, tmp_path: Path, database_url: str) -> Settings:
    """A record of some pages and a database with rows of several tables."""
    settings = Settings.load({}, record=str(tmp_path / "record"), database=database_url)
    Record(settings.record, settings).add(sorted(ten_pages.iterdir())[0])
    database = open_database(settings)
    with database.session() as session:
        session.add(Account(name="ada", display_name="Äda “A”", password_hash="x", role="reader", created=MOMENT))
        session.add(FetchedItem(source="site", address_hash="1", address="https://s.example/1", first_seen=MOMENT))
    database.close()
    return settings


@pytest.mark.parametrize("name", ["backup", "backup.tar.gz"])
def test_what_is_restored_equals_what_was_backed_up(kept: Settings, tmp_path: Path, name: str) -> None:
    record = Record(kept.record)
    before = rows_of(record.store().snapshot())
    done = back_up(kept, tmp_path / name)
    assert (done.version, done.rows) == (record.store().snapshot().version, 2)
    # Restored into SQLite, whatever it came from: the lines are the same.
    to = Settings.load({}, record=str(tmp_path / "again"), database=f"sqlite:///{tmp_path}/again.sqlite")
    assert bring_back(to, tmp_path / name).version == done.version
    restored = Record(to.record)
    assert rows_of(restored.store().snapshot()) == before
    assert restored.verify() == []
    versions = [[row["version"] for row in one.store().versions()] for one in (record, restored)]
    assert versions[0] == versions[1]
    database = open_database(to)
    with database.session() as session:
        ada = session.scalars(select(Account)).one()
        assert (ada.display_name, ada.created) == ("Äda “A”", MOMENT)
        session.add(Account(name="bob", display_name="Bob", password_hash="x", role="reader"))
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == [], "nothing is left over"


def test_a_database_that_holds_tables_is_not_filled(kept: Settings, tmp_path: Path, database_url: str) -> None:
    back_up(kept, tmp_path / "backup")
    with pytest.raises(DatabaseError, match="not empty"):
        bring_back(Settings.load({}, record=str(tmp_path / "again"), database=database_url), tmp_path / "backup")
    assert not (tmp_path / "again").exists()


def test_a_backup_while_a_writer_runs_holds_one_whole_version(ten_pages: Path, tmp_path: Path) -> None:
    place = tmp_path / "record"
    settings = Settings.load({}, record=str(place))
    Record(place, settings).add(sorted(ten_pages.iterdir())[0])
    writing = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "--record", str(place), "add", str(ten_pages)],
        env={**os.environ, "DRAGOMAN_BATCH_DOCUMENTS": "1"},
        stderr=subprocess.DEVNULL,
    )
    first = Record(place).store().snapshot().version
    while Record(place).store().snapshot().version < first + 2 and writing.poll() is None:
        time.sleep(0.05)
    done = back_up(settings, tmp_path / "backup")
    assert writing.wait() == 0
    to = Settings.load({}, record=str(tmp_path / "again"))
    bring_back(to, tmp_path / "backup")
    live, restored = Record(place).store(), Record(to.record)
    assert first < done.version <= live.snapshot().version
    assert restored.store().snapshot().version == done.version
    assert rows_of(restored.store().snapshot()) == rows_of(live.snapshot(done.version))
    assert restored.verify() == []


def test_nothing_is_overwritten(kept: Settings, tmp_path: Path) -> None:
    back_up(kept, tmp_path / "backup")
    with pytest.raises(UsageError, match="replaces nothing"):
        back_up(kept, tmp_path / "backup")
    with pytest.raises(UsageError, match="move it away"):
        bring_back(kept, tmp_path / "backup")


def test_a_damaged_backup_is_told_and_restores_nothing(kept: Settings, tmp_path: Path) -> None:
    back_up(kept, tmp_path / "backup")
    to = Settings.load({}, record=str(tmp_path / "again"), database=f"sqlite:///{tmp_path}/again.sqlite")
    (tmp_path / "backup" / "database.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(DataError, match=r"database\.jsonl is not as it was written"):
        bring_back(to, tmp_path / "backup")
    (tmp_path / "backup" / "backup.json").unlink()
    with pytest.raises(DataError, match="no backup of Dragoman"):
        bring_back(to, tmp_path / "backup")
    (tmp_path / "cut.tar.gz").write_bytes(b"\x1f\x8b\x08 cut")
    with pytest.raises(DataError, match="damaged"):
        bring_back(to, tmp_path / "cut.tar.gz")
    assert not (tmp_path / "again").exists()


def test_an_archive_cannot_write_outside(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    (tmp_path / "payload").write_text("x", "utf-8")
    outside = tmp_path / "outside"
    for name, link in (("../../outside", None), (str(outside), None), ("record/link", str(outside))):
        with tarfile.open(evil, "w") as archive:
            member = tarfile.TarInfo(name)
            if link is not None:
                member.type, member.linkname = tarfile.SYMTYPE, link
                archive.addfile(member)
            else:
                archive.add(tmp_path / "payload", arcname=name)
        with pytest.raises(DataError):
            bring_back(Settings.load({}, record=str(tmp_path / "again" / "record")), evil)
        assert not outside.exists()
    assert not (tmp_path / "again" / "record").exists()


def test_a_dump_of_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    empty = open_database(Settings.load({}, database=f"sqlite:///{tmp_path}/b.sqlite"), migrate=False)
    with pytest.raises(DatabaseError, match="revision '9999' is not known"):
        load(empty, [json.dumps({"revision": "9999"})])
    empty.close()


def test_the_commands(kept: Settings, tmp_path: Path) -> None:
    options = ("--record", kept.record, "--database", kept.database)
    code, out, notes = run(*options, "backup", tmp_path / "b.tar")
    assert (code, out) == (0, f"{tmp_path / 'b.tar'}\n"), notes
    to = ("--record", tmp_path / "again", "--database", f"sqlite:///{tmp_path}/again.sqlite")
    code, _, notes = run(*to, "restore", tmp_path / "b.tar")
    assert (code, "verifies" in notes) == (0, True), notes
    code, _, notes = run("--record", tmp_path / "none", "restore", tmp_path / "nothing")
    assert (code, "There is no backup" in notes) == (2, True), notes
