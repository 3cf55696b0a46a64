"""Who watches: the name under which a watcher holds things in the database, and what is free to be held."""

from __future__ import annotations

import datetime
import os
import platform
import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from dragoman.database import Base, FetchedItem, HostState, SourceState

LEASE = datetime.timedelta(minutes=15)
"""After so long what a watcher holds is free again, should it have vanished without a trace."""
FAR = datetime.timedelta(hours=30)
"""A moment further ahead than any wait was written by a clock that has since been set back; it counts as past."""


def holder_name() -> str:
    """A name that tells machine and process, and is used once."""
    return f"{platform.node()[:30]}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def is_past(column: InstrumentedAttribute[datetime.datetime | None], now: datetime.datetime) -> ColumnElement[bool]:
    """Whether a moment has come; null has not."""
    return or_(column <= now, column > now + FAR)


def is_free(model: type[SourceState | HostState], now: datetime.datetime) -> ColumnElement[bool]:
    """Whether nobody holds the row."""
    until = model.held_until
    return or_(model.held_by == "", until.is_(None), until <= now, until > now + 2 * LEASE)


def let_go_of_the_dead(session: Session, now: datetime.datetime) -> None:
    """Free what watchers of this machine held whose process is gone."""
    for model in (SourceState, HostState, FetchedItem):
        held = session.scalars(select(model.held_by).where(model.held_by != "").distinct())
        for name in held:
            if _is_dead(name):
                let_go(session, name, now)


def let_go(session: Session, holder: str, now: datetime.datetime) -> None:
    """Free all that a watcher holds, when it ends or begins anew after an error."""
    for model in (SourceState, HostState, FetchedItem):
        values = {"held_by": ""} | ({"next_try": now} if model is FetchedItem else {"held_until": None})
        session.execute(update(model).where(model.held_by == holder).values(**values))


def insert_missing(session: Session, model: type[Base], rows: Iterable[dict[str, object]]) -> None:
    """Add rows; one whose key is there already is left as it is."""
    found = list(rows)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if found:
        session.execute(insert(model).on_conflict_do_nothing(), found)


def _is_dead(name: str) -> bool:
    """Whether the process of this name ran here and is gone; of another machine's nothing is known."""
    machine, _, rest = name.partition("/")
    process = rest.partition("/")[0]
    if machine != platform.node()[:30] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def is_mine(model: type[SourceState | HostState], name: str, holder: str) -> ColumnElement[bool]:
    """Whether this watcher holds the row of this name."""
    return and_(model.name == name, model.held_by == holder)
