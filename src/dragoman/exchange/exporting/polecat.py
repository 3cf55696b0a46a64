"""POLECAT's layout: forty tab-separated columns with a header, "None" for what is empty, compound actors in one row."""

from __future__ import annotations

from collections.abc import Iterable

from dragoman.exchange.countries import crosswalk
from dragoman.exchange.exporting.layout import (
    NO_DAY,
    NOT_DONE,
    Column,
    Form,
    Lines,
    cells,
    refuse_not_done,
    refuse_undated,
)
from dragoman.exchange.exporting.told import Told
from dragoman.exchange.exporting.vocabulary import CODES, CONTEXTS, EVENT_TYPES, MODES, SECTORS
from dragoman.record.rows import Row

EMPTY = "None"
QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}
_SEPARATOR = "; "
_UNKNOWN = "not known to the record: always None"


def _actor_columns(who: str, meaning: str) -> tuple[Column, ...]:
    return (
        Column(f"{who} Name", f"names of those who {meaning}, parted by semicolons"),
        Column(f"{who} Country", "their codes, in the same order", "", CODES),
        Column(f"{who} COW", "their Correlates of War numbers of today, in the same order; None where there is none"),
        Column(f"Primary {who} Sector", "their PLOVER sectors, in the same order", "", SECTORS),
        Column(f"{who} Sectors", "the same: the record keeps one sector an actor"),
        Column(f"{who} Title", _UNKNOWN),
        Column(f"{who} Name Raw", "the words of the surest report that name them, in the same order"),
        Column(f"Wikipedia {who} ID", f"{_UNKNOWN}; the record keeps Wikidata's ids"),
    )


COLUMNS = (
    Column("Event ID", "the event's id in the record"),
    Column("Event Date", "day on which it happened", "day (ISO 8601)"),
    Column("Event Type", "PLOVER event type", "", EVENT_TYPES),
    Column("Event Mode", "PLOVER mode", "", MODES),
    Column("Intensity", "mean PLOVER score of the reports", "-10 (conflict) to +10 (cooperation)"),
    Column("Quad Code", "verbal or material, cooperation or conflict", "", tuple(QUADS.values())),
    Column("Contexts", "PLOVER contexts of all reports, parted by semicolons", "", CONTEXTS),
    *_actor_columns("Actor", "act"),
    *_actor_columns("Recipient", "are acted on"),
    Column("Placename", "name of the place"),
    Column("City", "the same, where the place is a city"),
    Column("District", _UNKNOWN),
    Column("Province", _UNKNOWN),
    Column("Country", "ISO 3166 alpha-3 code of the place's state"),
    Column("Latitude", "latitude of the place", "degrees"),
    Column("Longitude", "longitude of the place", "degrees"),
    Column("GeoNames ID", "GeoNames id of the place"),
    Column("Raw Placename", "the words of the surest report that name the place"),
    Column("Feature Type", _UNKNOWN),
    Column("Source", "publisher of the surest report"),
    Column("Publication Date", "day by which that report had surely been published", "day (ISO 8601)"),
    Column("Story People", _UNKNOWN),
    Column("Story Organizations", _UNKNOWN),
    Column("Story Locations", _UNKNOWN),
    Column("Language", "ISO 639-1 code of that report's language"),
    Column("Version", "version of the coder"),
)
FORM = Form(
    "POLECAT",
    "tab-separated text, UTF-8, with a header; None where nothing is known",
    COLUMNS,
    lost=(
        "factuality, contested, claimants, deniers, domain, confidence, dismissed",
        "all reports but the surest one; its sentence and address; outlets, origins, first_reported and last_reported",
        "Wikidata ids; the provider of an imported event",
        "semicolons inside names, which become commas; runs of blanks, which become one",
    ),
    left_out=(
        f"events with {NO_DAY}",
        f"events {NOT_DONE} (pledged, possible or denied), which a reader of this layout would take for done; "
        "promises, threats and announced concessions stand, as their words are the deed",
    ),
)


def refuse(event: Row) -> str | None:
    """POLECAT has a day for every event and knows only what was done or said."""
    return refuse_undated(event) or refuse_not_done(event)


def write(told: Told) -> Iterable[str]:
    """The one row of an event."""
    event, document, place = told.event, told.document, told.event["place"]
    located = (
        {part: place[part] for part in ("name", "country", "latitude", "longitude", "geonames_id")} if place else {}
    )
    yield cells(
        [
            event["id"],
            event["date"].isoformat(),
            event["type"],
            event["mode"],
            str(event["intensity"]),
            QUADS[event["quad"]],
            _SEPARATOR.join(told.contexts) or None,
            *_side(told, "source"),
            *_side(told, "target"),
            located.get("name"),
            located.get("name") if located.get("geonames_id") is not None else None,
            None,
            None,
            located.get("country"),
            _text(located.get("latitude")),
            _text(located.get("longitude")),
            _text(located.get("geonames_id")),
            told.place_words(),
            None,
            document["publisher"] if document else None,
            _text(document["available"]) if document else None,
            None,
            None,
            None,
            document["language"] if document else None,
            event["coder_version"],
        ],
        EMPTY,
    )


def _side(told: Told, side: str) -> list[str | None]:
    actors = told.event[side]

    def joined(values: Iterable[str | None]) -> str | None:
        parts = [EMPTY if value is None else value.replace(";", ",") for value in values]
        return _SEPARATOR.join(parts) or None

    sectors = joined(actor["sector"] for actor in actors)
    return [
        joined(actor["name"] for actor in actors),
        joined(actor["code"] for actor in actors),
        joined(crosswalk().cow_numbers.get(actor["code"]) for actor in actors),
        sectors,
        sectors,
        None,
        joined(told.raw_name(side, actor) for actor in actors),
        None,
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


LINES = Lines(FORM, cells([column.name for column in COLUMNS], EMPTY), refuse, write)
