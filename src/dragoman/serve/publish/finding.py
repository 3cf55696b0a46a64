"""Finds briefs, communities and people in the database, as far as who asks may see them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import HTTPException
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dragoman.database import Account, BriefText, BriefVersion, Comment, Community
from dragoman.serve.person import Person
from dragoman.serve.publish.content import minutes_of
from dragoman.serve.publish.texts import RESERVED, slug_of
from dragoman.serve.roles import Permission

CARDS = 20
"""Briefs on a page of a list."""

GONE = "This brief was taken down."


@dataclass(frozen=True, slots=True)
class Card:
    """A published brief in a list."""

    slug: str
    title: str
    standfirst: str
    topic: str
    community: str
    community_slug: str
    author: str
    author_name: str
    published: datetime.datetime
    minutes: int
    comments: int
    picture: str
    """The address of its first picture or chart; empty without one."""


def may_change(person: Person, brief: BriefText) -> bool:
    """Whether somebody may edit and publish a brief: its author, and administrators."""
    own = person.account_id is not None and brief.author_id == person.account_id
    return person.may(Permission.ADMINISTER) or (own and person.may(Permission.WRITE))


def seen_brief(session: Session, slug: str, person: Person) -> BriefText:
    """The brief at an address, if the person may read it; else it is as if there were none."""
    brief = session.scalars(select(BriefText).where(BriefText.slug == slug)).one_or_none()
    if brief is None:
        raise HTTPException(404, "There is no brief at this address.")
    if brief.state == "published" or may_change(person, brief) or person.may(Permission.MODERATE):
        return brief
    if brief.state == "hidden" or person.account_id == brief.author_id:
        raise HTTPException(404, GONE)
    raise HTTPException(404, "There is no brief at this address.")


def own_brief(session: Session, slug: str, person: Person) -> BriefText:
    """The brief at an address, if the person may change it."""
    brief = seen_brief(session, slug, person)
    if not may_change(person, brief):
        raise HTTPException(403, "This is another author's brief; you may read it, not change it.")
    return brief


def open_brief(session: Session, slug: str) -> BriefText:
    """The published brief at an address that readers may answer to."""
    brief = session.scalars(select(BriefText).where(BriefText.slug == slug)).one_or_none()
    if brief is None or brief.state != "published":
        raise HTTPException(404, "There is no brief at this address.")
    community = session.get(Community, brief.community_id)
    if brief.locked or (community is not None and community.locked):
        raise HTTPException(403, "No more comments and insights are taken here.")
    return brief


def last_version(session: Session, brief_id: int) -> BriefVersion | None:
    """The newest published state of a brief."""
    return session.scalars(
        select(BriefVersion).where(BriefVersion.brief_id == brief_id).order_by(BriefVersion.number.desc()).limit(1)
    ).first()


def free_slug(session: Session, title: str) -> str:
    """An address that no other brief has."""
    base = slug_of(title)
    taken = set(session.scalars(select(BriefText.slug).where(BriefText.slug.startswith(base, autoescape=True))))
    if base not in taken | RESERVED:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def published_briefs() -> Select[BriefText]:
    """All published briefs, the newest first."""
    return (
        select(BriefText)
        .where(BriefText.state == "published")
        .order_by(BriefText.published.desc(), BriefText.id.desc())
    )


def cards(session: Session, briefs: Sequence[BriefText]) -> list[Card]:
    """The briefs as a list shows them: as they were last published."""
    if not briefs:
        return []
    ids = [brief.id for brief in briefs]
    newest = (
        select(BriefVersion.brief_id, func.max(BriefVersion.number).label("number"))
        .where(BriefVersion.brief_id.in_(ids))
        .group_by(BriefVersion.brief_id)
        .subquery()
    )
    contents = {
        version.brief_id: version.content
        for version in session.scalars(
            select(BriefVersion).join(
                newest, (BriefVersion.brief_id == newest.c.brief_id) & (BriefVersion.number == newest.c.number)
            )
        )
    }
    said = select(Comment.brief_id, func.count()).where(Comment.brief_id.in_(ids), Comment.hidden.is_(False))
    counts = {row[0]: row[1] for row in session.execute(said.group_by(Comment.brief_id))}
    people = {a.id: a for a in session.scalars(select(Account).where(Account.id.in_([b.author_id for b in briefs])))}
    places = {c.id: c for c in session.scalars(select(Community))}
    return [
        Card(
            slug=brief.slug,
            title=content["title"],
            standfirst=content["standfirst"],
            topic=content["topic"],
            community=places[brief.community_id].name,
            community_slug=places[brief.community_id].slug,
            author=people[brief.author_id].display_name,
            author_name=people[brief.author_id].name,
            published=brief.published or brief.created,
            minutes=minutes_of(content),
            comments=counts.get(brief.id, 0),
            picture=_picture(brief.slug, content["body"]),
        )
        for brief in briefs
        if (content := contents.get(brief.id)) is not None
    ]


def related(session: Session, brief: BriefText, most: int = 4) -> list[Card]:
    """Other briefs on the same relations, of the same topic or community: the nearest, then the newest."""
    others = session.scalars(published_briefs().where(BriefText.id != brief.id).limit(200)).all()
    dyads = {frozenset(dyad) for dyad in brief.dyads}
    actors = {code for dyad in brief.dyads for code in dyad}

    def nearness(other: BriefText) -> int:
        theirs = {frozenset(dyad) for dyad in other.dyads}
        return (
            4 * bool(dyads & theirs)
            + 2 * bool(actors & {code for dyad in other.dyads for code in dyad})
            + bool(brief.topic and brief.topic.casefold() == other.topic.casefold())
            + (other.community_id == brief.community_id)
        )

    near = sorted((other for other in others if nearness(other)), key=nearness, reverse=True)
    return cards(session, near[:most])


def _picture(slug: str, body: Sequence[dict[str, object]]) -> str:
    for number, block in enumerate(body):
        if block["kind"] == "picture":
            return f"/pictures/{block['number']}"
        if block["kind"] == "chart":
            return f"/briefs/{slug}/charts/{number}.svg"
    return ""
