"""`dragoman correct …`: say against the machine what is so; kept for ever, and heard by every view."""

from __future__ import annotations

import datetime
import getpass
from typing import Annotated

import typer

from dragoman.cli.common import note, open_context
from dragoman.errors import UsageError
from dragoman.records import Correction
from dragoman.terms import CorrectionKind

app = typer.Typer(help="Correct what the machine made of the news.", no_args_is_help=True, rich_markup_mode=None)

By = Annotated[str | None, typer.Option("--by", help="Who says so; default the user of this machine.")]
Why = Annotated[str | None, typer.Option("--note", help="Why.")]
Event = Annotated[str, typer.Argument(help="Id of an event, or of one of its mentions.")]


@app.callback()
def correct() -> None:
    """Correct what the machine made of the news."""


@app.command()
def dismiss(context: typer.Context, event: Event, by: By = None, why: Why = None) -> None:
    """The event, or one mention of it, is none."""
    _say(context, CorrectionKind.DISMISS, event, by, why)


@app.command("set")
def set_(
    context: typer.Context,
    event: Event,
    field: Annotated[str, typer.Argument(help="type, factuality, domain, date, source, target or dismissed.")],
    value: Annotated[str, typer.Argument(help="Its value; empty for an unknown domain or date, parties as PRK; NATO.")],
    by: By = None,
    why: Why = None,
) -> None:
    """A field of the event has another value."""
    _say(context, CorrectionKind.SET, event, by, why, field=field, value=value)


@app.command()
def same(
    context: typer.Context,
    event: Event,
    other: Annotated[str, typer.Argument(help="The other event, or one of its mentions.")],
    by: By = None,
    why: Why = None,
) -> None:
    """Two events are of one happening."""
    _say(context, CorrectionKind.SAME, event, by, why, other=other)


@app.command()
def apart(
    context: typer.Context,
    mention: Annotated[str, typer.Argument(help="The mention that was merged wrongly.")],
    by: By = None,
    why: Why = None,
) -> None:
    """A mention is of another happening than the event that it was merged into."""
    _say(context, CorrectionKind.APART, mention, by, why)


@app.command()
def settles(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(help="Id of an entry of the ledger.")],
    deed: Annotated[str, typer.Argument(help="Id of the event that settles it.")],
    state: Annotated[str, typer.Argument(help="kept, partly, broken or withdrawn.")] = "kept",
    by: By = None,
    why: Why = None,
) -> None:
    """A deed settles an entry of the ledger."""
    _say(context, CorrectionKind.SETTLES, entry, by, why, other=deed, value=state)


@app.command()
def unsettled(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(help="Id of an entry of the ledger.")],
    deed: Annotated[str, typer.Argument(help="Id of the event that was taken to settle it.")],
    by: By = None,
    why: Why = None,
) -> None:
    """A deed has nothing to do with an entry of the ledger."""
    _say(context, CorrectionKind.UNSETTLED, entry, by, why, other=deed)


def _say(
    context: typer.Context, kind: CorrectionKind, subject: str, by: str | None, why: str | None, **more: str
) -> None:
    if kind is CorrectionKind.APART and not subject.startswith("m"):
        raise UsageError(f"{subject!r} is no mention; “dragoman events --as json” lists the mentions of an event.")
    said = Correction(kind, subject, by or getpass.getuser(), datetime.datetime.now(datetime.UTC), note=why, **more)
    open_context(context).correct(said)
    note(f"kept as {said.id}.")
