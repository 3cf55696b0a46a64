"""Search: actors, events and documents that hold what somebody typed, or that a number on another page counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from dragoman.pipeline.parties import party_code
from dragoman.serve.asking import Day, Text, period_asked, text_asked, word_asked
from dragoman.serve.desk import TheDesk
from dragoman.serve.routing import Pages
from dragoman.serve.search import (
    Answer,
    FoundDocument,
    FoundEvent,
    Wanted,
    find_actors,
    find_documents,
    find_events,
    phrases_of,
)
from dragoman.serve.search.asking import COUNTED, count_events
from dragoman.serve.search.rows import TOLD
from dragoman.terms import Domain, EventType, Factuality

pages = Pages("search")

ON_A_PAGE = 20
"""Rows of one kind on a page."""

MOST_PAGES = 500
"""Pages of a list; who looks further asks more closely."""

AT_FIRST = 8
"""Rows of each kind where all kinds are shown."""


class What(StrEnum):
    """Which kind of thing is sought."""

    ALL = "all"
    EVENTS = "events"
    DOCUMENTS = "documents"
    ACTORS = "actors"


class Order(StrEnum):
    """In which order things are shown."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class ShownActor:
    """An actor that was found, and in how many events of the record it stands."""

    key: str
    name: str
    kind: str
    matched: str
    events: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the things must be beside holding the words, as it stands in the address; empty where nothing is asked."""

    since: str
    until: str
    type: str
    domain: str
    factuality: str
    party: str
    other: str
    source: str
    target: str
    place: str
    outlet: str

    def are_set(self) -> bool:
        """Whether anything is asked."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of things: its address, its name, how many there are."""

    address: str
    name: str
    count: int
    more: bool
    current: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found. Counts stop at `counted`; `complete` is false while the newest additions are not searchable."""

    title: str
    query: str
    what: str
    order: str
    filters: Filters
    tabs: list[Tab]
    actors: list[ShownActor]
    events: list[FoundEvent]
    documents: list[FoundDocument]
    event_count: int
    document_count: int
    counted: int
    loose: bool
    complete: bool
    previous: str | None
    following: str | None
    types: list[str]
    domains: list[str]


@pages.page("/search", "search.html.j2", limit="search")
def search_page(
    desk: TheDesk,
    q: Annotated[str, Query(max_length=200, description="Words, “phrases”, names and codes; - leaves out.")] = "",
    what: Text = "",
    order: Text = "",
    since: Day = "",
    until: Day = "",
    type: Text = "",
    domain: Text = "",
    factuality: Text = "",
    party: Text = "",
    other: Text = "",
    source: Text = "",
    target: Text = "",
    place: Text = "",
    outlet: Text = "",
    page: Annotated[int, Query(ge=1, le=MOST_PAGES, description="Page of the list, from 1.")] = 1,
) -> SearchPage:
    """Actors, events and documents that hold the words and are as the filters say."""
    query = text_asked(q)
    kind = word_asked(What, what, "what") or What.ALL
    sorting = word_asked(Order, order, "order") or Order.BEST
    first, last = period_asked(since, until)
    chosen_type, chosen_domain = word_asked(EventType, type, "type"), word_asked(_Domain, domain, "domain")
    chosen_factuality = word_asked(_Factuality, factuality, "factuality")
    parties = {name: _party(text) for name, text in (("party", party), ("other", other))}
    sides = {name: _party(text) for name, text in (("source", source), ("target", target))}
    filters = Filters(
        since=first.isoformat() if first else "",
        until=last.isoformat() if last else "",
        type=chosen_type or "",
        domain=chosen_domain or "",
        factuality=chosen_factuality or "",
        party=parties["party"] or "",
        other=parties["other"] or "",
        source=sides["source"] or "",
        target=sides["target"] or "",
        place=text_asked(place),
        outlet=text_asked(outlet),
    )
    complete = desk.search.follow()
    phrases = tuple(phrases_of(query))
    most = AT_FIRST if kind is What.ALL else ON_A_PAGE
    start = 0 if kind is What.ALL else (page - 1) * ON_A_PAGE
    common = {"since": first, "until": last, "newest_first": sorting is Order.NEWEST, "start": start, "most": most}
    events: Answer[FoundEvent] = Answer()
    documents: Answer[FoundDocument] = Answer()
    of_events, of_documents = _event_kinds(filters), [("outlet", filters.outlet)] if filters.outlet else []
    with desk.search.connection() as connection:
        if phrases or filters.are_set():
            if not filters.outlet:
                events = find_events(connection, Wanted(phrases, kinds=tuple(of_events), **common))  # type: ignore[arg-type]
            if not of_events:
                documents = find_documents(connection, Wanted(phrases, kinds=tuple(of_documents), **common))  # type: ignore[arg-type]
        found = find_actors(query)
        counts = count_events(connection, [actor.key for actor in found])
    actors = _by_weight([ShownActor(a.key, a.name, a.kind, a.matched, counts.get(a.key, 0)) for a in found])
    address = _Address(query, filters, sorting)
    shown = {What.EVENTS: events.count, What.DOCUMENTS: documents.count}.get(kind, 0)
    return SearchPage(
        title=f"Search: {query}" if query else "Search",
        query=query,
        what=kind.value,
        order=sorting.value,
        filters=filters,
        tabs=[
            Tab(address.of(What.ALL), "All", events.count + documents.count + len(actors), False, kind is What.ALL),
            _tab(address, What.EVENTS, events, kind),
            _tab(address, What.DOCUMENTS, documents, kind),
            Tab(address.of(What.ACTORS), "Actors", len(actors), False, kind is What.ACTORS),
        ],
        actors=[] if kind in (What.EVENTS, What.DOCUMENTS) else actors[: None if kind is What.ACTORS else AT_FIRST],
        events=events.rows if kind in (What.ALL, What.EVENTS) else [],
        documents=documents.rows if kind in (What.ALL, What.DOCUMENTS) else [],
        event_count=min(events.count, COUNTED),
        document_count=min(documents.count, COUNTED),
        counted=COUNTED,
        loose=events.loose or documents.loose,
        complete=complete,
        previous=address.of(kind, page - 1) if page > 1 and kind is not What.ALL else None,
        following=address.of(kind, page + 1) if shown > page * ON_A_PAGE and page < MOST_PAGES else None,
        types=[one.value for one in EventType],
        domains=[one.value for one in _Domain],
    )


_Domain = StrEnum("_Domain", {**{one.name: one.value for one in Domain}, "UNKNOWN": "unknown"})  # type: ignore[misc]
"""A domain, or that it is unknown."""

_Factuality = StrEnum("_Factuality", {**{one.name: one.value for one in Factuality}, "TOLD": TOLD})  # type: ignore[misc]
"""A factuality, or that an event is actual or pledged."""


@dataclass(frozen=True, slots=True)
class _Address:
    """Makes addresses of the same search."""

    query: str
    filters: Filters
    order: Order

    def of(self, what: What, page: int = 1) -> str:
        """The address of a kind of things, and of a page of them."""
        told = {"q": self.query, "what": what.value if what is not What.ALL else ""}
        told |= {name: getattr(self.filters, name) for name in Filters.__slots__}
        told |= {
            "order": self.order.value if self.order is not Order.BEST else "",
            "page": str(page) if page > 1 else "",
        }
        return f"/search?{urlencode({name: value for name, value in told.items() if value or name == 'q'})}"


def _party(text: str) -> str | None:
    return party_code(text_asked(text)) if text.strip() else None


def _tab(address: _Address, what: What, answer: Answer[FoundEvent] | Answer[FoundDocument], current: What) -> Tab:
    count = min(answer.count, COUNTED)
    return Tab(address.of(what), what.value.capitalize(), count, answer.is_cut, current is what)


def _event_kinds(filters: Filters) -> list[tuple[str, str]]:
    """What an event must be."""
    told = [(name, getattr(filters, name)) for name in ("type", "domain", "factuality", "party", "source", "target")]
    told += [("party", filters.other), ("place", filters.place)]
    return [(name, value) for name, value in told if value]


def _by_weight(actors: list[ShownActor]) -> list[ShownActor]:
    """The actor that is meant first, then those that stand in most events."""
    return actors[:1] + sorted(actors[1:], key=lambda actor: -actor.events)
