"""Makes a record of a hundred million imported events by SQL: heavy-tailed dyads, ten years, two providers.

The files are written as compacting a large record writes them: a folder for each month of the events and provider, in
each the rows sorted by who acts on whom. The same seed gives the same rows.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.made_record import TYPE_SHARES, TYPES, states
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, create_table_with_add_actions

from dragoman.coding.ontology import intensity, ontology
from dragoman.record import Store, keep_day_counts
from dragoman.record.partitions import GROUP_ROWS, PARTED_BY, parted_schema
from dragoman.record.schemas import EVENTS
from dragoman.terms import Domain

FIRST_YEAR, YEARS = 2015, 10
PROVIDERS = {"gdelt": 0.8, "icews": 0.2}
"""The shares of the providers."""

DYADS = 20_000
"""Ordered pairs of actors; the busiest have their ranks by Zipf's law, flattened by `FLATTENED`."""

FLATTENED = 20.0
NO_MONTH = "__HIVE_DEFAULT_PARTITION__"
"""The folder of events without a date."""

UNDATED, COMPOUND, BODIES = 0.01, 0.02, 0.1
"""Shares: of events without a date, and of dyads with two actors on a side, and with a body such as NATO."""


def fill(location: str, events: int, seed: int = 1, threads: int = 2, memory: str = "3GB") -> int:
    """Make a record of about so many events, and return the number of its files."""
    Store.open(location, create=True)
    place = Path(location, "events")
    shutil.rmtree(place)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}; SET memory_limit = '{memory}'")
    _lists(connection, seed)
    months = [date(FIRST_YEAR + n // 12, n % 12 + 1, 1) for n in range(12 * YEARS)]
    part = 0
    for provider, share in PROVIDERS.items():
        whole = round(events * share)
        undated = round(whole * UNDATED)
        known = _spread(whole - undated, len(months))
        for month, count in [*zip(months, known, strict=True), (None, undated)]:
            if count:
                _write(connection, place, provider, month, part, count, seed)
            part += 1
    _register(place)
    store = Store.open(location)
    base = store.snapshot()
    versions = {"events": DeltaTable(place).version(), "version": base.version + 1, "operation": "make"}
    store._append_commit({**base.commit, **versions})
    keep_day_counts(Store.open(location))
    return len(base.delta("events").file_uris())


def _register(place: Path) -> None:
    """Make a Delta table of the files; that all of them have the newest columns is told beside."""
    added = []
    for file in sorted(place.rglob("*.parquet")):
        month, provider = (part.name.split("=")[1] for part in (file.parent.parent, file.parent))
        rows = pq.read_metadata(file).num_rows
        added.append(
            AddAction(
                str(file.relative_to(place)),
                file.stat().st_size,
                dict(zip(PARTED_BY, (None if month == NO_MONTH else month, provider), strict=True)),
                round(file.stat().st_mtime * 1000),
                True,
                json.dumps({"numRecords": rows, "nullCount": {"id": 0, "source_key": 0, "target_key": 0}}),
            )
        )
    nullable = pa.schema([field.with_nullable(True) for field in parted_schema(EVENTS)])
    create_table_with_add_actions(str(place), Schema.from_arrow(nullable), added, partition_by=list(PARTED_BY))


def _spread(whole: int, parts: int) -> list[int]:
    return [whole // parts + (n < whole % parts) for n in range(parts)]


def _lists(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """The dyads with their shares, in the order in which their events are to lie."""
    actors = [{"code": actor.code, "name": actor.name} for actor in states()]
    bodies = [{"code": "IGO", "name": name} for name in ("NATO", "IAEA", "ASEAN", "African Union", "OPEC")]
    connection.register("state", pa.Table.from_pylist([{"rank": n, **actor} for n, actor in enumerate(actors)]))
    connection.register("body", pa.Table.from_pylist([{"rank": n, **actor} for n, actor in enumerate(bodies)]))
    connection.execute(
        f"""
        CREATE TABLE dyad AS
        WITH actor AS (
          SELECT rank, struct_pack(code := code, name := name, sector := NULL::VARCHAR, wikidata := NULL::VARCHAR) AS it
          FROM state
        ), other AS (
          SELECT rank, struct_pack(code := code, name := name, sector := NULL::VARCHAR, wikidata := NULL::VARCHAR) AS it
          FROM body
        ), pair AS (
          SELECT one.it AS source, two.it AS target,
                 row_number() OVER (ORDER BY (one.rank + 1) * (two.rank + 1), one.rank, two.rank) AS place
          FROM actor one JOIN actor two ON one.rank <> two.rank QUALIFY place <= {DYADS}
        ), told AS (
          SELECT place, source, target, (hash(place, {seed}) % 1000) / 1000.0 AS chance,
                 1 / (place + {FLATTENED}) AS weight
          FROM pair
        ), sides AS (
          SELECT place, weight, list_sort(list_distinct([source] || CASE WHEN chance < {COMPOUND}
                   THEN [(SELECT it FROM actor WHERE rank = 30)] ELSE [] END)) AS source,
                 CASE WHEN chance BETWEEN {COMPOUND} AND {COMPOUND + BODIES}
                   THEN [(SELECT it FROM other WHERE rank = place % 5)] ELSE [target] END AS target
          FROM told
        ), coded AS (
          SELECT *, CASE WHEN len(source) = 1 THEN source[1].code
                         ELSE '+' || array_to_string(list_transform(source, lambda one: one.code), '+') || '+'
                    END AS source_key,
                 target[1].code || CASE WHEN target[1].code = 'IGO' THEN ':' || target[1].name ELSE '' END AS target_key
          FROM sides
        )
        SELECT row_number() OVER (ORDER BY source_key, target_key, place) AS number,
               weight / sum(weight) OVER () AS share, source, target, source_key, target_key
        FROM coded ORDER BY number
        """  # noqa: S608
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    place: Path,
    provider: str,
    month: date | None,
    part: int,
    count: int,
    seed: int,
) -> None:
    """One folder of one month and provider."""
    named = NO_MONTH if month is None else f"{month:%Y-%m}"
    folder = place / f"{PARTED_BY[0]}={named}" / f"{PARTED_BY[1]}={provider}"
    folder.mkdir(parents=True)
    start = month or date(FIRST_YEAR, 1, 1)
    days = ((start + timedelta(days=31)).replace(day=1) - start).days if month else 365 * YEARS
    kinds = [kind for kind, times in zip(TYPES, TYPE_SHARES, strict=True) for _ in range(int(times))]
    scores = [intensity(kind, None) for kind in kinds]
    columns = {
        "id": "format('e{:04x}{:016x}', n % 65536, hash(n))",
        "date": "day" if month else "NULL::DATE",
        "date_precision": "'day'" if month else "NULL::VARCHAR",
        "date_end": "day" if month else "NULL::DATE",
        "type": _chosen([kind.value for kind in kinds], 1),
        "mode": "NULL::VARCHAR",
        "quad": f"{_chosen([ontology()[kind].quad for kind in kinds], 1)}::TINYINT",
        "intensity": f"{_chosen(scores, 1)}::DOUBLE",
        "factuality": _chosen(["actual"] * 80 + ["pledged"] * 14 + ["possible"] * 3 + ["denied"] * 3, 8),
        "contested": "false",
        "claimants": "[]::VARCHAR[]",
        "deniers": "[]::VARCHAR[]",
        "domain": _chosen([None] * 16 + [domain.value for domain in Domain], 16),
        "place": "NULL::STRUCT(name VARCHAR, country VARCHAR, geonames_id BIGINT, latitude DOUBLE, longitude DOUBLE, "
        'part VARCHAR, "start" INTEGER, "end" INTEGER)',
        "confidence": "NULL::DOUBLE",
        "mentions": "[]::VARCHAR[]",
        "outlets": "[]::VARCHAR[]",
        "origins": f"{_chosen([1, 1, 2, 4], 24)}::INTEGER",
        "first_reported": "day",
        "last_reported": "day",
        "provider": f"'{provider}'",
        "coder_version": f"'{provider}.made'",
        "dismissed": "false",
    }
    told = ", ".join(f"{columns.get(name, name)} AS {name}" for name in EVENTS.names)
    # Rows come in the order in which they are to lie: dyad by dyad, in each by day, so that nothing need be sorted.
    connection.execute(
        f"""
        COPY (
          SELECT {told} FROM (
            SELECT *, hash(n, {seed}) AS chance, (DATE '{start}' + (i * {days} // times)::INTEGER)::DATE AS day FROM (
              SELECT *, ({part}::BIGINT << 40) + (number << 24) + i AS n FROM (
                SELECT *, unnest(range(times)) AS i FROM (
                  SELECT *, floor(share * {count} + (hash(number, {seed}, {part}) % 1000) / 1000.0)::BIGINT AS times
                  FROM dyad
                )
              )
            )
          )
        ) TO '{folder / "part-0.parquet"}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {GROUP_ROWS})
        """  # noqa: S608
    )


def _chosen(values: Sequence[object], shift: int) -> str:
    """SQL that takes one of the values by some digits of `chance`; a value that stands twice comes twice as often."""
    told = ", ".join("NULL" if value is None else repr(value) for value in map(_plain, values))
    return f"([{told}])[(1 + (chance >> {shift}) % {len(values)})::INTEGER]"


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
