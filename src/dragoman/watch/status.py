"""How each source does: what `dragoman watch status` and the desk show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dragoman.database import Database, FetchedItem, SourceState
from dragoman.watch.items import BEFORE, ELSEWHERE
from dragoman.watch.sources import Source

LAST_READ = 20
"""So many of the pages read last are looked at for the lag."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source as the database knows it; moments are UTC, None for never.

    `lag_seconds` is the longest time from a page's appearance, as the source states it, or else from its being named,
    until it was read, over the pages read last. `waiting` pages are named and not read. `silent_since` is the moment
    of its last new document where that lies longer back than its stated silence: from then on the record has a gap.
    """

    name: str
    kind: str
    outlet: str | None
    last_try: datetime.datetime | None
    last_success: datetime.datetime | None
    last_new: datetime.datetime | None
    next_due: datetime.datetime | None
    lag_seconds: float | None
    documents: int
    known: int
    refusals: int
    waiting: int
    failures: int
    all_failures: int
    passed_over: int
    silent_since: datetime.datetime | None
    last_error: str

    def row(self) -> dict[str, Any]:
        """Plain values, moments as ISO text."""
        return {
            key: value.isoformat() if isinstance(value, datetime.datetime) else value
            for key, value in asdict(self).items()
        }


def source_status(
    database: Database, sources: Sequence[Source] = (), now: datetime.datetime | None = None
) -> list[SourceStatus]:
    """The status of the sources that were ever watched, by name; the list of sources adds outlet and silence."""
    moment = now or datetime.datetime.now(datetime.UTC)
    stated = {source.name: source for source in sources}
    with database.session() as session:
        rows = session.scalars(select(SourceState).order_by(SourceState.name))
        return [_status(session, row, stated.get(row.name), moment) for row in rows]


def silent_since(state: SourceState, source: Source, now: datetime.datetime) -> datetime.datetime | None:
    """The moment of a source's last new document, if that lies further back than its stated silence; else None."""
    last = state.last_new or state.started
    if source.silence is None or last is None or now - last <= source.silence:
        return None
    return last


def _status(session: Session, row: SourceState, source: Source | None, now: datetime.datetime) -> SourceStatus:
    own = FetchedItem.source == row.name
    waiting = session.scalar(select(func.count()).select_from(FetchedItem).where(own, FetchedItem.done.is_(None)))
    return SourceStatus(
        name=row.name,
        kind=row.kind,
        outlet=source.outlet if source else None,
        last_try=row.last_try,
        last_success=row.last_success,
        last_new=row.last_new,
        next_due=row.next_due,
        lag_seconds=_lag(session, row),
        documents=row.documents,
        known=row.known,
        refusals=row.refusals,
        waiting=waiting or 0,
        failures=row.failures,
        all_failures=row.all_failures,
        passed_over=row.passed_over,
        silent_since=silent_since(row, source, now) if source else None,
        last_error=row.last_error,
    )


def _lag(session: Session, row: SourceState) -> float | None:
    """In seconds; a page that was there before the watch began counts from when it was first named."""
    newest = session.execute(
        select(FetchedItem.first_seen, FetchedItem.published, FetchedItem.done)
        .where(
            FetchedItem.source == row.name,
            FetchedItem.done.is_not(None),
            FetchedItem.reads == 1,
            FetchedItem.outcome.not_in((BEFORE, ELSEWHERE, "listing")),
        )
        .order_by(FetchedItem.done.desc())
        .limit(LAST_READ)
    )
    found = []
    for first_seen, published, done in newest:
        appeared: datetime.datetime = first_seen
        if published is not None and row.started is not None and row.started <= published <= first_seen:
            appeared = published
        if done is not None:
            found.append((done - appeared).total_seconds())
    return max(found, default=None)
