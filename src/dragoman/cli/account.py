"""`dragoman account …`: the people of the desk, from the command line; the first administrator is made here."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from sqlalchemy import select

from dragoman.cli.common import Context, note, write
from dragoman.database import Account, Database, open_database, utc_now
from dragoman.errors import UsageError
from dragoman.serve import Role
from dragoman.serve.accounts import (
    NewAccount,
    account_named,
    create_account,
    new_reset,
    set_disabled,
    set_role,
)
from dragoman.serve.auditing import audit

app = typer.Typer(help="The people of the desk.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Name of the account.")]
ARoleName = Annotated[str, typer.Option("--role", help="reader, author, reviewer, moderator or admin.")]


@app.callback()
def account() -> None:
    """The people of the desk."""


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    role: ARoleName = "reader",
    display_name: Annotated[str, typer.Option(help="Name as others read it; default the name.")] = "",
    email: Annotated[str, typer.Option(help="Address for mail.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an account; without a password it prints a token with which one is set at /reset."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    database = _open(context)
    told = NewAccount(name, display_name, email, password, _role(role))
    with database.session() as session:
        made = create_account(session, told, utc_now())
        audit(session, utc_now(), None, "account create", made.name, role=role)
        token = None if password_stdin else new_reset(session, made, utc_now())
    database.close()
    note(f"The account {made.name} is there.")
    if token:
        _tell_token(context, made.name, token)


@app.command("list")
def list_(
    context: typer.Context,
    form: Annotated[str, typer.Option("--as", help="table or json.")] = "table",
) -> None:
    """List the accounts by name: name, role, whether shut out, name as others read it."""
    if form not in ("table", "json"):
        raise UsageError(f"--as {form!r} is not known; table and json are.")
    database = _open(context)
    with database.session() as session:
        found = session.scalars(select(Account).order_by(Account.name)).all()
    database.close()
    if form == "json":
        rows = [{"name": a.name, "role": a.role, "disabled": a.disabled, "display_name": a.display_name} for a in found]
        write(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    width = max((len(a.name) for a in found), default=0)
    for a in found:
        write(f"{a.name:{width}}  {a.role:9}  {'shut out' if a.disabled else '':8}  {a.display_name}")


@app.command("role")
def role_(context: typer.Context, name: Name, role: Annotated[str, typer.Argument(help="Its new role.")]) -> None:
    """Give an account another role."""
    database = _open(context)
    with database.session() as session:
        set_role(session, account_named(session, name), _role(role))
        audit(session, utc_now(), None, "account role", name, to=role)
    database.close()
    note(f"{name} is now {role}.")


@app.command()
def reset(context: typer.Context, name: Name) -> None:
    """Print a token with which the account's password is set once, within two hours."""
    database = _open(context)
    with database.session() as session:
        token = new_reset(session, account_named(session, name), utc_now())
        audit(session, utc_now(), None, "account reset", name)
    database.close()
    _tell_token(context, name, token)


@app.command()
def disable(
    context: typer.Context,
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let it in again.")] = False,
) -> None:
    """Shut an account out: its sessions and tokens end."""
    database = _open(context)
    with database.session() as session:
        set_disabled(session, account_named(session, name), not undo, utc_now())
        audit(session, utc_now(), None, "account disable", name, disabled=not undo)
    database.close()
    note(f"{name} is {'let in again' if undo else 'shut out'}.")


def _open(context: Context) -> Database:
    return open_database(context.obj)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no role; {', '.join(Role)} are.") from error


def _tell_token(context: Context, name: str, token: str) -> None:
    note(f"With this token {name} sets a password at {context.obj.serve_address}/reset, once, within two hours:")
    write(token)
