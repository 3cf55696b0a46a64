"""An address for every page of the desk, filled in from the record that is shown; a new page must be added here."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from deskmaking import WRITTEN
from dragoman.pipeline import Record
from dragoman.serve import Permission, Role
from dragoman.serve.routes import PARTS

QUERIES: dict[str, list[str]] = {
    "/search": ["q=Kim+Jong+Un", "q="],
    "/review": ["", "queue=random&type=AID", "queue=random&type=AID&seed=7"],
    "/map": ["", "since=2024-01-01&until=2024-12-31"],
    "/network": ["", "since=2024-01-01&until=2024-12-31"],
    "/dyads/{first}/{second}": ["", "as_of=2024-06-30"],
}
"""Queries with which a page is looked at; once without one where none stands here."""

VIEWERS = {
    Permission.READ: None,
    Permission.ACCOUNT: Role.READER,
    Permission.COMMENT: Role.READER,
    Permission.WRITE: Role.AUTHOR,
    Permission.REVIEW: Role.REVIEWER,
    Permission.MODERATE: Role.MODERATOR,
    Permission.ADMINISTER: Role.ADMIN,
    Permission.OBSERVE: Role.ADMIN,
}
"""Who looks at a page that asks for a permission."""


@dataclass(frozen=True)
class Shown:
    """A page to look at: its route, its address with a query, who looks."""

    route: str
    address: str
    role: Role | None

    @property
    def name(self) -> str:
        """The name of its picture."""
        text = self.address.split("#", maxsplit=1)[0].strip("/") or "front"
        return "".join(letter if letter.isalnum() else "-" for letter in text)[:80].strip("-")


def page_routes() -> list[APIRoute]:
    """Every route of the parts that gives a page."""
    routes = [route for pages in PARTS for route in pages.router.routes if isinstance(route, APIRoute)]
    return [route for route in routes if route.response_class is HTMLResponse and "GET" in (route.methods or ())]


def values_of(record: Record, slug: str) -> dict[str, dict[str, str]]:
    """What stands in the addresses, by their first part: ids of the record, and of what people wrote."""
    event = record.events("PRK", "RUS")[-1]
    mention, document = record.mention(event["mentions"][0])
    return {
        "dyads": {"first": "PRK", "second": "RUS"},
        "actors": {"code": "PRK"},
        "events": {"identity": event["id"]},
        "mentions": {"identity": mention.id},
        "documents": {"identity": document.id},
        "questions": {"identity": record.forecasts()[0]["id"]},
        "briefs": {"slug": slug, "number": "1"},
        "c": {"community": WRITTEN["community"]},
        "authors": {"author": WRITTEN["author"]},
        "review": {"identity": event["id"], "first": "PRK", "second": "RUS"},
    }


def shown_pages(values: dict[str, dict[str, str]]) -> list[Shown]:
    """Every page with its queries; a part of an address without a value is a `KeyError`."""
    found = []
    for route in page_routes():
        own = values.get(route.path.split("/")[1], {})
        role = VIEWERS[Permission((route.openapi_extra or {})["x-permission"])]
        for query in QUERIES.get(route.path, [""]):
            address = route.path.format_map(own) + (f"?{query}" if query else "")
            found.append(Shown(route.path, address, role))
    return found
