"""PLOVER's JSON records, a record a line, with the fields of the 2024 manual."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dragoman.exchange.exporting.layout import Column, Form, Lines
from dragoman.exchange.exporting.told import Told
from dragoman.exchange.exporting.vocabulary import CONTEXTS, EVENT_TYPES, MODES, QUADS, SECTORS
from dragoman.record.rows import Row
from dragoman.terms import EventType, Factuality

AUXILIARY = {Factuality.PLEDGED: "future", Factuality.POSSIBLE: "hypothetical", Factuality.DENIED: "negation"}
"""PLOVER's auxiliary modes, which its manual lets stand in `context`."""
IMPLIED = frozenset({EventType.AGREE, EventType.THREATEN})
"""Types that commit the future by themselves: `pledged` needs no mark with them."""
NO_DATE = "no date known"

_ENTITY = (
    "list of entities: code (ISO 3166 alpha-3, or PLOVER's code of a body), sector, entity_text (name), identifier_id"
)

COLUMNS = (
    Column("id", "the event's id in the record"),
    Column("date", "day on which it happened, or first day of the period", "day (ISO 8601)"),
    Column("enddate", "last day of that period; absent where the day is known", "day (ISO 8601)"),
    Column("actor", f"who acts; {_ENTITY} (Wikidata)", "", SECTORS),
    Column("recipient", "who is acted on; the same; absent where nobody is named"),
    Column("event", "PLOVER event type", "", EVENT_TYPES),
    Column("mode", "list of modes; absent where none is known", "", MODES),
    Column(
        "context", "list of contexts of all reports, with the auxiliary modes", "", (*CONTEXTS, *AUXILIARY.values())
    ),
    Column("quad_code", "verbal or material, cooperation or conflict", "", QUADS),
    Column("event_scale", "mean PLOVER score of the reports", "-10 (conflict) to +10 (cooperation)"),
    Column("event_text", "the words that name the deed, in the surest report"),
    Column(
        "event_loc",
        "extracted_place, resolved_place, geonameid, lat and lon (degrees), country_code (ISO 3166 alpha-3)",
    ),
    Column("text", "the sentence of the surest report"),
    Column(
        "text_info", "start and end of that sentence in its part of the document", "characters from 0, end exclusive"
    ),
    Column("link", "address of the document"),
    Column("cite_info", "title, publication (outlet), language (ISO 639-1), url, version (of the coder)"),
    Column("coder", "dragoman, or the data set that the event was imported from"),
)
FORM = Form(
    "PLOVER JSON records",
    "JSON Lines, UTF-8: one record a line; a field that is not known is absent",
    COLUMNS,
    lost=(
        "domain, contested, claimants, deniers, confidence, dismissed",
        "all reports but the surest one; outlets, origins, first_reported and last_reported",
        "whether an AGREE or THREATEN is pledged or actual: both commit the future and are read back as pledged",
        "GeoNames' span of the place in the text, rules and offsets of the parties",
    ),
    left_out=("events without any date, which PLOVER requires",),
)


def refuse(event: Row) -> str | None:
    """PLOVER requires a date and an actor."""
    return NO_DATE if event["date"] is None else None


def write(told: Told) -> Iterable[str]:
    """The one record of an event."""
    yield json.dumps(record(told), ensure_ascii=False)


def record(told: Told) -> dict[str, Any]:
    """An event as a PLOVER record."""
    event, lead, document = told.event, told.lead, told.document
    place = event["place"]
    found: dict[str, Any] = {
        "id": event["id"],
        "date": event["date"].isoformat(),
        "enddate": event["date_end"].isoformat() if event["date_end"] != event["date"] else None,
        "actor": [_entity(actor) for actor in event["source"]],
        "recipient": [_entity(actor) for actor in event["target"]],
        "event": event["type"],
        "mode": [event["mode"]] if event["mode"] else [],
        "context": [*told.contexts, *_auxiliary(event)],
        "quad_code": event["quad"],
        "event_scale": event["intensity"],
        "event_text": told.words(lead["predicate"]) if lead else None,
        "event_loc": _location(place, told.place_words()) if place else None,
        "text": lead["text"] if lead else None,
        "text_info": {"start": lead["sentence"]["start"], "end": lead["sentence"]["end"]} if lead else None,
        "link": document["url"] if document else None,
        "cite_info": _kept(
            {
                "title": document["title"] if document else None,
                "publication": document["publisher"] if document else None,
                "language": document["language"] if document else None,
                "url": document["url"] if document else None,
                "version": event["coder_version"],
            }
        ),
        "coder": event["provider"],
    }
    return _kept(found)


def _auxiliary(event: Row) -> list[str]:
    mark = AUXILIARY.get(Factuality(event["factuality"]))
    implied = event["factuality"] == Factuality.PLEDGED and event["type"] in IMPLIED
    return [mark] if mark and not implied else []


def _entity(actor: Row) -> dict[str, Any]:
    return _kept(
        {
            "code": actor["code"],
            "sector": actor["sector"],
            "entity_text": actor["name"],
            "identifier_id": actor["wikidata"],
        }
    )


def _location(place: Row, words: str | None) -> dict[str, Any]:
    return _kept(
        {
            "extracted_place": words,
            "resolved_place": place["name"],
            "geonameid": place["geonames_id"],
            "lat": place["latitude"],
            "lon": place["longitude"],
            "country_code": place["country"],
        }
    )


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


LINES = Lines(FORM, None, refuse, write)
