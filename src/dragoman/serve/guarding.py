"""What stands around every answer: headers that let nothing foreign run, the visitor's cookie, notes of actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response
from starlette.middleware.base import BaseHTTPMiddleware

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
