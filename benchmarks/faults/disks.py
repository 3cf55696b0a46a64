"""A full disk and one that cannot be written: a small file system in memory, or limits where one may not be mounted."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.faults.children import command, in_child
from benchmarks.faults.outcome import Outcome, compared, state

from dragoman.errors import RecordMissing

ROOM_KB = 24_000


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of `ROOM_KB` in memory; None where this process may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_KB}k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def complaint(told: Path, code: int) -> list[str]:
    """What is wrong with how a command failed: it must end with 1 and say why, without a traceback."""
    text = told.read_text("utf-8")
    if code != 1 or "Traceback" in text or "dragoman:" not in text:
        return [f"ended with {code}: {text.strip()[-900:]}"]
    return []


def _unbroken(place: Path) -> list[str]:
    """What is wrong with the record that a failed run leaves; none at all is right too."""
    try:
        return state(place)[1]
    except RecordMissing:
        return []


def full(pages: Path, folder: Path, points: int, seed: int) -> Outcome:
    """Adding while the disk fills up at a random point; with room again, a further run ends like an unbroken one."""
    folder.mkdir(parents=True)
    outcome = Outcome("disk full while adding", 0)
    told = folder / "told"
    command(told, "--record", folder / "unbroken", "add", pages)
    wanted, outcome.lost = in_child(partial(state, folder / "unbroken"))
    needed = sum(path.stat().st_size for path in (folder / "unbroken").rglob("*") if path.is_file()) // 1024
    chance = random.Random(seed)
    failed = 0
    with small_disk(folder / "disk") as disk:
        if disk is None:
            outcome.seen = "not tried: needs root, to mount a small file system"
            return outcome
        for number in range(points):
            record, ballast = disk / "record", disk / "ballast"
            ballast.write_bytes(b"\0" * 1024 * int(ROOM_KB - chance.uniform(0, needed * 1.5)))
            code = command(told, "--record", record, "add", pages)
            name = f"time {number}"
            if code:
                failed += 1
                outcome.lost += [f"{name}: {one}" for one in complaint(told, code)]
            outcome.lost += [f"{name}, full: {one}" for one in in_child(partial(_unbroken, record))]
            ballast.unlink()
            code = command(told, "--record", record, "add", pages)
            if code:
                outcome.lost.append(f"{name}: with room again it ended with {code}: {told.read_text('utf-8')[-300:]}")
            else:
                outcome.lost += compared(name, in_child(partial(state, record)), wanted)
            outcome.tried += 1
            shutil.rmtree(record)
    outcome.seen = (
        f"{failed} runs found no room and said so (tmpfs of {ROOM_KB // 1000} MB, filled up to a random rest)"
    )
    return outcome


def read_only(pages: Path, folder: Path, points: int) -> Outcome:
    """A record on a file system that cannot be written: it is read as ever, and writing fails with a reason."""
    folder.mkdir(parents=True)
    outcome = Outcome("read-only disk", 0)
    told = folder / "told"
    with small_disk(folder / "disk") as disk:
        if disk is None:
            outcome.seen = "not tried: needs root, to mount a small file system"
            return outcome
        record = disk / "record"
        command(told, "--record", record, "add", pages)
        command(told, "--record", record, "events", "--as", "jsonl")
        wanted = told.read_text("utf-8")
        further = folder / "further.txt"
        further.write_text(
            "Kenya condemned Ethiopia on Monday over the border market at Moyale, officials said.", "utf-8"
        )
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for number in range(points):
            if command(told, "--record", record, "events", "--as", "jsonl") or told.read_text("utf-8") != wanted:
                outcome.lost.append(f"time {number}: reading gave {told.read_text('utf-8')[-300:]}")
            for words in (("add", further), ("record", "compact"), ("record", "vacuum", "--keep", "1")):
                outcome.lost += complaint(told, command(told, "--record", record, *words))
            outcome.tried += 1
    outcome.seen = "events are read as ever; add, compact and vacuum end with 1 and a reason"
    return outcome
