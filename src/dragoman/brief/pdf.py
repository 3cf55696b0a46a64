"""Prints HTML as PDF with WeasyPrint, which needs Pango from the system."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from dragoman.errors import BriefError


def write_pdf(html: str) -> bytes:
    """The page as PDF; nothing is fetched for it. Without Pango a `BriefError` says how to get it."""
    weasyprint = _weasyprint()
    # Only what the page itself carries may be read: no file and no address of the network.
    fetcher = import_module("weasyprint.urls").URLFetcher(allowed_protocols=("data",))
    content: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf()
    return content


def _weasyprint() -> ModuleType:
    try:
        return import_module("weasyprint")
    except OSError as error:
        raise BriefError(
            f"A PDF needs Pango, which is not on this machine ({error}). Install it (Debian and Ubuntu: "
            "“apt install libpango-1.0-0 libpangoft2-1.0-0”; macOS: “brew install pango”), or write the brief as html "
            "and print it from a browser."
        ) from error
