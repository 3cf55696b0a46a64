"""The table of what reviewers decided; what they say against the machine also goes to the record's corrections."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dragoman.database.base import Base, utc_now


class Review(Base):
    """One reviewer's decision about one mention as the machine coded it; a later decision replaces it."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("account_id", "mention_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    mention_id: Mapped[str] = mapped_column(String(24), index=True)
    event_id: Mapped[str] = mapped_column(String(24), index=True)
    decision: Mapped[str] = mapped_column(String(12))
    """accept, correct, reject, merge or split."""
    coded_type: Mapped[str] = mapped_column(String(12), index=True)
    """The machine's event type when the decision was made."""
    queue: Mapped[str] = mapped_column(String(12))
    """uncertain, random or chosen: only random samples measure precision."""
    seed: Mapped[int | None]
    """The seed of the random sample."""
    coded: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the machine had coded: type, source, target, factuality, date, domain."""
    wrong: Mapped[list[Any]] = mapped_column(default=list)
    """The fields that the reviewer changed: type, source, target, factuality, date, domain."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What they should be."""
    coder_version: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now, index=True)
    recorded: Mapped[bool] = mapped_column(default=True, index=True)
    """Whether the record holds the corrections of this decision; false only while they are being written."""
    pending: Mapped[list[Any]] = mapped_column(default=list)
    """Those corrections, until it does."""
