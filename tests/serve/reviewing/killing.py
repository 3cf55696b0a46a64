"""Decides a report at a desk that is killed at a point; run as a program by `test_deciding.py`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from dragoman.record.store import Store
from dragoman.serve import Desk
from dragoman.serve.reviewing import deciding
from dragoman.serve.reviewing.deciding import Decision, Told, decide
from dragoman.settings import Settings


def die(*_: Any) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(record: str, database: str, account: int, mention: str, point: str) -> None:
    """Reject a report; the points are: before the record is written, within its commit, and after it."""
    desk = Desk.open(Settings.load({}, record=record, database=database))
    if point == "before":
        setattr(desk.record, "correct", die)  # noqa: B010
    elif point == "within":
        setattr(Store, "_append_commit", die)  # noqa: B010
    else:
        setattr(deciding, "_mark_recorded", die)  # noqa: B010
    decide(desk, account, "ann", mention, Told(Decision.REJECT, note="killed"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
