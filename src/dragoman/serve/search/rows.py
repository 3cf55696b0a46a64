"""What of a document and of an event is indexed, and what is shown of it when it is found."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.relate.evidence import placed_day
from dragoman.serve.search.tables import tag
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES, Factuality

DOCUMENT_COLUMNS = "id title standfirst body publisher author available".split()
EVENT_COLUMNS = (
    "id date date_precision date_end source target type mode quad factuality contested domain place mentions "
    "first_reported provider dismissed"
).split()

SENTENCES = 3
"""Sentences of an event that are indexed."""

TOLD = "told"
"""What is actual or pledged: what charts and maps count."""

LONGEST = 200_000
"""Characters of a document's text that are indexed."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A row as it goes into the index: two texts that are searched, its tags, and what is shown, as JSON."""

    id: str
    day: datetime.date | None
    first: str
    second: str
    tags: str
    shown: str
    actors: tuple[str, ...] = ()


def document_of(row: Mapping[str, Any]) -> Indexed:
    """A document of the record."""
    body = "\n\n".join(part for part in (row["standfirst"], row["body"]) if part)[:LONGEST]
    shown = (row["id"], row["title"], row["publisher"], _iso(row["available"]))
    tags = ["all", f"outlet:{row['publisher']}"] if row["publisher"] else ["all"]
    names = " ".join(part for part in (row["title"], row["publisher"], row["author"]) if part)
    return Indexed(row["id"], row["available"], names, body, _tags(tags), json.dumps(shown, ensure_ascii=False))


def event_of(row: Mapping[str, Any], texts: Mapping[str, str]) -> Indexed | None:
    """An event of the record with the sentences that report it; None for one that was dismissed."""
    if row["dismissed"]:
        return None
    day = placed_day(row["date"], row["date_end"], row["date_precision"], row["first_reported"])
    sides = {side: [_label(actor) for actor in row[side]] for side in ("source", "target")}
    place = row["place"]
    told = list(dict.fromkeys(texts[key] for key in row["mentions"][:SENTENCES] if key in texts))
    shown = (
        row["id"],
        _iso(day),
        _iso(row["date"]),
        row["date_precision"],
        sides["source"],
        sides["target"],
        row["type"],
        row["mode"],
        row["quad"],
        row["factuality"],
        bool(row["contested"]),
        row["domain"],
        place["name"] if place else None,
        row["provider"],
    )
    tags = ["all", f"type:{row['type']}", f"factuality:{row['factuality']}", f"provider:{row['provider']}"]
    if row["factuality"] in (Factuality.ACTUAL, Factuality.PLEDGED):
        tags.append(f"factuality:{TOLD}")
    tags += [f"domain:{row['domain'] or 'unknown'}"]
    if place:
        tags.append(f"place:{place['name']}|{place['country']}")
    names = []
    for side in ("source", "target"):
        for actor in row[side]:
            own = {actor["code"], actor["name"]} - {None}
            names += sorted(own)
            tags += [f"party:{name}" for name in own]
            tags += [f"{side}:{name}" for name in {_label(actor)[0], *(own if actor["code"] in ("EUR", "UNO") else ())}]
    words = [*names, row["type"], row["mode"], row["domain"], place["name"] if place else None]
    parties = " ".join(dict.fromkeys(word for word in words if word))
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return Indexed(row["id"], day, parties, "\n".join(told), _tags(tags), text, actors_in(shown))


EVENT_SHOWN = "id day date precision source target type mode quad factuality contested domain place provider".split()
"""What is shown of an event, in this order; parties are pairs of what leads to their page and their name."""


def actors_in(shown: Sequence[Any]) -> tuple[str, ...]:
    """The actors of an event as it is shown, each once."""
    return tuple(dict.fromkeys(label for place in (4, 5) for label, _ in shown[place]))


def first_mentions(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of the mentions whose sentences are indexed."""
    return [key for row in rows for key in row["mentions"][:SENTENCES]]


def _tags(told: Sequence[str]) -> str:
    return " ".join(sorted({tag(*one.split(":", 1)) if ":" in one else tag("is", one) for one in told}))


def _label(actor: Mapping[str, Any]) -> list[str]:
    """How an actor is shown: what leads to its page, and what to call it."""
    name = actor["name"] or actor["code"]
    named = actor["code"] in NON_STATE_CODES or actor["sector"] in ARMED_GROUPS
    return [name if named else actor["code"], name]


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
