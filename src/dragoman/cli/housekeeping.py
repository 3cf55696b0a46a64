"""`dragoman record …`: look after the record."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.common import note, open_context, write

app = typer.Typer(help="Look after the record.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def housekeeping() -> None:
    """Look after the record."""


@app.command()
def verify(
    context: typer.Context,
    version: Annotated[int | None, typer.Option(help="The record as it was at this version.")] = None,
) -> None:
    """Check every reference, offset and hash; ends with 1 if anything is wrong."""
    findings = open_context(context).verify(version)
    for finding in findings:
        write(f"{finding.table} {finding.id}: {finding.problem}")
    if findings:
        note(f"{len(findings)} findings; the record does not hold together.")
        raise typer.Exit(1)
    note("every reference, offset and hash holds.")


@app.command()
def versions(context: typer.Context) -> None:
    """List the versions of the record, oldest first."""
    for commit in open_context(context).store().versions():
        write(f"{commit['version']}\t{commit['at']:%Y-%m-%dT%H:%M:%SZ}\t{commit['operation']}\t{commit['dragoman']}")
