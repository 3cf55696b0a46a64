"""The head that every page of a relation shares: who the two are, from where they are looked at, where else to look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import HTTPException
from sqlalchemy import select

from dragoman.database import WatchedDyad
from dragoman.exchange import PROVIDERS
from dragoman.pipeline import View
from dragoman.relate import PROVIDER
from dragoman.relate.entries import STATE_WORDS
from dragoman.serve.activity import known_activity
from dragoman.serve.asking import Outlook, Parties, address
from dragoman.serve.desk import Desk
from dragoman.serve.listing import (
    Counts,
    Nature,
    Tone,
    Wanted,
    count_events,
    party_name,
    today_of,
    wanted_of,
)
from dragoman.serve.person import Person
from dragoman.serve.reading import ServedRecord
from dragoman.serve.rendering import say_day, say_number
from dragoman.serve.views import Look, view_of

TABS = (
    ("", "Overview"),
    ("timeline", "Timeline"),
    ("ledger", "Ledger"),
    ("indicators", "Indicators"),
    ("responses", "Responses"),
    ("wording", "Wording"),
    ("ritual", "Ritual"),
    ("forecasts", "Forecasts"),
    ("network", "Network"),
)
"""The pages of a relation: the end of the address, and the name."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the relation."""

    name: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Words that may open to something."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of every page of a relation."""

    first: str
    second: str
    first_name: str
    second_name: str
    address: str
    """Of the relation's first page, without a query."""
    query: str
    """What the page was asked with, such as `?as_of=2024-06-01`."""
    as_of: str
    since: str
    until: str
    providers: list[str]
    all_providers: list[str]
    """Whose events may be asked for alone."""
    today: str
    version: int
    tabs: list[Tab]
    watched: bool
    """Whether the person who asks watches it."""
    watched_by_all: bool


def head_of(desk: Desk, person: Person, two: Parties, outlook: Outlook, tab: str, *, is_known: bool = False) -> Head:
    """The head of a page of a relation; one of which the record holds no event is not found.

    `is_known` says that an event of it was seen already, so that none need be looked for.
    """
    record = desk.record
    if not is_known and not _is_there(record, two):
        raise HTTPException(
            404,
            f"The record has no event between {party_name(two.first)} and {party_name(two.second)}. Check the names, "
            "or look for them with the search.",
        )
    own, everybody = _watched(desk, person, two)
    place = address("dyads", two.first, two.second)
    return Head(
        first=two.first,
        second=two.second,
        first_name=party_name(two.first),
        second_name=party_name(two.second),
        address=place,
        query=outlook.query,
        as_of=str(outlook.as_of or ""),
        since=str(outlook.since or ""),
        until=str(outlook.until or ""),
        providers=list(outlook.providers),
        all_providers=[PROVIDER, *sorted(PROVIDERS)],
        today=str(outlook.as_of or today_of(record) or ""),
        version=record.newest().version,
        tabs=[Tab(name, f"{place}{f'/{end}' if end else ''}{outlook.query}", end == tab) for end, name in TABS],
        watched=own,
        watched_by_all=everybody,
    )


def _is_there(record: ServedRecord, two: Parties) -> bool:
    """Whether the record holds an event of the two."""
    counted = known_activity(record)
    if counted is not None and counted.between(two.first, two.second):
        return True
    return count_events(record, wanted_of(two, Outlook())) > 0


def summary_of(record: ServedRecord, two: Parties, outlook: Outlook, counts: Counts) -> list[list[Link]]:
    """The relation in sentences; each is a list of words and numbers, which open to what they count.

    `counts` are of the events of the two as they are looked at.
    """
    wanted = wanted_of(two, outlook)
    if not counts.events:
        return [[Link("No event is known between the two from here.")]]
    return [_events(wanted, counts), *_era(record, two, outlook), *_ledger(record, two, outlook)]


def _events(wanted: Wanted, counts: Counts) -> list[Link]:
    from_to = f" from {say_day(counts.first)} to {say_day(counts.last)}" if counts.first and counts.last else ""
    sentence = [
        Link("The record holds "),
        Link(_counted(counts.events, "event"), wanted.address),
        Link(f" between the two{from_to}: "),
    ]
    for number, (nature, words) in enumerate(((Nature.WORD, counts.words), (Nature.DEED, counts.deeds))):
        conflict = counts.words_conflict if nature is Nature.WORD else counts.deeds_conflict
        asked = replace(wanted, nature=nature)
        sentence += [Link(_counted(words, nature), asked.address)]
        if words:
            against = replace(asked, tone=Tone.CONFLICT)
            sentence += [Link(" ("), Link(f"{say_number(conflict)} of conflict", against.address), Link(")")]
        sentence.append(Link(" and " if number == 0 else "."))
    return sentence


def _era(record: ServedRecord, two: Parties, outlook: Outlook) -> list[list[Link]]:
    rows = view_of(record, Look(two, outlook, View.ERAS)).rows
    if not rows:
        return []
    last = rows[-1]
    place = f"{address('dyads', two.first, two.second)}/timeline{outlook.query}"
    since = "From the first report on" if len(rows) == 1 else f"Since {say_day(last['start'])}"
    sentence = [Link(f"{since} the relation has been "), Link(last["name"], place)]
    if last["turn"]:
        sentence.append(Link(f": {last['turn']['reason']}"))
    return [[*sentence, Link(".")]]


def _ledger(record: ServedRecord, two: Parties, outlook: Outlook) -> list[list[Link]]:
    rows = view_of(record, Look(two, outlook, View.LEDGER)).rows
    if not rows:
        return []
    place = f"{address('dyads', two.first, two.second)}/ledger"
    states = [(state, sum(row["state"] == state for row in rows)) for state in STATE_WORDS]
    told = [(state, number) for state, number in states if number]
    sentence = [Link("Of "), Link(_counted(len(rows), "pledge or threat", "pledges and threats"), place), Link(", ")]
    for at, (state, number) in enumerate(told):
        query = outlook.query
        joined = f"{query}{'&' if query else '?'}state={state}"
        sentence.append(Link(f"{say_number(number)} {STATE_WORDS[state]}", f"{place}{joined}"))
        sentence.append(Link("." if at == len(told) - 1 else " and " if at == len(told) - 2 else ", "))
    return [sentence]


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{say_number(number)} {one if number == 1 else many or f'{one}s'}"


def _watched(desk: Desk, person: Person, two: Parties) -> tuple[bool, bool]:
    """Whether the person watches the relation, and whether everybody does."""
    with desk.database.session() as session:
        rows = session.scalars(
            select(WatchedDyad.account_id).where(
                WatchedDyad.account_id.is_(None) | (WatchedDyad.account_id == person.account_id),
                ((WatchedDyad.first == two.first) & (WatchedDyad.second == two.second))
                | ((WatchedDyad.first == two.second) & (WatchedDyad.second == two.first)),
            )
        ).all()
    return person.account_id is not None and person.account_id in rows, None in rows
