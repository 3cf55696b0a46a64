"""The whole SQL database as lines of JSON, and back; the same lines for SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, DateTime, MetaData, Table, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from dragoman.database.base import Base
from dragoman.database.engine import Database, migrations, plain
from dragoman.errors import DatabaseError

VERSIONS = "alembic_version"
BATCH = 500


def dump(database: Database) -> Iterator[str]:
    """Every row of every table as one line of JSON, as they were at one moment; the first line tells the revision."""
    engine = database.engine
    snapshot = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**snapshot) as connection:
        if engine.dialect.name == "sqlite":
            # Python's driver begins a transaction with the first change only; reading alone would see several moments.
            connection.exec_driver_sql("BEGIN")
        revision = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar_one()  # noqa: S608 (a constant)
        yield json.dumps({"revision": revision})
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                values = {name: _plain(value) for name, value in row._mapping.items()}
                yield json.dumps({"table": table.name, "row": values}, ensure_ascii=False)
        connection.rollback()


def load(database: Database, lines: Iterable[str]) -> dict[str, int]:
    """Fill an empty database with a dump and bring it to today's tables; the rows of every table that came in.

    A dump of an older revision is put into the tables of that time and then migrated. All or nothing.
    """
    told = iter(lines)
    revision = json.loads(next(told, "{}")).get("revision")
    if revision not in {step.revision for step in ScriptDirectory.from_config(migrations()).walk_revisions()}:
        raise DatabaseError(
            f"The dump was made by another Dragoman (revision {revision!r} is not known here). Install that version."
        )
    counts: dict[str, int] = {}
    try:
        with database.engine.begin() as connection:
            if set(inspect(connection).get_table_names()) - {VERSIONS}:
                raise DatabaseError(
                    f"The database {database.name} is not empty, and a backup replaces nothing. Name an empty one "
                    "with --database."
                )
            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            tables = MetaData()
            tables.reflect(connection)
            _fill(connection, tables, told, counts)
            _go_on_counting(connection, tables)
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise DatabaseError(
            f"The dump cannot be put into {database.name}: {plain(error)}. Nothing of it was kept."
        ) from error
    return counts


def _fill(connection: Connection, tables: MetaData, lines: Iterator[str], counts: dict[str, int]) -> None:
    waiting: list[dict[str, Any]] = []
    name = ""
    for line in lines:
        told = json.loads(line)
        if told["table"] != name or len(waiting) >= BATCH:
            _insert(connection, tables, name, waiting)
            name, waiting = told["table"], []
        waiting.append(told["row"])
        counts[name] = counts.get(name, 0) + 1
    _insert(connection, tables, name, waiting)


def _insert(connection: Connection, tables: MetaData, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        table = tables.tables[name]
        connection.execute(table.insert(), [_typed(table, row) for row in rows])


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _moment(table.columns[name], value) for name, value in row.items()}


def _moment(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, DateTime) and isinstance(value, str):
        return datetime.datetime.fromisoformat(value)
    return value


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def _go_on_counting(connection: Connection, tables: MetaData) -> None:
    """PostgreSQL counts ids apart from the rows; the next one must not be given twice."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            ).scalar()
            if sequence is not None:
                last = connection.execute(select(column).order_by(column.desc()).limit(1)).scalar()
                if last is not None:
                    connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
