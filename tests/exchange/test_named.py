from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import NameKind
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
