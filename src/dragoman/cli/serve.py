"""`dragoman serve`: the desk, on a record."""

from __future__ import annotations

import os
import threading
import webbrowser
from contextlib import suppress
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from dragoman.cli.common import Context, note
from dragoman.cli.sample import NAME, prepare_sample
from dragoman.errors import UsageError
from dragoman.serve import Desk, create_app

GRACE = 5
"""Seconds that pages which are being made are given when the desk is told to stop."""

LAST = 15.0
"""Seconds after which it ends whatever is still under way: nothing that is read only can be lost."""


class _Server(uvicorn.Server):
    """A server that ends in bounded time once it is told to, however much is asked of it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        if not self.should_exit:
            last = threading.Timer(LAST, os._exit, [0])
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=1, max=65535)] = 8080,
    sample: Annotated[
        bool, typer.Option("--sample", help="Make a record of the sample dispatches first, and an account to try.")
    ] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the desk in this machine's browser.")] = False,
) -> None:
    """Start the desk on the record; it migrates its database by itself."""
    if sample:
        password = prepare_sample(context)
        note(f"Sign in as “{NAME}” with the password {password} (for this machine; it changes with every start).")
    if show:
        # Opened a moment later, when the desk listens.
        timer = threading.Timer(2, webbrowser.open, [f"http://{host}:{port}/"])
        timer.daemon = True
        timer.start()
    run_desk(context, host, port)


def run_desk(context: Context, host: str, port: int) -> None:
    """Serve until stopped; a port that is taken is a `UsageError`."""
    app = create_app(Desk.open(context.obj), ready=True)
    note(f"The desk is at http://{host}:{port}/ (stop it with Ctrl-C).")
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=GRACE
    )
    server = _Server(config)
    with suppress(KeyboardInterrupt):
        try:
            server.run()
        except SystemExit as error:
            raise UsageError(
                f"The desk cannot listen at {host}:{port}; is the port taken? Give another --port."
            ) from error
    if not server.started:
        raise typer.Exit(3)
