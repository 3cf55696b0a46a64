"""`dragoman mcp`: the record as tools for an assistant."""

from __future__ import annotations

import typer

from dragoman.cli.common import open_context
from dragoman.errors import UsageError


def mcp(context: typer.Context) -> None:
    """Answer an assistant over standard input and output (Model Context Protocol) with tools that only read."""
    try:
        # The extra may not be installed.
        from dragoman.assist.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        raise UsageError(
            "The package “mcp” is not installed, which `dragoman mcp` needs; run: pip install 'dragoman[mcp]'."
        ) from error
    record = open_context(context)
    record.store()
    serve(record)
