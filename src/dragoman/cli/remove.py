"""`dragoman remove` and `dragoman takedown`: take a document and its evidence out."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.common import note, open_context


def remove(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A document's id.")],
) -> None:
    """Take a document out of the record, with its mentions and what of events rested on it alone."""
    gone = open_context(context).remove(document)
    note(f"document {document} removed, with {gone} mentions")


def takedown(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A document's id.")],
    because: Annotated[str, typer.Option(help="Why, in a few words; kept in the record.")],
    keep_codings: Annotated[
        bool,
        typer.Option(
            "--keep-codings/--drop-codings",
            help="Keep what was coded, without a word of the text; else mentions go, and events that rested on them.",
        ),
    ] = False,
) -> None:
    """Take a document's text out for good: it may not come again, and goes from the files with a vacuum."""
    count = open_context(context).take_down(document, because, keep_codings=keep_codings)
    done = f"without its text; {count} mentions stay" if keep_codings else f"with {count} mentions"
    note(
        f"document {document} taken down, {done}. Older versions hold its text until "
        "“dragoman record vacuum --keep 1” lets go of them; versions that forecasts name stay, and so do backups."
    )
