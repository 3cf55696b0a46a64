"""What a reader found, before it is cleaned, checked and made a document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from dragoman.errors import ReadError
from dragoman.read.dates import Dating


@dataclass(slots=True)
class Draft:
    """The parts of one article as a reader found them; `language` is what the page declares of itself."""

    reader: str
    title: str | None = None
    standfirst: str | None = None
    paragraphs: tuple[str, ...] = ()
    author: str | None = None
    publisher: str | None = None
    section: str | None = None
    topics: tuple[str, ...] = ()
    published: Dating | None = None
    retrieved: datetime | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One outcome of a reader: a draft, or the reason why there is none.

    `locator` says where in the input ("line 17"); `content` is the SHA-256 of the item's own bytes, in hexadecimal.
    """

    outcome: Draft | ReadError
    content: str | None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of one page and what is known about where they come from."""

    data: bytes
    name: str
    url: str | None = None
    retrieved: datetime | None = None
    media_type: str | None = None
    charset: str | None = None


def digest(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
