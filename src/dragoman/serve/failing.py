"""What is answered when something cannot be: a page that says so, or the same as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from dragoman.errors import DatabaseError, DragomanError, RecordDamaged, RecordError, RecordMissing, UsageError
from dragoman.serve.desk import desk_of
from dragoman.serve.person import nobody, person_of
from dragoman.serve.rendering import render
from dragoman.serve.routing import wants_json

_TITLES = {
    400: "That cannot be asked",
    401: "Sign in first",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not that way",
    422: "That cannot be read",
    429: "Too often",
    503: "Not now",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be, and what to do."""

    status: int
    title: str
    message: str


def answer_failures(app: FastAPI) -> None:
    """Let every expected error become its page."""

    @app.exception_handler(AnyHTTPException)
    def http(request: Request, error: AnyHTTPException) -> Response:
        return _answer(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(str(part) for part in e['loc'][1:])}: {e['msg']}" for e in error.errors()[:5])
        return _answer(request, 422, told)

    @app.exception_handler(DragomanError)
    def family(request: Request, error: DragomanError) -> Response:
        return _answer(request, status_of(error), str(error))


def status_of(error: DragomanError) -> int:
    """The status of an error of the family."""
    if isinstance(error, UsageError):
        return 400
    if isinstance(error, RecordMissing):
        return 404
    if isinstance(error, (RecordDamaged, RecordError, DatabaseError)):
        return 503
    return 400


def _answer(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    failure = Failure(status, _TITLES.get(status, "That did not work"), message)
    if wants_json(request):
        return JSONResponse({"detail": message}, status_code=status, headers=headers)
    try:
        person = person_of(request, desk_of(request))
    except (HTTPException, DatabaseError):
        person = nobody(getattr(request.state, "visitor", ""))
    return render(request, person, "failure.html.j2", failure, status=status, headers=headers)
