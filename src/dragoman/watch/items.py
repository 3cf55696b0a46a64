"""What sources named: each page, message or file once, what became of it, and when it is looked at again."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, and_, func, select, update
from sqlalchemy.orm import Session

from dragoman.database import Database, FetchedItem
from dragoman.watch.holding import FAR, insert_missing, is_past
from dragoman.watch.hosts import host_of
from dragoman.watch.lists import Entry
from dragoman.watch.reading import DOCUMENT, KNOWN
from dragoman.watch.sources import Source

CLAIM = datetime.timedelta(minutes=10)
"""So long one watcher may take over an item before another may try."""
BEFORE = "before"
ELSEWHERE = "elsewhere"
_CHUNK = 400


def key_of(address: str) -> str:
    """What an address is known by."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Named:
    """What naming entries did: how many are new, how many of those wait, and how many were left for a later visit."""

    new: int
    waiting: int
    left: int


def name_entries(
    session: Session, source: Source, entries: Sequence[Entry], now: datetime.datetime, *, first: bool
) -> Named:
    """Write down what a list names. Of a first list all but the `backlog` count as known before.

    While `waiting` pages of a source wait, no more are named: a list that grows faster than its host may be asked fills
    no database. An entry that is done is due again if the list states a later moment than before.
    """
    known = {row.address_hash: row for row in _rows(session, source.name, [key_of(e.address) for e in entries])}
    new = [entry for entry in entries if key_of(entry.address) not in known]
    room = max(0, source.limits.backlog - _read(session, source.name)) if first else len(new)
    wanted = {entry.address for entry in _newest([e for e in new if e.part == "page"])[:room]} if first else None
    rows: list[dict[str, object]] = []
    more = max(0, source.limits.waiting - _waiting(session, source.name))
    left = 0
    for entry in new:
        waits = wanted is None or entry.part != "page" or entry.address in wanted
        if waits and not more:
            left += 1
            continue
        more -= waits
        rows.append(
            {
                "source": source.name,
                "address_hash": key_of(entry.address),
                "address": entry.address,
                "first_seen": now,
                "published": entry.stated,
                "done": None if waits else now,
                "tries": 0,
                "next_try": now if waits else None,
                "outcome": "" if waits else BEFORE,
                "part": entry.part,
                "host": host_of(entry.address),
                "etag": entry.digest,
            }
        )
    for start in range(0, len(rows), _CHUNK):
        insert_missing(session, FetchedItem, rows[start : start + _CHUNK])
    for entry in entries:
        row = known.get(key_of(entry.address))
        if row is not None and _is_due_again(row, entry):
            row.published, row.next_try = entry.stated, now
    return Named(len(rows), sum(row["done"] is None for row in rows), left)


def known_keys(session: Session, source: str, addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that the source has named before."""
    by_hash = {key_of(address): address for address in addresses}
    return {by_hash[row.address_hash] for row in _rows(session, source, list(by_hash))}


class Items:
    """The items of all watchers of one database."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    def due(self, sources: Iterable[str], now: datetime.datetime) -> dict[str, FetchedItem]:
        """By host the item that has waited longest there."""
        names = list(sources)
        with self._database.session() as session:
            first = (
                select(FetchedItem.host, func.min(FetchedItem.next_try).label("moment"))
                .where(FetchedItem.source.in_(names), is_past(FetchedItem.next_try, now))
                .group_by(FetchedItem.host)
                .subquery()
            )
            rows = session.scalars(
                select(FetchedItem)
                .join(first, and_(FetchedItem.host == first.c.host, FetchedItem.next_try == first.c.moment))
                .where(FetchedItem.source.in_(names))
                .order_by(FetchedItem.next_try, FetchedItem.id)
            )
            found: dict[str, FetchedItem] = {}
            for row in rows:
                found.setdefault(row.host, row)
            return found

    def claim(self, item: FetchedItem, sources: Collection[str], now: datetime.datetime) -> bool:
        """Whether the item still waited and is now this watcher's.

        A page that another source has brought, or that one of these `sources` named earlier and will bring, is let be;
        one that another watcher reads just now waits for that.
        """
        with self._database.session() as session:
            waits = and_(
                FetchedItem.id == item.id, FetchedItem.next_try == item.next_try, is_past(FetchedItem.next_try, now)
            )
            if item.part == "page":
                others = session.scalars(
                    select(FetchedItem).where(
                        FetchedItem.address_hash == item.address_hash, FetchedItem.source != item.source
                    )
                ).all()
                if any(_brings(other, item, sources) for other in others):
                    gone = {"done": now, "next_try": None, "outcome": ELSEWHERE}
                    session.execute(update(FetchedItem).where(waits).values(**gone))
                    return False
                if any(other.held_by not in ("", self._holder) for other in others):
                    return False
            done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
                update(FetchedItem).where(waits).values(next_try=now + CLAIM, held_by=self._holder)
            )
            return done.rowcount == 1

    def put(self, item: FetchedItem, session: Session | None = None, **values: object) -> None:
        """Write what became of an item, and let go of it."""
        change = update(FetchedItem).where(FetchedItem.id == item.id).values(held_by="", **values)
        if session is not None:
            session.execute(change)
            return
        with self._database.session() as own:
            own.execute(change)

    def next_due(self, sources: Iterable[str], now: datetime.datetime) -> datetime.datetime | None:
        """When the next item is due."""
        with self._database.session() as session:
            return session.scalar(
                select(func.min(FetchedItem.next_try)).where(
                    FetchedItem.source.in_(list(sources)), FetchedItem.next_try <= now + FAR
                )
            )

    def done_data(self, source: str) -> list[str]:
        """The newest files of events that were read."""
        with self._database.session() as session:
            rows = session.scalars(
                select(FetchedItem.address)
                .where(FetchedItem.source == source, FetchedItem.part == "data")
                .order_by(FetchedItem.address.desc())
                .limit(1)
            )
            return list(rows)


def _brings(other: FetchedItem, item: FetchedItem, sources: Collection[str]) -> bool:
    """Whether the page of another source stands for this one."""
    if item.done is not None:
        return False  # It was read for this source, and is looked at again.
    if other.done is not None:
        return other.outcome in (DOCUMENT, KNOWN)
    return other.id < item.id and other.source in sources and other.next_try is not None


def _rows(session: Session, source: str, keys: list[str]) -> list[FetchedItem]:
    found: list[FetchedItem] = []
    for start in range(0, len(keys), _CHUNK):
        wanted = keys[start : start + _CHUNK]
        found += session.scalars(
            select(FetchedItem).where(FetchedItem.source == source, FetchedItem.address_hash.in_(wanted))
        )
    return found


def _waiting(session: Session, source: str) -> int:
    """How many pages of a source wait to be read."""
    waits = select(func.count()).select_from(FetchedItem)
    return session.scalar(waits.where(FetchedItem.source == source, FetchedItem.done.is_(None))) or 0


def _read(session: Session, source: str) -> int:
    """How many pages of a source are read or wait to be."""
    return (
        session.scalar(
            select(func.count())
            .select_from(FetchedItem)
            .where(FetchedItem.source == source, FetchedItem.part == "page", FetchedItem.outcome != BEFORE)
        )
        or 0
    )


def _newest(entries: list[Entry]) -> list[Entry]:
    earliest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(entries, key=lambda entry: entry.stated or earliest, reverse=True)


def _is_due_again(row: FetchedItem, entry: Entry) -> bool:
    if row.done is None or row.outcome == ELSEWHERE:
        return False
    if row.part == "listing" and entry.stated is None:
        return True
    return entry.stated is not None and (row.published is None or entry.stated > row.published)
