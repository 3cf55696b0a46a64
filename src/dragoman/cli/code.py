"""`dragoman code`: code documents on a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.add import Column, Retrieved, read_options, tell
from dragoman.pipeline import Record


def code(
    context: typer.Context,
    documents: Annotated[str, typer.Option(help="Folder, file, glob or s3:// address that every worker can read.")],
    engine: Annotated[
        str | None, typer.Option(help="The Spark master, such as spark://host:7077; default DRAGOMAN_ENGINE.")
    ] = None,
    record: Annotated[str | None, typer.Option(help="Where the record lies; as the option before the command.")] = None,
    retrieved: Retrieved = None,
    column: Column = None,
) -> None:
    """Read and code documents on a Spark cluster and add them to the record; started again, it goes on."""
    settings = context.obj
    made = Record(record or settings.record, settings)
    options = read_options(retrieved, column, settings.document_bytes)
    tell(lambda show: made.code(documents, engine=engine or settings.engine, options=options, progress=show))
