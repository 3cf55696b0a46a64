from __future__ import annotations

from datetime import date

import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.parties import Parties

MARCH_2014 = date(2014, 3, 1)


@pytest.mark.parametrize(
    ("name", "code", "sector"),
    [
        ("John Kerry", "USA", "GOV"),
        ("Sergey Viktorovich Lavrov", "RUS", "GOV"),
        ("Xi Jinping", "CHN", "GOV"),
        ("Barack Obama", "USA", "GOV"),
        ("Kim Jong-Un", "PRK", "GOV"),
        ("Joseph Robinette Biden", "USA", "GOV"),
        ("Military (Russia)", "RUS", "MIL"),
        ("Foreign Affairs (United States)", "USA", "GOV"),
        ("Citizen (Palestinian Territory, Occupied)", "PSE", "CVL"),
        ("Police (Holy See (Vatican City State))", "VAT", "COP"),
        ("Court Judge (India)", "IND", "JUD"),
        ("Armed Rebel (South Sudan)", "SSD", "REB"),
        ("Egyptian Army", "EGY", "MIL"),
        ("Hamas", "PSE", "REB"),
        ("China", "CHN", None),
        ("UN Security Council", "UNO", None),
        ("Sergey Kuzhugetovich Shoygu", "RUS", "GOV"),
        ("Umar al Bashir", "SDN", "GOV"),
        ("Combatant (Syrian Kurds)", "SYR", "UAF"),
        ("Chief of Staff (French Air Force)", "FRA", "MIL"),
        ("Party President (Bharatiya Janata)", "IND", "PTY"),
        ("Illegal Immigrant (XinjiangUyghur)", "CHN", "REF"),
        ("Democratic Union of Cameroon", "CMR", "PTY"),
        ("Tatarstan", "RUS", "UNK"),
    ],
)
def test_names_alone_carry_state_and_sector(parties: Parties, name: str, code: str, sector: str | None) -> None:
    actor = parties.icews(name, "", "", MARCH_2014)
    assert actor is not None
    assert (actor.code, actor.sector) == (code, sector)


def test_a_person_out_of_office_is_of_the_former_elite(parties: Parties) -> None:
    kerry = parties.icews("John Kerry", "", "", date(2019, 6, 1))
    assert kerry is not None
    assert (kerry.code, kerry.sector) == ("USA", "ELI")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Middle East",
            "Africa",
            "Media (Africa)",
            "Military (Middle East)",
            "Men (South Asia)",
            "Citizen (International)",
        ),
        *("Nobody Whatever", "Nigerian Sprocket", "Shura Council", "Democratic Party", "John Campbell", ""),
        *("Separatist Leader (Crimea)", "Ministry (Sahrawi people)"),
    ],
)
def test_what_is_of_no_state_is_not_told(parties: Parties, name: str) -> None:
    assert parties.icews(name, "", "", MARCH_2014) is None


@pytest.mark.parametrize(
    ("sectors", "sector"),
    [
        ("Executive,Foreign Ministry,Government", "GOV"),
        ("Military,Government", "MIL"),
        ("Parties,(National) Major Party,Government,Executive,Executive Office", "GOV"),
        ("Legislative / Parliamentary,Parties", "LEG"),
        ("General Population / Civilian / Social,Social", "CVL"),
        ("Ideological", None),
        ("", None),
    ],
)
def test_icews_sectors_become_plovers(parties: Parties, sectors: str, sector: str | None) -> None:
    assert parties.icews_sector(sectors) == sector


def test_icews_country_gives_the_state_of_an_unknown_name(parties: Parties) -> None:
    actor = parties.icews("Some Body", "", "Moldova, Republic of", MARCH_2014)
    assert actor is not None
    assert (actor.code, actor.sector) == ("MDA", "UNK")


def test_the_head_of_a_body_acts_for_it_whatever_country_icews_names() -> None:
    parties = Parties(gazetteer(""))
    told = "International Government Organization,Elite"
    guterres = parties.icews("António Guterres", told, "Portugal", date(2018, 6, 1))
    before = parties.icews("António Guterres", "Elite", "Portugal", date(2010, 6, 1))
    assert guterres is not None
    assert guterres.code == "UNO"
    assert before is not None
    assert before.code == "PRT"


def test_bodies_without_a_country_are_told_by_their_sectors(parties: Parties) -> None:
    told = "International Government Organization,Regional Diplomatic IGOs,Regional"
    codes = [
        actor.code if (actor := parties.icews(name, told, "", MARCH_2014)) else None
        for name in ("European Union", "United Nations", "Cecilia Malmstrom of the European Commission", "Some Bank")
    ]
    assert codes == ["EUR", "UNO", "EUR", "IGO"]


@pytest.mark.parametrize(
    ("row", "code", "sector"),
    [
        (("USA", "WASHINGTON", "USA", "", ""), "USA", None),
        (("ROMGOV", "BUCHAREST", "ROM", "", "GOV"), "ROU", "GOV"),
        (("NGAREBBOK", "BOKO HARAM", "NGA", "BOK", "REB"), "NGA", "REB"),
        (("IGOUNO", "UNITED NATIONS", "", "UNO", "IGO"), "UNO", None),
        (("IGONAT", "NATO", "", "NAT", "IGO"), "IGO", None),
        (("SRBMED", "", "SRB", "", "MED"), "SRB", "JRN"),
    ],
)
def test_gdelt_actors(parties: Parties, row: tuple[str, str, str, str, str], code: str, sector: str | None) -> None:
    actor = parties.cameo(*row, MARCH_2014)
    assert actor is not None
    assert (actor.code, actor.sector) == (code, sector)


@pytest.mark.parametrize("row", [("CVL", "CITIZEN", "", "", "CVL"), ("AFR", "AFRICA", "AFR", "", "")])
def test_gdelt_actors_of_no_state_are_not_told(parties: Parties, row: tuple[str, str, str, str, str]) -> None:
    assert parties.cameo(*row, MARCH_2014) is None


@pytest.mark.parametrize(
    ("row", "code", "sector"),
    [
        (("Military Forces of Mali (2020-)", "State forces", "Mali"), "MLI", "MIL"),
        (("Police Forces of Kenya (2022-)", "1", "Kenya"), "KEN", "COP"),
        (("Military Forces of Russia (2000-)", "External/Other forces", "Ukraine"), "RUS", "MIL"),
        (("Protesters (India)", "Protesters", "India"), "IND", "CVL"),
        (("Unidentified Armed Group (Somalia)", "Political militia", "Kenya"), "SOM", "UAF"),
        (("Dozo Militia", "Identity militia", "Mali"), "MLI", "UAF"),
    ],
)
def test_acled_actors(parties: Parties, row: tuple[str, str, str], code: str, sector: str) -> None:
    actor = parties.acled(*row, date(2022, 3, 1))
    assert actor is not None
    assert (actor.code, actor.sector) == (code, sector)


@pytest.mark.parametrize(
    ("row", "code", "sector"),
    [
        (("Government of Russia (Soviet Union)", "365", "Ukraine"), "RUS", "MIL"),
        (("Government of DR Congo (Zaire)", "", "DR Congo (Zaire)"), "COD", "MIL"),
        (("Civilians", "", "Congo"), "COG", "CVL"),
        (("Some Front", "", "Serbia (Yugoslavia)"), "SRB", "REB"),
    ],
)
def test_ucdp_sides(parties: Parties, row: tuple[str, str, str], code: str, sector: str) -> None:
    actor = parties.ucdp(*row, date(2014, 8, 1))
    assert actor is not None
    assert (actor.code, actor.sector) == (code, sector)


def test_plover_actors(parties: Parties) -> None:
    kim = parties.plover("PRK", "GOV", "Kim Jong Un", MARCH_2014)
    body = parties.plover("IGO", "", "NATO", MARCH_2014)
    state = parties.plover("FRA", "GOV", "France", MARCH_2014)
    assert kim is not None
    assert (kim.code, kim.sector, kim.name) == ("PRK", "GOV", "Kim Jong Un")
    assert body is not None
    assert (body.code, body.name) == ("IGO", "NATO")
    assert state is not None
    assert state.sector is None
    assert parties.plover("ZZZ", "GOV", "", MARCH_2014) is None
