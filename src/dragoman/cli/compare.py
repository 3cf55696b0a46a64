"""`dragoman compare`: how far two records agree, and where they do not."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dragoman.cli.common import day, write
from dragoman.cli.filters import Since, Until
from dragoman.errors import UsageError
from dragoman.exchange.agreement import Agreement, Reference
from dragoman.pipeline import Record
from dragoman.pipeline.comparing import Compared, compare_records

SHOWN = 20
"""Dyads and rows that the table shows; --as json and csv give all."""


class Form(StrEnum):
    """How a comparison is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def compare(
    context: typer.Context,
    record_a: Annotated[str, typer.Argument(help="A record.")],
    record_b: Annotated[str, typer.Argument(help="The other record; the same one for two versions or providers.")],
    since: Since = None,
    until: Until = None,
    reference: Annotated[
        Reference, typer.Option(help="The record that counts as right for precision and recall: a or b.")
    ] = Reference.B,
    version_a: Annotated[int | None, typer.Option(help="The first record as it was at this version.")] = None,
    version_b: Annotated[int | None, typer.Option(help="The second record as it was at this version.")] = None,
    provider_a: Annotated[list[str] | None, typer.Option(help="Only these providers of the first record.")] = None,
    provider_b: Annotated[list[str] | None, typer.Option(help="Only these providers of the second record.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --as json.")] = False,
    form: Annotated[
        Form, typer.Option("--as", help="table, json, or csv (the rows that differ, all of them).")
    ] = Form.TABLE,
) -> None:
    """Show what two records have on the days that both cover, how far they agree, and the rows that differ."""
    first, last = day(since), day(until)
    if first and last and first > last:
        raise UsageError(f"--since {first} lies after --until {last}; swap them.")
    found = compare_records(
        Compared(Record(record_a, context.obj), version_a, tuple(provider_a or ())),
        Compared(Record(record_b, context.obj), version_b, tuple(provider_b or ())),
        since=first,
        until=last,
        reference=reference,
    )
    rows = [match.row() for match in found.differences()]
    if as_json or form is Form.JSON:
        write(json.dumps({**found.summary(), "rows": rows}, ensure_ascii=False, indent=1))
    elif form is Form.CSV:
        write(_csv(rows))
    else:
        _print(found, rows)


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    columns = (
        "difference",
        "date",
        "source",
        "target",
        *(f"{c}_{s}" for s in "ab" for c in ("type", "factuality", "id")),
    )
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _print(found: Agreement, rows: Sequence[dict[str, Any]]) -> None:
    told = found.summary()
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160, highlight=False)
    for name in ("a", "b"):
        side = told[name]
        left_out = ", ".join(f"{count} with {reason}" for reason, count in side["left_out"].items())
        console.print(
            f"{name}: {side['record']}: {side['days']} days, {side['units']} pairs that act; on the days of both "
            f"{side['units_on_days_both']} in {side['dyads_on_days_both']} dyads"
            + (f"; events left out: {left_out}" if left_out else ""),
            markup=False,
        )
    if not found.days:
        console.print("No day is covered by both; there is nothing to compare.")
        return
    console.print(
        f"{told['days_both']} days covered by both, {told['first_day']} to {told['last_day']}; "
        f"same {told['same']}, type differs {told['type_differs']}, only in a {told['only_a']}, "
        f"only in b {told['only_b']}\n"
        f"Krippendorff's alpha: {_number(told['alpha'])} (what only one has counts as disagreement); "
        f"{_number(told['alpha_type'])} of types where both have the pair\n"
    )
    levels = [{"what must agree": name, **scores} for name, scores in told["levels"].items()]
    console.print(_table(f"{found.reference} is the reference", levels))
    console.print(_table("by type", told["by_type"]))
    dyads = sorted(told["by_dyad"], key=lambda row: (-row["n_a"] - row["n_b"], row["dyad"]))
    console.print(_table(_some("dyads", len(dyads)), dyads[:SHOWN]))
    console.print(_table(_some("rows that differ", len(rows)), rows[:SHOWN]))


def _some(what: str, total: int) -> str:
    return what if total <= SHOWN else f"{what}: {SHOWN} of {total}; --as json has all"


def _table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in rows[0] if rows else ():
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(
            *(
                _number(value) if isinstance(value, float) else str("" if value is None else value)
                for value in row.values()
            )
        )
    return table


def _number(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"
