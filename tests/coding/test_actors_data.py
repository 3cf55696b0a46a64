"""The actors data hold together: complete, well-formed, unambiguous, and without holes in the leading offices."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from typing import Any

import pytest

from dragoman.coding.gazetteer import Entry, Gazetteer, Term, load_gazetteer
from dragoman.periods import parse_period

UN_MEMBERS = """
    AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB BRN BTN BWA
    CAF CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESP EST ETH
    FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA
    JAM JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX
    MHL MKD MLI MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL PLW PNG
    POL PRK PRT PRY QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD
    TGO THA TJK TKM TLS TON TTO TUN TUR TUV TZA UGA UKR URY USA UZB VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE
""".split()
OTHERS = "VAT PSE TWN KOS HKG".split()
BODY_CODES = frozenset({"UNO", "EUR", "IGO", "NGO", "ISM", "MNC"})
NO_ADJECTIVE = {"HKG": "the name itself stands before the noun (Hong Kong police)"}

OFFICES = frozenset(
    {
        "president", "prime minister", "monarch", "chancellor", "supreme leader", "head of government", "crown prince",
        "vice president", "foreign minister", "defence minister", "national security adviser", "senior official",
        "spokesperson",
    }
)  # fmt: skip
LEADING = frozenset({"president", "prime minister", "monarch", "chancellor", "supreme leader", "head of government"})
ONE_PERSON = LEADING | {"crown prince", "foreign minister", "defence minister", "national security adviser"}

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2025, 12, 31)

# Who governs the sixty most reported states: at least one of these offices is held on every day.
RULING = {
    "USA": "president", "CAN": "prime minister", "MEX": "president", "BRA": "president", "ARG": "president",
    "COL": "president", "VEN": "president", "CUB": "president", "CHL": "president", "PER": "president",
    "GBR": "prime minister", "FRA": "president", "DEU": "chancellor", "ITA": "prime minister",
    "ESP": "prime minister", "POL": "prime minister", "NLD": "prime minister", "UKR": "president",
    "RUS": "president", "BLR": "president", "TUR": "president", "GRC": "prime minister", "SRB": "prime minister",
    "HUN": "prime minister", "GEO": "prime minister", "ARM": "prime minister", "AZE": "president",
    "KAZ": "president", "CHN": "president", "JPN": "prime minister", "KOR": "president", "PRK": "supreme leader",
    "TWN": "president", "IND": "prime minister", "PAK": "prime minister",
    "AFG": "president, prime minister, supreme leader", "BGD": "prime minister, head of government",
    "LKA": "president", "MMR": "president, head of government", "THA": "prime minister, head of government",
    "VNM": "prime minister", "PHL": "president", "IDN": "president", "MYS": "prime minister",
    "AUS": "prime minister", "IRN": "supreme leader", "IRQ": "prime minister", "ISR": "prime minister",
    "PSE": "president", "LBN": "prime minister", "SYR": "president, head of government", "JOR": "monarch",
    "EGY": "president, head of government", "SAU": "monarch", "YEM": "president",
    "LBY": "prime minister, supreme leader, head of government", "SDN": "president", "ETH": "prime minister",
    "NGA": "president", "ZAF": "president",
}  # fmt: skip

# Days without a holder of the ruling office: state, first and last day -> why.
GAPS = {
    ("PER", "2020-11-16", "2020-11-16"): "Merino had resigned, Sagasti was not yet sworn in",
    ("GEO", "2018-06-14", "2018-06-19"): "between the resignation of Kvirikashvili and the vote on Bakhtadze",
    ("GEO", "2021-02-19", "2021-02-21"): "between the resignation of Gakharia and the vote on Garibashvili",
    ("GEO", "2024-01-30", "2024-02-07"): "between the resignation of Garibashvili and the vote on Kobakhidze",
    ("ARM", "2016-09-09", "2016-09-12"): "between the resignation of Abrahamyan and the naming of Karapetyan",
    ("BGD", "2024-08-06", "2024-08-07"): "Hasina had fled, Yunus was not yet sworn in",
    ("PAK", "2012-06-20", "2012-06-21"): "Gilani disqualified, Ashraf not yet elected",
    ("PAK", "2017-07-29", "2017-07-31"): "Nawaz Sharif disqualified, Abbasi not yet elected",
    ("MYS", "2021-08-17", "2021-08-20"): "Muhyiddin stayed as caretaker until Ismail Sabri was sworn in",
}

# Offices that several persons hold together by law, so that no overlap is a mistake.
COLLEGES = {("BIH", "president"): "the presidency has three members"}

# Two holders of a one-person office for more than 31 days: state, office, both names -> why.
OVERLAPS = {
    ("CIV", "president", "Alassane Ouattara", "Laurent Gbagbo"): "both claimed the election of 2010",
    ("KHM", "prime minister", "Hun Sen", "Norodom Ranariddh"): "first and second prime minister, 1993 to 1997",
    ("KHM", "prime minister", "Hun Sen", "Ung Huot"): "first and second prime minister, 1997 and 1998",
    ("KOR", "president", "Goh Kun", "Roh Moo-hyun"): "acting while Roh was impeached, until the court restored him",
    ("KOR", "president", "Hwang Kyo-ahn", "Park Geun-hye"): "acting from the impeachment to the court's verdict",
    ("KOR", "president", "Choi Sang-mok", "Yoon Suk Yeol"): "acting while Yoon was impeached",
    ("LBY", "prime minister", "Baghdadi al-Mahmoudi", "Mahmoud Jibril"): "Gaddafi's government and the rebels' in 2011",
    ("LBY", "prime minister", "Abdullah al-Thinni", "Fayez al-Sarraj"): "rival governments in Bayda and Tripoli",
    ("LBY", "prime minister", "Abdul Hamid Dbeibah", "Fathi Bashagha"): "rival governments in Tripoli and Sirte",
    ("LBY", "prime minister", "Abdul Hamid Dbeibah", "Osama Hamad"): "rival governments in Tripoli and Benghazi",
    ("NIC", "president", "Daniel Ortega", "Rosario Murillo"): "two co-presidents since the constitution of 2025",
    ("RUS", "foreign minister", "Alexander Bessmertnykh", "Andrei Kozyrev"): "of the Soviet Union, of Russia",
    ("RUS", "foreign minister", "Andrei Kozyrev", "Boris Pankin"): "of Russia, of the Soviet Union",
    ("RUS", "president", "Boris Yeltsin", "Mikhail Gorbachev"): "of Russia, of the Soviet Union",
    ("SRB", "president", "Dobrica Ćosić", "Slobodan Milošević"): "of Yugoslavia, of Serbia",
    ("SRB", "president", "Slobodan Milošević", "Zoran Lilić"): "of Serbia, of Yugoslavia",
    ("SRB", "president", "Milan Milutinović", "Slobodan Milošević"): "of Serbia, of Yugoslavia",
    ("SRB", "president", "Milan Milutinović", "Vojislav Koštunica"): "of Serbia, of Yugoslavia",
    ("SRB", "president", "Boris Tadić", "Svetozar Marović"): "of Serbia, of Serbia and Montenegro",
    ("SRB", "prime minister", "Milan Panić", "Radoman Božović"): "of Yugoslavia, of Serbia",
    ("SRB", "prime minister", "Mirko Marjanović", "Momir Bulatović"): "of Serbia, of Yugoslavia",
}

# Forms of two persons whose terms overlap, left to the document to tell apart.
SHARED_FORMS = {
    "Albert II": "reigned in Belgium until 2013, reigns in Monaco since 2005",
    "King Abdullah": "of Saudi Arabia until 2015, of Jordan since 1999",
    "Jean-Claude Juncker": "one man with two offices until 2013: Luxembourg's prime minister, head of the Eurogroup",
    "Serge Brammertz": "one man with two offices in 2016 and 2017: prosecutor of the tribunal and of its successor",
}


@dataclass(frozen=True)
class Held:
    """One term of one person in one state."""

    state: str
    office: str
    name: str
    term: Term


def overlap(one: Term, other: Term) -> timedelta:
    """How long two terms overlap at least, within the precision of their dates; negative if they lie apart."""
    start = max(one.first.end, other.first.end)
    return min(term.last.start if term.last else date.max for term in (one, other)) - start


@cache
def tables() -> dict[str, dict[str, Any]]:
    """Every data file by its path below the folder of the actors."""

    def read(folder: Traversable, before: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for item in sorted(folder.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                yield from read(item, f"{before}{item.name}/")
            elif item.name.endswith(".toml"):
                yield before + item.name, tomllib.loads(item.read_text("utf-8"))

    return dict(read(files("dragoman.coding").joinpath("data/actors"), ""))


def rows(kind: str) -> list[dict[str, Any]]:
    """All entries of one kind from all files."""
    return [row for table in tables().values() for row in table.get(kind, ())]


def everything_named() -> list[tuple[str, dict[str, Any]]]:
    """States, their organs, entities, bodies and groups, each with a label for messages."""
    named = [(f"{kind} {row['name']}", row) for kind in ("state", "entity", "body", "group") for row in rows(kind)]
    organs = [(f"{row['code']} {organ['name']}", organ) for row in rows("state") for organ in row.get("organ", ())]
    return named + organs


def spellings(row: dict[str, Any]) -> list[str]:
    """All forms of an entry, in the order of the data."""
    single = [row[key] for key in ("name", "capital") if row.get(key)]
    listed = ("aliases", "adjectives", "people", "short", "capital_aliases", "seats")
    return single + [form for key in listed for form in row.get(key, ())]


def as_term(row: dict[str, Any]) -> Term:
    """A term as the loader reads it."""
    return Term(row["office"], parse_period(row["from"]), parse_period(row["until"]) if "until" in row else None)


@cache
def held() -> list[Held]:
    """Every term of every person of a state."""
    return [
        Held(person["state"], term["office"], person["name"], as_term(term))
        for person in rows("person")
        for term in person["terms"]
    ]


@cache
def loaded() -> Gazetteer:
    """What the loader makes of the files, apart from the gazetteer that other tests share."""
    return load_gazetteer(files("dragoman.coding").joinpath("data/actors"))


def empty_days(state: str, offices: frozenset[str]) -> list[tuple[str, str]]:
    """The stretches from FIRST_DAY to LAST_DAY on which nobody can have held any of the offices."""
    taken: set[int] = set()
    for item in held():
        if item.state == state and item.office in offices:
            first = max(item.term.first.start, FIRST_DAY)
            last = min(item.term.last.end if item.term.last else LAST_DAY, LAST_DAY)
            taken.update(range(first.toordinal(), last.toordinal() + 1))
    runs: list[list[int]] = []
    for day in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1):
        if day not in taken:
            if runs and runs[-1][1] == day - 1:
                runs[-1][1] = day
            else:
                runs.append([day, day])
    return [(date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()) for first, last in runs]


def test_the_loader_reads_every_file() -> None:
    assert set(loaded().states) == {row["code"] for row in rows("state")}
    assert all(set(table) <= {"state", "entity", "person", "body", "group"} for table in tables().values())


def test_the_states_are_the_members_of_the_un_and_five_others() -> None:
    codes = [row["code"] for row in rows("state")]
    assert len(UN_MEMBERS) == 193
    assert sorted(codes) == sorted(UN_MEMBERS + OTHERS)


def test_every_state_has_name_capital_and_adjective() -> None:
    bare = {row["code"] for row in rows("state") if not (row["name"] and row["capital"] and row["adjectives"])}
    assert bare == set(NO_ADJECTIVE)


def test_bodies_and_groups_are_many_enough() -> None:
    assert len(rows("body")) >= 80
    assert len(rows("group")) >= 100


def test_sectors_are_plovers() -> None:
    plover = json.loads(files("dragoman.coding").joinpath("data/plover.json").read_text("utf-8"))
    given = {label: row["sector"] for label, row in everything_named() if row.get("sector")}
    assert {label: sector for label, sector in given.items() if sector not in plover["sectors"]} == {}


def test_codes_are_states_or_plovers() -> None:
    states = {row["code"] for row in rows("state")}
    assert {row["name"] for row in rows("body") if row["code"] not in BODY_CODES} == set()
    assert {row["name"] for row in rows("group") if row["code"] not in states | {"IMG"}} == set()
    assert {row["name"] for row in rows("entity") if row["code"] not in states} == set()
    assert {row["name"] for row in rows("person") if row["state"] not in states} == set()


def test_what_is_marked_ambiguous_is_a_form_of_the_entry() -> None:
    stray = {label: set(row.get("ambiguous", ())) - set(spellings(row)) for label, row in everything_named()}
    assert {label: forms for label, forms in stray.items() if forms} == {}


def test_names_of_bodies_groups_and_entities_are_unique() -> None:
    names = Counter(row["name"] for kind in ("body", "group", "entity") for row in rows(kind))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_person_stands_twice_in_one_state() -> None:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, person in enumerate(rows("person")):
        for form in (person["name"], *person.get("aliases", ())):
            seen[person["state"], form].add(number)
    # Father and son were both called so; the terms tell them apart.
    assert {key for key, owners in seen.items() if len(owners) > 1} == {("USA", "George Bush")}


def test_no_form_belongs_to_two_actors_unless_something_tells_them_apart() -> None:
    def who(entry: Entry) -> tuple[str, str]:
        return entry.actor.code, entry.actor.name

    def apart(one: Entry, other: Entry) -> bool:
        if not one.terms or not other.terms:
            return False
        return all(overlap(a, b) <= timedelta(0) for a in one.terms for b in other.terms)

    doubtful = {
        form
        for form, entries in loaded().names.items()
        if not any(entry.ambiguous for entry in entries)
        for one, other in combinations(entries, 2)
        if who(one) != who(other) and not apart(one, other)
    }
    assert doubtful == set(SHARED_FORMS)


def test_terms_are_well_formed() -> None:
    terms = [(item.name, item.term) for item in held()]
    terms += [(head["name"], as_term(head)) for body in rows("body") for head in body.get("heads", ())]
    assert [name for name, term in terms if term.last and term.first.start > term.last.end] == []
    assert {item.office for item in held()} <= OFFICES
    assert [person["name"] for person in rows("person") if not person["terms"]] == []


def test_nobody_holds_one_office_twice_at_once() -> None:
    mine: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for item in held():
        mine[item.state, item.name, item.office].append(item.term)
    for body in rows("body"):
        for head in body.get("heads", ()):
            mine[body["name"], head["name"], head["office"]].append(as_term(head))
    # "senior official" stands for several offices.
    twice = {
        key
        for key, terms in mine.items()
        if key[2] != "senior official"
        for one, other in combinations(terms, 2)
        if overlap(one, other) > timedelta(0)
    }
    assert twice == set()


def test_sixty_states_are_followed_day_by_day() -> None:
    assert len(RULING) == 60
    assert all(set(offices.split(", ")) <= LEADING for offices in RULING.values())
    assert {state for state, _, _ in GAPS} <= set(RULING)


@pytest.mark.parametrize("state", sorted(RULING))
def test_some_leading_office_is_held_on_every_day(state: str) -> None:
    assert empty_days(state, LEADING) == []


@pytest.mark.parametrize("state", sorted(RULING))
def test_the_ruling_office_is_held_on_every_day_but_the_known_ones(state: str) -> None:
    known = [(first, last) for code, first, last in GAPS if code == state]
    assert empty_days(state, frozenset(RULING[state].split(", "))) == sorted(known)


def test_one_person_offices_have_one_holder() -> None:
    offices: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for item in held():
        if item.office in ONE_PERSON and (item.state, item.office) not in COLLEGES:
            offices[item.state, item.office].append(item)
    found = {
        (state, office, *sorted((one.name, other.name)))
        for (state, office), holders in offices.items()
        for one, other in combinations(holders, 2)
        if one.name != other.name and overlap(one.term, other.term) > timedelta(days=31)
    }
    assert found == set(OVERLAPS)


def test_bodies_have_one_head_at_a_time() -> None:
    chiefs = {"secretary general", "director general", "executive director", "president", "chairperson", "prosecutor"}
    found = {
        (body["name"], one["name"], other["name"])
        for body in rows("body")
        for one, other in combinations([head for head in body.get("heads", ()) if head["office"] in chiefs], 2)
        if one["office"] == other["office"] and overlap(as_term(one), as_term(other)) > timedelta(days=31)
    }
    assert found == set()
