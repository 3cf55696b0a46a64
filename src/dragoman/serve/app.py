"""Makes the application of a desk: its parts in order, its guard, its answers to errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from dragoman.errors import DragomanError
from dragoman.serve.desk import Desk
from dragoman.serve.failing import answer_failures
from dragoman.serve.guarding import Bounded, Guard
from dragoman.serve.measuring import Figures, Measured
from dragoman.serve.reading import WORKERS
from dragoman.serve.readying import Readier
from dragoman.serve.reviewing.deciding import finish_pending
from dragoman.serve.routes import PARTS
from dragoman.serve.shelf import shelf_beside

STATIC = Path(__file__).parent / "static"


def create_app(desk: Desk, *, ready: bool = False) -> FastAPI:
    """The application of a desk; it closes the desk's database when it ends.

    With `ready` a thread makes the first pages ready whenever the record has a new version, and processes beside this
    one find what takes long.
    """
    readier = Readier(desk)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = WORKERS
        _finish_reviews(desk)
        if ready:
            desk.record.keep_on(shelf_beside(desk.search.path, desk.settings.actors))
            desk.record.start_helpers(desk.settings.serve_helpers)
            readier.start()
        yield
        readier.stop()
        desk.record.close_helpers()
        desk.search.close()
        desk.database.close()

    app = FastAPI(
        title="Dragoman",
        version=version("dragoman"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.desk = desk
    app.state.figures = Figures()
    app.add_middleware(Guard)
    app.add_middleware(Bounded)
    app.add_middleware(Measured, figures=app.state.figures)
    answer_failures(app)
    for pages in PARTS:
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _finish_reviews(desk: Desk) -> None:
    """Give the record what decisions say that a killed desk could not give it any more."""
    try:
        finish_pending(desk)
    except DragomanError as error:
        logging.getLogger(__name__).warning("Decisions of reviewers wait to be recorded: %s", error)
