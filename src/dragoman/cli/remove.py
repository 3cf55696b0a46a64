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
) -> None:
    """Take a document out for good, with its mentions: it may not come again, and its text goes with a vacuum."""
    gone = open_context(context).take_down(document, because)
    note(
        f"document {document} taken down, with {gone} mentions. Older versions hold its text until "
        "“dragoman record vacuum --keep 1” lets go of them; versions that forecasts name stay, and so do backups."
    )
