from __future__ import annotations

from datetime import date

import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.countries import Codes, crosswalk, plain_name

TODAY = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("system", "value", "code"),
    [
        # the traps
        (Codes.FIPS, "RO", "ROU"),
        (Codes.CAMEO, "ROM", "ROU"),
        (Codes.CAMEO, "ROU", "ROU"),
        (Codes.FIPS, "CG", "COD"),
        (Codes.FIPS, "CF", "COG"),
        (Codes.CAMEO, "COD", "COD"),
        (Codes.CAMEO, "ZAR", "COD"),
        (Codes.CAMEO, "COG", "COG"),
        (Codes.NAME, "DR Congo (Zaire)", "COD"),
        (Codes.NAME, "Congo", "COG"),
        (Codes.COW, "490", "COD"),
        (Codes.COW, "484", "COG"),
        (Codes.CAMEO, "PSE", "PSE"),
        (Codes.CAMEO, "GZS", "PSE"),
        (Codes.CAMEO, "WSB", "PSE"),
        (Codes.FIPS, "GZ", "PSE"),
        (Codes.FIPS, "WE", "PSE"),
        (Codes.NAME, "Palestinian Territory, Occupied", "PSE"),
        (Codes.FIPS, "KV", "KOS"),
        (Codes.ISO3, "XKX", "KOS"),
        (Codes.COW, "347", "KOS"),
        (Codes.FIPS, "RI", "SRB"),
        (Codes.GW, "340", "SRB"),
        (Codes.COW, "345", "SRB"),
        # codes that look like another state's
        (Codes.FIPS, "CH", "CHN"),
        (Codes.FIPS, "SZ", "CHE"),
        (Codes.FIPS, "AU", "AUT"),
        (Codes.FIPS, "AS", "AUS"),
        (Codes.FIPS, "GM", "DEU"),
        (Codes.FIPS, "NI", "NGA"),
        (Codes.FIPS, "NG", "NER"),
        (Codes.FIPS, "NU", "NIC"),
        (Codes.FIPS, "KS", "KOR"),
        (Codes.FIPS, "KN", "PRK"),
        (Codes.FIPS, "IZ", "IRQ"),
        (Codes.FIPS, "UP", "UKR"),
        (Codes.ISO2, "CD", "COD"),
        (Codes.ISO_NUMBER, "180", "COD"),
        (Codes.ISO_NUMBER, "8", "ALB"),
        (Codes.COW, "002", "USA"),
        (Codes.GW, "972", "TON"),
        (Codes.GW, "678", "YEM"),
        (Codes.COW, "679", "YEM"),
        (Codes.NAME, "the former Yugoslav Republic of Macedonia", "MKD"),
    ],
)
def test_a_code_leads_to_the_states_code(system: Codes, value: str, code: str) -> None:
    assert crosswalk().code(system, value, TODAY) == code


@pytest.mark.parametrize(
    ("system", "value", "day", "code"),
    [
        (Codes.COW, "365", date(1985, 1, 1), "RUS"),
        (Codes.COW, "345", date(1985, 1, 1), "YUG"),
        (Codes.COW, "345", date(1999, 1, 1), "SRB"),
        (Codes.COW, "345", date(2010, 1, 1), "SRB"),
        (Codes.NAME, "Yugoslavia", date(1999, 4, 1), "SRB"),
        (Codes.NAME, "Yugoslavia", date(1980, 4, 1), "YUG"),
        (Codes.CAMEO, "YUG", None, None),
        (Codes.COW, "315", date(1980, 1, 1), "CSK"),
        (Codes.COW, "316", date(2000, 1, 1), "CZE"),
        (Codes.COW, "265", date(1980, 1, 1), "DDR"),
        (Codes.COW, "260", date(1980, 1, 1), "DEU"),
        (Codes.ISO2, "CS", date(1980, 1, 1), "CSK"),
        (Codes.ISO2, "CS", date(2004, 1, 1), "SRB"),
    ],
)
def test_a_code_that_two_states_had_is_read_by_the_day(
    system: Codes, value: str, day: date | None, code: str | None
) -> None:
    assert crosswalk().code(system, value, day) == code


def test_codes_that_several_have_had_are_marked() -> None:
    assert crosswalk().is_dated(Codes.COW, "345")
    assert not crosswalk().is_dated(Codes.COW, "2")


def test_every_state_of_the_gazetteer_is_in_every_system() -> None:
    held = {
        system: {holder.code for (of, _), group in crosswalk().holders.items() if of is system for holder in group}
        for system in Codes
    }
    states = set(gazetteer("").states)
    without = {"HKG", "PSE", "VAT"}
    assert {system: states - held[system] for system in (Codes.ISO3, Codes.ISO2, Codes.CAMEO, Codes.FIPS)} == {
        system: set() for system in (Codes.ISO3, Codes.ISO2, Codes.CAMEO, Codes.FIPS)
    }
    assert states - held[Codes.ISO_NUMBER] == {"KOS"}
    assert states - held[Codes.COW] == without
    assert states - held[Codes.GW] == without


def test_the_gazetteers_own_names_are_known() -> None:
    own = gazetteer("").states
    assert {code for code, state in own.items() if crosswalk().code(Codes.NAME, state.name, TODAY) != code} == set()


def test_no_two_states_of_one_day_share_a_code() -> None:
    for (system, value), group in crosswalk().holders.items():
        for year in (1975, 1995, 2005, 2020):
            standing = {holder.code for holder in group if holder.had(date(year, 1, 1))}
            assert len(standing) <= 1, (system, value, standing)


def test_names_are_compared_without_case_accents_and_marks() -> None:
    assert plain_name("Côte_d'Ivoire") == "cote d ivoire"
    assert plain_name("The Gambia") == "gambia"


@pytest.mark.parametrize(("code", "number"), [("USA", "2"), ("DEU", "255"), ("YEM", "679"), ("SRB", "345")])
def test_the_number_of_a_state_is_the_one_of_today(code: str, number: str) -> None:
    assert crosswalk().cow_numbers[code] == number
    assert "UNO" not in crosswalk().cow_numbers
