"""The front page: the relations that are watched, with what changed since the last visit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dragoman.database import Alert, Visit, WatchedDyad
from dragoman.errors import RecordMissing
from dragoman.serve.activity import activity_of
from dragoman.serve.asking import Parties, address
from dragoman.serve.changes import DAYS, Changes, Since, changes_of, since_days, since_version
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.listing import party_name, today_of
from dragoman.serve.person import Asking, Person
from dragoman.serve.reading import ServedRecord
from dragoman.serve.routing import Pages

pages = Pages("front")

MOST_WATCHED = 24
"""Relations that the front page shows; the ones watched first."""

BUSIEST = 6
"""Relations that are shown where none is watched."""

PAUSE = datetime.timedelta(minutes=30)
"""After how long away the next look is another visit."""

VISIT, LOOK = "/", "/#look"
"""The rows of `visits`: up to where the last visit saw, and up to where this one does."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert about a watched relation."""

    title: str
    why: str
    at: datetime.datetime
    address: str


@dataclass(frozen=True, slots=True)
class WatchedRelation:
    """A relation on the watchlist, with what is new in it."""

    first: str
    second: str
    name: str
    address: str
    own: bool
    """On one's own list, not on everybody's."""
    changes: Changes
    alerts: list[AlertLine]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page: the watchlist with what is new."""

    title: str
    since: str
    """From when on things are new, in words."""
    today: str
    documents: int
    events: int
    relations: list[WatchedRelation]
    is_default: bool
    """Whether nobody watches anything, so that the busiest relations stand here."""


@pages.page("/", "front.html.j2")
def front_page(desk: TheDesk, person: Asking) -> FrontPage:
    """The relations that are watched, by everybody and by the person who asks, with what is new in each."""
    record = desk.record
    try:
        record.newest()
    except RecordMissing:
        return FrontPage("The desk", "nothing was read yet", "", 0, 0, [], is_default=True)
    watched = _watched(desk, person)
    since, words = _since(desk, person)
    default = not watched
    if default:
        pairs = activity_of(record).pairs[:BUSIEST]
        watched = [(Parties(pair.first, pair.second), False) for pair in pairs]
    alerts = _alerts(desk, since) if since and watched else []
    return FrontPage(
        title="The desk",
        since=words,
        today=str(today_of(record) or ""),
        documents=_count(record, "documents"),
        events=_count(record, "events"),
        relations=[_relation(record, two, own, since, alerts) for two, own in watched] if since else [],
        is_default=default,
    )


def _watched(desk: Desk, person: Person) -> list[tuple[Parties, bool]]:
    """The relations that the person or everybody watches, each once, one's own first."""
    with desk.database.session() as session:
        mine = WatchedDyad.account_id.is_(None) | (WatchedDyad.account_id == person.account_id)
        rows = session.scalars(select(WatchedDyad).where(mine).order_by(WatchedDyad.id)).all()
    found: dict[frozenset[str], tuple[Parties, bool]] = {}
    for row in sorted(rows, key=lambda row: row.account_id is None):
        found.setdefault(
            frozenset((row.first, row.second)), (Parties(row.first, row.second), row.account_id is not None)
        )
    return list(found.values())[:MOST_WATCHED]


def _relation(
    record: ServedRecord, two: Parties, own: bool, since: Since, alerts: list[tuple[frozenset[str], AlertLine]]
) -> WatchedRelation:
    pair = frozenset((two.first, two.second))
    return WatchedRelation(
        first=two.first,
        second=two.second,
        name=f"{party_name(two.first)} and {party_name(two.second)}",
        address=address("dyads", two.first, two.second),
        own=own,
        changes=changes_of(record, two, since),
        alerts=[alert for of, alert in alerts if of == pair][:3],
    )


def _since(desk: Desk, person: Person) -> tuple[Since | None, str]:
    """From when on things are new to the person: since the last visit, else the last days."""
    record = desk.record
    if person.account_id is not None:
        seen = _visit(desk, person.account_id, record.newest().version)
        since = since_version(record, seen[0]) if seen else None
        if seen and since is not None:
            return since, f"since your visit on {seen[1].day} {seen[1]:%B %Y}"
    return since_days(record), f"in the last {DAYS} days of the record"


def _visit(desk: Desk, account: int, version: int) -> tuple[int, datetime.datetime] | None:
    """Up to which version the person had seen the desk when the last visit ended; and this look is kept."""
    now = desk.now()
    try:
        with desk.database.session() as session:
            mine = Visit.account_id == account, Visit.page.in_((VISIT, LOOK))
            rows = {row.page: row for row in session.scalars(select(Visit).where(*mine)).all()}
            last, look = rows.get(VISIT), rows.get(LOOK)
            if look is None:
                session.add(Visit(account_id=account, page=LOOK, record_version=version, at=now))
                return None
            if now - look.at > PAUSE:
                if last is None:
                    last = Visit(account_id=account, page=VISIT, record_version=look.record_version, at=look.at)
                    session.add(last)
                last.record_version, last.at = look.record_version, look.at
            look.record_version, look.at = version, now
            return (last.record_version, last.at) if last is not None else None
    except IntegrityError:
        # Two first looks at once: the other one is kept.
        return None


def _alerts(desk: Desk, since: Since) -> list[tuple[frozenset[str], AlertLine]]:
    """The newest alerts about relations."""
    start = datetime.datetime.combine(since.day, datetime.time(), datetime.UTC)
    with desk.database.session() as session:
        rows = session.scalars(select(Alert).where(Alert.at >= start).order_by(Alert.at.desc()).limit(200)).all()
    found = []
    for row in rows:
        event = next((str(one["event"]) for one in row.evidence if one.get("event")), "")
        found.append(
            (frozenset(map(str, row.dyad)), AlertLine(row.title, row.why, row.at, f"/events/{event}" if event else ""))
        )
    return found


def _count(record: ServedRecord, table: str) -> int:
    def count() -> int:
        snapshot = record.newest()
        rows = snapshot.table(table)
        return int(snapshot.rows(table, rows.aggregate(n=rows.count()))[0]["n"])

    return record.kept(("rows of", table), count)
