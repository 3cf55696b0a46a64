"""The index's file: SQLite with full-text tables of documents and events, whose numbers grow with their days."""

from __future__ import annotations

import datetime
import hashlib
import sqlite3
import tempfile
import time
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

from dragoman.errors import DatabaseError
from dragoman.record import is_remote
from dragoman.serve.sqlite_files import remove_database

LAYOUT = 2
"""The number of the tables' layout; a file of another is made anew."""

OTHER = -1
"""Stands for the error that a file has another layout, which SQLite has no number for."""

PATIENCE = 30.0
"""Seconds that one waits for another who writes to the index, or just makes it."""

UNDATED = 0
"""The day's number of what has no known day: it comes last."""

_EPOCH = datetime.date(1, 1, 1).toordinal() - 1
_WITHIN = 24
"""Bits of a number that tell rows of one day apart."""

_TOKENS = "porter unicode61 remove_diacritics 2"
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, whole INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, name)
);
CREATE TABLE IF NOT EXISTS document_rows (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, file INTEGER NOT NULL, mark INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event_rows (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, file INTEGER NOT NULL, mark INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actors (name TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS documents USING fts5(title, body, tags, shown UNINDEXED, tokenize = '{_TOKENS}');
CREATE VIRTUAL TABLE IF NOT EXISTS events USING fts5(parties, told, tags, shown UNINDEXED, tokenize = '{_TOKENS}');
PRAGMA user_version = {LAYOUT};
"""


def place_beside(record: str, database: str | None) -> Path:
    """Where the index lies: beside the file of an SQLite database, or the record, else among temporary files."""
    if database and database != ":memory:":
        return Path(database).with_suffix(".search.sqlite")
    if not is_remote(record):
        path = Path(record.removeprefix("file://")).expanduser().absolute()
        return path.with_name(f"{path.name}.search.sqlite")
    name = hashlib.sha256(record.encode()).hexdigest()[:20]
    return Path(tempfile.gettempdir()) / f"dragoman-{name}.search.sqlite"


def open_index(path: Path) -> sqlite3.Connection:
    """The index at a path with today's tables; one of another layout, or that is none, is made anew."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _open_patiently(path)
        except sqlite3.DatabaseError as error:
            # One that is busy may be in the middle of being filled: only what cannot be an index goes.
            if getattr(error, "sqlite_errorcode", OTHER) not in (OTHER, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            remove_database(path)
            return _open_patiently(path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(
            f"The search index {path} cannot be kept: {error}. Its folder must be one that can be written."
        ) from error


def _open_patiently(path: Path) -> sqlite3.Connection:
    """Open it; SQLite does not wait by itself for another that is just making the file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _open(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    with ExitStack() as opened:
        opened.callback(connection.close)
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if layout not in (0, LAYOUT):
            raise sqlite3.DatabaseError(f"layout {layout}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if layout == 0:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        opened.pop_all()
    return connection


def day_number(day: datetime.date | None) -> int:
    """The number of a day, from 1; `UNDATED` where there is none."""
    return UNDATED if day is None else day.toordinal() - _EPOCH


def first_number(day: datetime.date | None) -> int:
    """The lowest number that a row of this day can have."""
    return day_number(day) << _WITHIN


def number_for(identity: str, day: datetime.date | None, attempt: int = 0) -> int:
    """The number of a row: of its day, and within it by its id; `attempt` tells apart those that fall together."""
    return first_number(day) | ((int(identity[1:9], 16) + attempt) & ((1 << _WITHIN) - 1))


@lru_cache(maxsize=100_000)
def tag(kind: str, value: str) -> str:
    """A word that stands for what a row is, such as its domain; nobody writes it by hand."""
    return f"x{hashlib.sha256(f'{kind}:{value.casefold()}'.encode('utf-8', 'replace')).hexdigest()[:9]}0"
