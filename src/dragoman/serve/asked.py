"""What stands in the query of an address, as plain values; what cannot be is a `UsageError` that says what may be."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Query

from dragoman.errors import UsageError
from dragoman.periods import parse_day
from dragoman.pipeline.parties import party_code

Choice = TypeVar("Choice", bound=StrEnum)

Day = Annotated[str, Query(max_length=20, description="A day, YYYY-MM-DD; empty for none.")]
"""A day in a query."""

Word = Annotated[str, Query(max_length=120)]
"""A short text in a query, such as a code, a name or one of a few choices; empty for none."""

PageNumber = Annotated[int, Query(ge=1, le=500, description="Which page of a list, from 1.")]
"""The page of a list."""


def asked_day(text: str) -> datetime.date | None:
    """A day, or None for an empty text."""
    return parse_day(text) if text.strip() else None


def asked_period(since: str, until: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Two days of which either may be open; the first must not lie after the second."""
    first, last = asked_day(since), asked_day(until)
    if first and last and first > last:
        raise UsageError(f"since {first} lies after until {last}; swap the two.")
    return first, last


def asked_choice(kind: type[Choice], text: str, name: str) -> Choice | None:
    """One of a few choices, or None for an empty text; capital letters make no difference."""
    wanted = text.strip().casefold()
    if not wanted:
        return None
    for choice in kind:
        if choice.value.casefold() == wanted:
            return choice
    raise UsageError(f"{name} {text!r} is not known; allowed are {', '.join(choice.value for choice in kind)}.")


def asked_party(text: str) -> str | None:
    """The code or name of an actor, or None for an empty text."""
    return party_code(text) if text.strip() else None


def asked_text(text: str) -> str:
    """A text without signs that cannot be shown, and with single spaces."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
