"""What the addresses of pages ask for: days, parties, a page of a list; and links that ask the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Depends, HTTPException, Path, Query

from dragoman.errors import UsageError
from dragoman.periods import parse_day
from dragoman.pipeline.chosen import known_providers
from dragoman.pipeline.parties import party_code

Word = TypeVar("Word", bound=StrEnum)

PAGE_SIZE = 50
"""Rows of a list on one page."""
MOST_PAGES = 100_000

Text = Annotated[str, Query(max_length=120)]
Day = Annotated[str, Query(max_length=20, description="A day, YYYY-MM-DD; empty for none.")]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES, description="Page of the list, from 1.")]
PartyName = Annotated[str, Path(max_length=120, description="A code, a name or an abbreviation of an actor.")]
Identity = Annotated[str, Path(max_length=24, description="An id as the record gives it.")]


def day_asked(text: str | None) -> date | None:
    """A day of a query; an empty field of a form is none, what is no day a `UsageError`."""
    return parse_day(text.strip()) if text and text.strip() else None


def period_asked(since: str, until: str) -> tuple[date | None, date | None]:
    """The first and the last day of a query, either of which may be open."""
    first, last = day_asked(since), day_asked(until)
    if first and last and first > last:
        raise UsageError(f"since {first} lies after until {last}; swap them.")
    return first, last


def word_asked(kind: type[Word], given: str, what: str) -> Word | None:
    """The word of a query as a member of its vocabulary; an empty field is none."""
    return next(iter(words_asked(kind, [given], what)), None)


def text_asked(given: str) -> str:
    """A text of a query without signs that cannot be shown, and with single spaces."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in given).split())


def words_asked(kind: type[Word], given: Sequence[str], what: str) -> tuple[Word, ...]:
    """The words of a query as members of their vocabulary, each once; empty fields are left out."""
    known = {word.value.casefold(): word for word in kind}
    asked = [word.strip() for word in given if word.strip()]
    unknown = [word for word in asked if word.casefold() not in known]
    if unknown:
        raise UsageError(f"“{unknown[0][:40]}” is no {what}; {', '.join(kind)} are.")
    return tuple(dict.fromkeys(known[word.casefold()] for word in asked))


def party_asked(text: str) -> str:
    """The actor that an address names, as codes and names of the record have it; what can be no name is not found."""
    if not text.strip() or not text.isprintable():
        raise HTTPException(
            404, "An actor is named by a code, such as PRK, or by a name or abbreviation, such as NATO."
        )
    return party_code(text.strip())


@dataclass(frozen=True, slots=True)
class Parties:
    """The two of a relation, as the record names them."""

    first: str
    second: str


def parties_asked(first: PartyName, second: PartyName) -> Parties:
    """The two of a relation."""
    found = Parties(party_asked(first), party_asked(second))
    if found.first == found.second:
        raise HTTPException(404, f"A relation has two sides; “{first}” and “{second}” are one.")
    return found


TheTwo = Annotated[Parties, Depends(parties_asked)]
"""The parameter of a page of a relation."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """From where a relation is looked at: known by a day, within days, by some providers' events alone."""

    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    providers: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The same as the end of an address: empty, or beginning with a question mark."""
        return query_of(as_of=self.as_of, since=self.since, until=self.until, provider=self.providers)


def outlook_asked(
    as_of: Annotated[str, Query(max_length=20, description="Only what was published by this day.")] = "",
    since: Annotated[str, Query(max_length=20, description="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, Query(max_length=20, description="Last day, YYYY-MM-DD.")] = "",
    provider: Annotated[list[Text] | None, Query(max_length=5, description="Whose events alone.")] = None,
) -> Outlook:
    """From where a relation is looked at."""
    return Outlook(day_asked(as_of), *period_asked(since, until), providers_asked(provider or ()))


TheOutlook = Annotated[Outlook, Depends(outlook_asked)]
"""The parameter of a page that may be looked at from another day."""


def providers_asked(given: Sequence[str]) -> tuple[str, ...]:
    """The providers of a query; one that is not known is a `UsageError`."""
    return tuple(known_providers(tuple(dict.fromkeys(word.strip() for word in given if word.strip()))))


def query_of(**given: object) -> str:
    """The end of an address that asks for this: what is none or empty is left out, a list is repeated."""
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, str(one)) for one in values if one not in (None, "", False)]
    return f"?{urlencode(pairs)}" if pairs else ""


def address(*parts: str) -> str:
    """The parts as a path, each safe within it."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list a page stands; `previous` and `next` are addresses, empty at the ends."""

    number: int
    pages: int
    total: int
    previous: str
    next: str

    @classmethod
    def of(cls, number: int, total: int, path: str, **query: object) -> Pager:
        """The place of page `number` in a list of `total` rows."""
        pages = max(1, -(-total // PAGE_SIZE))

        def link(to: int) -> str:
            return f"{path}{query_of(**query, page=to if to > 1 else None)}" if 1 <= to <= pages else ""

        return cls(number, pages, total, link(number - 1) if number <= pages else "", link(number + 1))


def on_page(number: int) -> slice:
    """The rows of a list that stand on a page."""
    return slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
