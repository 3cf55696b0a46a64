"""What an answer of a site means for the thing that was asked for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from dragoman.errors import FetchError, ReadError
from dragoman.read import Answer, redirection
from dragoman.read.fetch import MOST_REDIRECTS
from dragoman.terms import RefusalReason

LONGEST_WAIT = datetime.timedelta(hours=24)
"""The longest wait that a site's Retry-After can ask for."""
FIRST_WAIT = datetime.timedelta(minutes=1)
LAST_WAIT = datetime.timedelta(hours=6)
_BUSY = (429, 503)
_PASSING = (408, 425)


@dataclass(frozen=True, slots=True)
class Taken:
    """It is here."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Same:
    """It has not changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """It lies elsewhere."""

    address: str


@dataclass(frozen=True, slots=True)
class Later:
    """It may be had later; `wait` is what the site itself asks for, and then this was no failed try."""

    why: str
    wait: datetime.timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not be had, or may not be read."""

    error: ReadError


Meaning = Taken | Same | Moved | Later | Refused


def judge(found: Answer | ReadError, hops: int, now: datetime.datetime) -> Meaning:
    """What an answer, or the error in its place, means after so many redirects."""
    if isinstance(found, ReadError):
        passing = found.reason in (RefusalReason.UNREACHABLE, RefusalReason.DAMAGED)
        return Later(str(found)) if passing else Refused(found)
    place = redirection(found)
    if place is not None:
        if hops >= MOST_REDIRECTS:
            return Refused(
                FetchError(
                    RefusalReason.UNREACHABLE,
                    f"It redirects more than {MOST_REDIRECTS} times, last to {place[:200]}; give the final address.",
                )
            )
        return Moved(place)
    if found.status == 200:
        return Taken(found)
    if found.status == 304:
        return Same()
    told = f"{found.url} answers with status {found.status}"
    if found.status in _BUSY:
        return Later(f"{told}.", retry_after(found.headers, now))
    if found.status >= 500 or found.status in _PASSING:
        return Later(f"{told}.")
    return Refused(FetchError(RefusalReason.UNREACHABLE, f"{told}; only 200 is read. Check the address."))


def retry_after(headers: Mapping[str, str], now: datetime.datetime) -> datetime.timedelta | None:
    """How long a site asks to wait, a day at most; None where it does not say."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 10:
        return min(datetime.timedelta(seconds=int(text)), LONGEST_WAIT)
    moment = stated_moment(text)
    return None if moment is None else min(max(moment - now, datetime.timedelta()), LONGEST_WAIT)


def stated_moment(text: str) -> datetime.datetime | None:
    """The moment that a header or a feed states, in mail's notation or in ISO 8601; None where it cannot be told."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            found = datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return None


def back_off(failures: int, first: datetime.timedelta = FIRST_WAIT) -> datetime.timedelta:
    """How long to wait after so many failures in a row: twice as long each time, six hours at most (or `first`)."""
    longest = max(LAST_WAIT, first)
    return longest if failures > 20 else min(first * 2 ** max(failures - 1, 0), longest)
