"""The time of a watch, so that a test may let an hour pass at once."""

from __future__ import annotations

import datetime
import threading
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime.datetime:
        """The moment, in UTC."""

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or earlier if there is a reason to look again."""


class SystemClock:
    """The machine's own time; `stop` ends a wait at once."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> datetime.datetime:
        """The moment, in UTC."""
        return datetime.datetime.now(datetime.UTC)

    def wait(self, seconds: float) -> None:
        """Sleep so long, or until stopped."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """Let nobody wait any more."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped.is_set()
