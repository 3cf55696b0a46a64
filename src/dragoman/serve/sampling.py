"""A published brief to look at: what `make serve` shows, and what tests of the whole desk read."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy import select

from dragoman.database import Account, BriefText, Community
from dragoman.errors import UsageError
from dragoman.serve.desk import Desk
from dragoman.serve.person import Person
from dragoman.serve.roles import ROLE_PERMISSIONS, Role
from dragoman.serve.routes.writing import compose_brief, publish_brief
from dragoman.serve.routing import Done

COMMUNITY = ("east-asia", "East Asia", "Relations of the capitals of East Asia, as the sample dispatches tell them.")
"""The community of the brief: its address, its name, what it is about."""


def publish_sample(desk: Desk, author: str, first: str, second: str) -> str:
    """The address of a published brief on a relation, by an account of this name; made if there is none."""
    slug, name, about = COMMUNITY
    with desk.database.session() as session:
        known = session.scalars(select(BriefText.slug).where(BriefText.state == "published")).first()
        if known is not None:
            return f"/briefs/{known}"
        if session.scalars(select(Community).where(Community.slug == slug)).one_or_none() is None:
            session.add(Community(slug=slug, name=name, about=about))
        account = session.scalars(select(Account).where(Account.name == author)).one()
        role = Role(account.role)
        person = Person(account.id, account.name, account.display_name, role, ROLE_PERMISSIONS[role], "")
    made = compose_brief(desk, person, community=slug, dyads=f"{first} {second}")
    brief = _address(made).split("/")[2]
    # Composed sentences have support; where one has none, it is marked for readers.
    return _address(publish_brief(desk, person, brief, unsupported="yes"))


def _address(done: Done | Response) -> str:
    """Where an action says to go on; one that gives a page of its own has refused."""
    if isinstance(done, Done):
        return done.address
    raise UsageError("The sample brief could not be published; its draft is on the page of briefs.")
