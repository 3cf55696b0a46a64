"""What was read of a record and may be asked for again, so that the next view of a relation need not read it anew.

Kept in the process, for one state of a record: whatever is added makes another state, of which nothing is kept yet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from dragoman.record import Snapshot

Found = TypeVar("Found")

MOST = 300_000
"""How much is kept in all, in small objects such as a sentence; about 100 MiB."""


class Remembered:
    """Keeps what was found last, up to a total size; what was not asked for the longest goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, find: Callable[[], Found], size: Callable[[Found], int]) -> Found:
        """What is kept under this key, else what `find` gives; nobody may change it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: Found = self._kept[key][0]
                return kept
        found = find()
        self._keep(key, found, size(found))
        return found

    def forget(self) -> None:
        """Keep nothing of what was found so far."""
        with self._lock:
            self._kept.clear()
            self._held = 0

    def _keep(self, key: Hashable, found: object, size: int) -> None:
        if size > self._most:
            return
        with self._lock:
            self._held += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = found, size
            while self._held > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone


_REMEMBERED = Remembered()


def remembered(
    snapshot: Snapshot, what: Hashable, find: Callable[[], Found], size: Callable[[Found], int] = lambda _: 1
) -> Found:
    """What `find` gives for this state of the record, kept under the name `what`; nobody may change it."""
    return _REMEMBERED.get((snapshot.identity, what), find, size)


def remembered_of(
    snapshot: Snapshot,
    table: str,
    what: Hashable,
    find: Callable[[], Found],
    size: Callable[[Found], int] = lambda _: 1,
) -> Found:
    """The same of something that reads one table alone: it holds for every state of the record with the same files."""

    def by_files() -> Found:
        return _REMEMBERED.get((tuple(snapshot.table_files(table)), table, what), find, size)

    return remembered(snapshot, ("of", table, what), by_files)


def forget() -> None:
    """Keep nothing of any record, so that the next view reads all anew."""
    _REMEMBERED.forget()
