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
MOST_STATES = 8
"""Of how many states of records or tables: the newest one, the one before it that a watch compares it with, and some
that pages ask for. A record that grows every few minutes would else fill all there is with states that nobody asks for
again."""


class Remembered:
    """Keeps what was found last, up to a size in all and so many states; what was not asked for longest goes first."""

    def __init__(self, most: int = MOST, most_states: int = MOST_STATES) -> None:
        self._most = most
        self._most_states = most_states
        self._held = 0
        self._states: OrderedDict[Hashable, None] = OrderedDict()
        self._kept: OrderedDict[tuple[Hashable, Hashable], tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, state: Hashable, what: Hashable, find: Callable[[], Found], size: Callable[[Found], int]) -> Found:
        """What is kept of a state under this name, else what `find` gives; nobody may change it."""
        key = (state, what)
        with self._lock:
            if key in self._kept:
                self._states.move_to_end(state)
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
            self._states.clear()
            self._held = 0

    def _keep(self, key: tuple[Hashable, Hashable], found: object, size: int) -> None:
        if size > self._most:
            return
        with self._lock:
            self._held += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = found, size
            self._states[key[0]] = None
            self._states.move_to_end(key[0])
            while self._held > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone
            while len(self._states) > self._most_states:
                old, _ = self._states.popitem(last=False)
                for one in [one for one in self._kept if one[0] == old]:
                    self._held -= self._kept.pop(one)[1]


_REMEMBERED = Remembered()


def remembered(
    snapshot: Snapshot, what: Hashable, find: Callable[[], Found], size: Callable[[Found], int] = lambda _: 1
) -> Found:
    """What `find` gives for this state of the record, kept under the name `what`; nobody may change it."""
    return _REMEMBERED.get(snapshot.identity, what, find, size)


def remembered_of(
    snapshot: Snapshot,
    table: str,
    what: Hashable,
    find: Callable[[], Found],
    size: Callable[[Found], int] = lambda _: 1,
) -> Found:
    """The same of something that reads one table alone: it holds for every state of the record with the same files."""

    def by_files() -> Found:
        return _REMEMBERED.get((table, *snapshot.table_files(table)), what, find, size)

    return remembered(snapshot, ("of", table, what), by_files)


def forget() -> None:
    """Keep nothing of any record, so that the next view reads all anew."""
    _REMEMBERED.forget()
