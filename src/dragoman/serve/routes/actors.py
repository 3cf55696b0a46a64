"""Actors: what each is, with whom it deals most, what it does and what is done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from fastapi import HTTPException

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.record import EventFilter
from dragoman.serve.activity import ActorCount, activity_of, latest_events
from dragoman.serve.asking import PartyName, address, party_asked
from dragoman.serve.desk import TheDesk
from dragoman.serve.listing import (
    EventLine,
    Wanted,
    event_line,
    event_lines,
    page_of_events,
    party_name,
    sentences_of,
)
from dragoman.serve.reading import ServedRecord
from dragoman.serve.routing import Pages
from dragoman.terms import EventType

pages = Pages("actors")

BUSIEST, LATEST, NAMES = 20, 15, 12
"""How many relations, events and names an actor's page shows."""

BUSIEST_ACTORS = 250
"""Actors whose newest events are found for all of them at once; there are some two hundred states."""

_LATEST_OF_BUSIEST = "latest events of the busiest actors"


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number with what it counts and where it opens to."""

    name: str
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A relation of the actor."""

    code: str
    name: str
    address: str
    events: int
    words: int
    deeds: int
    cooperation: int
    last: str | None
    all_events: str


@dataclass(frozen=True, slots=True)
class ActorPage:
    """An actor: what it is, its busiest relations, its latest events, its counts by type and year."""

    title: str
    code: str
    kind: str
    """What the list of actors knows it as: a state, a body, a group; empty where it knows it not."""
    also: list[str]
    """Other names and what belongs to it, as texts have them."""
    events: int
    all_events: str
    partners: list[Partner]
    types: list[NumberLine]
    years: list[NumberLine]
    latest: list[EventLine]


@pages.page("/actors/{code}", "actor.html.j2")
def actor_page(desk: TheDesk, code: PartyName) -> ActorPage:
    """What an actor is, with whom it deals most, and what happened last."""
    party = party_asked(code)
    record = desk.record
    activity = activity_of(record)
    counts = activity.actors.get(party)
    kind, also = _known_as(party)
    if counts is None and not kind:
        raise HTTPException(404, f"Neither the record nor the list of actors knows “{party}”; try the search.")
    counts = counts or ActorCount(0, {}, {})
    wanted = Wanted(EventFilter(parties=(party,)))
    return ActorPage(
        title=party_name(party),
        code=party,
        kind=kind,
        also=also,
        events=counts.events,
        all_events=wanted.address,
        partners=[
            Partner(
                code=pair.second,
                name=party_name(pair.second),
                address=address("dyads", party, pair.second),
                events=pair.events,
                words=pair.words,
                deeds=pair.deeds,
                cooperation=pair.cooperation,
                last=pair.last.isoformat() if pair.last else None,
                all_events=Wanted(EventFilter(parties=(party, pair.second))).address,
            )
            for pair in activity.with_partner(party, BUSIEST)
        ],
        types=[
            NumberLine(
                name, number, replace(wanted, filter=EventFilter(parties=(party,), types=(EventType(name),))).address
            )
            for name, number in counts.types.items()
        ],
        years=[NumberLine(str(year), number, _of_year(party, year)) for year, number in counts.years.items()],
        latest=latest_of(record, party),
    )


def latest_of(record: ServedRecord, party: str) -> list[EventLine]:
    """The newest events of an actor."""
    known: dict[str, list[EventLine]] | None = record.peek(_LATEST_OF_BUSIEST)
    if known is not None and party in known:
        return known[party]
    rows = page_of_events(record, Wanted(EventFilter(parties=(party,))), size=LATEST)
    return event_lines(record, rows)


def ready_latest(record: ServedRecord) -> None:
    """Find the newest events of the busiest actors, all at once, which costs little more than those of one."""

    def find() -> dict[str, list[EventLine]]:
        counted = activity_of(record).actors
        actors = sorted(counted, key=lambda actor: -counted[actor].events)[:BUSIEST_ACTORS]
        rows = latest_events(record, actors, LATEST)
        told = sentences_of(record, list({row["id"]: row for own in rows.values() for row in own}.values()))
        return {actor: [event_line(row, told.get(row["id"], "")) for row in own] for actor, own in rows.items()}

    record.kept(_LATEST_OF_BUSIEST, find, lambda found: 2 * sum(map(len, found.values())) + 1)


def _of_year(party: str, year: int) -> str:
    return Wanted(EventFilter(parties=(party,), since=date(year, 1, 1), until=date(year, 12, 31))).address


_KINDS = {NameKind.STATE: "state", NameKind.BODY: "body", NameKind.GROUP: "group"}


@cache
def _known_as(party: str) -> tuple[str, list[str]]:
    """What the list of actors knows a party as, and some of its names."""
    found = ""
    names: list[str] = []
    for name, entries in gazetteer().names.items():
        for entry in entries:
            own = party in (entry.actor.code, entry.actor.name) and entry.kind in _KINDS
            if own and (entry.actor.name == party or entry.actor.code == party):
                if entry.kind is not NameKind.STATE and entry.actor.name != party:
                    continue
                found = found or _KINDS[entry.kind]
                names.append(name)
    return found, [name for name in dict.fromkeys(names) if name != party_name(party)][:NAMES]
