"""How the files of a large table of events are cut: by month of the event and provider, see docs/scale.md.

Each folder holds the events of one month and provider; those without a date share one. The folders are named by two
columns that stand beside the table's own and are in no file, so a file reads the same wherever it lies.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

PARTED_BY = ("in_month", "of_provider")
"""The columns that a parted table has beside its own."""

PARTED_FROM = 50_000_000
"""Events from which compacting cuts the table into folders, where nothing else is said."""

GROUP_ROWS = 65_536
"""Rows of a parted table's file that are read or left out together; more than elsewhere, as there are many files."""


def is_parted(table: DeltaTable) -> bool:
    """Whether the table's files are cut by month and provider."""
    return list(table.metadata().partition_columns) == list(PARTED_BY)


def parted_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of a table with the columns that name its folders."""
    for name in PARTED_BY:
        schema = schema.append(pa.field(name, pa.string()))
    return schema


def with_parts(events: pa.Table) -> pa.Table:
    """Rows of `events` with the columns that name their folders."""
    months = pc.strftime(events["date"], format="%Y-%m").cast(pa.string())
    return events.append_column(PARTED_BY[0], months).append_column(PARTED_BY[1], events["provider"])
