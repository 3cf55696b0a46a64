from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from dragoman.coding import Coder, gazetteer
from dragoman.coding.places import (
    City,
    Province,
    Region,
    city_named,
    named_place,
    place_country,
    province_named,
    provinces,
    regions,
    without_word,
)
from dragoman.periods import parse_period
from dragoman.records import Document, Place


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def place(coder: Coder, text: str) -> tuple[Place | None, str]:
    """Where the first mention of a text happened, and the words that say so."""
    document = Document(None, None, text, published=parse_period("2024-06-20"))
    mentions = coder.code(document).mentions
    assert mentions, "nothing was coded"
    found = mentions[0].place
    return found, document.slice(found.span) if found and found.span else ""


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Paktika", "AFG"),
        ("Paktika province", "AFG"),
        ("Kharkiv region", "UKR"),
        ("Kursk Oblast", "RUS"),
        ("North Kivu", "COD"),
        ("Nord-Kivu", "COD"),
        ("Xinjiang", "CHN"),
        ("Xinjiang Uyghur Autonomous Region", "CHN"),
        ("Texas", "USA"),
        ("Tigray", "ETH"),
        ("Catalonia", "ESP"),
        ("Georgia state", "USA"),
        ("Victoria state", "AUS"),
        ("province of Herat", "AFG"),
        ("Kurdistan province", "IRN"),
        ("Deir al-Zour", "SYR"),
    ],
)
def test_a_province_is_known_by_its_names(name: str, country: str) -> None:
    found = province_named(name)
    assert found is not None
    assert found.country == country


@pytest.mark.parametrize("name", ["Central", "Northern", "Victoria", "Florida", "Georgia", "Punjab", "Red Sea", "Amur"])
def test_an_ambiguous_name_alone_is_no_province(name: str) -> None:
    assert province_named(name) is None


@pytest.mark.parametrize(
    ("name", "named", "country"),
    [
        ("Victoria", {"AUS"}, "AUS"),
        ("Florida", {"USA", "CUB"}, "USA"),
        ("Punjab", {"PAK"}, "PAK"),
        ("Punjab", {"PAK", "IND"}, None),
        ("Georgia", {"USA"}, None),
        ("Red Sea", {"SDN"}, None),
    ],
)
def test_the_country_spoken_of_decides_between_bearers(name: str, named: set[str], country: str | None) -> None:
    found = province_named(name, frozenset(named))
    assert (found.country if found else None) == country


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Gaza", "PSE"),
        ("Gaza Strip", "PSE"),
        ("the West Bank", "PSE"),
        ("Crimea", "UKR"),
        ("the Donbas", "UKR"),
        ("Golan Heights", "SYR"),
        ("Nagorno-Karabakh", "AZE"),
        ("Kurdistan Region", "IRQ"),
        ("Kashmir", None),
        ("Jammu and Kashmir", None),
        ("Western Sahara", None),
        ("Kurdistan", None),
    ],
)
def test_a_region_has_the_country_that_the_table_gives(name: str, country: str | None) -> None:
    assert isinstance(named_place(name), Region)
    assert place_country(name) == country


def test_a_city_comes_before_the_province_of_its_name() -> None:
    assert isinstance(named_place("Kharkiv"), City)
    assert isinstance(named_place("Kharkiv region"), Province)


def test_a_word_beside_a_city_that_is_no_province_leaves_the_city() -> None:
    assert named_place("Bakhmut district") == city_named("Bakhmut")


def test_a_province_does_not_stand_for_a_name_that_cities_elsewhere_bear() -> None:
    assert province_named("Santiago") is None


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Kharkiv region", "Kharkiv"),
        ("Province of Herat", "Herat"),
        ("Tibet Autonomous Region", "Tibet"),
        ("Texas", "Texas"),
        ("Region", "Region"),
    ],
)
def test_without_word(name: str, bare: str) -> None:
    assert without_word(name) == bare


@pytest.mark.parametrize(
    ("text", "name", "country", "words"),
    [
        ("Russia shelled Ukraine in the Kharkiv region.", "Kharkiv", "UKR", "Kharkiv region"),
        ("The Taliban attacked Afghan troops in Paktika province.", "Paktika", "AFG", "Paktika province"),
        ("Pakistan attacked Afghanistan in the province of Paktika.", "Paktika", "AFG", "province of Paktika"),
        ("Rwanda attacked Congo in North Kivu.", "North Kivu", "COD", "North Kivu"),
        ("Israel attacked Hamas in the Gaza Strip.", "Gaza Strip", "PSE", "Gaza Strip"),
        ("Russia attacked Ukraine in Kharkiv.", "Kharkiv", "UKR", "Kharkiv"),
        ("Israel attacked Iran in Syria.", "Syria", "SYR", "Syria"),
    ],
)
def test_the_place_of_a_deed(coder: Coder, text: str, name: str, country: str, words: str) -> None:
    found, said = place(coder, text)
    assert found is not None
    assert (found.name, found.country, said) == (name, country, words)


def test_a_disputed_region_is_no_place(coder: Coder) -> None:
    assert place(coder, "India attacked Pakistan in Kashmir.") == (None, "")


def test_a_city_keeps_its_geonames_id_and_a_province_has_none(coder: Coder) -> None:
    city, _ = place(coder, "Russia attacked Ukraine in Kharkiv.")
    province, _ = place(coder, "Russia attacked Ukraine in the Kharkiv region.")
    assert city is not None
    assert city.geonames_id is not None
    assert province is not None
    assert province.geonames_id is None
    assert province.latitude == pytest.approx(49.6, abs=0.5)


def rows() -> list[list[str]]:
    text = files("dragoman.coding").joinpath("data/provinces.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]


def test_every_province_row_is_well_formed() -> None:
    states = gazetteer().states
    for row in rows():
        name, country, needs, latitude, longitude, _ = row
        assert name == name.strip() != ""
        assert country in states
        assert needs in ("", "country", "word")
        assert (latitude == "") == (longitude == "")
        assert not latitude or (-90 <= float(latitude) <= 90 and -180 <= float(longitude) <= 180)


def test_no_state_has_two_provinces_of_one_name() -> None:
    assert [key for key, count in Counter((row[0], row[1]) for row in rows()).items() if count > 1] == []


def test_every_province_of_the_large_states_is_there() -> None:
    counts = Counter(row[1] for row in rows())
    expected = {"USA": 51, "RUS": 79, "CHN": 31, "UKR": 24, "IND": 33, "AFG": 34, "NGA": 37, "COD": 26, "IRQ": 19}
    assert {code: counts[code] for code in expected if counts[code] < expected[code]} == {}


def test_no_province_row_takes_what_the_table_of_regions_decides() -> None:
    assert [name for name in provinces() if name in regions() and name not in ("Kurdistan", "New York")] == []


def test_every_region_says_what_it_counts_as_and_lies_in_a_known_state() -> None:
    assert {region.country for region in regions().values()} - {None} <= gazetteer().states.keys()


def test_a_city_is_known_without_the_word_for_city_that_its_list_gives_it() -> None:
    nara = city_named("Nara", frozenset({"JPN", "KOR"}))
    assert nara is not None
    assert (nara.country, nara.population > 100_000) == ("JPN", True)


def test_a_small_city_is_not_meant_where_only_other_countries_are_spoken_of() -> None:
    alone = city_named("Kidal")
    assert alone is not None
    assert alone.country == "MLI"
    assert city_named("Kidal", frozenset({"JPN"})) is None
    assert city_named("Kidal", frozenset({"MLI", "JPN"})) == alone
