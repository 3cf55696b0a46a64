"""What answers questions to the tables: DuckDB by default, Spark where one machine is not enough."""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Protocol
from weakref import WeakSet

import duckdb
import ibis
import pyarrow as pa
from deltalake import DeltaTable
from ibis.backends.duckdb.converter import DuckDBPyArrowData
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr.operations import DatabaseTable
from pyarrow.dataset import Dataset

from dragoman.errors import UsageError
from dragoman.record.places import is_remote
from dragoman.record.spark import MASTERS, open_spark

KEPT_STATES = 100
"""States of tables of which one database keeps what it read of the files' ends; see `DuckEngine.is_full`."""

NEWEST_COLUMN = "source_key"
"""The column that came last to the tables of events and mentions: a file that has it has all."""

DUCKDB = "duckdb"
"""The engine where none is named."""


class Engine(Protocol):
    """Reads the files of tables and answers Ibis expressions over them; every engine gives equal rows.

    `failures` are the errors that mean that a file cannot be read. Rows have an order only where the expression gives
    them one.
    """

    failures: tuple[type[Exception], ...]

    def table(self, view: str, delta: DeltaTable) -> ibis.Table:
        """A Delta table as an expression; `view` is what the engine may call it."""

    def columns(self, expression: ibis.Table) -> pa.Table:
        """What an expression amounts to, in the types that Ibis gives it."""

    def stream(self, expression: ibis.Table, size: int) -> pa.RecordBatchReader:
        """The same as batches of at most `size` rows."""

    def another(self) -> Engine:
        """One that may answer in another thread at the same time, with the same memory and the same cores."""


def open_engine(name: str) -> Engine:
    """The engine of this name: `duckdb`, or Spark by the address of its master; a Spark session is shared."""
    if name == DUCKDB:
        return DuckEngine()
    if name.startswith(MASTERS):
        return open_spark(name)
    raise UsageError(
        f"There is no engine {name!r}; there are {DUCKDB}, and Spark by its master's address: spark://HOST:7077, "
        "or local[2] for two cores of this machine."
    )


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a table; `alike`: all have the same columns."""

    paths: Sequence[str]
    alike: bool


class DuckEngine:
    """DuckDB in this process; it reads Parquet files itself, and those at an address through Arrow."""

    failures: tuple[type[Exception], ...] = (duckdb.Error, pa.ArrowInvalid)

    def __init__(self, beside: DuckEngine | None = None) -> None:
        self._connection: ibis.BaseBackend = (
            ibis.duckdb.from_connection(beside._connection.con.cursor()) if beside else _connect()
        )
        self._sources: dict[str, _Files | Dataset] = beside._sources if beside else {}
        self._naming: Lock = beside._naming if beside else Lock()
        _OPEN.add(self)

    @property
    def is_full(self) -> bool:
        """Whether so much is kept of older states of the tables that it is better to begin with a new database."""
        return len(self._sources) >= KEPT_STATES

    def close(self) -> None:
        """End the connection; nothing may be asked after it."""
        self._connection.con.close()

    def table(self, view: str, delta: DeltaTable) -> ibis.Table:
        """A Delta table as an expression over DuckDB."""
        # DuckDB's own extensions for Delta and S3 must be downloaded at run time.
        remote = is_remote(delta.table_uri)
        files = sorted(delta.file_uris())
        # Many records, and a new one where an old one was, may be read over one database.
        view = f"{view}_{hashlib.sha256(' '.join(files).encode()).hexdigest()[:16]}"
        if remote:
            return self._known(view, delta.to_pyarrow_dataset, again=True)
        return self._known(view, lambda: _Files(files, _are_alike(delta)))

    def _known(self, view: str, source: Callable[[], _Files | Dataset], *, again: bool = False) -> ibis.Table:
        with self._naming:
            if again or view not in self._sources:
                self._sources[view] = source()
                _register(self._connection, view, self._sources[view])
        found = self._connection.raw_sql(f'DESCRIBE "{view}"').fetchall()
        schema = ibis.Schema({name: _type(kind) for name, kind, *_ in found})
        return DatabaseTable(view, schema=schema, source=self._connection).to_expr()

    def files(self, paths: Sequence[str]) -> ibis.Table:
        """Parquet files of this machine that all have the same columns, as an expression."""
        name = f"files_{hashlib.sha256(' '.join(paths).encode()).hexdigest()[:16]}"
        return self._known(name, lambda: _Files(paths, alike=True))

    def columns(self, expression: ibis.Table) -> pa.Table:
        """What an expression amounts to, in the types that Ibis gives it."""
        # Ibis would keep every table that was made on the spot for as long as the process lives.
        with _registered(self._connection, expression):
            found = self._connection.con.sql(self._connection.compile(expression)).to_arrow_table()
        table: pa.Table = DuckDBPyArrowData.convert_table(found, expression.schema())
        return table

    def stream(self, expression: ibis.Table, size: int) -> pa.RecordBatchReader:
        """The same as batches of at most `size` rows."""
        # A second question on one connection would cut the stream short, so it has one of its own.
        connection = _connect()
        for table in expression.op().find(DatabaseTable):
            _register(connection, table.name, self._sources[table.name])
        for made in expression.op().find(ibis.expr.operations.InMemoryTable):
            connection.con.register(made.name, made.data.to_pyarrow(made.schema))
        return connection.raw_sql(connection.compile(expression)).to_arrow_reader(size)

    def another(self) -> DuckEngine:
        """One over the same database in memory, which keeps what was read of the files' ends."""
        return DuckEngine(self)


_OPEN: WeakSet[DuckEngine] = WeakSet()


@atexit.register
def _close_all() -> None:
    # Threads of a database that is open while the interpreter takes itself apart would end the process with an error.
    for engine in list(_OPEN):
        engine.close()


@contextmanager
def _registered(connection: ibis.BaseBackend, expression: ibis.Table) -> Iterator[None]:
    """The tables made on the spot that an expression reads are there for as long as the block."""
    made = expression.op().find(ibis.expr.operations.InMemoryTable)
    for table in made:
        connection.con.register(table.name, table.data.to_pyarrow(table.schema))
    try:
        yield
    finally:
        for table in made:
            connection.con.unregister(table.name)


def _register(connection: ibis.BaseBackend, view: str, source: _Files | Dataset) -> None:
    if isinstance(source, Dataset):
        connection.con.register(view, source)
    else:
        # A large table's folders are named by columns that are none of its own.
        found = connection.con.read_parquet(list(source.paths), union_by_name=not source.alike, hive_partitioning=False)
        found.create_view(view, replace=True)


def _are_alike(delta: DeltaTable) -> bool:
    """Whether every file is known to have all columns, so that not each must be opened to tell them.

    A file tells how many nulls of a column it has; one that an older layout wrote tells nothing of the newest column.
    """
    told = pa.table(delta.get_add_actions(flatten=True))
    newest = f"null_count.{NEWEST_COLUMN}"
    return newest in told.column_names and told[newest].null_count == 0


def _connect() -> ibis.BaseBackend:
    connection = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False, threads=2)
    # Files of a record never change, and each question would read the ends of all of them anew.
    connection.raw_sql("SET parquet_metadata_cache = true")
    # A server's log is no place for bars that grow.
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


@cache
def _type(name: str) -> ibis.DataType:
    """DuckDB's name of a type as Ibis tells it; there are few, and to read one takes long."""
    return DuckDBType.from_string(name)
