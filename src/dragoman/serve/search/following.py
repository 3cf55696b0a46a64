"""The index of a desk: it follows the record's versions beside the pages, which never wait long for it."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dragoman.errors import DatabaseError, DragomanError
from dragoman.pipeline import Record
from dragoman.serve.search.filling import ANOTHER_FILLS, fill, indexed_state, state_of, waiting
from dragoman.serve.search.tables import open_index

LARGE = 20_000
"""Rows from which a change is left to a process of its own, so that pages are not held up."""

PATIENCE = 0.25
"""Seconds that a question waits for the index to be brought up to date before it is answered from what is there."""

FILLING = ["-c", "import sys; from dragoman.serve.search.filling import main; sys.exit(main(sys.argv[1:]))"]
"""What Python is given to fill an index in a process of its own."""

STOPPED = (-signal.SIGTERM, -signal.SIGINT)
"""What that process ends with where somebody stops it, with the desk or without; it goes on another time."""

CLOSING = 10.0
"""Seconds that a small change is given to end when the desk stops."""

_LOG = logging.getLogger(__name__)


class SearchIndex:
    """The index at a path over a record; any thread may ask it."""

    def __init__(self, path: Path, record: Record) -> None:
        self.path = path
        self._record = record
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._filling: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def follow(self, patience: float = PATIENCE) -> bool:
        """Have the index brought up to the record's newest version; whether it is within so many seconds."""
        state = state_of(self._record.store().snapshot())
        with self.connection() as connection:
            if indexed_state(connection) == state:
                return True
        with self._lock:
            if self._filling is None and not self._closed:
                self._filling = threading.Thread(target=self._fill, name="search index", daemon=True)
                self._filling.start()
            running = self._filling
        if running is not None:
            running.join(patience)
        with self.connection() as connection:
            return indexed_state(connection) == state

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; a file that cannot be read is a `DatabaseError`."""
        try:
            own: sqlite3.Connection | None = getattr(self._own, "connection", None)
            if own is None:
                own = self._own.connection = open_index(self.path)
                with self._lock:
                    self._opened.append(own)
            yield own
        except sqlite3.Error as error:
            raise DatabaseError(
                f"The search index {self.path} cannot be read: {error}. Remove the file; it is made anew by itself."
            ) from error

    def close(self) -> None:
        """Give the connections back; a large change that is under way is left where it is, and goes on another time."""
        with self._lock:
            self._closed = True
            running, process = self._filling, self._process
        if process is not None:
            process.terminate()
        if running is not None:
            running.join(CLOSING)
        for connection in self._opened:
            connection.close()

    def _fill(self) -> None:
        try:
            self._bring_up()
        except DragomanError as error:
            _LOG.warning("The search index was not brought up to date: %s", error)
        finally:
            with self._lock:
                self._filling = None

    def _bring_up(self) -> None:
        snapshot = self._record.store().snapshot()
        with closing(open_index(self.path)) as connection:
            large = waiting(connection, snapshot) > LARGE
        if not large:
            fill(self.path, snapshot)
            return
        command = [sys.executable, *FILLING, self._record.location, str(self.path)]
        with self._lock:
            if self._closed:
                return
            self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        _, told = self._process.communicate()
        code = self._process.returncode
        with self._lock:
            self._process = None
            if code in (0, ANOTHER_FILLS, *STOPPED) or self._closed:
                return
        why = told.strip()[-400:] or f"its process ended with {code}, which means a signal where it is below 0"
        raise DatabaseError(f"The search index {self.path} could not be filled: {why}")
