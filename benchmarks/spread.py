"""How coding and asking grow with workers and documents: Spark at 1 and 2 workers, 1, 10 and 100 times the sample.

`python -m benchmarks.spread` starts a master and its workers here (one core and 1 GB each), codes the sample dispatches
1, 10 and 100 times over (no address or day of publication twice) and asks a record of as many events. Coding stops
after `--seconds` for each size: a size that takes longer is told by its rate. Needs the extra `spark` and Java 17.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.cluster import cluster

from dragoman.pipeline import AddSummary, Record
from dragoman.record import TABLES, SparkEngine, Store, document_from, open_engine
from dragoman.relate.series import all_dyads_by_week
from dragoman.settings import Settings

SAMPLES = Path(__file__).parents[1] / "corpora" / "dispatches"
WAVE_BYTES = 300_000
"""About one copy of the sample: a size is stopped only between two waves."""


class _Enough(Exception):
    """The time for one size is over."""


def copies(record: Record, folder: Path, times: int) -> int:
    """Write the documents of a record so many times, one file for each; the number of documents."""
    folder.mkdir()
    documents = [document_from(row) for row in record.store().snapshot().rows("documents")]
    for number in range(times):
        with (folder / f"{number:03}.jsonl").open("w", encoding="utf-8") as out:
            for document in documents:
                day = document.published.start + timedelta(weeks=number) if document.published else None
                row = {
                    "title": document.title,
                    "body": document.body,
                    "publisher": document.publisher,
                    "published": str(day) if day else None,
                    "url": f"https://copy-{number}.example/{document.id}",
                }
                out.write(f"{json.dumps(row, ensure_ascii=False)}\n")
    return times * len(documents)


def enlarged(record: Record, place: Path, times: int) -> Record:
    """A record with the events of another so many times, each time a week later and under other ids."""
    events = record.store().snapshot().columns("events").cast(TABLES["events"])
    parts = [_later(events, number) for number in range(times)]
    store = Store.open(place, create=True)
    with store.begin("add") as transaction:
        transaction.replace("events", pa.concat_tables(parts).to_reader())
    return Record(place, record.settings)


def _later(events: pa.Table, weeks: int) -> pa.Table:
    for name in ("date", "date_end", "first_reported", "last_reported"):
        days = pc.add(events[name].cast(pa.int32()), pa.scalar(7 * weeks, pa.int32())).cast(pa.date32())
        events = events.set_column(events.schema.get_field_index(name), events.schema.field(name), days)
    ids = pc.binary_join_element_wise(events["id"], str(weeks), "-")
    return events.set_column(0, events.schema.field("id"), ids)


def coding(folder: Path, place: Path, master: str, most: float) -> str:
    """Code a folder for at most so many seconds."""
    record = Record(place, replace(Settings.load({}), wave_bytes=WAVE_BYTES))
    started = time.perf_counter()
    told = AddSummary()

    def watch(summary: AddSummary) -> None:
        nonlocal told
        told = summary
        if time.perf_counter() - started > most and summary.inputs_done < (summary.inputs_total or 0):
            raise _Enough

    try:
        record.code(folder, engine=master, progress=watch)
        what = "all"
    except _Enough:
        what = "stopped"
    seconds = time.perf_counter() - started
    return f"{told.added:>8,} documents {seconds:7.1f} s {told.added / seconds:7.1f}/s  {what}"


def asking(record: Record) -> str:
    """How long a pair's events and all dyads by week take: the second of two runs of each."""

    def pair() -> object:
        return record.events("PRK", "RUS")

    def weeks() -> object:
        snapshot = record.store().snapshot()
        return snapshot.rows("events", all_dyads_by_week(snapshot.table("events")))

    return f"events of a pair {_second(pair):6.2f} s   all dyads by week {_second(weeks):6.2f} s"


def _second(work: Callable[[], object]) -> float:
    work()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--seconds", type=float, default=90.0)
    given = parser.parse_args(arguments)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory(prefix="spread-") as name:
        folder = Path(name)
        sample = Record(folder / "sample", Settings.load({}))
        sample.add(SAMPLES.joinpath("feeds"))
        started = time.perf_counter()
        added = sample.add(SAMPLES).added
        seconds = time.perf_counter() - started
        _print(
            f"one process, {added} documents: {seconds:.1f} s, {added / seconds:.1f}/s; load {os.getloadavg()[0]:.1f}"
        )
        records = {times: enlarged(sample, folder / f"events-{times}", times) for times in given.times}
        for times in given.times:
            copies(sample, folder / f"documents-{times}", times)
            _print(f"DuckDB, {times:>3} times: {asking(records[times])}")
        for workers in given.workers:
            with cluster(workers) as master:
                engine = open_engine(master)
                for times in given.times:
                    done = coding(folder / f"documents-{times}", folder / f"{workers}-{times}", master, given.seconds)
                    _print(f"{workers} workers, {times:>3} times: {done}; load {os.getloadavg()[0]:.1f}")
                for times, record in records.items():
                    asked = Record(record.location, replace(record.settings, engine=master))
                    _print(f"{workers} workers, {times:>3} times: {asking(asked)}")
                if isinstance(engine, SparkEngine):
                    engine.close()
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
