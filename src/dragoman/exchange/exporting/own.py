"""Our own columns as CSV, Parquet and JSON Lines, streamed from the tables' files in Arrow batches."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from dragoman.exchange.exporting.layout import Column, Form, Layout
from dragoman.exchange.exporting.vocabulary import (
    CLAIMANTS,
    CODES,
    DOMAINS,
    EVENT_TYPES,
    FACTUALITIES,
    MODES,
    PRECISIONS,
    QUADS,
    SECTORS,
    TRUTHS,
)
from dragoman.record import PUBLIC

OWN = (Layout.CSV, Layout.PARQUET, Layout.JSONL)
_VALUES = {
    "date_precision": PRECISIONS,
    "source": CODES,
    "target": CODES,
    "type": EVENT_TYPES,
    "mode": MODES,
    "quad": QUADS,
    "factuality": FACTUALITIES,
    "contested": TRUTHS,
    "claimants": CLAIMANTS,
    "deniers": CLAIMANTS,
    "domain": DOMAINS,
    "source_sectors": SECTORS,
    "target_sectors": SECTORS,
}
COLUMNS = tuple(
    Column(
        field.name,
        field.metadata[b"meaning"].decode(),
        field.metadata[b"unit"].decode(),
        _VALUES.get(field.name, ()),
    )
    for field in PUBLIC
)
_LEFT_OUT = ("events that a person has dismissed",)
_LOST = ("the offsets and rules of the mentions, and the words of the reports: they stand in the record",)
FORMS = {
    Layout.CSV: Form(
        "Events as CSV",
        "CSV, UTF-8, with a header; lists are joined with bars (|), what is unknown is empty",
        COLUMNS,
        lost=(*_LOST, "the difference between an empty list and a list of one unknown; bars inside a name"),
        left_out=_LEFT_OUT,
    ),
    Layout.PARQUET: Form(
        "Events as Parquet", "Parquet, compressed with zstd; lists stay lists", COLUMNS, lost=_LOST, left_out=_LEFT_OUT
    ),
    Layout.JSONL: Form(
        "Events as JSON Lines",
        "JSON Lines, UTF-8: one object a line; null where nothing is known",
        COLUMNS,
        lost=_LOST,
        left_out=_LEFT_OUT,
    ),
}


def write_own(stream: pa.RecordBatchReader, layout: Layout, path: Path) -> int:
    """Write a stream of our own columns (for CSV with joined lists); returns the number of rows."""
    rows = 0
    match layout:
        case Layout.CSV:
            with pc.CSVWriter(path, stream.schema, write_options=pc.WriteOptions(quoting_style="needed")) as writer:
                for batch in stream:
                    writer.write_batch(batch)
                    rows += batch.num_rows
        case Layout.PARQUET:
            with pq.ParquetWriter(path, stream.schema, compression="zstd") as writer:
                for batch in stream:
                    writer.write_batch(batch)
                    rows += batch.num_rows
        case _:
            with path.open("w", encoding="utf-8") as out:
                for batch in stream:
                    out.writelines(
                        f"{json.dumps(row, ensure_ascii=False, default=_day)}\n" for row in batch.to_pylist()
                    )
                    rows += batch.num_rows
    return rows


def _day(value: date) -> str:
    return value.isoformat()
