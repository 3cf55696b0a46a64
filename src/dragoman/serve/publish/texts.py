"""Small decisions about texts of readers and authors: addresses, reading time, prose, links."""

from __future__ import annotations

import math
import re
import unicodedata
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from dragoman.errors import UsageError
from dragoman.serve.asking import text_asked

WORDS_A_MINUTE = 230
RESERVED = frozenset({"new", "compose", "mine", "index"})
"""Addresses under /briefs that are no brief's."""

_LINK = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(title: str, longest: int = 70) -> str:
    """What stands in an address for a title: small letters, digits and hyphens; never empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    found = ""
    for word in words:
        if len(found) + len(word) + 1 > longest:
            break
        found = f"{found}-{word}" if found else word
    return found or "brief"


def check_slug(slug: str) -> str:
    """A name for an address that a person chose; a `UsageError` where it cannot be one."""
    if not _SLUG.fullmatch(slug) or len(slug) > 80 or slug in RESERVED:
        raise UsageError(
            f"{slug!r} cannot stand in an address; use small letters, digits and hyphens, such as east-asia."
        )
    return slug


def minutes_to_read(words: int) -> int:
    """Minutes that reading so many words takes, at least one."""
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def one_line(text: str, longest: int) -> str:
    """A text as one line without signs that no page can show, cut at `longest` characters."""
    return text_asked(text)[:longest]


def plain_text(text: str, longest: int) -> str:
    """A text of several lines without signs that no page can show, cut at `longest` characters."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or sign.isprintable())
    return re.sub(r"\n{3,}", "\n\n", kept).strip()[:longest]


def web_address(text: str) -> str:
    """An address of the web; a `UsageError` for anything that is none."""
    told = text.strip()
    try:
        parts = urlsplit(told)
    except ValueError as error:
        raise UsageError(f"{told[:200]!r} is no address of a page; write https://….") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(told) > 2000 or not told.isprintable():
        raise UsageError(f"{told[:200]!r} is no address of a page; write https://….")
    return told


def safe_link(address: str | None) -> str:
    """An address that a link may lead to; empty for any that could run."""
    return address if address and address.lower().startswith(("http://", "https://")) else ""


def as_prose(text: str) -> Markup:
    """What a person wrote as paragraphs, addresses as links; nothing else of it becomes markup."""
    paragraphs = [_linked(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    html = "".join(f"<p>{part}</p>" for part in paragraphs)
    return Markup(
        nh3.clean(
            html,
            tags={"p", "br", "a"},
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="nofollow ugc noopener",
        )
    )


def _linked(text: str) -> str:
    pieces, last = [], 0
    for match in _LINK.finditer(text):
        pieces += [escape(text[last : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        last = match.end()
    pieces.append(escape(text[last:]))
    return "".join(map(str, pieces)).replace("\n", "<br>")
