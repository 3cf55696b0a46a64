"""The record: tables of documents, mentions, events and refusals, with versions."""

from dragoman.record.output import public_event
from dragoman.record.rows import (
    Placing,
    correction_from,
    correction_row,
    document_from,
    document_row,
    event_from,
    event_row,
    mention_from,
    mention_row,
    refusal_row,
)
from dragoman.record.schemas import FORMAT, TABLES
from dragoman.record.store import Snapshot, Store, Transaction
from dragoman.record.verify import Finding, verify
from dragoman.record.views import (
    SLACK,
    EventFilter,
    coverage,
    event_table,
    filter_events,
    in_order,
    known_by,
    mentions_between,
    mentions_in_windows,
    newest_day,
    rows_with,
    sentences,
    signatures,
)

__all__ = [
    "FORMAT",
    "SLACK",
    "TABLES",
    "EventFilter",
    "Finding",
    "Placing",
    "Snapshot",
    "Store",
    "Transaction",
    "correction_from",
    "correction_row",
    "coverage",
    "document_from",
    "document_row",
    "event_from",
    "event_row",
    "event_table",
    "filter_events",
    "in_order",
    "known_by",
    "mention_from",
    "mention_row",
    "mentions_between",
    "mentions_in_windows",
    "newest_day",
    "public_event",
    "refusal_row",
    "rows_with",
    "sentences",
    "signatures",
    "verify",
]
