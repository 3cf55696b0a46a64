"""Opens the SQL database and brings it to today's tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from dragoman.errors import DatabaseError, UsageError
from dragoman.settings import Settings

DIALECTS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+pg8000", "postgres": "postgresql+pg8000"}
"""The databases that may be named, and the driver of each."""

BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite."""


class Database:
    """The database at one address; `session` gives a unit of work that is committed whole or not at all."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work, committed when the block ends without an error; a failed database is a `DatabaseError`."""
        with self._sessions() as session:
            try:
                yield session
                session.commit()
            except (OperationalError, InterfaceError) as error:
                raise DatabaseError(
                    f"The database {self.name} cannot be read or written: {plain(error)}. Check that it runs and has "
                    "room, then try again; nothing of this step was kept."
                ) from error

    @property
    def name(self) -> str:
        """The address, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def migrate(self) -> None:
        """Bring the tables to today's; a newer database than this Dragoman knows is a `DatabaseError`."""
        config = migrations()
        try:
            if self._is_of_today(config):
                return
            with self._whole_or_not_at_all() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise DatabaseError(
                f"The database {self.name} was made by a newer Dragoman ({error}). Install that version, or name "
                "another with --database."
            ) from error
        except SQLAlchemyError as error:
            raise DatabaseError(
                f"The database {self.name} cannot be opened: {plain(error)}. Check its address, that it "
                "runs, and that it may be written."
            ) from error

    def _is_of_today(self, config: Config) -> bool:
        """Whether there is no step to take, so that nobody who writes need be waited for."""
        with self.engine.connect() as connection:
            known = MigrationContext.configure(connection).get_current_heads()
        return set(known) == set(ScriptDirectory.from_config(config).get_heads())

    @contextmanager
    def _whole_or_not_at_all(self) -> Iterator[Connection]:
        """A connection on which tables are changed in one transaction, which its driver would not do for SQLite."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if self.engine.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            usual, driver.isolation_level = driver.isolation_level, None
            try:
                # Whoever comes second waits here, and finds the steps taken.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                connection.commit()
            finally:
                connection.rollback()
                driver.isolation_level = usual

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_database(settings: Settings, *, migrate: bool = True) -> Database:
    """The database that the settings name, by default an SQLite file beside the record, with today's tables.

    Without `migrate` its tables are left as they are, or not made at all.
    """
    database = Database(create_engine(**_options(settings)))
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _prepare_sqlite)
    if migrate:
        database.migrate()
    return database


def migrations() -> Config:
    """Where the steps lie by which the tables change.

    By their folder: Alembic would note a package anew, for the end of the process, whenever a database is opened.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def address_of(settings: Settings) -> str:
    """The address that the settings name, by default that of an SQLite file beside the record."""
    return settings.database or f"sqlite:///{_beside(settings.record)}"


def _options(settings: Settings) -> dict[str, Any]:
    address = address_of(settings)
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise UsageError(
            f"--database {address.split('@')[-1]!r} is no address of a database; write sqlite:///path/desk.sqlite or "
            "postgresql://user:password@host/name."
        ) from error
    backend = url.get_backend_name()
    if backend not in DIALECTS:
        raise UsageError(f"--database names {backend!r}; allowed are sqlite:/// and postgresql://.")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    return {
        "url": url.set(drivername=DIALECTS[backend]),
        "pool_pre_ping": True,
        "connect_args": {"timeout": BUSY_SECONDS},
    }


def _beside(record: str) -> Path:
    if "://" in record:
        raise UsageError(
            f"The record lies at {record}, beside which no SQLite file can stand; name a database with --database or "
            "DRAGOMAN_DATABASE."
        )
    place = Path(record).expanduser().absolute()
    return place.with_name(f"{place.name}.desk.sqlite")


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers beside a writer, and foreign keys, which SQLite leaves off."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def plain(error: Exception) -> str:
    """What a database says, in one line."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
