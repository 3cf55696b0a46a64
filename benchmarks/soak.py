"""A soak: everything that reads and writes, in a loop in one process, with memory and open files printed.

`python -m benchmarks.soak --minutes 30` adds, imports, looks at every view, writes a brief, uses the SQL database, and
compacts and vacuums, on a record made anew every few rounds, so that each finds the same work. After the first third,
which loads models and fills bounded stores, all must stay flat: it ends with 1 if memory climbs by more than half a MiB
a minute and 2% from one half to the other, or if files or threads pile up.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.faults.kills import write_days
from benchmarks.memory import resident_mib

from dragoman.cli.memory import few_arenas
from dragoman.coding import Coder
from dragoman.database import Database, FetchedItem, open_database
from dragoman.pipeline import Record, View, Wish, view_rows
from dragoman.settings import Settings

DISPATCHES = Path(__file__).parents[1] / "corpora" / "dispatches"
ROUNDS = 4
"""Rounds on one record."""
MOST_SLOPE = 0.5
MOST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Look:
    """What the process held after a round: minutes since the start, MiB, open files, threads."""

    minute: float
    memory: float
    files: int
    threads: int


def look(started: float) -> Look:
    """Measure this process; needs Linux's /proc."""
    files = len(list(Path("/proc/self/fd").iterdir()))
    return Look((time.monotonic() - started) / 60, resident_mib(), files, threading.active_count())


def one_round(number: int, folder: Path, coder: Coder, days: Path, database: Database) -> None:
    """Everything once, on the record of this round and the one database."""
    place = folder / f"record-{number // ROUNDS}"
    record = Record(place, Settings.load({}, record=str(place)))
    record.__dict__["_coder"] = coder
    pages = sorted((DISPATCHES / "pages").glob("prk-rus-*.html"))
    record.add(*pages[number % ROUNDS * 3 : number % ROUNDS * 3 + 3])
    record.import_events("gdelt", sorted(days.iterdir())[number % ROUNDS])
    dyad = record.dyad("PRK", "RUS")
    for view in View:
        view_rows(dyad, view, Wish())
    record.brief(("PRK", "RUS"))
    with database.session() as session:
        session.add(FetchedItem(source="soak", address_hash=str(number), address=f"https://site.example/{number}"))
    if number % ROUNDS == ROUNDS - 1:
        record.compact()
        record.vacuum(versions=1)
        if findings := record.verify():
            raise SystemExit(f"round {number}: {findings[0]}")
        shutil.rmtree(place)


def judged(looks: list[Look]) -> tuple[float, list[str]]:
    """The slope of memory in MiB a minute after the first third, and what is wrong."""
    settled = looks[len(looks) // 3 :]
    minutes, memory = np.array([one.minute for one in settled]), np.array([one.memory for one in settled])
    slope = float(np.polyfit(minutes, memory, 1)[0]) if len(settled) > 2 else 0.0
    half = len(settled) // 2
    grown = float(memory[half:].mean() / memory[:half].mean() - 1) if half else 0.0
    wrong = []
    if slope > MOST_SLOPE and grown > MOST_SHARE:
        wrong.append(f"memory climbs by {slope:.2f} MiB a minute, {grown:.0%} from one half to the other")
    for name in ("files", "threads"):
        counts = [getattr(one, name) for one in settled]
        if half and min(counts[half:]) > max(counts[:half]):
            wrong.append(f"{name} pile up: {max(counts[:half])} at most, then {min(counts[half:])} at least")
    return slope, wrong


def main() -> int:
    """Run for so many minutes and print a line every so often; 1 where something climbs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    wanted = parser.parse_args()
    few_arenas()  # as the command does
    started = time.monotonic()
    looks: list[Look] = []
    with tempfile.TemporaryDirectory(prefix="dragoman-soak-") as made:
        folder = Path(made)
        days, coder = write_days(folder / "days"), Coder()
        database = open_database(Settings.load({}, database=f"sqlite:///{folder}/desk.sqlite"))
        while (time.monotonic() - started) / 60 < wanted.minutes:
            one_round(len(looks), folder, coder, days, database)
            looks.append(look(started))
            one = looks[-1]
            sys.stdout.write(
                f"{one.minute:.1f} min, round {len(looks)}: {one.memory:.0f} MiB, {one.files} files, "
                f"{one.threads} threads\n"
            )
            sys.stdout.flush()
        database.close()
    slope, wrong = judged(looks)
    settled = looks[len(looks) // 3 :]
    sys.stdout.write(
        f"{len(looks)} rounds in {looks[-1].minute:.0f} minutes; after the first third {settled[0].memory:.0f} to "
        f"{settled[-1].memory:.0f} MiB ({slope:+.2f} MiB a minute), {min(one.files for one in settled)} to "
        f"{max(one.files for one in settled)} files; {'; '.join(wrong) or 'flat'}\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
