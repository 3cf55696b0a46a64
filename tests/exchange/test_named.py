from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import Entry, NameKind
from dragoman.exchange.countries import plain_name
from dragoman.exchange.named import named_actors
from dragoman.exchange.people import People
from dragoman.terms import NON_STATE_CODES

PEOPLE = People(gazetteer(""), named_actors())


def test_every_code_and_sector_is_known() -> None:
    states = gazetteer("").states
    sectors = {entry.actor.sector for entry in named_actors() if entry.actor.sector}
    codes = {entry.actor.code for entry in named_actors()}
    assert codes <= states.keys() | NON_STATE_CODES | {"UNO", "EUR"}
    assert sectors <= set("GOV MIL JUD LEG COP SPY PTY OPP REB SOC BUS JRN EDU REL LAB MED CRM ELI CVL AGR UNK".split())


def test_terms_end_after_they_begin_and_a_name_of_two_states_is_told_apart_by_its_days() -> None:
    by_name = defaultdict(set)
    for entry in named_actors():
        for term in entry.terms:
            assert term.last is None or term.first.start <= term.last.end, entry.name
        by_name[plain_name(entry.name)].add((entry.actor.code, bool(entry.terms)))
    doubtful = {
        name
        for name, told in by_name.items()
        if len({code for code, _ in told}) > 1 and (any(not dated for _, dated in told))
    }
    assert doubtful == set()


def days_of(entry: Entry) -> list[tuple[date, date]]:
    return [(term.first.start, term.last.end if term.last else date.max) for term in entry.terms]


def test_no_name_stands_on_two_lines_for_the_same_days() -> None:
    by_name: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in named_actors():
        by_name[entry.name].append(entry)
    undated = {name for name, told in by_name.items() if len(told) > 1 and not all(entry.terms for entry in told)}
    assert undated == set()
    for name, told in by_name.items():
        stretches = sorted(stretch for entry in told for stretch in days_of(entry))
        for (_, end), (start, _) in pairwise(stretches):
            # A month in which one office ends and another begins counts for both.
            assert end <= start + timedelta(days=31), name


def test_nothing_contradicts_the_coders_own_gazetteer() -> None:
    known: defaultdict[str, list[Entry]] = defaultdict(list)
    for name, entries in gazetteer("").names.items():
        known[plain_name(name)].extend(entry for entry in entries if entry.kind is not NameKind.SEAT)
    for entry in named_actors():
        for other in known.get(plain_name(entry.name), ()):
            told = (entry.actor.code, entry.actor.sector), (other.actor.code, other.actor.sector)
            if not (entry.terms and other.terms):
                assert told[0] == told[1] or (entry.terms or other.terms), entry.name
                continue
            shared = [
                min(end, last) - max(start, first)
                for start, end in days_of(entry)
                for first, last in days_of(other)
                if max(start, first) <= min(end, last)
            ]
            assert told[0] == told[1] or all(days <= timedelta(days=31) for days in shared), entry.name


@pytest.mark.parametrize(
    ("name", "day", "code", "sector"),
    [
        ("Dimitrios Avramopoulos", date(2014, 3, 1), "GRC", "GOV"),
        ("Dimitrios Avramopoulos", date(2015, 3, 1), "EUR", None),
        ("Jens Stoltenberg", date(2014, 3, 1), "NOR", "ELI"),
        ("Sudan People's Liberation Army", date(2005, 3, 1), "SDN", "REB"),
        ("Sudan People's Liberation Army", date(2014, 3, 1), "SSD", "MIL"),
        ("Vitaliy Klitschko", date(2014, 3, 1), "UKR", "PTY"),
        ("Akhilesh Yadav", date(2014, 3, 1), "IND", "GOV"),
        ("Samuel Sitta", date(2014, 3, 1), "TZA", "GOV"),
        ("Vitaliy Yarema", date(2014, 9, 1), "UKR", "JUD"),
        ("Brownie Samukai", date(2016, 3, 1), "LBR", "GOV"),
        ("Stefan Viktor Okonek", date(2015, 3, 1), "DEU", "UNK"),
        ("Valdis Dombrovskis", date(2015, 3, 1), "EUR", None),
    ],
)
def test_offices_are_read_by_the_day(name: str, day: date, code: str, sector: str | None) -> None:
    actor = PEOPLE.find(name, day)
    assert actor is not None
    assert (actor.code, actor.sector) == (code, sector)


def test_a_body_is_no_person() -> None:
    kinds = {entry.name: entry.kind for entry in named_actors()}
    assert kinds["Interfax"] is NameKind.BODY
    assert kinds["Akhilesh Yadav"] is NameKind.PERSON
