from __future__ import annotations

import shutil
from pathlib import Path

from dragoman.record import Store, rows_with
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
