"""Shows a secret the one time that it is there: its hash alone is kept."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from dragoman.serve.person import Person
from dragoman.serve.rendering import render
from dragoman.serve.routing import wants_json

_UNKEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that was made just now: what it is for, and where to go on; `link` is the address that carries it."""

    title: str
    told: str
    secret: str
    back: str
    link: str = ""


def show_once(request: Request, person: Person, made: Secret) -> Response:
    """The page of a secret, or its JSON; nothing between the desk and the reader is to keep it."""
    if wants_json(request):
        return JSONResponse({"secret": made.secret, "link": made.link, "note": made.told}, headers=_UNKEPT)
    return render(request, person, "secret.html.j2", made, headers=_UNKEPT)
