"""`dragoman remove`: take a document and its evidence out."""

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
