"""`dragoman serve`: the desk, on a record."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from dragoman.cli.common import Context, note
from dragoman.errors import UsageError
from dragoman.serve import Desk, create_app


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=1, max=65535)] = 8080,
) -> None:
    """Start the desk on the record; it migrates its database by itself."""
    run_desk(context, host, port)


def run_desk(context: Context, host: str, port: int) -> None:
    """Serve until stopped; a port that is taken is a `UsageError`."""
    app = create_app(Desk.open(context.obj))
    note(f"The desk is at http://{host}:{port}/ (stop it with Ctrl-C).")
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
    except SystemExit as error:
        raise UsageError(f"The desk cannot listen at {host}:{port}; is the port taken? Give another --port.") from error
