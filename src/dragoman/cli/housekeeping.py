"""`dragoman record …`: look after the record."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.common import note, open_context, write
from dragoman.errors import UsageError

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


@app.command()
def compact(
    context: typer.Context,
    by_month: Annotated[
        bool | None,
        typer.Option(
            "--by-month/--whole",
            help="Cut the events by month and provider, or do so no more; left out, from fifty million events on.",
        ),
    ] = None,
) -> None:
    """Sort the tables by dyad and date and write them in few files, as a new version; no view changes."""
    done = open_context(context).compact(parted=by_month)
    if done.version is None:
        note("nothing has changed since the record was last compacted.")
        return
    for table, (before, after) in done.files.items():
        note(f"{table}: {before} files, now {after}.")
    write(f"{done.version}")


@app.command()
def vacuum(
    context: typer.Context,
    keep: Annotated[
        str,
        typer.Option(help="What to keep: a number of versions (10), or of days (30d); the current one always stays."),
    ],
    pin: Annotated[
        list[int] | None, typer.Option(help="A version to keep besides, as something rests on it; repeat for several.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Let go of old versions and remove the files that no kept one needs; they cannot be brought back."""
    versions, days = _kept(keep)
    done = open_context(context).vacuum(versions=versions, days=days, pinned=pin or (), dry=dry_run)
    word = "would go" if dry_run else "gone"
    note(f"{len(done.gone)} versions {word}, {len(done.kept)} kept; {done.files} files {word}.")
    for version in done.gone:
        write(f"{version}")


@app.command()
def restore(
    context: typer.Context,
    version: Annotated[int, typer.Argument(help="The version to make current again, from “dragoman record versions”.")],
) -> None:
    """Make an older version current again, as a new one; nothing is lost, the versions between stay."""
    write(f"{open_context(context).restore(version)}")


def _kept(text: str) -> tuple[int | None, int | None]:
    number = text.removesuffix("d")
    if not number.isdecimal():
        raise UsageError(f"--keep {text!r} is no number of versions (10) and no number of days (30d).")
    return (None, int(number)) if text.endswith("d") else (int(number), None)
