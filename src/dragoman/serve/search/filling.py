"""Brings an index up to a state of the record: rows of files that came are put in, those of files that went taken out.

`python -m dragoman.serve.search.filling RECORD INDEX` does it in a process of its own, to which large changes are left.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dragoman.pipeline import open_record
from dragoman.record import Snapshot, count_rows, file_names, rows_of_files, rows_with
from dragoman.serve.search.rows import (
    DOCUMENT_COLUMNS,
    EVENT_COLUMNS,
    Indexed,
    actors_in,
    document_of,
    event_of,
    first_mentions,
)
from dragoman.serve.search.tables import number_for, open_index
from dragoman.settings import Settings

ROWS = 50_000
"""Rows that are read and put in at once; for each such part of the events the mentions are read once."""

ANOTHER_FILLS = 3
"""What a process of its own ends with where another is filling the index already."""

NICE = 10
"""How much a process of its own stands back behind others."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table of the record that is indexed: the columns that are read, and what is said to SQLite."""

    table: str
    columns: Sequence[str]
    find: str
    of_file: str
    move: str
    place: str
    insert: str
    forget: str
    delete: str


_DOCUMENTS = _Kind(
    table="documents",
    columns=DOCUMENT_COLUMNS,
    find="SELECT number, mark FROM document_rows WHERE id = ?",
    of_file="SELECT id FROM document_rows WHERE file = ?",
    move="UPDATE document_rows SET file = ? WHERE id = ?",
    place="INSERT OR IGNORE INTO document_rows VALUES (?, ?, ?, ?)",
    insert="INSERT INTO documents (rowid, title, body, tags, shown) VALUES (?, ?, ?, ?, ?)",
    forget="DELETE FROM document_rows WHERE id = ? RETURNING number",
    delete="DELETE FROM documents WHERE rowid = ?",
)
_EVENTS = _Kind(
    table="events",
    columns=EVENT_COLUMNS,
    find="SELECT number, mark FROM event_rows WHERE id = ?",
    of_file="SELECT id FROM event_rows WHERE file = ?",
    move="UPDATE event_rows SET file = ? WHERE id = ?",
    place="INSERT OR IGNORE INTO event_rows VALUES (?, ?, ?, ?)",
    insert="INSERT INTO events (rowid, parties, told, tags, shown) VALUES (?, ?, ?, ?, ?)",
    forget="DELETE FROM event_rows WHERE id = ? RETURNING number",
    delete="DELETE FROM events WHERE rowid = ?",
)


def state_of(snapshot: Snapshot) -> str:
    """What tells a state of a record from every other."""
    return "|".join(map(str, snapshot.identity[:3]))


def indexed_state(connection: sqlite3.Connection) -> str | None:
    """The state of the record that the index holds whole; None while there is none."""
    row = connection.execute("SELECT value FROM state WHERE key = 'record'").fetchone()
    return None if row is None else str(row[0])


def waiting(connection: sqlite3.Connection, snapshot: Snapshot) -> int:
    """How many rows of the record lie in files that the index does not hold."""
    found = 0
    for kind in (_DOCUMENTS, _EVENTS):
        came, _ = _changes(connection, snapshot, kind)
        found += count_rows(snapshot, kind.table, came)
    return found


def fill(path: Path, snapshot: Snapshot) -> bool:
    """Bring the index at a path up to the snapshot; False where another process is doing that."""
    with closing(open_index(path)) as connection:
        try:
            with FileLock(f"{path}.lock", timeout=0):
                for kind in (_DOCUMENTS, _EVENTS):
                    _fill(connection, snapshot, kind)
                with _step(connection):
                    connection.execute("INSERT OR REPLACE INTO state VALUES ('record', ?)", (state_of(snapshot),))
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except Timeout:
            return False
    return True


def _changes(connection: sqlite3.Connection, snapshot: Snapshot, kind: _Kind) -> tuple[set[str], set[str]]:
    """The names of files that came, or were not read to their end, and of those that went."""
    rows = connection.execute("SELECT name, whole FROM files WHERE kind = ?", (kind.table,)).fetchall()
    there = set(file_names(snapshot, kind.table))
    return there - {name for name, whole in rows if whole}, {name for name, _ in rows} - there


def _fill(connection: sqlite3.Connection, snapshot: Snapshot, kind: _Kind) -> None:
    came, went = _changes(connection, snapshot, kind)
    if came:
        for name, batch in rows_of_files(snapshot, kind.table, came, kind.columns, ROWS):
            rows = batch.to_pylist()
            indexed = _indexed(snapshot, kind, rows)
            with _step(connection):
                _put(connection, kind, _file(connection, kind, name), indexed)
                shown = {one.id for one in indexed}
                _take_out(connection, kind, [row["id"] for row in rows if row["id"] not in shown])
    with _step(connection):
        for name in came:
            connection.execute("UPDATE files SET whole = 1 WHERE number = ?", (_file(connection, kind, name),))
    for name in went:
        with _step(connection):
            number = _file(connection, kind, name)
            _take_out(connection, kind, [key for (key,) in connection.execute(kind.of_file, (number,)).fetchall()])
            connection.execute("DELETE FROM files WHERE number = ?", (number,))


def _indexed(snapshot: Snapshot, kind: _Kind, rows: Sequence[Mapping[str, Any]]) -> list[Indexed]:
    if kind is _DOCUMENTS:
        return [document_of(row) for row in rows]
    found = rows_with(snapshot, "mentions", "id", first_mentions(rows), ["id", "text"])
    texts = {row["id"]: row["text"] for row in found if row["text"]}
    return [one for row in rows if (one := event_of(row, texts)) is not None]


def _put(connection: sqlite3.Connection, kind: _Kind, file: int, rows: Sequence[Indexed]) -> None:
    """Put rows in; of one that is there unchanged only its file is noted."""
    counts: Counter[str] = Counter()
    for row in rows:
        mark = _mark(row)
        known = connection.execute(kind.find, (row.id,)).fetchone()
        if known is not None and known[1] == mark:
            connection.execute(kind.move, (file, row.id))
            continue
        if known is not None:
            _take_out(connection, kind, [row.id])
        attempt = 0
        number = number_for(row.id, row.day)
        while not connection.execute(kind.place, (row.id, number, file, mark)).rowcount:
            attempt += 1
            number = number_for(row.id, row.day, attempt)
        connection.execute(kind.insert, (number, *map(_storable, (row.first, row.second, row.tags, row.shown))))
        counts.update(row.actors)
    _count(connection, counts)


def _mark(row: Indexed) -> int:
    """A number that tells what is indexed of a row from what was, in 63 bits."""
    told = "\n".join((row.first, row.second, row.tags, row.shown, str(row.day)))
    return int.from_bytes(hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def _take_out(connection: sqlite3.Connection, kind: _Kind, ids: Sequence[str]) -> None:
    """Take rows out; ids that are not there are no error."""
    counts: Counter[str] = Counter()
    for key in ids:
        gone = connection.execute(kind.forget, (key,)).fetchall()
        for (number,) in gone:
            if kind is _EVENTS:
                (shown,) = connection.execute("SELECT shown FROM events WHERE rowid = ?", (number,)).fetchone()
                counts.subtract(actors_in(json.loads(shown)))
            connection.execute(kind.delete, (number,))
    _count(connection, counts)


def _count(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Note in how many events each actor stands."""
    connection.executemany(
        "INSERT INTO actors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET events = events + excluded.events",
        [(_storable(name), times) for name, times in counts.items() if times],
    )


def _file(connection: sqlite3.Connection, kind: _Kind, name: str) -> int:
    """The number of a file, which is noted if it is new."""
    connection.execute("INSERT OR IGNORE INTO files (kind, name) VALUES (?, ?)", (kind.table, name))
    found = connection.execute("SELECT number FROM files WHERE kind = ? AND name = ?", (kind.table, name)).fetchone()
    return int(found[0])


def _storable(text: str) -> str:
    """The text without what SQLite cannot keep: halves of letters, and the end-of-text sign."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


@contextmanager
def _step(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done within is done whole or not at all."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def main(words: Sequence[str]) -> int:
    """Fill the index at a path from the record at a place; 3 where another process is doing that."""
    record, path = words
    os.nice(NICE)
    snapshot = open_record(record, Settings.load({})).store().snapshot()
    return 0 if fill(Path(path), snapshot) else ANOTHER_FILLS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
