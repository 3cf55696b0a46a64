"""Makes a desk to look at: the sample dispatches read, forecasts issued, relations watched, and an account."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import typer
from sqlalchemy import select

from dragoman.cli.add import SOME_REFUSED, add
from dragoman.cli.common import Context, note, open_context
from dragoman.cli.demo import sample_folder
from dragoman.database import Account, WatchedDyad, open_database, utc_now
from dragoman.errors import RecordMissing
from dragoman.pipeline import Record
from dragoman.pipeline.geography import stored_activity
from dragoman.record import is_remote
from dragoman.serve import Desk, Role
from dragoman.serve.accounts import NewAccount, create_account, set_password
from dragoman.serve.sampling import publish_sample

NAME = "demo"
"""The name of the account."""

WATCHED = 6
"""Relations on the watchlist: those of most events in the sample's last two years."""

EARLIER = timedelta(days=400)
"""How long before the newest report the first forecasts are asked, so that later reports settle them."""


def prepare_sample(context: Context) -> str:
    """Make what is not there yet, and give the password of the account, which is a new one every time."""
    record = _record(context)
    relations = _relations(record)
    if not record.forecasts():
        note("asking forecasts")
        today = record.today()
        for first, second in relations[:2]:
            if today is not None:
                record.forecast_dyad(first, second, as_of=today - EARLIER)
            record.forecast_dyad(first, second)
        record.settle()
    database = open_database(context.obj)
    password = secrets.token_urlsafe(12)
    try:
        with database.session() as session:
            if session.scalars(select(WatchedDyad.id).where(WatchedDyad.account_id.is_(None))).first() is None:
                session.add_all(WatchedDyad(first=first, second=second) for first, second in relations)
            account = session.scalars(select(Account).where(Account.name == NAME)).one_or_none()
            if account is None:
                told = NewAccount(NAME, "Demo", password=password, role=Role.ADMIN)
                create_account(session, told, utc_now())
            else:
                set_password(session, account, password, utc_now())
    finally:
        database.close()
    if relations:
        publish_sample(Desk.open(context.obj), NAME, *relations[0])
    return password


def _record(context: Context) -> Record:
    """The record with the sample dispatches, which are read if there is none yet."""
    record = open_context(context)
    try:
        record.store()
    except RecordMissing:
        folder = sample_folder(None)
        note(f"reading {folder}, once; about a minute")
        if not is_remote(context.obj.record):
            Path(context.obj.record).expanduser().absolute().parent.mkdir(parents=True, exist_ok=True)
        try:
            add(context, [str(folder)])  # type: ignore[arg-type]
        except typer.Exit as left:
            if left.exit_code != SOME_REFUSED:
                raise
    return open_context(context)


def _relations(record: Record) -> list[tuple[str, str]]:
    """The pairs of states with most events in the last two years."""
    today = record.today()
    if today is None:
        return []
    found = stored_activity(record.store().snapshot(), today - timedelta(days=730), today)
    states = [(tie.first, tie.second) for tie in found.ties if ":" not in tie.first + tie.second]
    return states[:WATCHED]
