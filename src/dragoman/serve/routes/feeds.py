"""Feeds of published briefs: of all, of a community, of an author; as RSS and as Atom."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from dragoman.database import BriefText
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.publish.addresses import base_of
from dragoman.serve.publish.feeds import ATOM, RSS, Entry, Feed, write_atom, write_rss
from dragoman.serve.publish.finding import cards, last_version, published_briefs
from dragoman.serve.routes.communities import author_named, community_named
from dragoman.serve.routing import Pages

pages = Pages("feeds")

MOST = 40
"""Briefs in a feed."""

Slug = Annotated[str, Path(max_length=80)]


@pages.file("/briefs.rss", RSS)
def briefs_rss(request: Request, desk: TheDesk) -> Response:
    """All published briefs as RSS."""
    with desk.database.session() as session:
        return _rss(_feed(request, desk, session, published_briefs(), "Briefs", "", "/briefs"))


@pages.file("/briefs.atom", ATOM)
def briefs_atom(request: Request, desk: TheDesk) -> Response:
    """All published briefs as Atom."""
    with desk.database.session() as session:
        return _atom(_feed(request, desk, session, published_briefs(), "Briefs", "", "/briefs"))


@pages.file("/c/{community}.rss", RSS)
def community_rss(request: Request, desk: TheDesk, community: Slug) -> Response:
    """The briefs of a community as RSS."""
    with desk.database.session() as session:
        return _rss(_of_community(request, desk, session, community))


@pages.file("/c/{community}.atom", ATOM)
def community_atom(request: Request, desk: TheDesk, community: Slug) -> Response:
    """The briefs of a community as Atom."""
    with desk.database.session() as session:
        return _atom(_of_community(request, desk, session, community))


@pages.file("/authors/{author}.rss", RSS)
def author_rss(request: Request, desk: TheDesk, author: Slug) -> Response:
    """The briefs of an author as RSS."""
    with desk.database.session() as session:
        return _rss(_of_author(request, desk, session, author))


@pages.file("/authors/{author}.atom", ATOM)
def author_atom(request: Request, desk: TheDesk, author: Slug) -> Response:
    """The briefs of an author as Atom."""
    with desk.database.session() as session:
        return _atom(_of_author(request, desk, session, author))


def _of_community(request: Request, desk: Desk, session: Session, slug: str) -> Feed:
    found = community_named(session, slug)
    query = published_briefs().where(BriefText.community_id == found.id)
    return _feed(request, desk, session, query, found.name, found.about, f"/c/{slug}")


def _of_author(request: Request, desk: Desk, session: Session, name: str) -> Feed:
    found = author_named(session, name)
    query = published_briefs().where(BriefText.author_id == found.id)
    return _feed(request, desk, session, query, found.display_name, found.about, f"/authors/{name}")


def _feed(
    request: Request,
    desk: Desk,
    session: Session,
    query: Select[BriefText],
    title: str,
    about: str,
    page: str,
) -> Feed:
    base = base_of(request, desk)
    briefs = {brief.slug: brief for brief in session.scalars(query.limit(MOST))}
    entries = []
    for card in cards(session, list(briefs.values())):
        version = last_version(session, briefs[card.slug].id)
        entries.append(
            Entry(
                address=f"{base}/briefs/{card.slug}",
                title=card.title,
                summary=card.standfirst,
                author=card.author,
                category=card.topic,
                published=card.published,
                changed=version.at if version else card.published,
            )
        )
    return Feed(f"{title} · Dragoman", about, f"{base}{page}", f"{base}{request.url.path}", entries)


def _rss(feed: Feed) -> Response:
    return Response(write_rss(feed), media_type=RSS)


def _atom(feed: Feed) -> Response:
    return Response(write_atom(feed), media_type=ATOM)
