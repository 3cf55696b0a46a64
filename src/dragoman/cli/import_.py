"""`dragoman import`: bring other people's event files into the record."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from dragoman.cli.common import day, note, open_context, write
from dragoman.exchange import PROVIDERS, ImportSummary

NOTHING_DONE = 1
SOME_REFUSED = 3
SHOWN_REFUSALS = 20


def import_(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help=f"Whose files: {', '.join(PROVIDERS)}.")],
    paths: Annotated[list[str], typer.Argument(help="Files, archives, folders, globs, addresses of bulk files.")],
    statements: Annotated[
        bool, typer.Option("--statements", help="Keep plain statements (CAMEO 01) beside, without an event.")
    ] = False,
    start: Annotated[
        str | None, typer.Option(help="First day of a graph's times (YYYY-MM-DD), where its folder tells no year.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Import event data of GDELT, ICEWS, POLECAT, ACLED, UCDP, PLOVER, or a temporal knowledge graph."""
    record = open_context(context)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=None)

        def show(summary: ImportSummary) -> None:
            rate = summary.rows / summary.seconds if summary.seconds else 0.0
            bar.update(task, description=f"{summary.rows:,} rows of {summary.files:,} files, {rate:,.0f} a second")

        summary = record.import_events(provider, *paths, statements=statements, start=day(start), progress=show)
    if as_json:
        write(json.dumps(summary.as_dict(), ensure_ascii=False, indent=1))
    else:
        write("\n".join(summary.lines()))
    for refusal in summary.refusals[:SHOWN_REFUSALS]:
        where = f" ({refusal.locator})" if refusal.locator else ""
        note(f"  {refusal.input}{where}: {refusal.detail}")
    if len(summary.refusals) > SHOWN_REFUSALS:
        note("  … and more; all are in the table “refusals”.")
    if not summary.events and not summary.known and not summary.statements:
        raise typer.Exit(NOTHING_DONE)
    if summary.refused:
        raise typer.Exit(SOME_REFUSED)
