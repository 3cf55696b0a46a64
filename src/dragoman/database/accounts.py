"""Tables of people: accounts, who is signed in, invitations, tokens, and what was done by whom."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dragoman.database.base import Base, utc_now


class Account(Base):
    """A person who may sign in; `role` is a role of `serve.permissions`."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    """What stands in addresses and beside comments: small letters, digits and hyphens."""
    display_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    disabled: Mapped[bool] = mapped_column(default=False)


class SignIn(Base):
    """A session of a browser; only the hash of its cookie is kept."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    expires: Mapped[datetime.datetime]


class Invitation(Base):
    """A token with which one person may sign up, in a role."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    expires: Mapped[datetime.datetime]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))


class Reset(Base):
    """A token with which an account's password may be set once."""

    __tablename__ = "resets"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    expires: Mapped[datetime.datetime]
    used: Mapped[datetime.datetime | None]


class ApiToken(Base):
    """A token for programs; `scopes` are permissions, parted by spaces, never more than the account's role has."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    last_used: Mapped[datetime.datetime | None]
    revoked: Mapped[datetime.datetime | None]


class AuditEntry(Base):
    """Something that was done: by whom, to what; never changed."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(255))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
