"""Who is signed in: sessions of browsers, each known by the hash of its cookie."""

from __future__ import annotations

import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dragoman.database import SignIn
from dragoman.serve.tokens import hashed, new_token

LENGTH = datetime.timedelta(days=14)
"""How long a session lasts, used or not."""


def open_session(session: Session, account_id: int, now: datetime.datetime, replaced: str | None = None) -> str:
    """The cookie of a new session; the `replaced` one ends, and so do those of the account that are out of date."""
    token = new_token()
    stale = (SignIn.account_id == account_id) & (SignIn.expires <= now)
    session.execute(delete(SignIn).where(stale | (SignIn.token_hash == hashed(replaced or ""))))
    session.add(SignIn(token_hash=hashed(token), account_id=account_id, created=now, expires=now + LENGTH))
    return token


def close_session(session: Session, cookie: str) -> None:
    """End the session of a cookie; one that is unknown is no error."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hashed(cookie)))


def close_sessions(session: Session, account_id: int) -> None:
    """End all sessions of an account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
