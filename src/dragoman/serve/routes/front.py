"""The front page: the relations that are watched."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from dragoman.database import WatchedDyad
from dragoman.serve.desk import TheDesk
from dragoman.serve.person import Asking
from dragoman.serve.routing import Pages

pages = Pages("front")


@dataclass(frozen=True, slots=True)
class WatchedRelation:
    """A pair of actors on the watchlist."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page: the watchlist."""

    title: str
    watched: list[WatchedRelation]


@pages.page("/", "front.html.j2")
def front_page(desk: TheDesk, person: Asking) -> FrontPage:
    """The relations that are watched, by everybody and by the person who asks."""
    with desk.database.session() as session:
        own = WatchedDyad.account_id.is_(None) | (WatchedDyad.account_id == person.account_id)
        rows = session.scalars(select(WatchedDyad).where(own).order_by(WatchedDyad.id)).all()
    return FrontPage("The desk", [WatchedRelation(row.first, row.second) for row in rows])
