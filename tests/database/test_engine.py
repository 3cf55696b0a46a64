from __future__ import annotations

import datetime
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, select

from dragoman.database import Account, Base, Comment, Database, open_database
from dragoman.database.engine import BUSY_SECONDS
from dragoman.errors import DatabaseError, UsageError
from dragoman.settings import Settings


def account(**changes: object) -> Account:
    values: dict[str, object] = {"name": "ada", "display_name": "Ada", "password_hash": "x", "role": "reader"}
    return Account(**(values | changes))


def test_migrating_makes_the_tables_that_the_classes_name(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.session() as session:
        session.add(account())
    database.migrate()
    with database.session() as session:
        assert session.scalars(select(Account.name)).all() == ["ada"]


def test_a_moment_comes_back_in_utc(database: Database) -> None:
    berlin = datetime.timezone(datetime.timedelta(hours=2))
    with database.session() as session:
        session.add(account(created=datetime.datetime(2026, 1, 1, 1, tzinfo=berlin)))
    with database.session() as session:
        assert session.scalars(select(Account.created)).one() == datetime.datetime(
            2025, 12, 31, 23, tzinfo=datetime.UTC
        )


def test_a_failed_unit_of_work_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.session() as session:
            session.add(account())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.session() as session:
        assert session.scalars(select(Account)).all() == []


def test_a_comment_of_nobody_is_refused_by_the_database(database: Database) -> None:
    def comment() -> None:
        with database.session() as session:
            session.add(Comment(brief_id=7, account_id=7, text="?"))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        comment()


def test_the_default_is_a_file_beside_the_record(tmp_path: Path) -> None:
    open_database(Settings.load({}, record=str(tmp_path / "record"))).close()
    assert (tmp_path / "record.desk.sqlite").is_file()


def test_a_record_on_s3_needs_a_named_database() -> None:
    with pytest.raises(UsageError, match="--database"):
        open_database(Settings.load({}, record="s3://bucket/record"))


@pytest.mark.parametrize("address", ["mysql://host/name", "nonsense"])
def test_another_kind_of_database_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="--database"):
        open_database(Settings.load({}, database=address))


def test_a_database_of_a_newer_version_is_told(tmp_path: Path) -> None:
    settings = Settings.load({}, database=f"sqlite:///{tmp_path}/desk.sqlite")
    open_database(settings).close()
    engine = create_engine(f"sqlite:///{tmp_path}/desk.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(DatabaseError, match="newer Dragoman"):
        open_database(settings)


def test_a_database_that_does_not_run_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseError, match="cannot be opened") as told:
        open_database(Settings.load({}, database="postgresql://desk:secret@127.0.0.1:1/desk"))
    assert "secret" not in str(told.value)


def test_tables_are_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load({}, database=f"sqlite:///{tmp_path}/desk.sqlite")
    made = Operations.create_table
    count = iter(range(100))

    def fail_at_the_third(self: Operations, *arguments: Any, **options: Any) -> Any:
        if next(count) == 2:
            raise KeyboardInterrupt
        return made(self, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Operations, "create_table", fail_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            open_database(settings)
    with closing(sqlite3.connect(tmp_path / "desk.sqlite")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    database = open_database(settings)
    with database.session() as session:
        session.add(account())
    database.close()


def test_a_database_of_today_is_opened_while_somebody_writes(tmp_path: Path) -> None:
    settings = Settings.load({}, database=f"sqlite:///{tmp_path}/desk.sqlite")
    open_database(settings).close()
    with closing(sqlite3.connect(tmp_path / "desk.sqlite", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        open_database(settings).close()
        assert time.monotonic() - started < BUSY_SECONDS
