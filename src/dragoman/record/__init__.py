"""The record: tables of documents, mentions, events and refusals, with versions."""

from dragoman.record.changes import count_rows, file_names, rows_of_files
from dragoman.record.columns import columns_of, events_from, mentions_from
from dragoman.record.copying import copy_record
from dragoman.record.engines import DUCKDB, open_engine
from dragoman.record.housekeeping import Compacted, Vacuumed, compact, restore, vacuum
from dragoman.record.output import PUBLIC, joined_lists, public_event, public_events, public_rows
from dragoman.record.places import Stored, files_under, is_remote, local_copy
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
    refusal_from,
    refusal_row,
)
from dragoman.record.schemas import FORMAT, TABLES
from dragoman.record.sides import codes_beside, involving, side_code
from dragoman.record.spark import BatchFunction, SparkEngine, spark_schema
from dragoman.record.store import Snapshot, Store, Transaction
from dragoman.record.verify import Finding, verify, verify_versions
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
    mentions_of,
    newest_day,
    rows_with,
    sentences,
    signatures,
)

__all__ = [
    "DUCKDB",
    "FORMAT",
    "PUBLIC",
    "SLACK",
    "TABLES",
    "BatchFunction",
    "Compacted",
    "EventFilter",
    "Finding",
    "Placing",
    "Snapshot",
    "SparkEngine",
    "Store",
    "Stored",
    "Transaction",
    "Vacuumed",
    "codes_beside",
    "columns_of",
    "compact",
    "copy_record",
    "correction_from",
    "correction_row",
    "count_rows",
    "coverage",
    "document_from",
    "document_row",
    "event_from",
    "event_row",
    "event_table",
    "events_from",
    "file_names",
    "files_under",
    "filter_events",
    "in_order",
    "involving",
    "is_remote",
    "joined_lists",
    "known_by",
    "local_copy",
    "mention_from",
    "mention_row",
    "mentions_between",
    "mentions_from",
    "mentions_in_windows",
    "mentions_of",
    "newest_day",
    "open_engine",
    "public_event",
    "public_events",
    "public_rows",
    "refusal_from",
    "refusal_row",
    "restore",
    "rows_of_files",
    "rows_with",
    "sentences",
    "side_code",
    "signatures",
    "spark_schema",
    "vacuum",
    "verify",
    "verify_versions",
]
