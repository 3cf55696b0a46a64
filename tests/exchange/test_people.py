from __future__ import annotations

from datetime import date

import pytest

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


@pytest.mark.parametrize("name", ["Sergey Kuzhugetovich Shoygu", "Sergej Schojgu", "Sergey Shoygu", "Sergei SHOIGU"])
def test_spellings_of_one_sound_are_found_while_in_office(name: str) -> None:
    shoigu = People(Gazetteer.of([person("Sergei Shoigu", "RUS", "2012", "2024")], {}, {}))
    found = shoigu.find(name, date(2014, 5, 1))
    assert found is not None
    assert found.code == "RUS"
    if name != "Sergei SHOIGU":
        assert shoigu.find(name, date(2010, 5, 1)) is None


def test_particles_and_titles_are_no_names() -> None:
    people = People(
        Gazetteer.of(
            [
                person("Omar al-Bashir", "SDN", "1993", "2019"),
                person("Sheikh Khaled Al Jarrah Al Sabah", "KWT", "2010", "2019"),
                person("Saud al-Faisal", "SAU", "1975", "2015"),
            ],
            {},
            {},
        )
    )
    for name, code in (("Umar al Bashir", "SDN"), ("Saud bin Faisal bin Abdul-Aziz", "SAU")):
        found = people.find(name, date(2014, 5, 1))
        assert found is not None
        assert found.code == code
    assert people.find("Sheikh Salem Al-Sabah", date(2014, 5, 1)) is None


def test_an_office_to_come_says_nothing_of_the_day() -> None:
    both = [person("Nils Holm", "NOR", "2005", "2013"), person("Nils Holm", "IGO", "2014-10", None)]
    people = People(Gazetteer.of(both, {}, {}))
    for day, code in ((date(2014, 1, 1), "NOR"), (date(2015, 1, 1), "IGO")):
        found = people.find("Nils Holm", day)
        assert found is not None
        assert found.code == code
    assert people.find("Nils Holm", None) is None
