"""Rows as JSON texts, and ids from them: made of whole columns or blocks at once."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TO_ESCAPE = bytes(range(32)) + b'"\\'


def json_arrays(data: bytes, count: int) -> pa.Array:
    """Every line as a JSON array of texts; all of them have `count` cells.

    The whole block is turned at once, and the arrays are cut out of it by where their lines ended.
    """
    data = data.removesuffix(b"\n").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")), len(data))
    number = np.arange(1, len(ends) + 1)
    # A tab becomes three characters, the end of a line four, of which two begin the next array.
    offsets = np.append(0, ends + 2 * (count - 1) * number + 3 * number + 1).astype(np.int32)
    turned = b'["' + data.replace(b"\t", b'","').replace(b"\n", b'"]["') + b'"]'
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(turned))


def joined_arrays(table: pa.Table) -> pa.Array:
    """The rows of a table as JSON arrays of texts, empty cells as empty texts."""
    if not table.num_rows:
        return pa.array([], pa.string())
    cells = [pc.fill_null(table[name].combine_chunks(), "") for name in table.column_names]
    cells = [pc.replace_substring(pc.replace_substring(cell, "\\", "\\\\"), '"', '\\"') for cell in cells]
    return pc.binary_join_element_wise('["', pc.binary_join_element_wise(*cells, '","'), '"]', "")


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
    start = hashlib.sha256()
    name = provider.encode()
    start.update(len(name).to_bytes(8, "big") + name)
    # Keys have few lengths, and the hash up to a key depends on its length alone.
    begun: dict[int, hashlib._Hash] = {}
    found = []
    for data in keys.cast(pa.binary()).to_pylist():
        size = len(data)
        if size not in begun:
            begun[size] = start.copy()
            begun[size].update(size.to_bytes(8, "big"))
        digest = begun[size].copy()
        digest.update(data)
        found.append(digest.hexdigest()[:20])
    return pa.array(found, pa.string()), len(set(found)) < len(found)
