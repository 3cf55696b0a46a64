"""The log of what was done: by whom, to what, when. Entries are only ever added, and never hold a secret."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.orm import Session

from dragoman.database import AuditEntry


def audit(
    session: Session, now: datetime.datetime, account_id: int | None, action: str, subject: str, /, **detail: Any
) -> None:
    """Keep that something was done; `account_id` is None where nobody was signed in, or a command did it."""
    session.add(
        AuditEntry(at=now, account_id=account_id, action=action[:60], subject=subject[:255], detail=dict(detail))
    )
