"""What changed in a table between two states of the record: its files that came and that went, and the rows of some.

Whoever keeps something beside the record, such as an index for searching, reads only the files that it does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
from deltalake.exceptions import DeltaError

from dragoman.errors import RecordDamaged
from dragoman.record.schemas import TABLES
from dragoman.record.store import BATCH_ROWS, Snapshot


def file_names(snapshot: Snapshot, table: str) -> list[str]:
    """The names of a table's files, sorted; a file never changes under its name."""
    return sorted(map(_name, snapshot.table_files(table)))


def count_rows(snapshot: Snapshot, table: str, names: Collection[str]) -> int:
    """How many rows these files of a table hold, as the table's log tells it."""
    wanted = set(names)
    if not wanted:
        return 0
    actions = pa.table(snapshot.delta(table).get_add_actions(flatten=True))
    counted = zip(actions["path"].to_pylist(), actions["num_records"].to_pylist(), strict=True)
    return sum(count or 0 for path, count in counted if _name(path) in wanted)


def rows_of_files(
    snapshot: Snapshot, table: str, names: Collection[str], columns: Sequence[str], size: int = BATCH_ROWS
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows of these files, a batch at a time, each with its file's name; a column that a file lacks is null.

    A file that is gone from the disk is a `RecordDamaged`.
    """
    wanted = set(names)
    schema = pa.schema([TABLES[table].field(column).with_nullable(True) for column in columns])
    try:
        fragments = snapshot.delta(table).to_pyarrow_dataset().get_fragments()
        for fragment in fragments:
            name = _name(fragment.path)
            if name in wanted:
                has = set(fragment.physical_schema.names)
                for batch in fragment.to_batches(columns=[c for c in columns if c in has], batch_size=size):
                    yield name, _filled(batch, schema)
    except (OSError, pa.ArrowInvalid, DeltaError) as error:
        raise RecordDamaged(
            f"A file of table {table!r} cannot be read: {str(error).splitlines()[0]} Restore the folder from a copy, "
            "or add the documents to a new record."
        ) from error


def _filled(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with all columns of the schema."""
    there = set(batch.schema.names)
    columns = [
        batch.column(field.name).cast(field.type) if field.name in there else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
