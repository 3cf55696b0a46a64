"""Rows as texts, and ids from them: made of whole columns or blocks at once."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.record import content_digits

_TO_ESCAPE = bytes(range(32)) + b'"\\'


def lines_of(data: bytes) -> pa.Array:
    """Every line of UTF-8 as a text, without its end; a last line that has none counts, if it holds anything."""
    offsets = pa.py_buffer(np.array([0, len(data)], np.int32))
    whole = pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data))
    lines = pc.split_pattern(whole, "\n").values
    return lines.slice(0, len(lines) - 1) if not data or data.endswith(b"\n") else lines


def json_objects(table: pa.Table) -> pa.Array:
    """Every row as a JSON object of texts, empty cells left out."""
    if not table.num_rows:
        return pa.array([], pa.string())
    cells = [
        pc.binary_join_element_wise(f'{json.dumps(name)}:"', _escaped(table[name].combine_chunks()), '"', "")
        for name in table.column_names
    ]
    inside = pc.binary_join_element_wise(*cells, ",", null_handling="skip")
    return pc.binary_join_element_wise("{", inside, "}", "")


def _escaped(column: pa.Array) -> pa.Array:
    """The texts as they stand in JSON; searched as one stretch of bytes, since hardly any needs a change."""
    data = column.buffers()[2]
    if data is None or len(data.to_pybytes().translate(None, _TO_ESCAPE)) == len(data):
        return column
    return pa.array(
        [None if text is None else json.dumps(text, ensure_ascii=False)[1:-1] for text in column.to_pylist()],
        pa.string(),
    )


def digits_of(provider: str, keys: pa.Array) -> tuple[pa.Array, bool]:
    """Of every key the 20 digits that `records.content_id` gives for provider and key; whether any repeats."""
    found = content_digits((provider,), keys)
    return found, _repeats(found)


def _repeats(digits: pa.Array) -> bool:
    """Whether any of the texts of 20 hexadecimal digits stands more than once."""
    # Sixteen of the digits as one number: where those differ, and they nearly always do, the texts do.
    halves = np.frombuffer(digits.buffers()[2] or b"", np.dtype([("first", "u8"), ("second", "u8"), ("rest", "u4")]))
    mixed = np.sort(halves["first"] * np.uint64(0x9E3779B97F4A7C15) ^ halves["second"])
    return bool(np.any(mixed[1:] == mixed[:-1])) and pc.count_distinct(digits).as_py() < len(digits)
