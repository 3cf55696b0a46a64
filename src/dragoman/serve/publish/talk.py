"""What readers say to a brief: threaded comments and insights, as pages show them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from dragoman.database import Account, Comment, Insight
from dragoman.serve.person import Person
from dragoman.serve.publish.texts import as_prose, safe_link
from dragoman.serve.roles import Permission

DEEPEST = 5
"""How deep answers stand; deeper ones stand beside the one that they answer."""

MOST = 1_000
"""Comments and insights shown of one brief."""

INSIGHTS = {
    "agrees": "agrees",
    "disputes": "disputes a sentence",
    "source": "adds a source",
}


@dataclass(slots=True)
class CommentShown:
    """A comment with its answers; of a hidden one only moderators see the text."""

    id: int
    author: str
    author_name: str
    at: datetime.datetime
    html: str
    hidden: bool
    own: bool
    depth: int
    answers: list[CommentShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InsightShown:
    """What a reader says in a set form."""

    id: int
    kind: str
    told: str
    author: str
    author_name: str
    at: datetime.datetime
    quote: str
    html: str
    url: str
    hidden: bool
    own: bool


def comments_of(session: Session, brief_id: int, person: Person) -> list[CommentShown]:
    """The comments on a brief as threads, in the order of time."""
    rows = session.execute(
        select(Comment, Account)
        .join(Account, Account.id == Comment.account_id)
        .where(Comment.brief_id == brief_id)
        .order_by(Comment.at, Comment.id)
        .limit(MOST)
    ).all()
    return thread([(comment, account.display_name, account.name) for comment, account in rows], person)


def thread(rows: Sequence[tuple[Comment, str, str]], person: Person) -> list[CommentShown]:
    """Comments as threads; a hidden one stays where others answer it, else only moderators see it."""
    moderates = person.may(Permission.MODERATE)
    shown: dict[int, CommentShown] = {}
    top: list[CommentShown] = []
    for comment, author, name in rows:
        parent = shown.get(comment.parent_id) if comment.parent_id is not None else None
        seen = moderates or not comment.hidden
        one = CommentShown(
            id=comment.id,
            author=author if seen else "",
            author_name=name if seen else "",
            at=comment.at,
            html=str(as_prose(comment.text)) if seen else "",
            hidden=comment.hidden,
            own=comment.account_id == person.account_id,
            depth=parent.depth + 1 if parent else 0,
        )
        shown[comment.id] = one
        (parent.answers if parent else top).append(one)
    return top if moderates else _without_silence(top)


def _without_silence(comments: list[CommentShown]) -> list[CommentShown]:
    for one in comments:
        one.answers = _without_silence(one.answers)
    return [one for one in comments if one.answers or not one.hidden]


def insights_of(session: Session, brief_id: int, person: Person) -> list[InsightShown]:
    """The insights on a brief, in the order of time; hidden ones for moderators alone."""
    query = select(Insight, Account).join(Account, Account.id == Insight.account_id)
    query = query.where(Insight.brief_id == brief_id)
    if not person.may(Permission.MODERATE):
        query = query.where(Insight.hidden.is_(False))
    return [
        InsightShown(
            id=insight.id,
            kind=insight.kind,
            told=INSIGHTS[insight.kind],
            author=account.display_name,
            author_name=account.name,
            at=insight.at,
            quote=insight.quote,
            html=str(as_prose(insight.text)),
            url=safe_link(insight.url),
            hidden=insight.hidden,
            own=insight.account_id == person.account_id,
        )
        for insight, account in session.execute(query.order_by(Insight.at, Insight.id).limit(MOST))
    ]
