"""What was found for pages, kept in a file beside the record: a desk that starts again shows it at once.

Only of one state of the record: a newer one, another version of this program or other files of actors begin an empty
shelf. Nothing rests on it; what cannot be read or written is found anew.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import zlib
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import dragoman
from dragoman.serve.sqlite_files import remove_database

Found = TypeVar("Found")

MOST_BYTES = 2 * 2**30
"""How much is kept; what was not asked for the longest goes first."""

PATIENCE = 2.0
"""Seconds that another process which writes is waited for."""

_LET_GO = """
DELETE FROM kept WHERE name IN (SELECT name FROM kept ORDER BY used LIMIT (SELECT 1 + count(*) / 10 FROM kept))
"""

_NO_SHELF = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Form(Generic[Found]):
    """How something is written down, and read again."""

    write: Callable[[Found], bytes]
    read: Callable[[bytes], Found]


class Shelf:
    """A file with what was found of one state of a record, under the names by which it is asked for."""

    def __init__(self, path: Path, actors: Path | None = None, most: int = MOST_BYTES) -> None:
        self._path = path
        self._most = most
        self._made_by = program_mark(actors)
        self._state = ""
        self._tick = 0
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def open_for(self, state: Hashable) -> None:
        """Begin to keep what is found of this state; what is there of any other goes."""
        with self._lock:
            if self._mark(state) != self._state:
                self._state = self._mark(state)
                self._begin(self._state)

    def has(self, name: Hashable) -> bool:
        """Whether something is kept under this name."""
        return bool(self._ask("SELECT 1 FROM kept WHERE name = ?", (_key(name),)))

    def get(self, state: Hashable, name: Hashable, form: Form[Found]) -> Found | None:
        """What is kept of a state under this name."""
        found = self._ask("SELECT value FROM kept WHERE name = ?", (_key(name),), state)
        if not found:
            return None
        try:
            value = form.read(zlib.decompress(found[0][0]))
        except (ValueError, TypeError, KeyError, zlib.error) as error:
            log.warning("What is kept in %s cannot be read, and is found anew: %s", self._path, error)
            return None
        self._tick += 1
        self._ask("UPDATE kept SET used = ? WHERE name = ?", (self._tick, _key(name)), state)
        return value

    def put(self, state: Hashable, name: Hashable, found: Found, form: Form[Found]) -> None:
        """Keep what was found of a state under this name; of one that is over nothing is kept any more."""
        try:
            value = zlib.compress(form.write(found), 1)
        except (TypeError, ValueError) as error:
            log.warning("Something that was found for a page cannot be written down: %s", error)
            return
        self._tick += 1
        row = (_key(name), self._tick, len(value), value)
        self._ask("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", row, state)
        held = self._ask("SELECT total(size) FROM kept", ())
        if held and held[0][0] > self._most:
            self._ask(_LET_GO, ())

    def close(self) -> None:
        """End it; what is kept stays."""
        with self._lock:
            self._end()

    def _begin(self, state: str) -> None:
        """Open the file for a state; one of another goes, so that nothing that left the record stays in it."""
        self._end()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection, told = self._opened_as_is()
            if connection is None or told != state:
                if connection is not None:
                    connection.close()
                remove_database(self._path)
                connection, _ = _opened(self._path, state)
            (self._tick,) = connection.execute("SELECT coalesce(max(used), 0) FROM kept").fetchone()
            self._connection = connection
        except (OSError, sqlite3.Error) as error:
            log.warning("What is found for pages is not kept in %s: %s", self._path, error)
            self._end()

    def _opened_as_is(self) -> tuple[sqlite3.Connection | None, str | None]:
        try:
            return _opened(self._path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) not in _NO_SHELF:
                raise
            return None, None

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _mark(self, state: Hashable) -> str:
        return _key((state, self._made_by))

    def _ask(self, question: str, values: tuple[object, ...], state: Hashable = None) -> list[tuple[Any, ...]]:
        """The answer; none where the file cannot be asked, or now holds another state than the one named."""
        with self._lock:
            if self._connection is None or (state is not None and self._mark(state) != self._state):
                return []
            try:
                with self._connection as connection, closing(connection.execute(question, values)) as cursor:
                    return cursor.fetchall()
            except sqlite3.Error as error:
                log.warning("The shelf %s failed: %s", self._path, error)
                return []


def shelf_beside(index: Path, actors: str) -> Shelf:
    """The shelf that lies beside an index of search."""
    name = index.name.removesuffix(".search.sqlite")
    return Shelf(index.with_name(f"{name}.pages.sqlite"), Path(actors).expanduser() if actors else None)


@cache
def program_mark(actors: Path | None) -> str:
    """What changes with the program's own files and with those of actors."""
    folders = [Path(dragoman.__file__).parent, *([actors] if actors else [])]
    told = hashlib.sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        if file.suffix != ".pyc":
            status = file.stat()
            told.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return told.hexdigest()


def _opened(path: Path, state: str | None = None) -> tuple[sqlite3.Connection, str | None]:
    """The file at a path, and the state that it is of; a new one is made of the state that is given."""
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    try:
        with connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("CREATE TABLE IF NOT EXISTS state (state TEXT NOT NULL)")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, used INTEGER NOT NULL,"
                " size INTEGER NOT NULL, value BLOB NOT NULL)"
            )
            if state is not None:
                connection.execute("INSERT INTO state VALUES (?)", (state,))
            told = connection.execute("SELECT state FROM state").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection, told[0] if told else None


def _key(name: Hashable) -> str:
    return hashlib.sha256(repr(name).encode()).hexdigest()
