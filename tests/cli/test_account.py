from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import select

from dragoman.database import Account, AuditEntry, Database, open_database, utc_now
from dragoman.serve.accounts import account_signing_in, use_reset
from dragoman.settings import Settings
from running import run


@pytest.fixture
def place(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/desk.sqlite"


@pytest.fixture
def database(place: str) -> Iterator[Database]:
    made = open_database(Settings.load({}, database=place))
    yield made
    made.close()


def test_the_first_administrator_sets_the_password_with_the_token_that_is_printed(
    place: str, database: Database
) -> None:
    code, out, notes = run("--database", place, "account", "create", "ada", "--role", "admin")
    assert (code, "ada" in notes) == (0, True)
    with database.session() as session:
        assert use_reset(session, out, "four words nobody guesses", utc_now()).role == "admin"


def test_a_password_is_read_from_standard_input_and_printed_nowhere(place: str, database: Database) -> None:
    with mock.patch("sys.stdin", io.StringIO("four words nobody guesses\n")):
        code, out, notes = run("--database", place, "account", "create", "ada", "--password-stdin")
    assert (code, out) == (0, "")
    assert "guesses" not in notes
    with database.session() as session:
        assert account_signing_in(session, "ada", "four words nobody guesses") is not None


def test_a_new_account_cannot_sign_in_before_its_password_is_set(place: str, database: Database) -> None:
    run("--database", place, "account", "create", "ada")
    with database.session() as session:
        assert account_signing_in(session, "ada", "!") is None


def test_accounts_are_listed(place: str) -> None:
    run("--database", place, "account", "create", "eve", "--display-name", "Eve")
    run("--database", place, "account", "create", "ada", "--role", "admin")
    assert run("--database", place, "account", "list")[1].split() == ["ada", "admin", "ada", "eve", "reader", "Eve"]
    rows = json.loads(run("--database", place, "account", "list", "--as", "json")[1])
    assert rows[1] == {"name": "eve", "role": "reader", "disabled": False, "display_name": "Eve"}


def test_a_role_is_changed_and_an_account_shut_out_and_let_in(place: str, database: Database) -> None:
    run("--database", place, "account", "create", "ada")
    assert run("--database", place, "account", "role", "ada", "reviewer")[0] == 0
    assert run("--database", place, "account", "disable", "ada")[0] == 0
    assert run("--database", place, "account", "reset", "ada")[0] == 2
    assert run("--database", place, "account", "disable", "ada", "--undo")[0] == 0
    code, token, _ = run("--database", place, "account", "reset", "ada")
    assert (code, len(token.strip())) == (0, 43)
    with database.session() as session:
        assert session.scalars(select(Account.role)).one() == "reviewer"
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["account create", "account role", "account disable", "account disable", "account reset"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("role", "ada", "king"), "'king' is no role"),
        (("role", "nobody", "admin"), "no account 'nobody'"),
        (("create", "ada"), "already"),
        (("create", "A B"), "is no name"),
        (("create", "eve", "--email", "eve"), "no address for mail"),
        (("disable", "ada"), "last administrator"),
        (("role", "ada", "reader"), "last administrator"),
        (("list", "--as", "xml"), "--as 'xml'"),
    ],
)
def test_what_cannot_be_is_told(place: str, words: tuple[str, ...], said: str) -> None:
    run("--database", place, "account", "create", "ada", "--role", "admin")
    code, _, notes = run("--database", place, "account", *words)
    assert code == 2
    assert said in notes
