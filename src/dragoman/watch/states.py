"""How each source does: when it is visited, what came of it, and when it is visited next."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from dragoman.database import Database, SourceState
from dragoman.watch.answers import back_off
from dragoman.watch.holding import LEASE, insert_missing, is_free, is_past
from dragoman.watch.reading import Outcome
from dragoman.watch.sources import Source

_LONGEST_ERROR = 500


class States:
    """The sources of one watcher, as all watchers of the database know them."""

    def __init__(self, database: Database, sources: Sequence[Source], holder: str, random: Random) -> None:
        self._database = database
        self._sources = {source.name: source for source in sources}
        self._holder = holder
        self._random = random

    def register(self, now: datetime.datetime) -> None:
        """Write down the sources that are new; they are due at once."""
        with self._database.session() as session:
            rows: list[dict[str, Any]] = [
                {"name": s.name, "kind": s.kind.value, "started": now, "next_due": now, "failures": 0}
                | {"last_error": "", "documents": 0, "refusals": 0}
                for s in self._sources.values()
            ]
            insert_missing(session, SourceState, rows)

    def due(self, now: datetime.datetime) -> list[tuple[Source, SourceState]]:
        """The sources whose moment has come and that nobody visits, the longest due first."""
        with self._database.session() as session:
            rows = session.scalars(
                select(SourceState)
                .where(SourceState.name.in_(self._sources), self._may_be_visited(now))
                .order_by(SourceState.next_due, SourceState.name)
            )
            return [(self._sources[row.name], row) for row in rows]

    def claim(self, name: str, now: datetime.datetime) -> bool:
        """Whether the source was due and free, and is now visited by this watcher alone."""
        with self._database.session() as session:
            done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
                update(SourceState)
                .where(SourceState.name == name, self._may_be_visited(now))
                .values(held_by=self._holder, held_until=now + LEASE, last_try=now)
            )
            return done.rowcount == 1

    def bring_forward(self, now: datetime.datetime) -> None:
        """Let those be due now whose moment comes within half their interval, for a run that will not wait."""
        with self._database.session() as session:
            for source in self._sources.values():
                soon = now + source.interval / 2
                session.execute(
                    update(SourceState)
                    .where(SourceState.name == source.name, SourceState.failures == 0, SourceState.next_due <= soon)
                    .values(next_due=now)
                )

    def next_due(self) -> datetime.datetime | None:
        """When the next source is due."""
        with self._database.session() as session:
            rows = session.scalars(select(SourceState.next_due).where(SourceState.name.in_(self._sources)))
            return min((moment for moment in rows if moment is not None), default=None)

    def succeed(self, session: Session, source: Source, now: datetime.datetime, **values: object) -> None:
        """The list was read, or had not changed."""
        self._put(
            session,
            source,
            {
                "last_success": now,
                "failures": 0,
                "last_error": "",
                "next_due": now + source.interval + self._jitter(source),
                "location": None,
                "hops": 0,
            }
            | values,
        )

    def fail(self, source: Source, now: datetime.datetime, why: str, wait: datetime.timedelta | None = None) -> None:
        """The list could not be had; it is asked for again later and later, or when the site says."""
        with self._database.session() as session:
            row = session.get_one(SourceState, source.name)
            failures = row.failures + 1
            pause = back_off(failures, source.interval) if wait is None else max(wait, source.interval)
            self._put(
                session,
                source,
                {
                    "failures": failures,
                    "all_failures": SourceState.all_failures + 1,
                    "last_error": why[:_LONGEST_ERROR],
                    "next_due": now + pause + self._jitter(source),
                    "location": None,
                    "hops": 0,
                },
            )

    def move(self, source: Source, address: str, hops: int, now: datetime.datetime) -> None:
        """The list lies elsewhere; it is asked for there as soon as its host is free."""
        with self._database.session() as session:
            self._put(session, source, {"location": address, "hops": hops, "next_due": now})

    def let_go(self, source: Source, **values: object) -> None:
        """End a visit that changed nothing else."""
        with self._database.session() as session:
            self._put(session, source, values)

    def answered(self, session: Session, name: str, now: datetime.datetime) -> None:
        """One of the pages that are a source without a list was there."""
        session.execute(
            update(SourceState)
            .where(SourceState.name == name)
            .values(last_success=now, last_try=now, failures=0, last_error="")
        )

    def count(self, session: Session, name: str, outcomes: Iterable[Outcome], now: datetime.datetime) -> None:
        """Add what pages gave."""
        found = list(outcomes)
        documents = sum(outcome.documents for outcome in found)
        values: dict[str, Any] = {
            "documents": SourceState.documents + documents,
            "known": SourceState.known + sum(outcome.known for outcome in found),
            "refusals": SourceState.refusals + sum(outcome.refused.total() for outcome in found),
        }
        if documents:
            values["last_new"] = now
        session.execute(update(SourceState).where(SourceState.name == name).values(**values))

    def count_failure(self, name: str, why: str) -> None:
        """Add a failed try of a page."""
        with self._database.session() as session:
            session.execute(
                update(SourceState)
                .where(SourceState.name == name)
                .values(all_failures=SourceState.all_failures + 1, last_error=why[:_LONGEST_ERROR])
            )

    def _may_be_visited(self, now: datetime.datetime) -> Any:
        due = or_(SourceState.next_due.is_(None), is_past(SourceState.next_due, now))
        return due & is_free(SourceState, now)

    def _put(self, session: Session, source: Source, values: dict[str, Any]) -> None:
        session.execute(
            update(SourceState)
            .where(SourceState.name == source.name)
            .values(**({"held_by": "", "held_until": None} | values))
        )

    def _jitter(self, source: Source) -> datetime.timedelta:
        return source.jitter * self._random.random()
