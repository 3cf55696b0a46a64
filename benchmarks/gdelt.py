"""A made-up day file of GDELT: how fast it is imported, beside DuckDB and pyarrow reading the same file by hand.

`python -m benchmarks.gdelt [--rows N]` writes N rows of 61 columns (actors and places drawn by Zipf's law, every code
of CAMEO), then reads the file with each of the three in turn, and prints rows a second. The import maps, writes events
and original rows as Delta tables, and stores refusals; the other two only bring the cells into memory.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

import duckdb
import numpy as np
from pyarrow import csv as arrow_csv

from dragoman.exchange.codes import cameo
from dragoman.exchange.gdelt import COLUMNS
from dragoman.pipeline import Record

KINDS = ("", "GOV", "MIL", "COP", "JUD", "BUS", "CVL", "LEG", "REB", "MED", "EDU", "OPP")
TOWNS = tuple(f"Town {number}, Province {number % 97}" for number in range(5000))
SITES = tuple(f"outlet{number}.example" for number in range(2000))
SEED = 7


def main() -> None:
    """Print the three rates of one run each round, and the import's share of the rows refused."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--rows", type=int, default=300_000)
    arguments.add_argument("--rounds", type=int, default=3)
    wanted = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "20240101.export.CSV"
        make_file(path, wanted.rows)
        sys.stdout.write(f"{wanted.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB\n")
        for number in range(wanted.rounds):
            record = Record(Path(folder) / f"record{number}")
            told = (
                f"import {rate(partial(record.import_events, 'gdelt', path), wanted.rows)}",
                f"DuckDB {rate(partial(by_duckdb, path), wanted.rows)}",
                f"pyarrow {rate(partial(by_arrow, path), wanted.rows)}",
            )
            sys.stdout.write("; ".join(told) + "\n")
            sys.stdout.flush()


def rate(work: Callable[[], object], rows: int) -> str:
    """Rows a second of one call, and its CPU seconds: the figure to look at where the machine is shared."""
    started, used = time.perf_counter(), time.process_time()
    work()
    return f"{rows / (time.perf_counter() - started):,.0f} rows/s ({time.process_time() - used:.2f} CPU s)"


def by_duckdb(path: Path) -> int:
    """Every cell as text into a table of DuckDB; the number of rows."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        day = connection.read_csv(  # names and types are given, so that it need not guess
            str(path), sep="\t", header=False, quotechar="", escapechar="", all_varchar=True, names=list(COLUMNS)
        )
        day.create("day")
        found = connection.execute("select count(*) from day").fetchone()
    return int(found[0]) if found else 0


def by_arrow(path: Path) -> int:
    """Every cell into Arrow columns; the number of rows."""
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=list(COLUMNS)),
        parse_options=arrow_csv.ParseOptions(delimiter="\t", quote_char=False),
    )
    return int(table.num_rows)


def make_file(path: Path, rows: int) -> None:
    """Write a day file; the same seed gives the same bytes."""
    generator = np.random.default_rng(SEED)
    states = list(csv.DictReader(files("dragoman.exchange").joinpath("data/countries.csv").read_text().splitlines()))
    codes = sorted(code for code, facts in cameo().items() if facts.type)
    said = [f"01{digit}" for digit in range(10)]

    def drawn(many: int, tail: float = 1.3) -> np.ndarray:
        return (generator.zipf(tail, rows) - 1) % many

    actors, kinds = [drawn(len(states)) for _ in range(2)], [generator.integers(0, len(KINDS), rows) for _ in range(2)]
    nobody = generator.random((2, rows)) < [[0.08], [0.25]]
    statements = generator.random(rows) < 0.2
    chosen, stated = generator.integers(0, len(codes), rows), generator.integers(0, 10, rows)
    towns, sites = drawn(len(TOWNS)), drawn(len(SITES))
    sources = generator.integers(1, 9, rows)
    with path.open("w", encoding="utf-8") as out:
        for n in range(rows):
            state = states[actors[0][n]]
            code = said[stated[n]] if statements[n] else codes[chosen[n]]
            place = ["4", TOWNS[towns[n]], state["fips"], "X1", "1", f"{n % 170 - 85}.5", f"{n % 350 - 175}.25", str(n)]
            sides = []
            for side in range(2):
                if nobody[side][n]:
                    sides += [""] * 10
                    continue
                of, kind = states[actors[side][n]], KINDS[kinds[side][n]]
                three = of["cameo"].split("|")[0] or of["code"]
                sides += [three + kind, of["names"].split("|")[0].upper(), three, "", "", "", "", kind, "", ""]
            cells = [
                *(str(1_000_000 + n), "20240101", "202401", "2024", "2024.0027", *sides),
                *("1", code, code[:3], code[:2], "1", "1.0", "5", str(sources[n]), "5", "-2.5", *place, *place, *place),
                *("20240102001500", f"https://www.{SITES[sites[n]]}/story/{n}"),
            ]
            out.write("\t".join(cells) + "\n")


if __name__ == "__main__":
    main()
