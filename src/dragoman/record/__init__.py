"""The record: tables of documents, mentions, events and refusals, with versions."""

from dragoman.record.housekeeping import Compacted, Vacuumed, compact, restore, vacuum
from dragoman.record.output import PUBLIC, joined_lists, public_event, public_events
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
from dragoman.record.verify import Finding, verify, verify_versions
from dragoman.record.views import (
    SLACK,
    EventFilter,
    coverage,
    event_table,
    filter_events,
    in_order,
    is_party,
    known_by,
    mentions_between,
    mentions_in_windows,
    mentions_of,
    newest_day,
    rows_with,
    sentences,
    signatures,
)

__all__ = [
    "FORMAT",
    "PUBLIC",
    "SLACK",
    "TABLES",
    "Compacted",
    "EventFilter",
    "Finding",
    "Placing",
    "Snapshot",
    "Store",
    "Transaction",
    "Vacuumed",
    "compact",
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
<<<<<<< HEAD
    "joined_lists",
=======
    "is_party",
>>>>>>> 4bac640 (Responses of a large record read only what may answer; the matrix and the answers have modules of their own)
    "known_by",
    "mention_from",
    "mention_row",
    "mentions_between",
    "mentions_in_windows",
    "mentions_of",
    "newest_day",
    "public_event",
    "public_events",
    "refusal_row",
    "restore",
    "rows_with",
    "sentences",
    "signatures",
    "vacuum",
    "verify",
    "verify_versions",
]
