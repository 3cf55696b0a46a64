"""How a page is put at an address: once as HTML, once as JSON with the same data, each with its permission."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dragoman.serve.auditing import audit
from dragoman.serve.desk import Desk, TheDesk, desk_of
from dragoman.serve.guarding import set_cookie
from dragoman.serve.limiting import address_key
from dragoman.serve.person import Asking, Person, person_of
from dragoman.serve.rendering import render
from dragoman.serve.roles import Permission
from dragoman.serve.tokens import equal

REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"description": "Something that was asked for cannot be; the message says what may be asked."},
    401: {"description": "A token is unknown, or one must sign in first."},
    403: {"description": "The person may not do this."},
    404: {"description": "There is nothing at this address."},
    413: {"description": "What was sent is too large."},
    422: {"description": "A value has not the form that the page takes."},
    429: {"description": "Too often; the header Retry-After says when to try again."},
    503: {"description": "The record or the database cannot be read now."},
}
"""What any route may answer beside what it gives."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an action gives: where to go on, and what to say there."""

    address: str
    note: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What the audit log is to keep beside who did what where; never a secret."""
    cookies: Mapping[str, tuple[str, int] | None] = field(default_factory=dict)
    """Cookies to set, with their seconds; None takes one away."""


@dataclass(frozen=True, slots=True)
class DoneData:
    """The same for programs."""

    address: str
    note: str


def require(permission: Permission) -> Callable[..., None]:
    """A dependency that lets only those pass who have the permission."""

    def check(person: Annotated[Person, Depends(person_of)]) -> None:
        if person.may(permission):
            return
        if person.account_id is None:
            raise HTTPException(401, "Sign in first.")
        raise HTTPException(403, f"Your role does not include “{permission.value}”; an administrator can change it.")

    return check


def limited(what: str) -> Callable[..., None]:
    """A dependency that lets nobody do something more often than the desk's limits allow."""

    def check(request: Request, desk: Annotated[Desk, Depends(desk_of)], person: Asking) -> None:
        hold_back(desk, what, f"address {address_of(request)}")
        if person.account_id is not None:
            hold_back(desk, what, f"account {person.account_id}")

    return check


def hold_back(desk: Desk, what: str, who: str, *, take: bool = True) -> None:
    """Count that `who` does `what`; too often is a 429 that says when to try again."""
    waiting = desk.limits.wait(what, who, take=take)
    if waiting:
        seconds = math.ceil(waiting)
        raise HTTPException(
            429, f"That was done too often. Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
        )


def address_of(request: Request) -> str:
    """The address that asks, as limits count it."""
    return address_key(request.client.host if request.client else None)


def check_address(request: Request) -> None:
    """Refuse an address with a null character, which no database takes."""
    if "\x00" in request.url.path or "%00" in request.url.query:
        raise HTTPException(400, "The address holds a null character; leave it out.")


async def check_form(request: Request, person: Asking, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that another site made a browser send; programs with a token need no form token."""
    sent = await request.form()
    if any(isinstance(value, str) and "\x00" in value for value in sent.values()):
        raise HTTPException(400, "A value of the form holds a null character; leave it out.")
    if person.by_token:
        return
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    given = request.headers.get("x-form-token", csrf)
    if foreign or not equal(given, person.form_token):
        raise HTTPException(403, "The form is out of date. Go back, load the page again, and send it once more.")


def wants_json(request: Request) -> bool:
    """Whether a program asks, which takes JSON."""
    return request.url.path.endswith(".json") or "application/json" in request.headers.get("accept", "")


class Pages:
    """Puts the pages and actions of one part of the desk at their addresses."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.router = APIRouter(tags=[part])

    def page(
        self, path: str, template: str, permission: Permission = Permission.READ, *, limit: str | None = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Put a page at a path and at the path with `.json`; the function gives the typed context of both.

        `limit` names the rate of the setting `serve_limits` that holds for it.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            kind = get_type_hints(function)["return"]
            given = Depends(function)

            def html(request: Request, person: Asking, context: Any = given) -> HTMLResponse:
                return render(request, person, template, context)

            def data(context: Any = given) -> Any:
                return context

            html.__doc__ = data.__doc__ = function.__doc__
            as_json = "/index.json" if path == "/" else f"{path}.json"
            # The address with .json stands first, as a last part such as {second} would take the suffix in.
            self._add(as_json, data, permission, f"{function.__name__}_json", limit=limit, response_model=kind)
            self._add(path, html, permission, function.__name__, limit=limit, response_class=HTMLResponse)
            return function

        return register

    def file(
        self, path: str, media_type: str, permission: Permission = Permission.READ, *, limit: str | None = None
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Put something that is neither page nor JSON at a path: a chart, a feed, a PDF."""

        def register(function: Callable[..., Response]) -> Callable[..., Response]:
            answers: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {}}}}
            self._add(
                path, function, permission, function.__name__, limit=limit, response_class=Response, extra=answers
            )
            return function

        return register

    def action(
        self, path: str, permission: Permission, *, limit: str = "write"
    ) -> Callable[[Callable[..., Done | Response]], Callable[..., Done | Response]]:
        """Put what a form does at a path (POST); the function says where to go on.

        What was done goes to the audit log: who, the function's name, the path, and `Done.detail`. `limit` names the
        rate of the setting `serve_limits` that holds for it.
        """

        def register(function: Callable[..., Done | Response]) -> Callable[..., Done | Response]:
            given = Depends(function)

            def act(request: Request, desk: TheDesk, person: Asking, done: Any = given) -> Response:
                told = isinstance(done, Response)
                if not told or done.status_code < 400:
                    with desk.database.session() as session:
                        detail = {} if told else dict(done.detail)
                        audit(session, desk.now(), person.account_id, function.__name__, request.url.path, **detail)
                if told:
                    response: Response = done
                    return response
                if wants_json(request):
                    answer: Response = JSONResponse({"address": done.address, "note": done.note})
                else:
                    answer = RedirectResponse(done.address, status_code=303)
                    request.state.note = done.note
                for name, value in done.cookies.items():
                    if value is None:
                        answer.delete_cookie(name)
                    else:
                        set_cookie(request, answer, name, value[0], value[1])
                return answer

            act.__doc__ = function.__doc__
            answers: dict[int | str, dict[str, Any]] = {
                200: {"model": DoneData, "description": "Done; for those who accept JSON."},
                303: {"description": "Done; the header Location says where to go on."},
            }
            self._add(
                path,
                act,
                permission,
                function.__name__,
                limit=limit,
                methods=["POST"],
                extra=answers,
                dependencies=[Depends(check_form)],
                status_code=303,
                response_class=Response,
            )
            return function

        return register

    def _add(
        self,
        path: str,
        endpoint: Callable[..., Any],
        permission: Permission,
        name: str,
        *,
        limit: str | None,
        extra: dict[int | str, dict[str, Any]] | None = None,
        dependencies: list[Any] | None = None,
        **options: Any,
    ) -> None:
        self.router.add_api_route(
            path,
            endpoint,
            name=name,
            operation_id=f"{self.part}_{name}",
            dependencies=[
                Depends(check_address),
                *([Depends(limited(limit))] if limit else []),
                Depends(require(permission)),
                *(dependencies or []),
            ],
            responses=REFUSED | (extra or {}),
            openapi_extra={"x-permission": permission.value},
            **options,
        )
