"""Tables of the watch: what is watched, how each source does, what was fetched, which alerts went out; and visits."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dragoman.database.base import Base, utc_now


class WatchedDyad(Base):
    """A pair of actors on somebody's watchlist; without an account it is on everybody's."""

    __tablename__ = "watched_dyads"
    __table_args__ = (UniqueConstraint("account_id", "first", "second"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    first: Mapped[str] = mapped_column(String(120))
    second: Mapped[str] = mapped_column(String(120))
    added: Mapped[datetime.datetime] = mapped_column(default=utc_now)


class Visit(Base):
    """Up to which version of the record a person has seen a page."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("account_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(255))
    record_version: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)


class SourceState(Base):
    """How a watched source does; the list of sources itself is a file."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    last_try: Mapped[datetime.datetime | None]
    last_success: Mapped[datetime.datetime | None]
    last_new: Mapped[datetime.datetime | None]
    """When it last had something new."""
    next_due: Mapped[datetime.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Failures since the last success."""
    last_error: Mapped[str] = mapped_column(Text, default="")
    documents: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0, server_default="0")
    """Pages read that said what the record held already."""
    all_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    """Failed tries of the list and of its pages, since it is watched."""
    passed_over: Mapped[int] = mapped_column(default=0, server_default="0")
    """Entries of its newest list that lay beyond the limit and were not looked at."""
    started: Mapped[datetime.datetime | None]
    """Since when it is watched."""
    location: Mapped[str | None] = mapped_column(Text)
    """Where its address redirects to, while that is followed."""
    hops: Mapped[int] = mapped_column(default=0, server_default="0")
    held_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The watcher that visits it now."""
    held_until: Mapped[datetime.datetime | None]


class HostState(Base):
    """When a host may be asked next, by which watcher it is asked now, and what its robots.txt says."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(String(262), primary_key=True)
    """Scheme, host and port."""
    next_free: Mapped[datetime.datetime | None]
    held_by: Mapped[str] = mapped_column(String(64), default="")
    held_until: Mapped[datetime.datetime | None]
    requests: Mapped[int] = mapped_column(default=0)
    robots: Mapped[str | None] = mapped_column(Text)
    """Null: all is allowed where `robots_until` lies ahead, else not known."""
    robots_until: Mapped[datetime.datetime | None]
    """Until when what is known of robots.txt holds."""
    robots_failures: Mapped[int] = mapped_column(default=0)
    """Failures in a row; meanwhile nothing else of the host is fetched."""


class WatchMark(Base):
    """Up to which version of the record something was looked at."""

    __tablename__ = "watch_marks"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)


class FetchedItem(Base):
    """A page, message or file that a source named, so that it is read once."""

    __tablename__ = "fetched"
    __table_args__ = (UniqueConstraint("source", "address_hash"), Index(None, "address_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120), index=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    published: Mapped[datetime.datetime | None]
    """When the source says that it appeared."""
    done: Mapped[datetime.datetime | None]
    """When it was read into the record or refused; null while it waits."""
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime.datetime | None] = mapped_column(index=True)
    """When it is fetched next, or fetched again if it is done; null for never."""
    outcome: Mapped[str] = mapped_column(String(40), default="")
    """document, known, before, elsewhere, listing, import, or the reason of the refusal."""
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    part: Mapped[str] = mapped_column(String(10), default="page", server_default="page")
    """page, listing, data or file."""
    host: Mapped[str] = mapped_column(String(262), default="", server_default="", index=True)
    """Scheme, host and port from which it is fetched; empty for a local file."""
    location: Mapped[str | None] = mapped_column(Text)
    """Where its address redirects to, while that is followed."""
    hops: Mapped[int] = mapped_column(default=0, server_default="0")
    reads: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was fetched whole."""
    held_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The watcher that reads it now; after `next_try` anybody may."""
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the bytes that were read last."""


class Alert(Base):
    """Something that a rule found, once: the id is a hash of the rule and what it found."""

    __tablename__ = "alerts"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    rule: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now, index=True)
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    """Events, mentions and their sentences: dictionaries with the keys event, mention, document and text."""
    dyad: Mapped[list[Any]] = mapped_column(default=list)
    record_version: Mapped[int]


class Delivery(Base):
    """An alert on its way to one channel; not delivered while `delivered` is null."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("alert_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(120))
    """The channel's name in the file of rules; never its address, which may hold a secret."""
    digest: Mapped[bool] = mapped_column(default=False)
    """It waits for the next digest."""
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime.datetime | None]
    delivered: Mapped[datetime.datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
