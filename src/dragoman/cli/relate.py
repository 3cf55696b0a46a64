"""`dragoman relate`: how the relation of two actors develops."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dragoman.cli.common import day, note, open_context, write
from dragoman.cli.filters import Providers
from dragoman.cli.telling import tell
from dragoman.errors import UsageError
from dragoman.pipeline import View, Wish, view_chart, view_note, view_rows
from dragoman.relate.charts import to_png, to_svg
from dragoman.relate.series import Step


class Form(StrEnum):
    """How a view is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    SVG = "svg"
    PNG = "png"


def relate(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="An actor: code, name or abbreviation.")],
    second: Annotated[str, typer.Argument(help="The other actor.")],
    show: Annotated[View, typer.Option(help=", ".join(View) + ".")] = View.ERAS,
    since: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what was published by this day.")] = None,
    version: Annotated[int | None, typer.Option(help="The record as it was at this version.")] = None,
    step: Annotated[Step | None, typer.Option(help="Period of a series: day, week, month or quarter.")] = None,
    provider: Providers = None,
    indicators: Annotated[Path | None, typer.Option(help="A file of one's own indicators (TOML).")] = None,
    event: Annotated[str | None, typer.Option(help="For responses: the answers to this event alone.")] = None,
    form: Annotated[Form, typer.Option("--as", help="table, json, csv, svg or png.")] = Form.TABLE,
    out: Annotated[Path | None, typer.Option(help="File to write; default standard output.")] = None,
) -> None:
    """Show how a relation develops: its eras, what became of words, who answers, what is new."""
    dyad = open_context(context).dyad(first, second, as_of=day(as_of), version=version, providers=tuple(provider or ()))
    wish = Wish(day(since), day(until), step, indicators, event)
    rows = view_rows(dyad, show, wish)
    match form:
        case Form.SVG | Form.PNG:
            chart = view_chart(dyad, show, rows, wish)
            _put(to_svg(chart) if form is Form.SVG else to_png(chart), out)
        case Form.JSON:
            source, target = dyad.parties
            found = {"view": show.value, "source": source, "target": target, "rows": rows}
            _put(f"{json.dumps(found, ensure_ascii=False, indent=1)}\n".encode(), out)
        case Form.CSV:
            _put(_csv(rows).encode(), out)
        case Form.TABLE:
            _put(f"{tell(show, rows)}\n".encode(), out)
    told = view_note(dyad, show, wish)
    if told:
        note(f"{told}.")


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """A line a row; lists of plain values are joined with bars, what is nested is written as JSON."""
    sink = io.StringIO()
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return sink.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "|".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _put(content: bytes, out: Path | None) -> None:
    if out is None:
        if sys.stdout.isatty() and content[:4] == b"\x89PNG":
            raise UsageError("A PNG image is no text for a terminal; give --out FILE, or send it on.")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)
        write(str(out))
