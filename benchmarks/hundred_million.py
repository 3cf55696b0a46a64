"""A record of a hundred million events: one dyad by week, and all dyads by month, beside DuckDB reading the same files.

`python -m benchmarks.hundred_million` makes the record (`--events` for another size; about 3 GB of files for a hundred
million) and prints seconds, processor seconds of all threads, how many times as long as DuckDB by hand that is, and
the peak memory. Each figure is the median of several rounds in which ours and theirs take turns.

By hand is the SQL that somebody would write who knows the flat keys, over the same Parquet files, and it gives the same
table: both ways, every column, events of several actors, and what was read of each week. That is looked at first. A
dyad is asked for twice: `first`, in a record opened anew, with what was read of each week, beside a new connection of
DuckDB; and `week`, of a record that is open already, beside a connection that knows the files' ends and has counted
what was read. With `--limit` it ends with 1 if a figure is over what issue 6 allows.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from benchmarks.made_large import fill
from benchmarks.million import peak_mib

from dragoman.pipeline.record import Record, open_record
from dragoman.pipeline.remembered import forget
from dragoman.record import Snapshot, Store
from dragoman.relate.counting import CELLS, COUNTS
from dragoman.relate.series import SeriesRow, Step, all_dyads_by_month

PAIRS = (("USA", "RUS"), ("POL", "SAU"), ("BWA", "PER"))
"""A dyad among the busiest, one in the middle, and a rare one."""

RATIO, MEMORY = 1.3, 6144.0
"""How many times as long as DuckDB by hand is allowed, and MiB."""

SECONDS = {"week": 1.0, "month": 60.0}
"""What issue 6 allows for one dyad by week, and for all dyads by month."""

READ = """
SELECT date_trunc('week', last_reported)::DATE AS start, count(*) AS documents FROM {events}
WHERE provider <> 'dragoman' AND last_reported IS NOT NULL GROUP BY ALL
"""

BEARS = "({key} = '{code}' OR {key} LIKE '{code}:%' OR {key} LIKE '%+{code}+%' OR {key} LIKE '%+{code}:%')"
"""Whether an actor of a code stands on a side; no name in these files holds a plus sign."""

WEEKLY = """
SELECT forth, date_trunc('week', day)::DATE AS start, domain,
       count(*) FILTER (word AND way) AS words_cooperation, count(*) FILTER (word AND NOT way) AS words_conflict,
       count(*) FILTER (deed AND way) AS deeds_cooperation, count(*) FILTER (deed AND NOT way) AS deeds_conflict,
       sum(intensity) FILTER (word AND way) AS words_cooperation_intensity,
       sum(intensity) FILTER (word AND NOT way) AS words_conflict_intensity,
       sum(intensity) FILTER (deed AND way) AS deeds_cooperation_intensity,
       sum(intensity) FILTER (deed AND NOT way) AS deeds_conflict_intensity,
       count(*) FILTER (factuality = 'possible') AS possible, count(*) FILTER (factuality = 'denied') AS denied,
       sum(len(mentions)) FILTER (word OR deed) AS reports, sum(origins) FILTER (word OR deed) AS origins,
       count(*) FILTER ((word OR deed) AND date IS NULL) AS by_report
FROM (
  SELECT coalesce(date, first_reported) AS day, date, domain, intensity, origins, mentions, factuality,
         quad IN (1, 2) AS way, factuality = 'pledged' OR (factuality = 'actual' AND quad IN (1, 3)) AS word,
         factuality = 'actual' AND quad IN (2, 4) AS deed, {first_acts} AND {second_acted_on} AS forth
  FROM {events}
  WHERE (({first_acts} AND {second_acted_on}) OR ({second_acts} AND {first_acted_on})) AND NOT dismissed
)
WHERE day IS NOT NULL GROUP BY ALL
"""

MONTHLY = """
WITH by_key AS (
  SELECT source_key, target_key, date_trunc('month', coalesce(date, first_reported))::DATE AS month,
         count(*) FILTER (factuality = 'pledged' OR quad IN (1, 3)) AS words,
         count(*) FILTER (factuality = 'actual' AND quad IN (2, 4)) AS deeds,
         count(*) FILTER (quad IN (1, 2)) AS cooperation, count(*) FILTER (quad IN (3, 4)) AS conflict,
         sum(intensity) AS intensity
  FROM {events}
  WHERE NOT dismissed AND factuality IN ('actual', 'pledged') AND coalesce(date, first_reported) IS NOT NULL
  GROUP BY ALL
), called AS (
  SELECT CASE WHEN source[4] = ':' THEN source[5:] ELSE source END AS source,
         CASE WHEN target[4] = ':' THEN target[5:] ELSE target END AS target,
         month, words, deeds, cooperation, conflict, intensity
  FROM (SELECT *, unnest(string_split(trim(target_key, '+'), '+')) AS target
        FROM (SELECT *, unnest(string_split(trim(source_key, '+'), '+')) AS source FROM by_key))
)
SELECT source, target, month, sum(words) AS words, sum(deeds) AS deeds, sum(cooperation) AS cooperation,
       sum(conflict) AS conflict, sum(intensity) AS intensity
FROM called WHERE source <> '' AND target <> '' AND source <> target GROUP BY ALL
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


class ByHand:
    """DuckDB alone over the files of a record."""

    def __init__(self, files: Sequence[str], *, kept: bool = False) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 2")
        if kept:
            self._connection.execute("SET parquet_metadata_cache = true")
        self._events = f"read_parquet({list(files)}, hive_partitioning = false)"

    def read(self) -> dict[date, int]:
        """What was read of each week."""
        return dict(self._connection.execute(READ.format(events=self._events)).fetchall())

    def weekly(self, first: str, second: str) -> pa.Table:
        """The weeks of two by domain, both ways."""
        told = {
            f"{name}_{side}": BEARS.format(key=key, code=code)
            for name, code in (("first", first), ("second", second))
            for side, key in (("acts", "source_key"), ("acted_on", "target_key"))
        }
        return self._connection.execute(WEEKLY.format(events=self._events, **told)).to_arrow_table()

    def monthly(self) -> pa.Table:
        """All dyads by month."""
        return self._connection.execute(MONTHLY.format(events=self._events)).to_arrow_table()


def first_time(location: str, first: str, second: str) -> list[SeriesRow]:
    """The weeks of two in a record of which nothing is known yet."""
    forget()
    return weekly(open_record(location), first, second)


def weekly(record: Record, first: str, second: str) -> list[SeriesRow]:
    """The weeks of two, asked for anew."""
    return record.dyad(first, second).series(Step.WEEK)


def monthly(location: str) -> pa.Table:
    """All dyads by month, the record opened anew."""
    snapshot = Store.open(location).snapshot()
    whole = snapshot.is_whole("events", "source_key", "target_key")
    return snapshot.columns("events", all_dyads_by_month(snapshot.table("events"), whole=whole))


@dataclass(frozen=True, slots=True)
class Week:
    """All that a week of one way tells."""

    documents: int | None
    cells: tuple[tuple[int, float], ...]
    others: tuple[int, ...]
    domains: dict[str | None, int]


def told(rows: Sequence[SeriesRow], first: str) -> dict[tuple[bool, date], Week]:
    """All that each week tells, by way and start; weeks without an event are left out."""
    return {
        (row.source == first, row.start): Week(
            row.documents,
            tuple((cell.count, cell.intensity) for cell in row.tally.cells),
            tuple(getattr(row.tally, name) for name in COUNTS[len(CELLS) :]),
            dict(row.tally.domains),
        )
        for row in rows
        if row.tally and (row.tally.count or row.tally.possible or row.tally.denied)
    }


def told_by_hand(table: pa.Table, read: Mapping[date, int]) -> dict[tuple[bool, date], Week]:
    """The same of the answer by hand."""
    found: dict[tuple[bool, date], list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["forth"], row["start"]].append(row)
    return {
        (forth, start): Week(
            read[start],
            tuple(
                (sum(row[cell] for row in rows), round(sum(row[f"{cell}_intensity"] or 0.0 for row in rows), 3))
                for cell in CELLS
            ),
            tuple(sum(row[name] or 0 for row in rows) for name in COUNTS[len(CELLS) :]),
            {row["domain"]: n for row in rows if (n := sum(row[cell] for cell in CELLS))},
        )
        for (forth, start), rows in found.items()
    }


def told_apart(ours: pa.Table, theirs: pa.Table) -> int:
    """How many rows of all dyads by month stand in one answer alone; intensities are rounded to three digits."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    names = "source, target, month::DATE, words::BIGINT, deeds::BIGINT, cooperation::BIGINT, conflict::BIGINT"
    sides = []
    for name, table in (("ours", ours), ("theirs", theirs)):
        connection.register(name, table)
        sides.append(f"(SELECT {names}, round(intensity, 3) FROM {name})")  # noqa: S608
    question = f"SELECT count(*) FROM (({sides[0]} EXCEPT {sides[1]}) UNION ALL ({sides[1]} EXCEPT {sides[0]}))"  # noqa: S608
    (found,) = connection.execute(question).fetchall()[0]
    number: int = found + abs(ours.num_rows - theirs.num_rows)
    return number


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
    record, kept = open_record(location), ByHand(files, kept=True)
    read = kept.read()
    found = []
    for first, second in PAIRS:
        ours = told(weekly(record, first, second), first)
        if ours != told_by_hand(kept.weekly(first, second), read):
            raise SystemExit(f"{first} and {second}: the weeks by hand are others than ours.")
        number = sum(sum(week.domains.values()) for week in ours.values())
        result = f"{number:,} words and deeds, {len(ours)} weeks with any"

        def anew(one: str = first, two: str = second) -> object:
            by_hand = ByHand(files)
            return by_hand.read(), by_hand.weekly(one, two)

        found += [
            compare(
                "first",
                f"{first} and {second}, first",
                partial(first_time, location, first, second),
                anew,
                rounds,
                result,
            ),
            compare(
                "week",
                f"{first} and {second} by week",
                partial(weekly, record, first, second),
                partial(kept.weekly, first, second),
                rounds,
                result,
            ),
        ]
        forget()
        weekly(record, first, second)
    ours_of_all, theirs_of_all = monthly(location), ByHand(files).monthly()
    if told_apart(ours_of_all, theirs_of_all):
        raise SystemExit("All dyads by month: by hand they are others than ours.")
    rows = ours_of_all.num_rows
    del ours_of_all, theirs_of_all
    found.append(
        compare(
            "month",
            "all dyads by month",
            partial(monthly, location),
            lambda: ByHand(files).monthly(),
            max(1, rounds - 2),
            f"{rows:,} rows",
        )
    )
    return found


def over(found: Sequence[Compared], peak: float) -> list[str]:
    """What took longer, or more memory, than issue 6 allows."""
    return [
        *(
            f"{c.what}: {c.ours[0]:.2f} s, {SECONDS[c.kind]:.0f} are allowed"
            for c in found
            if c.ours[0] > SECONDS.get(c.kind, math.inf)
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
