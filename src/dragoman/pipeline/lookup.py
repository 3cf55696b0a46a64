"""One event, its mentions, one document: by id, at once, however large the record; for pages that show one thing.

The first look-up in a state of the record reads the ids of the table and keeps where each lies; the next ones read one
stretch of one file.
"""

from __future__ import annotations

from dragoman.pipeline.remembered import remembered_of
from dragoman.record import DuckEngine, Snapshot, addresses, document_from, event_from, mention_from, rows_with
from dragoman.record.addresses import Addresses
from dragoman.record.rows import Row
from dragoman.records import Document, Event, Mention

ADDRESS_SIZE = 30
"""Addresses that take as much of what is kept as one sentence."""


def event_by_id(snapshot: Snapshot, identity: str) -> Event | None:
    """The event of this very id; one that was merged into another since is found by `Record.event`."""
    return next(map(event_from, _rows(snapshot, "events", "id", identity)), None)


def mentions_by_event(snapshot: Snapshot, identity: str) -> list[Mention]:
    """The mentions of an event, sorted by id."""
    return list(map(mention_from, _rows(snapshot, "mentions", "event_id", identity)))


def mentions_in_document(snapshot: Snapshot, identity: str) -> list[Row]:
    """The rows of the mentions that a document holds, sorted by id; each names its event."""
    return _rows(snapshot, "mentions", "document_id", identity)


def mention_row_by_id(snapshot: Snapshot, identity: str) -> Row | None:
    """The row of the mention of this id, which names its event."""
    return next(iter(_rows(snapshot, "mentions", "id", identity)), None)


def document_by_id(snapshot: Snapshot, identity: str) -> Document | None:
    """The document of this id."""
    return next(map(document_from, _rows(snapshot, "documents", "id", identity)), None)


def _rows(snapshot: Snapshot, table: str, column: str, identity: str) -> list[Row]:
    def size(found: Addresses | None) -> int:
        return 1 if found is None else 1 + len(found) // ADDRESS_SIZE

    known = None
    if isinstance(snapshot.engine, DuckEngine):
        known = remembered_of(snapshot, table, ("addresses", column), lambda: addresses(snapshot, table, column), size)
    return rows_with(snapshot, table, column, [identity]) if known is None else known.rows(identity)
