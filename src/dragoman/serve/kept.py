"""Keeps what was found for pages, within a bound; of those who ask for one thing at once, one finds it for all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any, TypeVar

Found = TypeVar("Found")


class Kept:
    """A bounded store of what was found, shared by threads; what was not asked for the longest goes first.

    `most` is the total size, in the unit of what `find` is said to take; `slots` is how many threads may be finding
    something at once. A thread that is finding one thing may ask for another.
    """

    def __init__(self, most: int, slots: int) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._finding: set[Hashable] = set()
        self._free = slots
        self._changed = Condition()

    def get(self, key: Hashable, find: Callable[[], Found], size: Callable[[Found], int], *, within: bool) -> Found:
        """What is kept under the key, else what `find` gives; nobody may change it.

        `within` says that this thread needs no slot: it is finding something else and has its own already, or only
        waits for another process. If `find` fails for one, the next who waits tries.
        """
        with self._changed:
            while True:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    kept: Found = self._kept[key][0]
                    return kept
                if key not in self._finding and (within or self._free):
                    break
                self._changed.wait()
            self._finding.add(key)
            self._free -= not within
        try:
            found = find()
            self._keep(key, found, size(found))
            return found
        finally:
            with self._changed:
                self._finding.discard(key)
                self._free += not within
                self._changed.notify_all()

    def peek(self, key: Hashable) -> Any:
        """What is kept under the key; None where nothing is."""
        with self._changed:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key, (None, 0))[0]

    def forget(self, gone: Callable[[Hashable], bool]) -> None:
        """Let go of everything whose key is `gone`."""
        with self._changed:
            for key in [key for key in self._kept if gone(key)]:
                self._held -= self._kept.pop(key)[1]

    @property
    def held(self) -> int:
        """How much is kept now."""
        return self._held

    def _keep(self, key: Hashable, found: object, size: int) -> None:
        if size > self._most:
            return
        with self._changed:
            self._held += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = found, size
            while self._held > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone
