"""What a provider's module says of a batch of rows, column by column; and helpers that work on distinct values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.exchange.codes import Facts
from dragoman.exchange.columns import Rows
from dragoman.record import TABLES
from dragoman.records import Actor

GLUE = "\x1f"
"""Parts a key that is made of several columns; it stands in no text."""

Solve = Callable[[str, date | None], tuple[Actor, ...] | None]
"""Actors for a key and a day; None where they cannot be told, none where the row names nobody."""


@dataclass(slots=True)
class Coded:
    """A batch of rows as a provider means them; every array has one value a row.

    `code` is what `facts` is asked for, `shown` how the report names it. `source` and `target` are keys that `solve`
    turns into actors. `row_id` is the provider's own id, else the row's content stands for it.
    """

    rows: Rows
    code: pa.Array
    facts: Callable[[str], Facts | None]
    days: pa.Array
    source: pa.Array
    target: pa.Array
    solve: Solve
    row_id: pa.Array | None = None
    precision: pa.Array | None = None
    ends: pa.Array | None = None
    place: pa.Array | None = None
    outlet: pa.Array | None = None
    origins: pa.Array | None = None
    reported: pa.Array | None = None
    version: pa.Array | None = None
    shown: Callable[[str], str] = str


def mapped(column: pa.Array, function: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """The function of every value, asked once for each distinct one; null stays null."""
    encoded = column.dictionary_encode()
    values = pa.array([function(value) for value in encoded.dictionary.to_pylist()], kind)
    return values.take(encoded.indices)


def glued(*columns: pa.Array) -> pa.Array:
    """The columns as one key, parted by `GLUE`; null counts as an empty text."""
    return pc.binary_join_element_wise(*(pc.fill_null(column, "") for column in columns), GLUE)


def iso_days(column: pa.Array) -> pa.Array:
    """Days from texts that begin YYYY-MM-DD, or are YYYYMMDD…; null for all else."""
    return mapped(column, _day, pa.date32())


def _day(text: str) -> date | None:
    digits = text[:8] if text[:8].isdigit() else text[:10].replace("-", "") if text[4:5] == text[7:8] == "-" else ""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None


def numbers(column: pa.Array, kind: pa.DataType | None = None) -> pa.Array:
    """Numbers from texts, degrees and counts; null where a text is none, or one that the kind cannot hold."""
    fits = pc.match_substring_regex(column, r"^-?\d+(\.\d+)?([eE][-+]?\d+)?$")
    kept = pc.if_else(pc.fill_null(fits, False), column, pa.scalar(None, pa.string()))
    found = pc.cast(kept, pa.float64())
    most = float(2 ** (kind.bit_width - 1)) if kind is not None else float("inf")
    found = pc.if_else(pc.less(pc.abs(found), most), found, pa.scalar(None, pa.float64()))
    return found if kind is None else pc.cast(pc.round(found), kind)


def places(
    name: pa.Array, country: pa.Array, latitude: pa.Array, longitude: pa.Array, geonames: pa.Array | None = None
) -> pa.Array:
    """Places from names, codes of states of the record, and degrees; null where the name or the state is unknown."""
    kind = TABLES["events"].field("place").type
    count = len(name)
    on_earth = pc.and_(pc.less_equal(pc.abs(latitude), 90.0), pc.less_equal(pc.abs(longitude), 180.0))
    there = pc.fill_null(on_earth, False)
    nowhere = pa.scalar(None, pa.float64())
    columns = {
        "name": name,
        "country": country,
        "geonames_id": geonames if geonames is not None else pa.nulls(count, pa.int64()),
        "latitude": pc.if_else(there, latitude, nowhere),
        "longitude": pc.if_else(there, longitude, nowhere),
    }
    arrays = [
        columns[field.name] if field.name in columns else pa.nulls(count, field.type)
        for field in (kind.field(number) for number in range(kind.num_fields))
    ]
    unknown = pc.or_(pc.is_null(name), pc.is_null(country))
    return pa.StructArray.from_arrays(
        [array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array for array in arrays],
        fields=[kind.field(number) for number in range(kind.num_fields)],
        mask=unknown,
    )


def codes_of(column: pa.Array) -> tuple[np.ndarray, list[str]]:
    """For every row the number of its value, and the values; null counts as an empty text."""
    encoded = pc.fill_null(column, "").dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()
