"""Whether the desk runs, whether it can answer, and its figures; for programs that watch it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select

from dragoman.errors import RecordMissing
from dragoman.serve.desk import TheDesk
from dragoman.serve.measuring import Figures
from dragoman.serve.roles import Permission
from dragoman.serve.routing import Pages

pages = Pages("health")


def figures_of(request: Request) -> Figures:
    """The figures of the running application."""
    figures: Figures = request.app.state.figures
    return figures


@pages.file("/healthz", "text/plain")
def healthz() -> Response:
    """Whether the desk runs at all; nothing is read."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


@pages.file("/readyz", "text/plain")
def readyz(desk: TheDesk) -> Response:
    """Whether the record and the database can be read; else it is a 503."""
    with desk.database.session() as session:
        session.execute(select(1))
    try:
        desk.record.store().snapshot()
    except RecordMissing:
        return PlainTextResponse("There is no record yet.\n", 503, headers={"Cache-Control": "no-store"})
    return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})


@pages.file("/metrics", "text/plain", Permission.OBSERVE)
def metrics(desk: TheDesk, figures: Annotated[Figures, Depends(figures_of)]) -> Response:
    """The figures of the desk, in the text format of Prometheus."""
    figures.record_version.set(desk.record.store().snapshot().version)
    return Response(figures.text(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
