from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.errors import DatabaseError
from dragoman.pipeline import Record, open_record
from dragoman.record import file_names
from dragoman.records import Correction
from dragoman.serve.search import SearchIndex, Wanted, find_documents, find_events, following, phrases_of, tables
from dragoman.serve.search.asking import count_events
from dragoman.serve.search.filling import fill, indexed_state, main, state_of, waiting
from dragoman.serve.search.tables import open_index
from dragoman.settings import Settings
from dragoman.terms import CorrectionKind

SHELLS = "North Korea shipped artillery shells to Russia on Wednesday, the Russian defence ministry said."
TALKS = "The foreign ministers of Egypt and Sudan met in Cairo on Monday."


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = open_record(str(tmp_path / "record"), Settings.load({}))
    write(found, tmp_path, "shells", SHELLS)
    return found


@pytest.fixture
def index(record: Record, tmp_path: Path) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path / "search.sqlite", record)
    yield made
    made.close()


def write(record: Record, folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: On {name}\noutlet: Meridian\ndate: 2024-06-20\n---\n{text}\n", "utf-8")
    record.add(path)


def found(index: SearchIndex, text: str) -> tuple[int, int]:
    """How many events and documents hold the words."""
    assert index.follow(patience=60)
    wanted = Wanted(tuple(phrases_of(text)))
    with index.connection() as connection:
        return find_events(connection, wanted).count, find_documents(connection, wanted).count


def test_what_is_in_the_record_is_found(index: SearchIndex) -> None:
    events, documents = found(index, "artillery")
    assert (events >= 1, documents) == (True, 1)
    assert found(index, "Cairo") == (0, 0)


def test_it_follows_what_is_added_and_removed(index: SearchIndex, record: Record, tmp_path: Path) -> None:
    assert found(index, "Cairo")[1] == 0
    write(record, tmp_path, "talks", TALKS)
    assert found(index, "Cairo")[1] == 1
    shells = record.events("PRK", "RUS")[0]["mentions"][0]
    record.remove(record.mention(shells)[1].id)
    assert found(index, "artillery") == (0, 0)
    assert found(index, "Cairo")[1] == 1


def test_a_dismissed_event_is_not_found(index: SearchIndex, record: Record) -> None:
    before, _ = found(index, "artillery")
    event = record.events("PRK", "RUS")[0]["id"]
    record.correct(Correction(CorrectionKind.DISMISS, event, "somebody", datetime(2026, 1, 1, tzinfo=UTC)))
    assert found(index, "artillery")[0] == before - 1
    with index.connection() as connection:
        assert connection.execute("SELECT count(*) FROM event_rows WHERE id = ?", (event,)).fetchone() == (0,)


def test_actors_are_counted_as_the_record_counts_them(index: SearchIndex, record: Record, tmp_path: Path) -> None:
    write(record, tmp_path, "talks", TALKS)
    found(index, "")
    with index.connection() as connection:
        counts = count_events(connection, ["PRK", "EGY", "BRA"])
    assert counts == {code: len(record.events(code)) for code in ("PRK", "EGY")}


def test_compaction_changes_nothing_that_is_found(index: SearchIndex, record: Record, tmp_path: Path) -> None:
    write(record, tmp_path, "talks", TALKS)
    before = found(index, "North Korea"), found(index, "Cairo")
    record.compact()
    assert (found(index, "North Korea"), found(index, "Cairo")) == before


def test_an_index_that_was_left_half_done_is_completed(record: Record, tmp_path: Path) -> None:
    path, snapshot = tmp_path / "half.sqlite", record.store().snapshot()
    with closing(open_index(path)) as connection:
        name = file_names(snapshot, "documents")[0]
        connection.execute("INSERT INTO files (kind, name) VALUES ('documents', ?)", (name,))
        assert waiting(connection, snapshot) > 1
        assert indexed_state(connection) is None
    assert fill(path, snapshot)
    with closing(open_index(path)) as connection:
        assert indexed_state(connection) == state_of(snapshot)
        assert waiting(connection, snapshot) == 0
        assert find_documents(connection, Wanted(tuple(phrases_of("artillery")))).count == 1


def test_a_file_that_is_no_index_is_made_anew(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    path.write_bytes(b"this is no database" * 100)
    assert fill(path, record.store().snapshot())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_a_process_of_its_own_fills_it_too(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.serve.search.following.LARGE", 0)
    index = SearchIndex(tmp_path / "search.sqlite", record)
    assert found(index, "artillery")[1] == 1
    index.close()


def test_the_command_of_that_process_names_the_record_and_the_index(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    assert main([record.location, str(path)]) == 0
    assert path.exists()


def test_many_who_open_a_new_index_at_once_share_it(tmp_path: Path) -> None:
    """One that found another just making it once took the file away from under who was filling it."""
    path = tmp_path / "search.sqlite"
    with ThreadPoolExecutor(12) as threads:
        opened = list(threads.map(lambda _: open_index(path), range(12)))
    try:
        opened[0].execute("INSERT INTO state VALUES ('record', 'here')")
        assert {indexed_state(connection) for connection in opened} == {"here"}
    finally:
        for connection in opened:
            connection.close()


def test_an_index_that_another_holds_is_not_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PATIENCE", 0.1)
    path = tmp_path / "search.sqlite"
    with closing(open_index(path)) as filling:
        filling.execute("PRAGMA journal_mode = DELETE")
        filling.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="locked"):
            open_index(path)
        filling.execute("INSERT INTO state VALUES ('record', 'here')")
        filling.execute("COMMIT")
    with closing(open_index(path)) as again:
        assert indexed_state(again) == "here"


def test_a_large_change_is_left_where_it_is_when_the_desk_stops(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "LARGE", 0)
    monkeypatch.setattr("sys.executable", "/bin/sh")
    monkeypatch.setattr(following, "FILLING", ["-c", "exec sleep 60"])
    index = SearchIndex(tmp_path / "search.sqlite", record)
    assert not index.follow(patience=0.2)
    started = time.monotonic()
    index.close()
    assert time.monotonic() - started < following.CLOSING
    assert "could not be filled" not in caplog.text
