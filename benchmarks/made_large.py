"""Makes a record of a hundred million imported events by SQL: heavy-tailed dyads, ten years, two providers.

The files are written as compacting a large record writes them: a folder for each month of the events and provider, in
each the rows sorted by who acts on whom. The same seed gives the same rows.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from benchmarks.made_record import TYPE_SHARES, TYPES, states
from deltalake import DeltaTable, Schema, convert_to_deltalake

from dragoman.coding.ontology import intensity, ontology
from dragoman.record import Store
from dragoman.record.partitions import GROUP_ROWS, PARTED_BY
from dragoman.record.schemas import EVENTS
from dragoman.terms import Domain

FIRST_YEAR, YEARS = 2015, 10
PROVIDERS = {"gdelt": 0.8, "icews": 0.2}
"""The shares of the providers."""

DYADS = 20_000
"""Ordered pairs of actors; the busiest have their ranks by Zipf's law, flattened by `FLATTENED`."""

FLATTENED = 20.0
SLOTS = 2**18
"""Places of the table from which dyads are drawn: the rarest of them has one."""

UNDATED, COMPOUND, BODIES = 0.01, 0.02, 0.1
"""Shares: of events without a date, and of dyads with two actors on a side, and with a body such as NATO."""


def fill(location: str, events: int, seed: int = 1, threads: int = 2, memory: str = "3GB") -> int:
    """Make a record of so many events, and return the number of its files."""
    Store.open(location, create=True)
    place = Path(location, "events")
    shutil.rmtree(place)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}; SET memory_limit = '{memory}'")
    _lists(connection, seed)
    months = [date(FIRST_YEAR + n // 12, n % 12 + 1, 1) for n in range(12 * YEARS)]
    first = 0
    for provider, share in PROVIDERS.items():
        whole = round(events * share)
        undated = round(whole * UNDATED)
        known = _spread(whole - undated, len(months))
        for month, count in [*zip(months, known, strict=True), (None, undated)]:
            if count:
                _write(connection, place, provider, month, (first, first + count), seed)
            first += count
    parts = Schema.from_arrow(pa.schema([(name, pa.string()) for name in PARTED_BY]))
    convert_to_deltalake(str(place), partition_by=parts, partition_strategy="hive")
    store = Store.open(location)
    base = store.snapshot()
    versions = {"events": DeltaTable(place).version(), "version": base.version + 1, "operation": "make"}
    store._append_commit({**base.commit, **versions})
    return len(base.delta("events").file_uris())


def _spread(whole: int, parts: int) -> list[int]:
    return [whole // parts + (n < whole % parts) for n in range(parts)]


def _lists(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """The tables that rows are drawn from: a slot for each dyad and type as often as it comes."""
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
          SELECT place, weight, list_sort([source] || CASE WHEN chance < {COMPOUND}
                   THEN [(SELECT it FROM actor WHERE rank = 30)] ELSE [] END) AS source,
                 CASE WHEN chance BETWEEN {COMPOUND} AND {COMPOUND + BODIES}
                   THEN [(SELECT it FROM other WHERE rank = place % 5)] ELSE [target] END AS target
          FROM told
        )
        SELECT row_number() OVER () - 1 AS slot, source, target, source_code, target_code FROM (
          SELECT place, source, target, unnest(range(greatest(1, round(weight / total * {SLOTS}))::BIGINT)),
                 CASE WHEN len(list_distinct(list_transform(source, lambda a: a.code))) = 1
                   THEN source[1].code END AS source_code,
                 target[1].code AS target_code
          FROM sides, (SELECT sum(weight) AS total FROM sides)
          ORDER BY place
        )
        """  # noqa: S608
    )
    kinds = [
        {"type": kind.value, "quad": ontology()[kind].quad, "intensity": intensity(kind, None), "times": int(times)}
        for kind, times in zip(TYPES, TYPE_SHARES, strict=True)
    ]
    connection.register("kind", pa.Table.from_pylist(kinds))
    connection.execute(
        """
        CREATE TABLE drawn AS SELECT row_number() OVER () - 1 AS slot, type, quad::TINYINT AS quad, intensity
        FROM (SELECT type, quad, intensity, unnest(range(times)) FROM kind ORDER BY type)
        """
    )
    connection.execute("CREATE TABLE numbers AS SELECT (SELECT max(slot) + 1 FROM dyad) AS dyads, "
                       "(SELECT max(slot) + 1 FROM drawn) AS kinds")  # fmt: skip


def _write(
    connection: duckdb.DuckDBPyConnection,
    place: Path,
    provider: str,
    month: date | None,
    numbers: tuple[int, int],
    seed: int,
) -> None:
    """One folder of one month and provider."""
    named = "__HIVE_DEFAULT_PARTITION__" if month is None else f"{month:%Y-%m}"
    folder = place / f"{PARTED_BY[0]}={named}" / f"{PARTED_BY[1]}={provider}"
    folder.mkdir(parents=True)
    start = month or date(FIRST_YEAR, 1, 1)
    days = ((start + timedelta(days=31)).replace(day=1) - start).days if month else 365 * YEARS
    domains = ", ".join(f"'{domain.value}'" for domain in Domain)
    columns = {
        "id": f"format('e{{:04x}}{{:016x}}', n % 65536, hash(n, {seed}))",
        "date": "day" if month else "NULL::DATE",
        "date_precision": "'day'" if month else "NULL::VARCHAR",
        "date_end": "day" if month else "NULL::DATE",
        "mode": "NULL::VARCHAR",
        "factuality": "CASE WHEN chance % 100 < 80 THEN 'actual' WHEN chance % 100 < 94 THEN 'pledged' "
        "WHEN chance % 100 < 97 THEN 'possible' ELSE 'denied' END",
        "contested": "false",
        "claimants": "[]::VARCHAR[]",
        "deniers": "[]::VARCHAR[]",
        "domain": f"CASE WHEN chance % 5 > 1 THEN ([{domains}])[(1 + (chance // 128) % {len(Domain)})::INTEGER] END",
        "place": "NULL::STRUCT(name VARCHAR, country VARCHAR, geonames_id BIGINT, latitude DOUBLE, longitude DOUBLE, "
        'part VARCHAR, "start" INTEGER, "end" INTEGER)',
        "confidence": "NULL::DOUBLE",
        "mentions": "[]::VARCHAR[]",
        "outlets": "[]::VARCHAR[]",
        "origins": "(1 + (chance // 4096) % 4)::INTEGER",
        "first_reported": "day + (chance % 2)::INTEGER",
        "last_reported": "day + (chance % 2)::INTEGER",
        "provider": f"'{provider}'",
        "coder_version": f"'{provider}.made'",
        "dismissed": "false",
    }
    told = ", ".join(f"{columns.get(name, name)} AS {name}" for name in EVENTS.names)
    connection.execute(
        f"""
        COPY (
          SELECT {told} FROM (
            SELECT n, hash(n, {seed} + 1) AS chance, hash(n, {seed} + 2) % dyads AS pair,
                   hash(n, {seed} + 3) % kinds AS made, DATE '{start}' + (hash(n, {seed} + 4) % {days})::INTEGER AS day
            FROM range({numbers[0]}, {numbers[1]}) told(n), numbers
          ) JOIN dyad ON dyad.slot = pair JOIN drawn ON drawn.slot = made
          ORDER BY source_code NULLS LAST, target_code NULLS LAST, date NULLS LAST, id
        ) TO '{folder / "part-0.parquet"}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {GROUP_ROWS})
        """  # noqa: S608
    )
