"""The desk's own address, as others reach it."""

from __future__ import annotations

from fastapi import Request

from dragoman.serve.desk import Desk


def base_of(request: Request, desk: Desk) -> str:
    """The address before a path: the one that the settings give, else the one that was asked."""
    return desk.settings.serve_address or str(request.base_url).rstrip("/")
