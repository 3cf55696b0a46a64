from __future__ import annotations

import sqlite3

import pytest

from dragoman.serve.search import Phrase, find_actors, phrases_of
from dragoman.serve.search.tables import tag
from dragoman.serve.search.words import MOST_PHRASES, expression


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DPRK", [Phrase("DPRK", "PRK")]),
        ("prk", [Phrase("prk", "PRK")]),
        ("north korea shells", [Phrase("north korea", "PRK"), Phrase("shells")]),
        ("United States NATO", [Phrase("United States", "USA"), Phrase("NATO", "NATO")]),
        ('"blood bond" Kim', [Phrase("blood bond"), Phrase("Kim")]),
        ("“beacon of resistance”", [Phrase("beacon of resistance")]),
        ("troops -Ukraine", [Phrase("troops"), Phrase("Ukraine", "UKR", without=True)]),
        ("Kim Jong Un", [Phrase("Kim"), Phrase("Jong"), Phrase("Un")]),
        ("trade with us", [Phrase("trade"), Phrase("with"), Phrase("us")]),
        ("us", [Phrase("us", "USA")]),
        ("!!! … --", []),
        ("", []),
    ],
)
def test_words_become_phrases_and_actors(text: str, found: list[Phrase]) -> None:
    assert phrases_of(text) == found


def test_a_question_is_cut_after_so_many_phrases() -> None:
    assert len(phrases_of(" ".join(f"word{number}" for number in range(99)))) == MOST_PHRASES


@pytest.mark.parametrize(
    "text", ["NEAR(", '"', "a* OR b", "told : x", "^kim", "{told parties} : x", "a\0b", "x NOT", "🤖 kim", "\ud800 kim"]
)
def test_nothing_that_is_typed_is_a_sign_of_the_index(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE events USING fts5(parties, told, tags)")
    connection.execute("INSERT INTO events VALUES ('Kim', 'a kim b x near', ?)", (tag("is", "all"),))
    match = str(expression(phrases_of(text), [], parties=True)).encode("utf-8", "replace").decode()
    connection.execute("SELECT count(*) FROM events WHERE events MATCH ?", (match,)).fetchone()
    connection.close()


@pytest.mark.parametrize(
    ("text", "key"),
    [("DPRK", "PRK"), ("north korea", "PRK"), ("PRK", "PRK"), ("Nato", "NATO"), ("M23", "M23"), ("Kim Jong Un", "PRK")],
)
def test_an_actor_is_found_by_name_code_and_person(text: str, key: str) -> None:
    assert find_actors(text)[0].key == key


def test_the_actor_that_is_meant_comes_before_those_whose_names_hold_the_word() -> None:
    found = find_actors("Russia")
    assert (found[0].key, found[0].name) == ("RUS", "Russia")
    assert len({actor.key for actor in found}) == len(found) > 1


@pytest.mark.parametrize("text", ["", " ", "x", "qzxv"])
def test_no_actor_is_found_for_less_than_a_name(text: str) -> None:
    assert find_actors(text) == []
