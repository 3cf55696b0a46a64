"""How the record does with a million events: views of one dyad, all dyads by week, and merging 10,000 new mentions.

`python -m benchmarks.million` makes a record of 1 million events (`--events` for another size) and prints seconds, and
how much longer that is than one plain scan of the events in the same run. The scan is what the machine can do at all:
the ratios tell more than the seconds. A view is timed when the process keeps nothing of the record yet ("at first"),
and after that. With `--limit` it ends with 1 if a figure is over what issue 5 allows.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import multiprocessing
import pstats
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.made_record import DAYS, FIRST_DAY, documents_of, draw, fill

from dragoman.pipeline import Record, open_record
from dragoman.pipeline.merge import remerge, report_of
from dragoman.pipeline.remembered import forget
from dragoman.record import document_row
from dragoman.records import Document
from dragoman.relate import Report, signature

VIEWS = "events happenings series eras ledger indicators wording ritual responses network".split()
"""What is asked of a dyad."""

WIDE = ("responses", "network")
"""The views that read the events of everybody."""

LIMITS = {"view": 1.0, "week": 20.0, "merge": 30.0, "memory": 4096.0}
"""What issue 5 allows: seconds, and MiB."""

PATIENCE, MEMORY = 90, 5 * 2**30
"""Seconds that a view of everybody may take, and bytes that it may hold, before it is stopped."""

RETOLD = 0.3
"""The share of the new mentions that tells what another new document tells too."""

PAIRS = (("USA", "RUS"), ("CHN", "RUS"), ("PRK", "RUS"), ("POL", "SAU"), ("BWA", "PER"))
"""The two busiest dyads (1.5% and 0.8% of all events), one of the sample, one in the middle, and a rare one."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What was done, how long it took, and what came of it."""

    kind: str
    what: str
    seconds: float
    result: str
    peak: float
    first: float | None = None
    """Seconds of a view when the process keeps nothing of the record yet."""


def peak_mib() -> float:
    """The largest memory that this process has held, in MiB; macOS counts in bytes, others in KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def seconds_of(work: Callable[[], object], rounds: int) -> tuple[float, object]:
    """The median of several rounds, and what the last one gave."""
    taken, result = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), result


def scan(record: Record) -> object:
    """One plain pass over the events: how many there are of each type and source."""
    events = record.store().snapshot().table("events")
    return events.group_by("type", code=events.source[0]["code"]).aggregate(n=events.intensity.sum()).to_pyarrow()


def views(location: str, names: Sequence[str], rounds: int) -> list[Timed]:
    """The views of each dyad; those that read everybody's events once, in a process that may be stopped."""
    record = open_record(location)
    record.dyad(*PAIRS[-1]).events()
    found = []
    for pair in PAIRS:
        for name in names:
            if name not in WIDE:
                first, seconds, size = _seconds(record, pair, name, rounds)
                found.append(Timed("view", f"{name} of {pair[0]} and {pair[1]}", seconds, size, peak_mib(), first))
    wide = [(pair, name) for pair in (PAIRS[0], PAIRS[-1]) for name in names if name in WIDE]
    return [*found, *(_alone(location, pair, name, rounds) for pair, name in wide)]


def _seconds(record: Record, pair: tuple[str, str], name: str, rounds: int) -> tuple[float, float, str]:
    """How long a view takes when the process keeps nothing of the record yet, and how long after that."""

    def work() -> object:
        found = getattr(record.dyad(*pair), name)
        return found() if callable(found) else found

    forget()
    first, _ = seconds_of(work, 1)
    seconds, result = seconds_of(work, rounds)
    return first, seconds, f"{len(result) if isinstance(result, Sequence) else 1} rows"


def _alone(location: str, pair: tuple[str, str], name: str, rounds: int) -> Timed:
    what = f"{name} of {pair[0]} and {pair[1]}"
    context = multiprocessing.get_context("spawn")
    inward, outward = context.Pipe(duplex=False)
    child = context.Process(target=_view, args=(location, pair, name, rounds, outward))
    child.start()
    outward.close()
    told = inward.poll(PATIENCE)
    try:
        first, seconds, size, peak = inward.recv() if told else (None, math.inf, "stopped: it took too long", 0.0)
    except EOFError:
        first, seconds, size, peak = None, math.inf, "failed, see above", 0.0
    child.kill()
    child.join()
    return Timed("view", what, seconds, size, peak, first)


def _view(location: str, pair: tuple[str, str], name: str, rounds: int, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    record = open_record(location)
    record.dyad(*PAIRS[-2]).events()
    answer.send((*_seconds(record, pair, name, rounds), peak_mib()))


def weekly(record: Record, rounds: int) -> list[Timed]:
    """All dyads by week, if that is there."""
    try:
        from dragoman.relate.series import all_dyads_by_week
    except ImportError:
        return []

    def work() -> int:
        table = all_dyads_by_week(record.store().snapshot().table("events")).to_pyarrow()
        return int(table.num_rows)

    seconds, rows = seconds_of(work, rounds)
    return [Timed("week", "all dyads by week", seconds, f"{rows} rows", peak_mib())]


def fresh(count: int, late: float) -> dict[str, tuple[Report, Document]]:
    """New mentions with their documents: of the last weeks, and a share `late` of all ten years; some retell others."""
    weeks = max(7, DAYS * count // 1_000_000)
    parts = (("new", count - int(late * count), DAYS - weeks, DAYS), ("late", int(late * count), 0, DAYS))
    return {
        mention.id: (report_of(mention, document), document)
        for number, (name, size, first, last) in enumerate(parts)
        for document, mentions in documents_of(draw(size, 7000 + number, first, last, RETOLD), name)
        for mention in mentions
    }


def merging(record: Record, count: int, late: float, profile: bool) -> list[Timed]:
    """Merging new mentions in one transaction; making them is not timed."""
    new = fresh(count, late)
    before = record.store().snapshot().commit["version"]
    profiler = cProfile.Profile() if profile else None

    def work() -> None:
        with record.store().begin("add") as transaction:
            documents = {document.id: document for _, document in new.values()}
            transaction.insert("documents", (document_row(d, signature(d)) for d in documents.values()))
            remerge(transaction, new)

    if profiler:
        profiler.enable()
    seconds, _ = seconds_of(work, 1)
    if profiler:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    snapshot = record.store().snapshot()
    assert snapshot.commit["version"] == before + 1
    joined = snapshot.table("events").filter(lambda events: events.mentions.length() > 1).count().to_pyarrow().as_py()
    return [Timed("merge", f"merging {len(new)} new mentions", seconds, f"{joined} events of several", peak_mib())]


def make(location: str, events: int) -> None:
    """Make the record in a process of its own, so that its memory does not count."""
    child = multiprocessing.get_context("spawn").Process(target=_make, args=(location, events))
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(f"The record could not be made; the process ended with {child.exitcode}.")


def _make(location: str, events: int) -> None:
    fill(location, events)
    open_record(location).compact()


def over(timed: Sequence[Timed]) -> list[str]:
    """What took longer, or more memory, than issue 5 allows."""
    found = [
        f"{t.what}: {t.seconds:.2f} s, {LIMITS[t.kind]:.0f} are allowed" for t in timed if t.seconds > LIMITS[t.kind]
    ]
    most = max(t.peak for t in timed)
    return [
        *found,
        *([f"memory: {most:.0f} MiB, {LIMITS['memory']:.0f} are allowed"] if most > LIMITS["memory"] else []),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, measure and print; 1 with `--limit` if something is over it."""
    parser = argparse.ArgumentParser(description="Views, weeks and merging on a record of a million events.")
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the record (1,000,000)")
    parser.add_argument("--new", type=int, default=10_000, help="mentions merged into it (10,000)")
    parser.add_argument("--late", type=float, default=0.1, help="share of these from any of the ten years (0.1)")
    parser.add_argument("--record", type=Path, default=None, help="where to make and keep it (a temporary folder)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each view, of which the median is told (3)")
    parser.add_argument("--views", nargs="*", choices=VIEWS, default=VIEWS, help="views that are timed (all)")
    parser.add_argument("--profile", action="store_true", help="print where merging spends its time")
    parser.add_argument("--limit", action="store_true", help="end with 1 if a figure is over what issue 5 allows")
    given = parser.parse_args(arguments)
    if given.events < 1 or given.rounds < 1 or not 0 <= given.late <= 1:
        parser.error("--events and --rounds must be at least 1, --late a share from 0 to 1")
    folder = Path(tempfile.mkdtemp(prefix="million-")) if given.record is None else given.record
    try:
        start = time.perf_counter()
        if not (folder / "commits").exists():
            make(str(folder), given.events)
        made = time.perf_counter() - start
        record = open_record(folder)
        scan(record)
        plain, _ = seconds_of(lambda: scan(record), given.rounds)
        timed = [*views(str(folder), given.views, given.rounds), *weekly(record, given.rounds)]
        if given.new:
            timed += merging(record, given.new, given.late, given.profile)
        _print(record, made, plain, timed)
    finally:
        if given.record is None:
            shutil.rmtree(folder)
    failed = over(timed) if given.limit else []
    sys.stderr.write("".join(f"Over the limit: {line}.\n" for line in failed))
    return 1 if failed else 0


def _first(timed: Timed, plain: float) -> str:
    return " " * 18 if timed.first is None else f"{timed.first:9.3f}{timed.first / plain:9.1f}"


def _print(record: Record, made: float, plain: float, timed: Sequence[Timed]) -> None:
    snapshot = record.store().snapshot()
    counts = [
        f"{snapshot.table(name).count().to_pyarrow().as_py():,} {name}" for name in ("events", "mentions", "documents")
    ]
    last: date = FIRST_DAY.replace(year=FIRST_DAY.year + DAYS // 365)
    lines = [
        f"record       {', '.join(counts)}, {FIRST_DAY} to {last}, made in {made:.0f} s",
        f"plain scan   {plain:.3f} s",
        f"{'':44}{'at first':>9}{'x scan':>9}{'seconds':>9}{'x scan':>9}{'peak MiB':>10}",
        *(
            f"{t.what:44}{_first(t, plain)}{t.seconds:9.3f}{t.seconds / plain:9.1f}{t.peak:10.0f}   {t.result}"
            for t in timed
        ),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
