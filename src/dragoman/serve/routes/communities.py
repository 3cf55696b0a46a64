"""Communities and authors: their pages, with the briefs that appeared."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import HTTPException, Path
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dragoman.database import Account, BriefText, Community
from dragoman.serve.asking import PageNumber
from dragoman.serve.desk import TheDesk
from dragoman.serve.publish.finding import CARDS, Card, cards, published_briefs
from dragoman.serve.publish.texts import as_prose
from dragoman.serve.routing import Pages

pages = Pages("communities")

CommunitySlug = Annotated[str, Path(max_length=80)]
AuthorName = Annotated[str, Path(max_length=60)]


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A community in the list of all."""

    slug: str
    name: str
    about: str
    briefs: int
    locked: bool


@dataclass(frozen=True, slots=True)
class CommunitiesPage:
    """All communities."""

    title: str
    communities: list[CommunityRow]


@dataclass(frozen=True, slots=True)
class CommunityPage:
    """A community and its briefs, the newest first; `after` is the next page's number, null on the last."""

    title: str
    slug: str
    about: str
    locked: bool
    count: int
    cards: list[Card]
    number: int
    after: int | None


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """An author's profile and their briefs, the newest first."""

    title: str
    name: str
    about: str
    since: datetime.datetime
    count: int
    cards: list[Card]
    number: int
    after: int | None


@pages.page("/c", "communities.html.j2")
def communities_page(desk: TheDesk) -> CommunitiesPage:
    """All communities, by name."""
    with desk.database.session() as session:
        shown = select(BriefText.community_id, func.count().label("n")).where(BriefText.state == "published")
        counts = shown.group_by(BriefText.community_id).subquery()
        rows = session.execute(
            select(Community, func.coalesce(counts.c.n, 0))
            .outerjoin(counts, counts.c.community_id == Community.id)
            .order_by(Community.name)
            .limit(500)
        ).all()
    told = [CommunityRow(row.slug, row.name, row.about, count, row.locked) for row, count in rows]
    return CommunitiesPage("Communities", told)


@pages.page("/c/{community}", "community.html.j2")
def community_page(desk: TheDesk, community: CommunitySlug, page: PageNumber = 1) -> CommunityPage:
    """A community with its briefs."""
    with desk.database.session() as session:
        found = community_named(session, community)
        query = published_briefs().where(BriefText.community_id == found.id)
        rows = session.scalars(query.offset((page - 1) * CARDS).limit(CARDS + 1)).all()
        return CommunityPage(
            title=found.name,
            slug=found.slug,
            about=str(as_prose(found.about)),
            locked=found.locked,
            count=_count(session, BriefText.community_id == found.id),
            cards=cards(session, rows[:CARDS]),
            number=page,
            after=page + 1 if len(rows) > CARDS else None,
        )


@pages.page("/authors/{author}", "author.html.j2")
def author_page(desk: TheDesk, author: AuthorName, page: PageNumber = 1) -> AuthorPage:
    """An author with their briefs."""
    with desk.database.session() as session:
        found = author_named(session, author)
        query = published_briefs().where(BriefText.author_id == found.id)
        rows = session.scalars(query.offset((page - 1) * CARDS).limit(CARDS + 1)).all()
        return AuthorPage(
            title=found.display_name,
            name=found.name,
            about=str(as_prose(found.about)),
            since=found.created,
            count=_count(session, BriefText.author_id == found.id),
            cards=cards(session, rows[:CARDS]),
            number=page,
            after=page + 1 if len(rows) > CARDS else None,
        )


def community_named(session: Session, slug: str) -> Community:
    """The community at an address."""
    found = session.scalars(select(Community).where(Community.slug == slug)).one_or_none()
    if found is None:
        raise HTTPException(404, "There is no such community.")
    return found


def author_named(session: Session, name: str) -> Account:
    """The author of a name: somebody who has published; of others nothing is told."""
    found = session.scalars(select(Account).where(Account.name == name)).one_or_none()
    if found is not None and _count(session, BriefText.author_id == found.id):
        return found
    raise HTTPException(404, "There is no author of this name.")


def _count(session: Session, which: object) -> int:
    query = select(func.count()).select_from(BriefText).where(BriefText.state == "published", which)  # type: ignore[arg-type]
    return session.scalar(query) or 0
