from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.pipeline import open_record
from dragoman.record import Store, engines, rows_with
from dragoman.record.engines import DuckEngine
from running import KEPT


def test_a_table_made_for_one_question_is_let_go_after_it(tmp_path: Path) -> None:
    shutil.copytree(KEPT, tmp_path / "record")
    snapshot = Store.open(tmp_path / "record").snapshot()
    assert isinstance(snapshot.engine, DuckEngine)
    connection = snapshot.engine._connection.con
    (first, *_) = sorted(snapshot.ids("events"))
    known = connection.execute("show tables").fetchall()
    assert [row["id"] for row in rows_with(snapshot, "events", "id", [first])] == [first]
    assert connection.execute("show tables").fetchall() == known != []


def test_a_process_that_keeps_a_record_open_ends_well() -> None:
    opened = f"from dragoman.pipeline import open_record; record = open_record({str(KEPT)!r})"
    kept = f"{opened}; print(len(record.events('PRK')))"
    ended = subprocess.run([sys.executable, "-c", kept], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_record_begins_a_new_database_where_the_old_one_keeps_many_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(KEPT, tmp_path / "record")
    record = open_record(tmp_path / "record")
    first = record.store().snapshot()
    expected = first.ids("events")
    assert record.store().snapshot().engine._connection.con.execute("show tables").fetchall() != []  # type: ignore[attr-defined]
    monkeypatch.setattr(engines, "KEPT_STATES", 1)
    assert record.store().snapshot().engine._connection.con.execute("show tables").fetchall() == []  # type: ignore[attr-defined]
    assert first.ids("events") == record.store().snapshot().ids("events") == expected
