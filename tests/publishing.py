"""A community and a published brief at a desk, for tests."""

from __future__ import annotations

from fastapi.testclient import TestClient

from dragoman.database import Community
from dragoman.serve import Desk
from signing import Signed, signed_in


def add_community(desk: Desk, slug: str = "east-asia", name: str = "East Asia") -> None:
    """A community that takes briefs."""
    with desk.database.session() as session:
        session.add(Community(slug=slug, name=name, about="On the capitals of the region."))


def composed(client: TestClient, desk: Desk, role: str = "author", name: str | None = None) -> tuple[Signed, str]:
    """An author, and the slug of a brief on PRK and RUS that the record has composed for them."""
    with desk.database.session() as session:
        known = session.query(Community).count()
    if not known:
        add_community(desk)
    author = signed_in(client, desk, role, name)
    answer = author.post("/briefs/compose", dyads="PRK RUS", community="east-asia")
    assert answer.status_code == 303, answer.text
    return author, answer.headers["location"].split("/")[2]


def published(client: TestClient, desk: Desk) -> tuple[Signed, str]:
    """The same, published."""
    author, slug = composed(client, desk)
    answer = author.post(f"/briefs/{slug}/publish")
    assert answer.status_code == 303, answer.text
    return author, slug
