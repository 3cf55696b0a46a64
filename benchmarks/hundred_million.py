"""A record of a hundred million events: one dyad by week, and all dyads by month, beside DuckDB reading the same files.

`python -m benchmarks.hundred_million` makes the record (`--events` for another size; about 3 GB of files for a hundred
million) and prints seconds, processor seconds of all threads, how many times as long as DuckDB by hand that is, and
the peak memory. Each figure is the median of several rounds in which ours and theirs take turns, each in a connection
of its own. By hand is the SQL that somebody would write who knows the flat keys, over the same Parquet files. With
`--limit` it ends with 1 if a figure is over what issue 6 allows.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pyarrow as pa
from benchmarks.made_large import fill
from benchmarks.million import peak_mib

from dragoman.pipeline.counted import stored_series
from dragoman.record import Snapshot, Store
from dragoman.relate.counting import CELLS
from dragoman.relate.series import SeriesRow, Step, all_dyads_by_month

PAIRS = (("USA", "RUS"), ("POL", "SAU"), ("BWA", "PER"))
"""A dyad among the busiest, one in the middle, and a rare one."""

RATIO, MEMORY = 1.3, 6144.0
"""How many times as long as DuckDB by hand is allowed, and MiB."""

SECONDS = {"week": 1.0, "month": 60.0}
"""What issue 6 allows for one dyad by week, and for all dyads by month."""

WEEKLY = """
SELECT date_trunc('week', day)::DATE AS start, domain,
       count(*) FILTER (word AND way) AS words_cooperation, count(*) FILTER (word AND NOT way) AS words_conflict,
       count(*) FILTER (deed AND way) AS deeds_cooperation, count(*) FILTER (deed AND NOT way) AS deeds_conflict,
       sum(intensity) FILTER (word AND way) AS words_cooperation_intensity,
       sum(intensity) FILTER (word AND NOT way) AS words_conflict_intensity,
       sum(intensity) FILTER (deed AND way) AS deeds_cooperation_intensity,
       sum(intensity) FILTER (deed AND NOT way) AS deeds_conflict_intensity,
       sum(origins) FILTER (word OR deed) AS origins
FROM (
  SELECT coalesce(date, first_reported) AS day, domain, intensity, origins, quad IN (1, 2) AS way,
         factuality = 'pledged' OR (factuality = 'actual' AND quad IN (1, 3)) AS word,
         factuality = 'actual' AND quad IN (2, 4) AS deed
  FROM read_parquet({files}) WHERE source_key = '{source}' AND target_key = '{target}' AND NOT dismissed
)
WHERE day IS NOT NULL GROUP BY ALL
"""

MONTHLY = """
SELECT source_key AS source, target_key AS target, date_trunc('month', coalesce(date, first_reported)) AS month,
       count(*) FILTER (factuality = 'pledged' OR quad IN (1, 3)) AS words,
       count(*) FILTER (factuality = 'actual' AND quad IN (2, 4)) AS deeds,
       count(*) FILTER (quad IN (1, 2)) AS cooperation, count(*) FILTER (quad IN (3, 4)) AS conflict,
       sum(intensity) AS intensity
FROM read_parquet({files})
WHERE NOT dismissed AND factuality IN ('actual', 'pledged') AND source_key <> target_key
      AND coalesce(date, first_reported) IS NOT NULL
GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was asked; seconds by the clock and of the processor, ours and theirs; what came of it."""

    kind: str
    what: str
    ours: tuple[float, float]
    theirs: tuple[float, float]
    result: str

    @property
    def ratio(self) -> float:
        """How many times as long as by hand ours took, by the clock."""
        return self.ours[0] / self.theirs[0]


def by_hand(files: Sequence[str], question: str, **parties: str) -> pa.Table:
    """The answer of DuckDB alone, in a connection of its own, as ours has."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    return connection.execute(question.format(files=list(files), **parties)).to_arrow_table()


def weekly(location: str, source: str, target: str) -> list[SeriesRow]:
    """The series of one dyad by week, the record opened anew."""
    return stored_series(Store.open(location).snapshot(), source, target, Step.WEEK)


def monthly(location: str) -> pa.Table:
    """All dyads by month, the record opened anew."""
    snapshot = Store.open(location).snapshot()
    return snapshot.columns("events", all_dyads_by_month(snapshot.table("events")))


def totals(rows: Sequence[SeriesRow]) -> dict[date, tuple[int, ...]]:
    """The four counts and the origins of each week that has any."""
    found = {row.start: (*(cell.count for cell in row.tally.cells), row.tally.origins) for row in rows if row.tally}
    return {start: counts for start, counts in found.items() if any(counts)}


def totals_by_hand(table: pa.Table) -> dict[date, tuple[int, ...]]:
    """The same of the answer by hand."""
    found: dict[date, list[int]] = {}
    for row in table.to_pylist():
        counts = found.setdefault(row["start"], [0] * (len(CELLS) + 1))
        for place, name in enumerate((*CELLS, "origins")):
            counts[place] += row[name] or 0
    return {start: tuple(counts) for start, counts in found.items() if any(counts)}


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor in all threads."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def compare(
    kind: str, what: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int, result: str
) -> Compared:
    """Both several times, in turns; the medians."""
    found: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            found[which].append(taken((ours, theirs)[which]))
    medians = [
        (statistics.median(one for one, _ in times), statistics.median(other for _, other in times)) for times in found
    ]
    return Compared(kind, what, medians[0], medians[1], result)


def measure(location: str, rounds: int) -> list[Compared]:
    """Every question, ours and by hand; that both tell the same is seen to first."""
    files = Store.open(location).snapshot().table_files("events")
    found = []
    for source, target in PAIRS:
        told, other = weekly(location, source, target), by_hand(files, WEEKLY, source=source, target=target)
        number = sum(sum(counts[:-1]) for counts in totals(told).values())
        here, there = totals(told), totals_by_hand(other)
        if any(here.get(start, ()) < counts for start, counts in there.items()):
            raise SystemExit(f"{source} and {target}: the weeks by hand tell more than ours.")
        found.append(
            compare(
                "week",
                f"{source} to {target} by week",
                lambda one=source, two=target: weekly(location, one, two),  # type: ignore[misc]
                lambda one=source, two=target: by_hand(files, WEEKLY, source=one, target=two),  # type: ignore[misc]
                rounds,
                f"{number:,} words and deeds, {len(here)} weeks" + ("" if here == there else ", by hand fewer"),
            )
        )
    rows: list[int] = []
    ours = lambda: rows.append(monthly(location).num_rows)  # noqa: E731
    found.append(compare("month", "all dyads by month", ours, lambda: by_hand(files, MONTHLY), max(1, rounds - 2), ""))
    last = found.pop()
    return [*found, Compared(last.kind, last.what, last.ours, last.theirs, f"{rows[-1]:,} rows")]


def over(found: Sequence[Compared], peak: float) -> list[str]:
    """What took longer, or more memory, than issue 6 allows."""
    return [
        *(
            f"{c.what}: {c.ours[0]:.2f} s, {SECONDS[c.kind]:.0f} are allowed"
            for c in found
            if c.ours[0] > SECONDS[c.kind]
        ),
        *(f"{c.what}: {c.ratio:.2f} times by hand, {RATIO} are allowed" for c in found if c.ratio > RATIO),
        *([f"memory: {peak:.0f} MiB, {MEMORY:.0f} are allowed"] if peak > MEMORY else []),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, measure and print; 1 with `--limit` if something is over it."""
    parser = argparse.ArgumentParser(description="One dyad by week and all by month, of a hundred million events.")
    parser.add_argument("--events", type=int, default=100_000_000, help="size of the record (100,000,000)")
    parser.add_argument("--record", type=Path, default=None, help="where to make and keep it (a temporary folder)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median is told (5)")
    parser.add_argument("--limit", action="store_true", help="end with 1 if a figure is over what issue 6 allows")
    given = parser.parse_args(arguments)
    if given.events < 1 or given.rounds < 1:
        parser.error("--events and --rounds must be at least 1")
    folder = Path(tempfile.mkdtemp(prefix="hundred-million-")) if given.record is None else given.record
    try:
        start = time.perf_counter()
        if not (folder / "events" / "_delta_log").exists():
            # In a process of its own, so that its memory does not count.
            child = get_context("spawn").Process(target=fill, args=(str(folder), given.events))
            child.start()
            child.join()
            if child.exitcode:
                raise SystemExit(f"The record could not be made; the process ended with {child.exitcode}.")
        made = time.perf_counter() - start
        found = measure(str(folder), given.rounds)
        peak = peak_mib()
        _print(Store.open(str(folder)).snapshot(), made, found, peak)
    finally:
        if given.record is None:
            shutil.rmtree(folder)
    failed = over(found, peak) if given.limit else []
    sys.stderr.write("".join(f"Over the limit: {line}.\n" for line in failed))
    return 1 if failed else 0


def _print(snapshot: Snapshot, made: float, found: Sequence[Compared], peak: float) -> None:
    files = snapshot.table_files("events")
    size = sum(Path(file.removeprefix("file://")).stat().st_size for file in files)
    count = snapshot.table("events").count().to_pyarrow().as_py()
    lines = [
        f"record       {count:,} events in {len(files)} files, {size / 2**30:.1f} GiB, made in {made:.0f} s",
        f"peak memory  {peak:.0f} MiB",
        f"{'':28}{'s':>9}{'CPU s':>9}{'by hand s':>11}{'CPU s':>9}{'ratio':>8}{'CPU ratio':>11}",
        *(
            f"{c.what:28}{c.ours[0]:9.3f}{c.ours[1]:9.3f}{c.theirs[0]:11.3f}{c.theirs[1]:9.3f}{c.ratio:8.2f}"
            f"{c.ours[1] / c.theirs[1] if c.theirs[1] else math.inf:11.2f}   {c.result}"
            for c in found
        ),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
