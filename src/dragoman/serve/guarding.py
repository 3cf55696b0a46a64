"""What stands around every answer: headers that let nothing foreign run, the visitor's cookie, notes of actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.serve.person import VISITOR_COOKIE
from dragoman.serve.rendering import NOTE_COOKIE
from dragoman.serve.tokens import new_token

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


MOST_BODY = 6 * 1024 * 1024
"""Bytes that a request may carry; a picture of a brief is the largest thing that is sent."""


class Bounded:
    """Takes no more of a request than `MOST_BODY` bytes, whatever it says of its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; one that is too large is told so before anything of it is used."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > MOST_BODY:
            await _too_large(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # A sender that said less than it sends gets no further: the rest reads as if the reader had gone.
            return {"type": "http.disconnect"} if taken > MOST_BODY else message

        await self.app(scope, counted, send)


_too_large = PlainTextResponse(
    f"A request may carry {MOST_BODY:,} bytes; this one has more. Send a smaller picture or text.", status_code=413
)


class Guard(BaseHTTPMiddleware):
    """Gives each visitor a cookie for their forms, and each answer its headers."""

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer a request."""
        known = request.cookies.get(VISITOR_COOKIE)
        request.state.visitor = known or new_token()
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.url.scheme == "https":
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        page = response.headers.get("content-type", "").startswith("text/html")
        if page:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if page and known is None:
            set_cookie(request, response, VISITOR_COOKIE, request.state.visitor)
        note = getattr(request.state, "note", "")
        if note:
            set_cookie(request, response, NOTE_COOKIE, quote(note), seconds=30)
        elif page and NOTE_COOKIE in request.cookies:
            response.delete_cookie(NOTE_COOKIE)
        return response


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends; over HTTPS it goes over HTTPS alone."""
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
