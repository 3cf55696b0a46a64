"""How a page is put at an address: once as HTML, once as JSON with the same data, each with its permission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dragoman.serve.person import Asking, Person, person_of
from dragoman.serve.rendering import render
from dragoman.serve.roles import Permission
from dragoman.serve.tokens import equal

REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"description": "Something that was asked for cannot be; the message says what may be asked."},
    401: {"description": "A token is unknown, or one must sign in first."},
    403: {"description": "The person may not do this."},
    404: {"description": "There is nothing at this address."},
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


def check_form(request: Request, person: Asking, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that another site made a browser send; programs with a token need no form token."""
    if person.by_token:
        return
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    given = request.headers.get("x-form-token", csrf)
    if foreign or not equal(given, person.form_token):
        raise HTTPException(403, "The form is out of date. Go back, load the page again, and send it once more.")


class Pages:
    """Puts the pages and actions of one part of the desk at their addresses."""

    def __init__(self, part: str) -> None:
        self.router = APIRouter(tags=[part])

    def page(
        self, path: str, template: str, permission: Permission = Permission.READ
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Put a page at a path and at the path with `.json`; the function gives the typed context of both."""

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
            self._add(as_json, data, permission, f"{function.__name__}_json", response_model=kind)
            self._add(path, html, permission, function.__name__, response_class=HTMLResponse)
            return function

        return register

    def file(
        self, path: str, media_type: str, permission: Permission = Permission.READ
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Put something that is neither page nor JSON at a path: a chart, a feed, a PDF."""

        def register(function: Callable[..., Response]) -> Callable[..., Response]:
            answers: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {}}}}
            self._add(path, function, permission, function.__name__, response_class=Response, extra=answers)
            return function

        return register

    def action(
        self, path: str, permission: Permission
    ) -> Callable[[Callable[..., Done | Response]], Callable[..., Done | Response]]:
        """Put what a form does at a path (POST); the function says where to go on."""

        def register(function: Callable[..., Done | Response]) -> Callable[..., Done | Response]:
            given = Depends(function)

            def act(request: Request, done: Any = given) -> Response:
                if isinstance(done, Response):
                    return done
                if "application/json" in request.headers.get("accept", ""):
                    return JSONResponse({"address": done.address, "note": done.note})
                answer = RedirectResponse(done.address, status_code=303)
                if done.note:
                    request.state.note = done.note
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
        extra: dict[int | str, dict[str, Any]] | None = None,
        dependencies: list[Any] | None = None,
        **options: Any,
    ) -> None:
        self.router.add_api_route(
            path,
            endpoint,
            name=name,
            operation_id=name,
            dependencies=[Depends(require(permission)), *(dependencies or [])],
            responses=REFUSED | (extra or {}),
            openapi_extra={"x-permission": permission.value},
            **options,
        )
