"""Events: the list behind every number, and an event with all its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query

from dragoman.brief.wording import say_event
from dragoman.coding import gazetteer
from dragoman.errors import UsageError
from dragoman.pipeline.lookup import event_by_id
from dragoman.pipeline.merge import event_named
from dragoman.record import EventFilter, event_row, public_event, rows_with
from dragoman.record.rows import Row
from dragoman.relate import PROVIDER
from dragoman.relate.series import Step
from dragoman.serve.asking import (
    Identity,
    PageNumber,
    Pager,
    Text,
    address,
    day_asked,
    party_asked,
    providers_asked,
    words_asked,
)
from dragoman.serve.desk import TheDesk
from dragoman.serve.evidence import CorrectionTold, ReportTold, corrections_about, reports_of_event
from dragoman.serve.listing import (
    MOST_IDS,
    EventLine,
    Nature,
    Order,
    Tone,
    Wanted,
    count_events,
    event_line,
    event_lines,
    page_of_events,
    party_name,
)
from dragoman.serve.reading import ServedRecord
from dragoman.serve.routing import Pages
from dragoman.terms import Domain, EventType, Factuality

pages = Pages("events")

MOST_REPORTS = 40
"""Reports of an event that its page shows; the first published ones."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that a filter offers, and whether it is chosen."""

    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class EventsPage:
    """A list of events: the rows as `dragoman events --as json` gives them, a page at a time."""

    title: str
    told: str
    """What is asked for, in words."""
    total: int
    rows: list[dict[str, Any]]
    lines: list[EventLine]
    pager: Pager
    asked: dict[str, str]
    types: list[Choice]
    factualities: list[Choice]
    domains: list[Choice]
    order: str


def wanted_asked(
    a: Annotated[str, Query(max_length=120, description="An actor: code, name or abbreviation.")] = "",
    b: Annotated[str, Query(max_length=120, description="A second actor.")] = "",
    directed: Annotated[str, Query(max_length=5, description="true: only from the first to the second.")] = "",
    kind: Annotated[list[Text] | None, Query(alias="type", max_length=20, description="PLOVER type.")] = None,
    factuality: Annotated[list[Text] | None, Query(max_length=8)] = None,
    domain: Annotated[list[Text] | None, Query(max_length=30)] = None,
    provider: Annotated[list[Text] | None, Query(max_length=5)] = None,
    what: Annotated[str, Query(max_length=10, description="word or deed.")] = "",
    tone: Annotated[str, Query(max_length=20, description="cooperation or conflict.")] = "",
    since: Annotated[str, Query(max_length=20)] = "",
    until: Annotated[str, Query(max_length=20)] = "",
    reported_since: Annotated[str, Query(max_length=20, description="First reported on that day or later.")] = "",
    as_of: Annotated[str, Query(max_length=20)] = "",
    identity: Annotated[
        list[Annotated[str, Query(max_length=24)]] | None, Query(alias="id", max_length=MOST_IDS)
    ] = None,
    period: Annotated[str, Query(max_length=20, description="First day of a period of the series from a to b.")] = "",
    step: Annotated[str, Query(max_length=10, description="day, week, month or quarter.")] = "",
) -> Wanted:
    """The filters of a list of events."""
    named = tuple(party_asked(party) for party in (a, b) if party.strip())
    start = day_asked(period)
    if start is not None and len(set(named)) != 2:
        raise UsageError("A period is one of a series, which goes from one actor to another: name both, a and b.")
    return Wanted(
        EventFilter(
            parties=named,
            directed=directed.strip().lower() in ("true", "1", "yes", "on"),
            types=words_asked(EventType, kind or (), "type of event"),
            since=day_asked(since),
            until=day_asked(until),
            domains=words_asked(Domain, domain or (), "domain"),
            providers=providers_asked(provider or ()),
        ),
        as_of=day_asked(as_of),
        factualities=words_asked(Factuality, factuality or (), "factuality"),
        nature=next(iter(words_asked(Nature, [what], "kind of event")), None),
        tone=next(iter(words_asked(Tone, [tone], "tone")), None),
        reported_since=day_asked(reported_since),
        period=start,
        step=next(iter(words_asked(Step, [step], "step")), Step.MONTH),
        ids=tuple(dict.fromkeys(one for one in identity or () if one.isalnum() and one.isascii())),
    )


@pages.page("/events", "events.html.j2")
def events_page(
    desk: TheDesk,
    wanted: Annotated[Wanted, Depends(wanted_asked)],
    page: PageNumber = 1,
    order: Annotated[str, Query(max_length=10, description="newest or oldest first.")] = "newest",
) -> EventsPage:
    """The events that the filters name, a page at a time."""
    (sorting,) = words_asked(Order, [order or "newest"], "order") or (Order.NEWEST,)
    record = desk.record
    rows = page_of_events(record, wanted, page, sorting)
    total = count_events(record, wanted)
    own = wanted.filter
    as_oldest = {} if sorting is Order.NEWEST else {"order": sorting.value}
    pager = Pager.of(page, total, "/events", **wanted.asked, **as_oldest)
    return EventsPage(
        title=_title(wanted),
        told=_told(wanted),
        total=total,
        rows=[public_event(row) for row in rows],
        lines=event_lines(record, rows),
        pager=pager,
        asked={name: str(value or "") for name, value in wanted.asked.items() if not isinstance(value, list | tuple)},
        types=[Choice(kind.value, kind in own.types) for kind in EventType],
        factualities=[Choice(word.value, word in wanted.factualities) for word in Factuality],
        domains=[Choice(word.value, word in own.domains) for word in Domain],
        order=sorting.value,
    )


def _title(wanted: Wanted) -> str:
    match [party_name(party) for party in wanted.filter.parties]:
        case [first, second]:
            return f"From {first} to {second}" if wanted.filter.directed else f"{first} and {second}: events"
        case [only]:
            return f"{only}: events"
        case _:
            return "Events"


def _told(wanted: Wanted) -> str:
    """What else is asked for, in words."""
    own = wanted.filter
    parts = [
        *([f"{wanted.nature}s"] if wanted.nature else []),
        *([f"of {wanted.tone}"] if wanted.tone else []),
        *([", ".join(own.types)] if own.types else []),
        *([", ".join(wanted.factualities)] if wanted.factualities else []),
        *([f"about {', '.join(own.domains)}"] if own.domains else []),
        *([f"since {own.since}"] if own.since else []),
        *([f"until {own.until}"] if own.until else []),
        *([f"first reported since {wanted.reported_since}"] if wanted.reported_since else []),
        *([f"of {', '.join(own.providers)}"] if own.providers else []),
        *([f"as known on {wanted.as_of}"] if wanted.as_of else []),
        *([f"counted in the {wanted.step} from {wanted.period}"] if wanted.period else []),
        *(["those of one number on another page"] if wanted.ids else []),
    ]
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class RelationLink:
    """A relation that the event is of."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with every report of it, what people said about it, and why the coder said so."""

    title: str
    event: dict[str, Any]
    line: EventLine
    asked_as: str
    """The id that was asked for, where the event goes by another now; else empty."""
    dismissed: bool
    place: str
    reports: list[ReportTold]
    more_reports: int
    outlets: list[str]
    claimants: list[str]
    deniers: list[str]
    corrections: list[CorrectionTold]
    relations: list[RelationLink]
    original: str
    """The row that the event was imported from; empty for our own."""
    origin_file: str


@pages.page("/events/{identity}", "event.html.j2")
def event_page(desk: TheDesk, identity: Identity) -> EventPage:
    """An event: every report with its sentence in context, who claims and who denies it, and why it was coded so."""
    if not (identity.isalnum() and identity.isascii()):
        raise HTTPException(404, "There is no such event; ids are e and 20 hexadecimal digits.")
    return desk.record.kept(
        ("event", identity), lambda: _event_page(desk.record, identity), lambda page: 2 + 4 * len(page.reports)
    )


def _event_page(record: ServedRecord, identity: str) -> EventPage:
    row = event_row_of(record, identity)
    names = {code: state.name for code, state in gazetteer().states.items()}
    reports = reports_of_event(record, row["id"], MOST_REPORTS)
    imported = _imported(record, row)
    return EventPage(
        title=say_event(row, names, []).rstrip("."),
        event=public_event(row),
        line=event_line(row),
        asked_as=identity if identity != row["id"] else "",
        dismissed=row["dismissed"],
        place=", ".join(filter(None, (row["place"]["name"], party_name(row["place"]["country"] or ""))))
        if row["place"]
        else "",
        reports=reports,
        more_reports=max(0, len(row["mentions"]) - len(reports)),
        outlets=list(row["outlets"]),
        claimants=[party_name(code) for code in row["claimants"]],
        deniers=[party_name(code) for code in row["deniers"]],
        corrections=corrections_about(record, [row["id"], identity, *row["mentions"]]),
        relations=_relations(row),
        original=imported["row"] if imported else "",
        origin_file=f"{imported['file']}, line {imported['line']}" if imported else "",
    )


def event_row_of(record: ServedRecord, identity: str) -> Row:
    """The row of the event of this id, or of the one that it was merged into; else not found."""
    known = event_by_id(record.newest(), identity)
    if known is not None:
        return event_row(known)
    try:
        return event_named(record.newest(), identity)
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


def _imported(record: ServedRecord, row: Row) -> Row | None:
    if row["provider"] == PROVIDER:
        return None
    return next(iter(rows_with(record.newest(), "imported", "id", [f"i{row['id'][1:]}"])), None)


def _relations(row: Row) -> list[RelationLink]:
    """The relations of the event: of each who acts with each who is acted on."""
    sides = [
        list(
            dict.fromkeys(
                (actor["code"] if actor["code"] in gazetteer().states else actor["name"]) for actor in row[side]
            )
        )
        for side in ("source", "target")
    ]
    found: dict[frozenset[str], RelationLink] = {}
    for first in sides[0]:
        for second in sides[1]:
            if first and second and first != second:
                link = RelationLink(f"{party_name(first)} and {party_name(second)}", address("dyads", first, second))
                found.setdefault(frozenset((first, second)), link)
    return list(found.values())[:6]
