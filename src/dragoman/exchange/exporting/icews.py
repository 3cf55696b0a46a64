"""ICEWS's layout: twenty tab-separated columns with a header, CAMEO codes, a row for each pair of actors."""

from __future__ import annotations

from collections.abc import Iterable

from dragoman.coding import gazetteer
from dragoman.coding.ontology import ontology
from dragoman.exchange.exporting.cameo import CAMEO, CONVENTIONAL, Cameo, cameo_for, carried_modes
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
from dragoman.exchange.exporting.told import Told, pairs
from dragoman.record.rows import Row
from dragoman.terms import EventType

EMPTY = "NA"
NO_CODE = "no CAMEO code"
NOBODY = "Unspecified Actor"
NOBODY_SECTOR = "Unspecified"
COUNTRIES = {
    "CIV": "Cote d'Ivoire",
    "COD": "Democratic Republic of Congo",
    "COG": "Congo",
    "MDA": "Moldova, Republic of",
    "MKD": "the former Yugoslav Republic of Macedonia",
    "PSE": "Occupied Palestinian Territory",
    "RUS": "Russian Federation",
    "TLS": "Timor-Leste",
}
"""States that ICEWS calls otherwise than we do."""
SECTORS = {
    "AGR": "Agricultural",
    "BUS": "Business",
    "COP": "Police",
    "CRM": "Criminals / Gangs",
    "CVL": "General Population / Civilian / Social",
    "EDU": "Education",
    "ELI": "Elite",
    "GOV": "Government",
    "JRN": "Media",
    "JUD": "Judicial",
    "LAB": "Labor",
    "LEG": "Legislative / Parliamentary",
    "MED": "Medical / Health",
    "MIL": "Military",
    "OPP": "Dissident",
    "PTY": "Parties",
    "REB": "Rebel",
    "REF": "Refugees / Displaced",
    "SOC": "Social",
    "UAF": "Unidentified Forces",
}
"""PLOVER's sectors in ICEWS's words; the others have no word of their own there."""
BODIES = {
    "IGO": "International Government Organization",
    "UNO": "International Government Organization,Global,Global Diplomatic IGOs",
    "EUR": "International Government Organization,Regional Diplomatic IGOs,Regional",
    "NGO": "Nongovernmental Organization (International)",
    "IMG": "International Insurgents",
    "ISM": "International Dissident",
    "MNC": "Multinational Corporation",
}
"""What PLOVER's codes of bodies are among ICEWS's sectors; their country is empty."""

_CODES = tuple(f"{cameo.code}: {cameo.text}" for cameo in (*CAMEO.values(), CONVENTIONAL))


def _actor_columns(who: str, meaning: str) -> tuple[Column, Column, Column]:
    return (
        Column(f"{who} Name", f"name of who {meaning}"),
        Column(f"{who} Sectors", "sector", "", (*SECTORS.values(), *BODIES.values(), NOBODY_SECTOR)),
        Column(f"{who} Country", "name of the state, as ICEWS calls it; NA for bodies"),
    )


COLUMNS = (
    Column("Event ID", "the event's id in the record; the rows of one event bear the same"),
    Column("Event Date", "day on which it happened", "day (ISO 8601)"),
    *_actor_columns("Source", "acts"),
    Column("Event Text", "name of the CAMEO code"),
    Column("CAMEO Code", "code that stands for the PLOVER type and mode", "", _CODES),
    Column("Intensity", "Goldstein score of the CAMEO code", "-10 (conflict) to +10 (cooperation)"),
    *_actor_columns("Target", f"is acted on; {NOBODY} where nobody is named"),
    Column("Story ID", "id of the document of the surest report"),
    Column("Sentence Number", "not known to the record, which counts characters: always NA"),
    Column("Publisher", "publisher of that report"),
    Column("City", "name of the place, where it is a city"),
    Column("District", "not known to the record: always NA"),
    Column("Province", "not known to the record: always NA"),
    Column("Country", "name of the place's state, as ICEWS calls it"),
    Column("Latitude", "latitude of the place", "degrees"),
    Column("Longitude", "longitude of the place", "degrees"),
)
_LOST_MODES = ", ".join(
    f"{kind} {mode}"
    for kind, facts in ontology().items()
    for mode in facts.modes
    if kind is not EventType.RETREAT and (kind, mode) not in carried_modes()
)
FORM = Form(
    "ICEWS",
    "tab-separated text, UTF-8, with a header and without quoting; NA where nothing is known",
    COLUMNS,
    lost=(
        "factuality, contested, claimants, deniers, domain, confidence, dismissed, contexts",
        "the PLOVER score: Intensity is CAMEO's",
        f"modes without a CAMEO code of their own, which get their type's: {_LOST_MODES}",
        "sectors without a word of their own in ICEWS: PRM, SPY, UNK, PRE, REL",
        "all reports but the surest one; outlets, origins, first_reported and last_reported",
        "names of places that are no city",
        "Wikidata and GeoNames ids; the provider and coder of the event",
        "which actors did it together: a compound event is a row for each pair, with the same Event ID",
    ),
    left_out=(
        f"events with {NO_DAY}",
        f"events {NOT_DONE} (pledged, possible or denied), which a reader of this layout would take for done; "
        "promises, threats and announced concessions stand, as their words are the deed",
        f"events with {NO_CODE}: RETREAT without a mode that CAMEO has a code for",
    ),
)


def refuse(event: Row) -> str | None:
    """ICEWS has a day and a CAMEO code for every event and knows only what was done or said."""
    return refuse_undated(event) or refuse_not_done(event) or (NO_CODE if _cameo(event) is None else None)


def write(told: Told) -> Iterable[str]:
    """A row for each pair of actors."""
    event, place, cameo = told.event, told.event["place"], _cameo(told.event)
    if cameo is None:
        return
    is_city = place is not None and place["geonames_id"] is not None
    for source, target in pairs(event):
        yield cells(
            [
                event["id"],
                event["date"].isoformat(),
                *_actor(source),
                cameo.text,
                cameo.code,
                f"{cameo.score:g}",
                *_actor(target),
                told.lead["document_id"] if told.lead else None,
                None,
                told.document["publisher"] if told.document else None,
                place["name"] if is_city else None,
                None,
                None,
                country_name(place["country"]) if place else None,
                str(place["latitude"]) if place and place["latitude"] is not None else None,
                str(place["longitude"]) if place and place["longitude"] is not None else None,
            ],
            EMPTY,
        )


def _cameo(event: Row) -> Cameo | None:
    return cameo_for(EventType(event["type"]), event["mode"], tuple(actor["sector"] for actor in event["source"]))


def country_name(code: str) -> str:
    """A state as ICEWS calls it; a code that names no known state stays as it is."""
    state = gazetteer().states.get(code)
    return COUNTRIES.get(code, state.name if state else code)


def _actor(actor: Row | None) -> tuple[str, str | None, str | None]:
    if actor is None:
        return NOBODY, NOBODY_SECTOR, None
    if actor["code"] in BODIES:
        return actor["name"], BODIES[actor["code"]], None
    return actor["name"], SECTORS.get(actor["sector"]), country_name(actor["code"])


LINES = Lines(FORM, cells([column.name for column in COLUMNS], EMPTY), refuse, write)
