"""Opens, reads and writes the record: Delta tables whose versions are pinned together by one row per commit.

A commit writes the tables first and then appends a row to `commits` that names their Delta versions. Readers open the
tables at the versions of the last row, so they see a commit whole or not at all; a writer that finds tables ahead of
the last row (its predecessor was killed) puts them back first. See docs/record.md.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import ColumnProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import DeltaError, TableNotFoundError

from dragoman.errors import RecordDamaged, RecordError, RecordMissing
from dragoman.record.engines import DUCKDB, Engine, open_engine
from dragoman.record.locks import FolderLock, Lease
from dragoman.record.partitions import GROUP_ROWS as PARTED_GROUP_ROWS
from dragoman.record.partitions import PARTED_BY, is_parted, with_parts
from dragoman.record.places import is_remote, place_of, plain
from dragoman.record.rows import Row, unique
from dragoman.record.schemas import COMMITS, FORMAT, LACKED, NEVER_UNDONE, TABLES

LOCK_SECONDS = 600
"""How long a writer waits for another before it gives up."""
SETTLED_SECONDS = 0.1
"""After how long the time of a folder tells it from every later state; file systems count in milliseconds."""
BATCH_ROWS = 8192
"""Rows in a batch of a stream: some megabytes of events."""
GROUP_ROWS = 16_384
"""Rows of a file that are read or left out together, by what its statistics tell of them."""
SORTED_BY_DYAD = ("events", "mentions")
"""The tables whose rows lie together by who acts on whom."""
DYAD_ORDER = ("source_key", "target_key", "date", "id")
"""The order of these rows; what is unknown comes last."""

_UNLIKE = {name: ColumnProperties(dictionary_enabled=False) for name in ("id", "row", "row_id")}
"""Columns of which hardly two values are alike: to look for those that are takes longer and saves no room."""


class Snapshot:
    """The record as it was at one version; every table is read at the Delta version of that commit."""

    providers: tuple[str, ...] = ()
    """Those whose events alone are read; none: everybody's."""

    def __init__(self, root: str, commit: Mapping[str, Any], engine: Engine) -> None:
        self.version: int = commit["version"]
        self.commit = MappingProxyType(dict(commit))
        self.engine = engine
        self._root = root
        self._tables: dict[str, ibis.Table] = {}
        self._logs: dict[str, pa.Table | None] = {}

    @property
    def identity(self) -> tuple[str, int, datetime.datetime, str]:
        """What no other state of any record shares, nor another engine: place, version, when it was written, engine."""
        return self._root, self.version, self.commit["at"], type(self.engine).__name__

    def delta(self, name: str) -> DeltaTable:
        """The Delta table `name` at this version."""
        try:
            return DeltaTable(f"{self._root}/{name}", version=self.commit[name])
        except (DeltaError, TableNotFoundError) as error:
            raise RecordDamaged(
                f"Table {name!r} of the record at {self._root} cannot be opened at its version {self.commit[name]} "
                f"({error}). Restore the folder from a copy, or add the documents to a new record."
            ) from error

    def files_at(self, name: str, version: int) -> set[str]:
        """The files of a table at one of its Delta versions."""
        return set(DeltaTable(f"{self._root}/{name}", version=version).file_uris())

    def table(self, name: str) -> ibis.Table:
        """The table `name` as an Ibis expression over the engine; columns that an old layout lacked hold `LACKED`."""
        if name not in self._tables:
            self._tables[name] = self._open(name)
        return self._tables[name]

    def _open(self, name: str) -> ibis.Table:
        version = self.commit.get(name)
        delta = None if version is None else self.delta(name)
        if delta is None or not delta.file_uris():
            return ibis.memtable(TABLES[name].empty_table())
        table = self.engine.table(f"{name}_{version}", delta)
        table = table.drop(*(column for column in PARTED_BY if column in table.columns))
        types = ibis.Schema.from_pyarrow(TABLES[name])
        lacking = {
            column: ibis.literal(LACKED.get((name, column)), type=types[column](nullable=True))
            for column in TABLES[name].names
            if column not in table.columns
        }
        lacking |= {
            column: table[column].fill_null(ibis.literal(value, type=types[column]))
            for (of, column), value in LACKED.items()
            if of == name and column in table.columns
        }
        return table.mutate(**lacking) if lacking else table

    def rows(self, name: str, expression: ibis.Table | None = None) -> list[Row]:
        """The rows of a table, or of an expression over it, as dictionaries."""
        rows: list[Row] = self.columns(name, expression).to_pylist()
        return rows

    def columns(self, name: str, expression: ibis.Table | None = None) -> pa.Table:
        """A table, or an expression over it, as Arrow columns."""
        with self._reading(name):
            chosen = self.table(name) if expression is None else expression
            return self.engine.columns(chosen)

    def batches(
        self, name: str, expression: ibis.Table | None = None, schema: pa.Schema | None = None, size: int = BATCH_ROWS
    ) -> pa.RecordBatchReader:
        """The same as a stream of Arrow batches of at most `size` rows, in `schema` where one is given."""
        chosen = self.table(name) if expression is None else expression
        with self._reading(name):
            found = self.engine.stream(chosen, size)
        wanted = found.schema if schema is None else schema
        return pa.RecordBatchReader.from_batches(wanted, self._cast(name, found, wanted))

    def _cast(self, name: str, found: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._reading(name):
            for batch in found:
                columns = [batch.column(field.name).cast(field.type) for field in schema]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except self.engine.failures as error:
            raise RecordDamaged(
                f"Table {name!r} of the record at {self._root} cannot be read: {str(error).splitlines()[0]} "
                "A file is lost or cut short. Restore the folder from a copy, or add the documents to a new record."
            ) from error

    def known(self, name: str, ids: pa.Array) -> set[str]:
        """Those of the ids that the table holds."""
        if not self.table_files(name):
            return set()
        wanted = ibis.memtable(pa.table({"wanted": ids}))
        table = self.table(name).select("id")
        return {row["id"] for row in self.rows(name, table.semi_join(wanted, table.id == wanted.wanted))}

    def table_files(self, name: str) -> list[str]:
        """The Parquet files of a table at this version; none for a table that an older layout lacked."""
        return [] if self.commit.get(name) is None else sorted(self.delta(name).file_uris())

    def size(self, name: str) -> int | None:
        """How many rows a table has, as its log tells; None where it does not."""
        told = self._told(name)
        if told is None:
            return 0
        counts = told["num_records"] if "num_records" in told.column_names else None
        return None if counts is None or counts.null_count else pc.sum(counts).as_py()

    def is_whole(self, name: str, *columns: str) -> bool:
        """Whether the table's log tells that no row lacks one of these columns; if not, some rows may lack them."""
        told = self._told(name)
        if told is None:
            return True
        nulls = [told[of] if (of := f"null_count.{column}") in told.column_names else None for column in columns]
        return all(one is not None and one.null_count == 0 and pc.sum(one).as_py() == 0 for one in nulls)

    def _told(self, name: str) -> pa.Table | None:
        """What the log tells of each file of a table; None where there is no file."""
        if name not in self._logs:
            delta = None if self.commit.get(name) is None else self.delta(name)
            told = None if delta is None else pa.table(delta.get_add_actions(flatten=True))
            self._logs[name] = told if told is not None and told.num_rows else None
        return self._logs[name]

    def ids(self, name: str, column: str = "id") -> set[str]:
        """All values of an id column."""
        return {row[column] for row in self.rows(name, self.table(name).select(column).distinct())}


class Transaction:
    """Changes that become visible together; made by `Store.begin`."""

    def __init__(self, root: str, base: Snapshot) -> None:
        self.base = base
        self._root = root
        self._inserted: dict[str, list[Row]] = {}
        self._deleted: dict[str, set[str]] = {}
        self._appended: dict[str, list[pa.Table]] = {}
        self._replaced: dict[str, tuple[pa.RecordBatchReader, bool]] = {}
        self._versions: dict[str, int] = {}
        self.format = FORMAT

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows; their ids must not be in the table, unless `delete` named them too."""
        self._inserted.setdefault(table, []).extend(rows)

    def delete(self, table: str, ids: Iterable[str]) -> None:
        """Take out the rows with these ids; ids that are not there are no error."""
        self._deleted.setdefault(table, set()).update(ids)

    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows that are an Arrow table of the table's schema; neither sorted nor searched for equal ids."""
        if rows.num_rows:
            self._appended.setdefault(table, []).append(rows)

    def replace(self, table: str, rows: pa.RecordBatchReader, *, parted: bool = False) -> None:
        """Write a table anew with these rows, in this order; nothing else may be done to it.

        With `parted` the rows have the columns of `PARTED_BY`, by which the files are cut.
        """
        self._replaced[table] = rows, parted

    def restore(self, chosen: Snapshot) -> None:
        """Bring every table but `NEVER_UNDONE` to what it was at an older version; a later one becomes empty."""
        for name in TABLES:
            if name in NEVER_UNDONE:
                continue
            table = DeltaTable(f"{self._root}/{name}")
            wanted = chosen.commit.get(name) or 0
            if table.version() == wanted:
                continue
            try:
                table.restore(wanted, protocol_downgrade_allowed=True)
            except DeltaError as error:
                raise RecordDamaged(
                    f"Table {name!r} of the record at {self._root} cannot be brought back to version {chosen.version}: "
                    f"{error}. Restore another version."
                ) from error
            self._versions[name] = DeltaTable(f"{self._root}/{name}").version()
        self.format = chosen.commit["format"]

    def note(self, versions: Mapping[str, int]) -> None:
        """Take over the Delta versions of tables whose files changed while their rows stayed."""
        self._versions.update(versions)

    def write(self) -> dict[str, int] | None:
        """Write the tables and return their new Delta versions; None when there was nothing to change."""
        versions = dict(self._versions)
        for name, (stream, parted) in self._replaced.items():
            write_deltalake(
                f"{self._root}/{name}",
                stream,
                mode="overwrite",
                schema_mode="overwrite",
                partition_by=list(PARTED_BY) if parted else [],
                writer_properties=_written(parted),
            )
            versions[name] = DeltaTable(f"{self._root}/{name}").version()
        for name, schema in TABLES.items():
            deleted = sorted(self._deleted.get(name, ()))
            rows = unique(self._inserted.get(name, ()))
            appended = self._appended.get(name, ())
            if not deleted and not rows and not appended:
                continue
            table = DeltaTable(f"{self._root}/{name}")
            if deleted:
                gone = pa.table({"id": pa.array(deleted, pa.string())})
                table.merge(
                    gone, "kept.id = gone.id", source_alias="gone", target_alias="kept"
                ).when_matched_delete().execute()
            tables = [*([pa.Table.from_pylist(rows, schema=schema)] if rows else []), *appended]
            if tables:
                added = pa.concat_tables(tables)
                if name in SORTED_BY_DYAD:
                    added = added.sort_by([(key, "ascending") for key in DYAD_ORDER])
                parted = is_parted(table)
                added = with_parts(added) if parted else added
                write_deltalake(table, added, mode="append", writer_properties=_written(parted))
            versions[name] = table.version()
        return versions or None


class Store:
    """A record at one place. `Store.open` makes the tables where there are none and `create` is true."""

    def __init__(self, root: str, engine: Engine) -> None:
        self.root = root
        self.engine = engine

    @classmethod
    def open(cls, location: str | Path, *, create: bool = False, engine: str | Engine = DUCKDB) -> Store:
        """Open the record at a folder; without `create` a missing one is a `RecordMissing`."""
        place = place_of(location)
        store = cls(place, open_engine(engine) if isinstance(engine, str) else engine)
        try:
            if not store._commits_exist():
                if not create:
                    raise RecordMissing(
                        f"There is no record at {place}. Make one with “dragoman add”, or give another --record."
                    )
                store._create()
        except (OSError, DeltaError) as error:
            if not is_remote(place):
                if isinstance(error, OSError):
                    raise
                raise RecordError(
                    f"No record can be made at {place}: {plain(error)}. Check the free space and the rights, "
                    "then run it again."
                ) from error
            raise RecordError(
                f"The record at {place} cannot be reached: {plain(error)}. Check the address, and what "
                "AWS_ENDPOINT_URL, AWS_REGION and the keys name; docs/scale.md tells how S3 is set up."
            ) from error
        return store

    def mark(self) -> Hashable:
        """What changes with every commit, got for far less than the list of commits; None: ask again."""
        if is_remote(self.root):
            return DeltaTable(f"{self.root}/commits").version()
        try:
            found = Path(self.root, "commits", "_delta_log").stat()
        except OSError as error:
            raise RecordMissing(f"The record at {self.root} is gone ({error.strerror}).") from error
        # A commit that follows at once may bear the same time.
        return (found.st_ino, found.st_mtime_ns) if time.time() - found.st_mtime > SETTLED_SECONDS else None

    def versions(self) -> list[Row]:
        """Every commit of the record, oldest first."""
        rows: list[Row] = DeltaTable(f"{self.root}/commits").to_pyarrow_table().to_pylist()
        return sorted(rows, key=lambda row: row["version"])

    def snapshot(self, version: int | None = None) -> Snapshot:
        """The record now, or as it was at `version`."""
        commits = self.versions()
        if version is None:
            chosen = commits[-1]
        else:
            matching = [commit for commit in commits if commit["version"] == version]
            if not matching:
                there = _ranges([commit["version"] for commit in commits])
                gone = 0 <= version < commits[-1]["version"]
                raise RecordMissing(
                    f"Version {version} of the record is gone: a vacuum has removed it; there are {there}."
                    if gone
                    else f"The record has no version {version}; it has {there}."
                )
            chosen = matching[0]
        if chosen["format"] > FORMAT:
            raise RecordError(
                f"The record at {self.root} has layout {chosen['format']}, written by Dragoman {chosen['dragoman']}; "
                f"this one reads up to layout {FORMAT}. Install the newer Dragoman."
            )
        return Snapshot(self.root, chosen, self.engine)

    @contextmanager
    def begin(self, operation: str) -> Iterator[Transaction]:
        """Hold the write lock, give a transaction, and commit what it holds when the block ends without an error."""
        with self._lock() as check, self._writing():
            base = self.snapshot()
            self._put_back(base)
            widened = self._add_columns(base)
            transaction = Transaction(self.root, base)
            yield transaction
            versions = {**widened, **(transaction.write() or {})}
            check()
            if versions:
                values = {**base.commit, **versions, "version": base.version + 1, "operation": operation}
                self._append_commit({**values, "format": transaction.format})

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What Delta says when it cannot write, a full disk above all, as a `RecordError`."""
        try:
            yield
        except DeltaError as error:
            raise RecordError(
                f"The record at {self.root} cannot be written: {plain(error)}. Nothing of this step counts. Check the "
                "free space and the rights, then run it again."
            ) from error

    def rewrite_commits(self, gone: Iterable[int] = ()) -> None:
        """Write the list of commits, which has a file for each, in one file, without the versions that are `gone`.

        For whoever holds the lock; readers see the old list or the new one.
        """
        place = f"{self.root}/commits"
        rows = DeltaTable(place).to_pyarrow_table()
        kept = rows.filter(pc.invert(pc.is_in(rows["version"], pa.array(sorted(gone), pa.int64())))).sort_by("version")
        # Rows of an older layout hold null where a table was not there yet.
        schema = pa.schema([field.with_nullable(True) for field in kept.schema])
        write_deltalake(place, kept.cast(schema), mode="overwrite", schema_mode="overwrite")

    def vacuum_commits(self, hours: int) -> None:
        """Remove the files that the list of commits has not needed for so many hours; for whoever holds the lock."""
        for name in ("commits", "lock") if is_remote(self.root) else ("commits",):
            DeltaTable(f"{self.root}/{name}").vacuum(hours, dry_run=False, enforce_retention_duration=False)

    def _create(self) -> None:
        if not is_remote(self.root):
            Path(self.root).mkdir(parents=True, exist_ok=True)
        with self._lock():
            if self._commits_exist():
                return
            for name, schema in TABLES.items():
                if not DeltaTable.is_deltatable(f"{self.root}/{name}"):
                    DeltaTable.create(f"{self.root}/{name}", schema=schema)
            # The table and its first row come into being in one commit: a record is there whole or not at all.
            self._append_commit({"version": 0, "operation": "create"} | dict.fromkeys(TABLES, 0))

    def _commits_exist(self) -> bool:
        if not is_remote(self.root):
            # A commit's file comes into being whole, and to look for it takes far less than Delta's own question.
            log = Path(self.root, "commits", "_delta_log")
            return log.is_dir() and any(file.suffix in (".json", ".parquet") for file in log.iterdir())
        return DeltaTable.is_deltatable(f"{self.root}/commits")

    def _append_commit(self, values: Mapping[str, Any]) -> None:
        row = {
            "format": FORMAT,
            **values,
            "at": datetime.datetime.now(datetime.UTC),
            "dragoman": installed_version("dragoman"),
        }
        rows = pa.Table.from_pylist([row], schema=COMMITS)
        write_deltalake(f"{self.root}/commits", rows, mode="append", schema_mode="merge")

    def _add_columns(self, base: Snapshot) -> dict[str, int]:
        """Give the tables of an older layout the columns that came since; what they hold is for the writer."""
        if base.commit["format"] == FORMAT:
            return {}
        for name, schema in TABLES.items():
            if not DeltaTable.is_deltatable(f"{self.root}/{name}"):
                DeltaTable.create(f"{self.root}/{name}", schema=schema)
                continue
            table = DeltaTable(f"{self.root}/{name}")
            known = {field.name for field in table.schema().fields}
            added = pa.schema([field.with_nullable(True) for field in schema if field.name not in known])
            if len(added):
                table.alter.add_columns(list(DeltaSchema.from_arrow(added).fields))
        return {name: DeltaTable(f"{self.root}/{name}").version() for name in TABLES}

    def _put_back(self, base: Snapshot) -> None:
        """Undo what a killed writer left behind the last commit."""
        for name in TABLES:
            if base.commit.get(name) is None:
                continue
            table = DeltaTable(f"{self.root}/{name}")
            if table.version() != base.commit[name]:
                table.restore(base.commit[name])

    @contextmanager
    def _lock(self) -> Iterator[Callable[[], None]]:
        """Be the only writer; what is given fails if another has taken over meanwhile."""
        held = Lease(self.root, LOCK_SECONDS) if is_remote(self.root) else FolderLock(self.root, LOCK_SECONDS)
        held.acquire()
        try:
            yield held.check
        finally:
            held.release()


def _written(parted: bool) -> WriterProperties:
    return WriterProperties(
        max_row_group_size=PARTED_GROUP_ROWS if parted else GROUP_ROWS, compression="SNAPPY", column_properties=_UNLIKE
    )


def _ranges(numbers: list[int]) -> str:
    """Numbers in order as stretches, such as "0, 4 to 9"."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in stretches)
