"""Where the rows of an id lie in the files of a table, so that one row is read without a look at all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from dragoman.record.places import is_remote
from dragoman.record.rows import Row
from dragoman.record.schemas import LACKED, TABLES
from dragoman.record.store import Snapshot

MOST = 20_000_000
"""Rows of a table up to which addresses are kept: twelve bytes for each."""

_DIGITS = 8
"""How many digits of an id are kept; what they do not tell apart is told apart by reading."""


@dataclass(frozen=True)
class Addresses:
    """The rows of one table by an id column, sorted by the id's first digits; for one state of a record."""

    table: str
    column: str
    digits: npt.NDArray[np.uint64]
    places: npt.NDArray[np.int32]
    """The number of each row, counted through all files."""
    files: tuple[pq.ParquetFile, ...]
    starts: npt.NDArray[np.int64] = field(init=False)
    """The number of the first row of each file, and of all rows."""

    def __post_init__(self) -> None:
        counts = [file.metadata.num_rows for file in self.files]
        object.__setattr__(self, "starts", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    def __len__(self) -> int:
        return len(self.places)

    def rows(self, identity: str) -> list[Row]:
        """The rows whose column holds this id, sorted by id."""
        wanted = _digits(pa.array([identity], pa.string()))
        if wanted is None:
            return []
        low, high = (int(np.searchsorted(self.digits, wanted[0], side=side)) for side in ("left", "right"))
        found = [row for place in sorted(self.places[low:high].tolist()) for row in self._read(place)]
        return sorted((row for row in found if row[self.column] == identity), key=lambda row: str(row["id"]))

    def _read(self, place: int) -> list[Row]:
        number = int(np.searchsorted(self.starts, place, side="right")) - 1
        file, within = self.files[number], place - int(self.starts[number])
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            if within < count:
                return _completed(self.table, file.read_row_group(group).slice(within, 1))
            within -= count
        return []


def addresses(snapshot: Snapshot, table: str, column: str) -> Addresses | None:
    """The addresses of a table's rows; None where they are not kept: far away, in very large tables, for odd ids."""
    paths = [path.removeprefix("file://") for path in snapshot.table_files(table)]
    if not paths or any(map(is_remote, paths)):
        return None
    files = tuple(pq.ParquetFile(path, memory_map=True) for path in paths)
    if sum(file.metadata.num_rows for file in files) > MOST:
        return None
    parts = [_digits(file.read(columns=[column])[column].combine_chunks()) for file in files]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    digits = np.concatenate(known)
    order = np.argsort(digits, kind="stable")
    return Addresses(table, column, digits[order], order.astype(np.int32), files)


def _digits(ids: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64] | None:
    """The first digits of each id as one number; None where the ids are not of one length."""
    whole = pa.concat_arrays(ids.chunks) if isinstance(ids, pa.ChunkedArray) else ids
    if len(whole) == 0:
        return np.zeros(0, np.uint64)
    if whole.null_count:
        return None
    whole = whole.cast(pa.string())
    offsets = np.frombuffer(whole.buffers()[1], np.int32)[whole.offset : whole.offset + len(whole) + 1]
    width = int(offsets[1] - offsets[0])
    if width <= _DIGITS or (np.diff(offsets) != width).any():
        return None
    letters = np.frombuffer(whole.buffers()[2], np.uint8)[offsets[0] : offsets[-1]].reshape(-1, width)
    return np.ascontiguousarray(letters[:, 1 : 1 + _DIGITS]).view(">u8")[:, 0].astype(np.uint64)


def _completed(table: str, found: pa.Table) -> list[Row]:
    """The rows with the columns that an older layout lacked."""
    names: Sequence[str] = TABLES[table].names
    return [
        {
            name: LACKED.get((table, name)) if row.get(name) is None and (table, name) in LACKED else row.get(name)
            for name in names
        }
        for row in found.to_pylist()
    ]
