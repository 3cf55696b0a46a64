"""`dragoman events`: the events of the record, or of one relation."""

from __future__ import annotations

import csv
import io
import sys
from enum import StrEnum
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.table import Table

from dragoman.cli.common import day, note, open_context, write, write_json
from dragoman.cli.filters import (
    AsOf,
    Directed,
    Domains,
    Parties,
    Providers,
    Since,
    Types,
    Until,
    Version,
    event_filter,
)
from dragoman.record import PUBLIC


class Form(StrEnum):
    """How events are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def events(
    context: typer.Context,
    parties: Parties = None,
    directed: Directed = False,
    kind: Types = None,
    since: Since = None,
    until: Until = None,
    domain: Domains = None,
    provider: Providers = None,
    as_of: AsOf = None,
    version: Version = None,
    form: Annotated[Form, typer.Option("--as", help="table, json, jsonl, csv or parquet.")] = Form.TABLE,
) -> None:
    """Print events, sorted by date, then id; never cut short."""
    wanted = event_filter(parties, directed, kind, since, until, domain, provider)
    record = open_context(context)
    found = record.find_events(wanted, as_of=day(as_of), version=version)
    match form:
        case Form.JSON | Form.JSONL:
            write_json(found, lines=form is Form.JSONL)
        case Form.CSV:
            write(_csv(found))
        case Form.PARQUET:
            _parquet(found)
        case Form.TABLE:
            _table(found)
    if since or until:
        undated = record.count_undated(wanted, as_of=day(as_of), version=version)
        if undated:
            note(f"{undated} events without a known date are left out by --since and --until.")


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Lists joined with bars; what is unknown in one is left empty, as an unknown cell is."""
    return "|".join("" if part is None else str(part) for part in value) if isinstance(value, list) else value


def _parquet(rows: list[dict[str, Any]]) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), sink)
    sys.stdout.buffer.write(sink.getvalue().to_pybytes())


def _table(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("date", "source", "type", "target", "factuality", "domain", "claimed by", "reports", "mention"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        when = _when(row["date"], row["date_precision"])
        table.add_row(
            when,
            ", ".join(row["source_names"]),
            row["type"],
            ", ".join(row["target_names"]),
            row["factuality"] + (" (contested)" if row["contested"] else ""),
            row["domain"] or "",
            ", ".join(row["claimants"]),
            str(len(row["mentions"])),
            row["mentions"][0] if row["mentions"] else "",
        )
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(table)


def _when(day_text: str | None, precision: str | None) -> str:
    if day_text is None:
        return "unknown"
    return {"month": day_text[:7], "year": day_text[:4], "week": f"{day_text} w"}.get(precision or "", day_text)


SCHEMA = pa.schema(
    [pa.field(field.name, pa.string() if pa.types.is_date(field.type) else field.type) for field in PUBLIC]
)
COLUMNS = tuple(SCHEMA.names)
