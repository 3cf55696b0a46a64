"""Adds a folder to a record in child processes that are killed; run as a program by `test_killed_runs.py`.

The parent reads and codes the folder once, so that everything is loaded, and forks. It never touches the tables
itself, so a child opens them as a fresh process would. What was coded once is not coded again: coding touches no table,
so a kill within it would only tell of one before it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from functools import cache
from pathlib import Path

from dragoman.coding import Coder
from dragoman.pipeline import Record
from dragoman.read import Input, ReadOptions, find_inputs, read_input
from dragoman.records import Document
from dragoman.settings import Settings


def add(record: Path, folder: Path, coder: Coder) -> int:
    """Add in a child; returns its process id."""
    child = os.fork()
    if child == 0:
        made = Record(record, Settings.load({"DRAGOMAN_BATCH_DOCUMENTS": "3"}))
        made.__dict__["_coder"] = coder
        made.add(folder)
        os._exit(0)
    return child


def main(folder: Path, place: Path, points: int, seed: int) -> None:
    """Make `place/unbroken` and `place/killed-N`; prints how many runs a kill really cut short."""
    coder = Coder()
    coder.code = cache(coder.code)  # type: ignore[method-assign]
    for item in find_inputs([str(folder)]):
        if isinstance(item, Input):
            for document in read_input(item, ReadOptions()):
                if isinstance(document, Document):
                    coder.code(document)
    started = time.monotonic()
    os.waitpid(add(place / "unbroken", folder, coder), 0)
    length = time.monotonic() - started
    chance = random.Random(seed)
    cut = 0
    for number in range(points):
        record = place / f"killed-{number}"
        child = add(record, folder, coder)
        time.sleep(chance.uniform(0, length))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        cut += os.WIFSIGNALED(status)
        _, status = os.waitpid(add(record, folder, coder), 0)
        if status != 0:
            sys.exit(f"run {number} after the kill ended with {status}")
    sys.stdout.write(f"{cut}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
