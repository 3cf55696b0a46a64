from __future__ import annotations

from datetime import date

from dragoman.coding.gazetteer import Entry, Gazetteer, NameKind, Term
from dragoman.exchange.people import People
from dragoman.periods import parse_period
from dragoman.records import Actor


def person(name: str, code: str, first: str, last: str | None) -> Entry:
    term = Term("president", parse_period(first), parse_period(last) if last else None)
    return Entry(name, NameKind.PERSON, Actor(code, name, "GOV"), family=name.split()[-1], terms=(term,))


PEOPLE = People(
    Gazetteer.of(
        [
            person("Anton Berger", "AUT", "2010", "2014"),
            person("Antonia Berger", "DEU", "2015", None),
            person("Pedro Sanz Gil", "ESP", "2010", None),
            Entry("Union of Lakes", NameKind.BODY, Actor("IGO", "Union of Lakes")),
            Entry("Freedonian", NameKind.ADJECTIVE, Actor("FRE", "Freedonia")),
        ],
        {},
        {"FRE": Actor("FRE", "Freedonia")},
    )
)
DAY = date(2012, 5, 1)


def test_a_name_is_found_as_it_stands_without_case_and_marks() -> None:
    actor = PEOPLE.find("union OF lakes", DAY)
    assert actor is not None
    assert actor.code == "IGO"


def test_a_longer_name_holds_all_words_of_ours() -> None:
    actor = PEOPLE.find("Anton Maria Berger", DAY)
    assert actor is not None
    assert actor.code == "AUT"


def test_a_like_first_name_is_found_only_while_in_office() -> None:
    assert PEOPLE.find("Antoni Berger", DAY) == Actor("AUT", "Anton Berger", "GOV")
    assert PEOPLE.find("Antoni Berger", date(2009, 1, 1)) is None
    assert PEOPLE.find("Hilda Berger", DAY) is None


def test_office_on_the_day_tells_two_of_one_family_name_apart() -> None:
    later = PEOPLE.find("Antonja Berger", date(2018, 1, 1))
    assert later is not None
    assert later.code == "DEU"


def test_an_adjective_leads_to_its_state_with_the_rest_of_the_name() -> None:
    assert PEOPLE.adjective("Freedonian Navy") == ("FRE", "navy")
    assert PEOPLE.adjective("Navy") is None
