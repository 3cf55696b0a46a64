"""`dragoman add`: read, code and write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from dragoman.cli.common import day, note, open_context
from dragoman.errors import UsageError
from dragoman.pipeline import AddSummary
from dragoman.read import ReadOptions

NOTHING_DONE = 1
SOME_REFUSED = 3
SHOWN_REFUSALS = 20

Shown = Callable[[AddSummary], None]
"""What shows how far adding is."""

Retrieved = Annotated[
    str | None, typer.Option(help="Day on which local files were saved (YYYY-MM-DD); resolves “25 days ago”.")
]
Column = Annotated[
    list[str] | None,
    typer.Option(help="For CSV and JSONL: FIELD=COLUMN, for instance body=text; repeat as needed."),
]


def add(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, globs, pages' or feeds' addresses.")],
    retrieved: Retrieved = None,
    column: Column = None,
) -> None:
    """Read documents, code them and add them to the record; what is in it already is left alone."""
    record = open_context(context)
    options = read_options(retrieved, column, record.settings.document_bytes)
    tell(lambda show: record.add(*inputs, options=options, progress=show))


def read_options(retrieved: str | None, column: list[str] | None, document_bytes: int) -> ReadOptions:
    """What the caller says about the inputs."""
    saved = day(retrieved)
    return ReadOptions(
        retrieved=datetime.combine(saved, time(), UTC) if saved else None,
        columns=_columns(column or []),
        document_bytes=document_bytes,
    )


def tell(work: Callable[[Shown], AddSummary]) -> None:
    """Run what adds documents, with a bar meanwhile and a summary afterwards; the exit code says how it went."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=None)

        def show(summary: AddSummary) -> None:
            done = summary.added + summary.known + summary.refused
            rate = done / summary.seconds if summary.seconds else 0.0
            bar.update(
                task,
                completed=summary.inputs_done,
                total=summary.inputs_total,
                description=f"{done} documents, {rate:.1f} a second",
            )

        summary = work(show)
    _report(summary)
    if summary.refused:
        raise typer.Exit(SOME_REFUSED if summary.added or summary.known else NOTHING_DONE)
    if not summary.added and not summary.known:
        note("dragoman: nothing was found to read.")
        raise typer.Exit(NOTHING_DONE)


def _columns(pairs: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (name and sign and value):
            raise UsageError(f"--column {pair!r} is not FIELD=COLUMN; write for instance --column body=text.")
        columns[name] = value
    return columns


def _report(summary: AddSummary) -> None:
    rate = (summary.added + summary.known) / summary.seconds if summary.seconds else 0.0
    note(
        f"{summary.added} added, {summary.known} known, {summary.refused} refused; {summary.mentions} mentions; "
        f"{summary.seconds:.1f} s, {rate:.1f} documents a second"
    )
    for reason, count in sorted(summary.reasons.items()):
        note(f"  refused, {reason}: {count}")
    for refusal in summary.refusals[:SHOWN_REFUSALS]:
        where = f" ({refusal.locator})" if refusal.locator else ""
        note(f"    {refusal.input}{where}: {refusal.detail}")
    if len(summary.refusals) > SHOWN_REFUSALS:
        note(f"    … and {len(summary.refusals) - SHOWN_REFUSALS} more; all are in the table “refusals”.")
