"""Processes beside the desk that find what takes long: Python lets only one thread of a process reckon at a time.

A helper holds a record of its own. What it is asked is a function of a module with what it is given, for one state of
the record; it gives back what the function gives. A helper that dies is replaced; what it was to find is found in the
desk's own process.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, suppress
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from dragoman.errors import DragomanError
from dragoman.record import Snapshot

Found = TypeVar("Found")


class Held(Protocol):
    """A record that can be asked several things of one state."""

    def held(self) -> AbstractContextManager[Snapshot]:
        """The newest state, which all questions within are of."""


Opening = Callable[[], Held]
"""Opens the record of a helper, in its process."""

NICE = 5
"""How much a helper stands back behind the desk, which hands out what is there."""

_SPAWN = multiprocessing.get_context("spawn")

log = logging.getLogger(__name__)


class NotHelped(Exception):
    """No helper can find it: the record has another state there, or the helper died."""


class Helpers:
    """So many processes over a record; any thread may ask them, and waits while all are busy."""

    def __init__(self, opening: Opening, number: int) -> None:
        self._opening = opening
        self._idle = [_Helper(opening) for _ in range(number)]
        self._all = list(self._idle)
        self._changed = threading.Condition()
        self._closed = False

    def ask(
        self,
        state: Hashable,
        find: Callable[..., Found],
        given: Sequence[Any],
        *,
        about: Hashable = None,
        spare: int = 0,
    ) -> Found:
        """What `find(record, *given)` gives in that state of the record; `NotHelped` where no helper can tell.

        The helper that was last asked about the same is preferred, as it has read what that needs. With `spare` it
        waits until so many others are idle too, as far as there are others.
        """
        helper = self._take(about, spare)
        try:
            found: Found = helper.ask(state, find, given)
            return found
        finally:
            with self._changed:
                if helper.is_dead and not self._closed:
                    log.warning("A helper of the desk died; another is started.")
                    self._all.remove(helper)
                    helper = _Helper(self._opening)
                    self._all.append(helper)
                helper.about = about
                self._idle.append(helper)
                self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._all)

    def processes(self) -> list[int]:
        """The numbers of the processes that run."""
        return [number for helper in self._all if (number := helper.number) is not None]

    def close(self) -> None:
        """End them, whatever they are finding."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for helper in self._all:
            helper.end()

    def _take(self, about: Hashable, spare: int) -> _Helper:
        with self._changed:
            while not self._closed and len(self._idle) <= min(spare, len(self._all) - 1):
                self._changed.wait()
            if self._closed:
                raise NotHelped
            chosen = next((one for one in self._idle if about is not None and one.about == about), self._idle[-1])
            self._idle.remove(chosen)
            return chosen


class _Helper:
    """One process, started when it is first asked."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._process: Any = None
        self._line: Connection | None = None
        self.about: Hashable = None
        self.is_dead = False

    @property
    def number(self) -> int | None:
        """The number of the process."""
        return self._process.pid if self._process else None

    def ask(self, state: Hashable, find: Callable[..., Any], given: Sequence[Any]) -> Any:
        """What the function gives there."""
        try:
            if self._line is None:
                self._line, theirs = _SPAWN.Pipe()
                self._process = _SPAWN.Process(target=_help, args=(theirs, self._opening), daemon=True, name="helper")
                self._process.start()
                theirs.close()
            self._line.send((state, find, given))
            told, found = self._line.recv()
        except (EOFError, OSError) as error:
            self.is_dead = True
            raise NotHelped from error
        if told == "failed":
            raise found
        if told == "elsewhere":
            raise NotHelped
        return found

    def end(self) -> None:
        """End the process."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()


def _help(line: Connection, opening: Opening) -> None:
    """What runs in the process: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    record = opening()
    with suppress(EOFError, OSError):
        while True:
            state, find, given = line.recv()
            line.send(_answer(record, state, find, given))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _answer(record: Held, state: Hashable, find: Callable[..., Any], given: Sequence[Any]) -> tuple[str, Any]:
    try:
        with record.held() as snapshot:
            if snapshot.identity != state:
                return "elsewhere", None
            return "found", find(record, *given)
    except DragomanError as error:
        return "failed", error
    except Exception as error:  # noqa: BLE001 (whatever it is, the asker is told)
        try:
            pickle.dumps(error)
        except Exception:  # noqa: BLE001
            return "failed", RuntimeError(f"{type(error).__name__}: {error}")
        return "failed", error
