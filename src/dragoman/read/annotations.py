"""What a page says of itself to machines: JSON-LD and meta tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from dragoman.read.clean import clean_line

_ARTICLE = re.compile(r".*(?:Article|Posting|Report|PressRelease)$")
_MOST_THINGS = 500
_TAG = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Annotations:
    """The JSON-LD objects of a page, the one of them that is the article, and the meta tags by name."""

    things: tuple[dict[str, object], ...]
    article: dict[str, object]
    tags: dict[str, list[str]]

    def tag(self, *names: str) -> str | None:
        """The first meta tag of these names that the page has."""
        return next((self.tags[name][0] for name in names if name in self.tags), None)

    def text(self, key: str) -> str | None:
        """A text of the article's JSON-LD."""
        return text_of(self.article.get(key))

    def names(self, key: str) -> list[str]:
        """The names of what the article's JSON-LD lists under `key` (authors, publisher)."""
        value = self.article.get(key)
        names = [name_of(entry) for entry in value] if isinstance(value, list) else [name_of(value)]
        return [name for name in names if name]

    def organizations(self, key: str) -> list[str]:
        """The names of the organizations, not persons, among what the article's JSON-LD lists under `key`."""
        value = self.article.get(key)
        entries = value if isinstance(value, list) else [value]
        found = (entry for entry in entries if isinstance(entry, dict) and _type(entry).endswith("Organization"))
        return [name for name in map(name_of, found) if name]

    def of_type(self, *types: str) -> list[dict[str, object]]:
        """The JSON-LD objects of these types."""
        return [thing for thing in self.things if _type(thing) in types]


def read_annotations(tree: Element) -> Annotations:
    """The annotations of a page; broken JSON-LD is passed over, since it is no reason to refuse the page."""
    things = tuple(_linked_data(tree))
    article: dict[str, object] = next((thing for thing in things if _ARTICLE.fullmatch(_type(thing))), {})
    tags: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = clean_line(element.get("content"))
        key = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if content and key:
            tags.setdefault(key.strip().lower(), []).append(content)
    return Annotations(things, article, tags)


def text_of(value: object) -> str | None:
    """A text value of JSON-LD; the first of a list; tags taken out."""
    if isinstance(value, list):
        value = value[0] if value else None
    return clean_line(_TAG.sub(" ", value)) if isinstance(value, str) else None


def name_of(value: object) -> str | None:
    """A text value, or the name of an object."""
    if isinstance(value, list):
        value = value[0] if value else None
    return text_of(value.get("name")) if isinstance(value, dict) else text_of(value)


def _linked_data(tree: Element) -> Iterator[dict[str, object]]:
    """The objects of the page's JSON-LD, lists and graphs opened."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_THINGS):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                yield value
                waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]


def _type(thing: dict[str, object]) -> str:
    kinds = thing.get("@type")
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    named = next((name for name in names if _ARTICLE.fullmatch(name)), names[0] if names else "")
    return named.rpartition("/")[2]
