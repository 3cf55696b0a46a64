"""Work in forked children: they find everything loaded, and die alone.

The parent loads the coder and touches no table, whose library keeps threads that a child would lack.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import TypeVar
from unittest import mock

from dragoman.cli.app import main
from dragoman.coding import Coder
from dragoman.pipeline import Record

Result = TypeVar("Result")


def loaded_coder() -> Coder:
    """The coder with everything loaded, handed to every record that a child opens.

    What it coded once, which touches no table, it does not code again in a child: kills then fall on what is written.
    """
    coder = Coder()
    coder.code = cache(coder.code)  # type: ignore[method-assign]
    Record._coder = coder  # type: ignore[assignment, method-assign]
    return coder


def start(work: Callable[[], object]) -> int:
    """Begin the work in a child; returns its process id. It ends with 0, or with 1 and a traceback."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 (whatever it is, it is told and the child ends)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    """Wait for a child; its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_child(work: Callable[[], Result]) -> Result:
    """What the work returns in a child; `ChildProcessError` where it fails."""
    reading, writing = os.pipe()

    def tell() -> None:
        os.close(reading)
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(work(), stream)

    child = start(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    if ended(child):
        raise ChildProcessError("the work failed; see above")
    found: Result = pickle.loads(told)
    return found


def command(told: Path, *words: object) -> int:
    """Run a command of Dragoman in a child with its output in a file; its exit code as a shell sees it."""

    def work() -> None:
        with (
            told.open("w", encoding="utf-8") as stream,
            redirect_stdout(stream),
            redirect_stderr(stream),
            mock.patch.object(sys, "argv", ["dragoman", *map(str, words)]),
        ):
            try:
                main()
                code = 0
            except SystemExit as done:
                code = int(done.code or 0)
            except BaseException:  # noqa: BLE001 (a shell would see it too)
                traceback.print_exc(file=stream)
                code = 70
        os._exit(code)

    return ended(start(work))
