"""Lists of published briefs as RSS 2.0 and Atom."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from xml.etree import ElementTree as Tree

from dragoman.brief.plain import printable

RSS = "application/rss+xml"
ATOM = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
Tree.register_namespace("atom", _ATOM)
Tree.register_namespace("dc", _DC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A brief in a feed; `address` is absolute and stable."""

    address: str
    title: str
    summary: str
    author: str
    category: str
    published: datetime.datetime
    changed: datetime.datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of briefs: its title, the page that shows it, the feed's own address."""

    title: str
    about: str
    page: str
    address: str
    entries: Sequence[Entry]

    @property
    def changed(self) -> datetime.datetime:
        """When anything in it last changed; an empty feed says the beginning of time."""
        return max(
            (entry.changed for entry in self.entries), default=datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        )


def write_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = Tree.Element("rss", {"version": "2.0"})
    channel = Tree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.about or feed.title)
    _add(channel, "language", "en")
    _add(channel, "lastBuildDate", format_datetime(feed.changed))
    Tree.SubElement(channel, f"{{{_ATOM}}}link", {"rel": "self", "href": feed.address, "type": RSS})
    for entry in feed.entries:
        item = Tree.SubElement(channel, "item")
        _add(item, "title", entry.title)
        _add(item, "link", entry.address)
        _add(item, "description", entry.summary)
        _add(item, f"{{{_DC}}}creator", entry.author)
        if entry.category:
            _add(item, "category", entry.category)
        _add(item, "pubDate", format_datetime(entry.published))
        _add(item, "guid", entry.address)
    return _written(root)


def write_atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0."""
    root = Tree.Element(f"{{{_ATOM}}}feed")
    _add(root, f"{{{_ATOM}}}title", feed.title)
    _add(root, f"{{{_ATOM}}}id", feed.address)
    _add(root, f"{{{_ATOM}}}updated", feed.changed.isoformat())
    Tree.SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "href": feed.address, "type": ATOM})
    Tree.SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": feed.page, "type": "text/html"})
    for entry in feed.entries:
        item = Tree.SubElement(root, f"{{{_ATOM}}}entry")
        _add(item, f"{{{_ATOM}}}title", entry.title)
        _add(item, f"{{{_ATOM}}}id", entry.address)
        Tree.SubElement(item, f"{{{_ATOM}}}link", {"rel": "alternate", "href": entry.address, "type": "text/html"})
        author = Tree.SubElement(item, f"{{{_ATOM}}}author")
        _add(author, f"{{{_ATOM}}}name", entry.author)
        if entry.category:
            Tree.SubElement(item, f"{{{_ATOM}}}category", {"term": printable(entry.category)})
        _add(item, f"{{{_ATOM}}}published", entry.published.isoformat())
        _add(item, f"{{{_ATOM}}}updated", entry.changed.isoformat())
        _add(item, f"{{{_ATOM}}}summary", entry.summary)
    return _written(root)


def _add(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = printable(text)


def _written(root: Tree.Element) -> bytes:
    content: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content
