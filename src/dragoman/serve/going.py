"""Where a person goes on after signing in: only ever an address of this desk."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_address(wanted: str, otherwise: str = "/") -> str:
    """The wanted address if it is a path of this desk, else `otherwise`."""
    odd = any(ord(sign) <= 32 or ord(sign) == 127 or sign == "\\" for sign in wanted)
    if odd or not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > 2000:
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return wanted if not parts.scheme and not parts.netloc else otherwise
