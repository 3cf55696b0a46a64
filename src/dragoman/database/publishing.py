"""Tables of what is published: communities, briefs with their versions, insights, comments, and moderation."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dragoman.database.base import Base, utc_now


class Community(Base):
    """A place where briefs on a common subject appear."""

    __tablename__ = "communities"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    locked: Mapped[bool] = mapped_column(default=False)
    """Nobody may publish or comment in it any more."""


class BriefText(Base):
    """A brief as its author has it now; every published state is kept in `BriefVersion`."""

    __tablename__ = "briefs"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    """draft, published or hidden."""
    locked: Mapped[bool] = mapped_column(default=False)
    """No comments or insights any more."""
    title: Mapped[str] = mapped_column(String(300))
    standfirst: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(String(60), default="")
    dyads: Mapped[list[Any]] = mapped_column(default=list)
    """Pairs of codes that it is on."""
    body: Mapped[list[Any]] = mapped_column(default=list)
    """Blocks in order; docs/serve.md lists their kinds and keys."""
    citations: Mapped[list[Any]] = mapped_column(default=list)
    """The cited sentences: number, document, mention, part, start, end, text, and the document's particulars."""
    as_of: Mapped[datetime.date | None]
    record_version: Mapped[int]
    created: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    updated: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    published: Mapped[datetime.datetime | None] = mapped_column(index=True)


class Upload(Base):
    """A picture of a brief, as it is served: checked, written anew, without what its file told beside it."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("briefs.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120), default="")
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)


class BriefVersion(Base):
    """A brief as it was published at one time; `note` says to readers what a later one corrects."""

    __tablename__ = "brief_versions"
    __table_args__ = (UniqueConstraint("brief_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("briefs.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]]
    """Title, standfirst, topic, dyads, body, citations, as_of and record_version as published."""


class Insight(Base):
    """What a reader has to say about a brief in a set form: agrees, disputes a sentence, or adds a source."""

    __tablename__ = "insights"

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("briefs.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    """agrees, disputes or source."""
    block: Mapped[int | None]
    """The block of the brief that holds the sentence; null for the whole brief."""
    quote: Mapped[str] = mapped_column(Text, default="")
    """The sentence as it stood."""
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    hidden: Mapped[bool] = mapped_column(default=False)


class Comment(Base):
    """A reader's comment, on a brief or as an answer to another."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("briefs.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    hidden: Mapped[bool] = mapped_column(default=False)


class Complaint(Base):
    """A reader's report of a comment, an insight or a brief, for the moderators."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """brief, comment or insight."""
    subject_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    settled: Mapped[datetime.datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")


class Ban(Base):
    """A person who may not write for a time, or for good."""

    __tablename__ = "bans"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime.datetime] = mapped_column(default=utc_now)
    until: Mapped[datetime.datetime | None]
    lifted: Mapped[datetime.datetime | None]
