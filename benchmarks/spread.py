"""How coding and asking grow with workers and documents: Spark at 1 and 2 workers, 1, 10 and 100 times the sample.

`python -m benchmarks.spread` measures cell by cell and keeps each in FOLDER/cells.jsonl, with the load of the machine
before and after: stopped and started again it goes on, and `--again` measures anew what is chosen. A cell of coding
codes one more copy of the sample's documents (`--documents` bounds it) into a record that holds 1, 10 or 100 copies
already, which are multiplied without coding: other addresses, ids and days. So one copy is measured, not a hundred.
A cell of asking puts two questions to the whole record. Beside seconds stand the seconds of CPU that the workers and
the driver took, which tell more where other work runs on the machine. Needs the extra `spark` and Java 17; CPU by
process is read from /proc, so Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from benchmarks.cluster import cluster

from dragoman.pipeline import AddSummary, Record
from dragoman.pipeline.adding import Progress
from dragoman.record import DUCKDB, TABLES, SparkEngine, Store, document_from, mention_from, open_engine
from dragoman.record.rows import Row
from dragoman.relate.series import all_dyads_by_week
from dragoman.settings import Settings

SAMPLES = Path(__file__).parents[1] / "corpora" / "dispatches"
FOLDER = Path(__file__).parents[1] / "build" / "spread"
WAVE_BYTES = 100_000
"""About a third of a copy of the sample: while one wave is merged, the next is coded."""
WARMING = 16
"""Documents that are coded before a measured copy, so that the workers have their models."""
FILES = 12
"""Files of a copy."""
RUNS = 3
COPIED = ("documents", "mentions", "events")
Cell = dict[str, Any]
Code = Callable[[Record, Path, Progress | None], object]


class _Enough(Exception):
    """The time for one cell is over."""


class Cells:
    """What was measured, kept in a file as it comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._cells = {self._key(cell): cell for cell in map(json.loads, lines)}

    def measure(self, kind: str, workers: int, times: int, work: Callable[[], Cell], *, again: bool) -> None:
        """Measure a cell, unless it is there."""
        cell: Cell = {"kind": kind, "workers": workers, "times": times}
        if self._key(cell) in self._cells and not again:
            _print(f"{_told(self._cells[self._key(cell)])}; measured before")
            return
        before = os.getloadavg()[0]
        cell |= work()
        cell |= {"load": [round(before, 1), round(os.getloadavg()[0], 1)]}
        self._cells[self._key(cell)] = cell
        self._path.write_text("".join(f"{json.dumps(one)}\n" for one in self._cells.values()), "utf-8")
        _print(_told(cell))

    @staticmethod
    def _key(cell: Cell) -> tuple[str, int, int]:
        return cell["kind"], cell["workers"], cell["times"]


def _told(cell: Cell) -> str:
    where = {0: "one process"}.get(cell["workers"], f"{cell['workers']} workers")
    load = " to ".join(f"{load:.1f}" for load in cell["load"])
    if cell["kind"] == "ask":
        what = ", ".join(
            f"{name} {cell[key]:6.2f} s (CPU {cell[f'{key}_cpu']:.2f})"
            for name, key in (("events of a pair", "pair"), ("all dyads by week", "weeks"))
        )
    else:
        rate = cell["documents"] / cell["seconds"]
        cpu = f"CPU of workers {cell['workers_cpu']:6.1f} s, of the driver {cell['driver_cpu']:6.1f} s"
        what = f"{cell['documents']:>5,} documents {cell['seconds']:6.1f} s {rate:5.1f}/s, {cpu}"
    return f"{cell['kind']:>4} {where:>11} {cell['times']:>3} times: {what}; load {load}"


def copy_of(sample: Record, folder: Path, number: int, most: int) -> Path:
    """Write at most so many documents of the sample as the copy of this number, as files of JSON lines."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = sorted(sample.store().snapshot().rows("documents"), key=lambda row: row["id"])[:most]
    for at in range(FILES):
        with (folder / f"{at:03}.jsonl").open("w", encoding="utf-8") as out:
            for document in map(document_from, rows[at::FILES]):
                day = document.published.start + timedelta(weeks=number) if document.published else None
                row = {
                    "title": document.title,
                    "body": document.body,
                    "publisher": document.publisher,
                    "published": str(day) if day else None,
                    "url": f"https://copy-{number}.example/{document.id}",
                }
                out.write(f"{json.dumps(row, ensure_ascii=False)}\n")
    return folder


def multiplied(sample: Record, place: Path, times: int) -> Record:
    """A record that holds the sample so many times, each time a week later and under other ids; made once."""
    found = Record(place, sample.settings)
    if place.exists():
        return found
    making = place.with_name(f"{place.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    store = Store.open(making, create=True)
    if times:
        snapshot = sample.store().snapshot()
        tables = {name: snapshot.rows(name) for name in COPIED}
        copies = [_copied(tables, number) for number in range(times)]
        with store.begin("add") as transaction:
            for name in COPIED:
                transaction.replace(name, pa.concat_tables(copy[name] for copy in copies).to_reader(10_000))
    making.rename(place)
    return found


def _copied(tables: Mapping[str, Sequence[Row]], number: int) -> dict[str, pa.Table]:
    """The tables under other addresses and the ids that go with them, all days so many weeks later."""
    weeks = timedelta(weeks=number)
    moved: dict[str, list[Row]] = {
        name: [{key: value + weeks if isinstance(value, date) else value for key, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }
    names: dict[str, str] = {}
    for row in moved["documents"]:
        row["url"] = f"https://copy-{number}.example/{row['id']}"
        old, row["id"] = row["id"], document_from(row).id
        names[old] = row["id"]
    for row in moved["mentions"]:
        row["document_id"] = names[row["document_id"]]
        old, row["id"] = row["id"], mention_from(row).id
        names[old] = row["id"]
    for key, rows in (("event_id", moved["mentions"]), ("id", moved["events"])):
        for row in rows:
            # An event is named after its first mention.
            row[key] = f"e{names[f'm{row[key][1:]}'][1:]}"
    for row in moved["events"]:
        row["mentions"] = [names[mention] for mention in row["mentions"]]
    return {name: pa.Table.from_pylist(rows, schema=TABLES[name]) for name, rows in moved.items()}


def coding(record: Record, folder: Path, code: Code, most: float) -> Cell:
    """Code a folder for at most so many seconds."""
    told = AddSummary()

    def watch(summary: AddSummary) -> None:
        nonlocal told
        told = summary
        if summary.seconds > most and summary.inputs_done < (summary.inputs_total or 0):
            raise _Enough

    before, started = _cpu(), time.perf_counter()
    try:
        code(record, folder, watch)
    except _Enough:
        _print(f"stopped after {most:.0f} s")
    seconds, after = time.perf_counter() - started, _cpu()
    return {
        "documents": told.added,
        "mentions": told.mentions,
        "seconds": round(seconds, 2),
        "workers_cpu": round(after[0] - before[0], 2),
        "driver_cpu": round(after[1] - before[1], 2),
    }


def _cpu() -> tuple[float, float]:
    """Seconds of CPU so far: of Spark's workers and all they started, and of this process and its own Java."""
    tick = os.sysconf("SC_CLK_TCK")
    own: dict[int, float] = {}
    children: defaultdict[int, list[int]] = defaultdict(list)
    workers: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        number = int(folder.name)
        own[number] = (int(fields[11]) + int(fields[12])) / tick
        children[int(fields[1])].append(number)
        if b"deploy.worker.Worker" in command:
            workers.append(number)

    def below(number: int) -> Iterator[int]:
        yield number
        for child in children[number]:
            yield from below(child)

    mine = set(below(os.getpid()))
    theirs = {one for worker in workers if worker in mine for one in below(worker)}
    return sum(own[one] for one in theirs), sum(own[one] for one in mine - theirs)


def asking(record: Record) -> Cell:
    """How long a pair's events and all dyads by week take: the best of some runs after a first one, and CPU."""

    def pair() -> object:
        return record.events("PRK", "RUS")

    def weeks() -> object:
        snapshot = record.store().snapshot()
        return snapshot.columns("events", all_dyads_by_week(snapshot.table("events")))

    (pair_best, pair_cpu), (weeks_best, weeks_cpu) = _best(pair), _best(weeks)
    return {"pair": pair_best, "pair_cpu": pair_cpu, "weeks": weeks_best, "weeks_cpu": weeks_cpu}


def _best(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the best of some runs after a first one, and seconds of CPU of all processes for each."""
    work()
    found = []
    before = sum(_cpu())
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return round(min(found), 3), round((sum(_cpu()) - before) / RUNS, 3)


@contextmanager
def engine_of(workers: int) -> Iterator[str]:
    """A cluster of so many workers, and the end of this process's session with it."""
    with cluster(workers) as master:
        engine = open_engine(master)
        try:
            yield master
        finally:
            if isinstance(engine, SparkEngine):
                engine.close()


class Bench:
    """The records that are measured, in one folder."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.given = given
        self.cells = Cells(folder / "cells.jsonl")
        self.sample = Record(folder / "sample", Settings.load({}))
        if not (folder / "sample").exists():
            self.sample.add(SAMPLES)

    def code(self, workers: int, times: int, code: Code) -> None:
        """The cell of coding one more copy into a record of so many."""

        def work() -> Cell:
            scratch = Record(self.folder / "scratch", replace(self.sample.settings, wave_bytes=WAVE_BYTES))
            shutil.rmtree(scratch.location, ignore_errors=True)
            code(scratch, copy_of(self.sample, self.folder / "warming", 1_000, WARMING), None)
            shutil.rmtree(scratch.location)
            whole = multiplied(self.sample, self.folder / f"copies-{times}", times)
            shutil.copytree(whole.location, scratch.location)
            last = copy_of(self.sample, self.folder / "last", times, self.given.documents)
            return coding(scratch, last, code, self.given.seconds)

        self.cells.measure("code", workers, times, work, again=self.given.again)

    def ask(self, workers: int, times: int, engine: str) -> None:
        """The cell of asking a record of so many copies."""

        def work() -> Cell:
            whole = multiplied(self.sample, self.folder / f"copies-{times}", times)
            return asking(Record(whole.location, replace(whole.settings, engine=engine)))

        self.cells.measure("ask", workers, times, work, again=self.given.again)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 1, 2], help="0: one process, without Spark")
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--only", choices=["code", "ask"])
    parser.add_argument("--documents", type=int, default=342, help="documents of the copy that is coded, at most")
    parser.add_argument("--seconds", type=float, default=300.0, help="at most for the coding of a cell")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--again", action="store_true", help="measure anew what was measured before")
    given = parser.parse_args(arguments)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    bench = Bench(given.folder, given)
    for workers in given.workers:
        if workers:
            with engine_of(workers) as master:
                _measure(bench, workers, master)
        else:
            _measure(bench, workers, DUCKDB)
    return 0


def _measure(bench: Bench, workers: int, engine: str) -> None:
    def code(record: Record, folder: Path, watch: Progress | None) -> object:
        if engine == DUCKDB:
            return record.add(folder, progress=watch)
        return record.code(folder, engine=engine, progress=watch)

    for times in bench.given.times:
        if bench.given.only != "code":
            bench.ask(workers, times, engine)
    for times in bench.given.times:
        if bench.given.only != "ask":
            bench.code(workers, times, code)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
