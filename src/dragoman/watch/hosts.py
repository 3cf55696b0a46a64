"""Hosts: one request at a time for each, never more often than its limit, and its robots.txt known before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, or_, select, update

from dragoman.database import Database, HostState
from dragoman.errors import FetchError, ReadError
from dragoman.read import Answer
from dragoman.read.addresses import read_target
from dragoman.read.fetch import PRODUCT
from dragoman.terms import RefusalReason
from dragoman.watch.answers import Later, back_off
from dragoman.watch.holding import LEASE, insert_missing, is_free, is_mine, is_past
from dragoman.watch.robots import MOST_BYTES, Robots

ROBOTS_HOLDS = datetime.timedelta(hours=24)
"""So long a robots.txt is taken as it was (RFC 9309: a day)."""
FORBIDDEN_HOLDS = datetime.timedelta(minutes=5)
"""So long a host that may not be fetched at all is not asked for it; its pages are refused one by one."""


def host_of(url: str) -> str:
    """Scheme, host and port of an address; empty for one that is never fetched."""
    try:
        target = read_target(url)
    except FetchError:
        return ""
    return f"{target.scheme}://{f'[{target.host}]' if ':' in target.host else target.host}:{target.port}"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a host: `robots` None while its robots.txt must be fetched first."""

    next_free: datetime.datetime | None
    robots: Robots | None
    failures: int


@lru_cache(maxsize=128)
def _robots(text: str) -> Robots:
    """The rules of a text, taken apart once."""
    return Robots(text, PRODUCT)


class Hosts:
    """The hosts of all watchers of one database."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    def known(self, name: str, now: datetime.datetime) -> Known:
        """What is known of a host; a new one is written down."""
        with self._database.session() as session:
            row = session.get(HostState, name)
            if row is None:
                insert_missing(session, HostState, [{"name": name, "held_by": "", "requests": 0, "robots_failures": 0}])
                return Known(None, None, 0)
            until = row.robots_until
            holds = until is not None and now < until <= now + ROBOTS_HOLDS
            return Known(row.next_free, _robots(row.robots or "") if holds else None, row.robots_failures)

    def claim(self, name: str, now: datetime.datetime) -> bool:
        """Whether the host was free and may be asked by this watcher now."""
        with self._database.session() as session:
            done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
                update(HostState)
                .where(
                    HostState.name == name,
                    is_free(HostState, now),
                    or_(HostState.next_free.is_(None), is_past(HostState.next_free, now)),
                )
                .values(held_by=self._holder, held_until=now + LEASE)
            )
            return done.rowcount == 1

    def release(self, name: str, next_free: datetime.datetime, requests: int = 1) -> None:
        """Let others ask the host from that moment on."""
        with self._database.session() as session:
            session.execute(
                update(HostState)
                .where(is_mine(HostState, name, self._holder))
                .values(held_by="", held_until=None, next_free=next_free, requests=HostState.requests + requests)
            )

    def next_free(self, names: set[str]) -> datetime.datetime | None:
        """When the first of these hosts may be asked."""
        with self._database.session() as session:
            rows = session.execute(
                select(HostState.next_free, HostState.held_until).where(HostState.name.in_(names))
            ).all()
        return min((moment for row in rows for moment in row if moment is not None), default=None)

    def learn(self, name: str, found: Answer | ReadError, now: datetime.datetime) -> Later | None:
        """Keep what came of asking for robots.txt; where it could not be had the host waits, and why is told.

        No such file (a status of 400 to 499) allows all; a host that fails (500 to 599, no answer) allows nothing
        until it answers (RFC 9309, 2.3.1).
        """
        status = found.status if isinstance(found, Answer) else 0
        text: str | None = None
        holds = ROBOTS_HOLDS
        if isinstance(found, Answer) and status == 200:
            text = found.body[:MOST_BYTES].decode("utf-8", "replace").replace("\0", "")
        elif isinstance(found, ReadError) and found.reason == RefusalReason.FORBIDDEN_ADDRESS:
            holds = FORBIDDEN_HOLDS
        elif isinstance(found, ReadError) and found.reason != RefusalReason.UNREACHABLE:
            text = None  # An image, or too much of it: there are no rules that could be read.
        elif not (300 <= status < 500 and status != 429):
            return self._failed(name, found)
        with self._database.session() as session:
            session.execute(
                update(HostState)
                .where(HostState.name == name)
                .values(robots=text, robots_until=now + holds, robots_failures=0)
            )
        return None

    def _failed(self, name: str, found: Answer | ReadError) -> Later:
        with self._database.session() as session:
            row = session.get(HostState, name)
            failures = (row.robots_failures if row else 0) + 1
            session.execute(update(HostState).where(HostState.name == name).values(robots_failures=failures))
        told = str(found) if isinstance(found, ReadError) else f"it answers with status {found.status}"
        why = f"robots.txt of {name} cannot be had ({told}); nothing of the host is fetched until it can."
        return Later(why, back_off(failures))
