from __future__ import annotations

import pytest

from dragoman.coding import Coder
from dragoman.coding.candidates import candidates
from dragoman.records import Actor, Document, Party, Span
from dragoman.terms import Part


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def named(coder: Coder, text: str, told: tuple[Party, ...] = ()) -> dict[str, str]:
    """The phrases of a text's last sentence with the codes of whom they name; "" where it cannot be told."""
    *_, (work, sentence) = coder.sentences(Document(None, None, text))
    found = candidates(work.resolver, work.number, sentence, told)
    return {
        sentence[c.phrase.start : c.phrase.end].text: "+".join(sorted({p.actor.code for p in c.parties})) for c in found
    }


@pytest.mark.parametrize(
    ("text", "phrase", "code"),
    [
        (
            "South Korean Foreign Minister Cho Tae-yul met reporters.",
            "South Korean Foreign Minister Cho Tae-yul",
            "KOR",
        ),
        ("Dozens of Iranian drones hit the port.", "Iranian drones", "IRN"),
        ("Russia's shelling went on.", "Russia", "RUS"),
        ("The bill passed. Kenyan police fired at crowds in Nairobi.", "Kenyan police", "KEN"),
        ("Mohamed Muizzu asked India to take its soldiers home.", "its soldiers", "IND"),
    ],
)
def test_a_phrase_names_its_actor(coder: Coder, text: str, phrase: str, code: str) -> None:
    assert named(coder, text).get(phrase) == code


def test_each_and_the_other_are_the_two_named_before(coder: Coder) -> None:
    found = named(coder, "India and Pakistan held fire at noon. By dusk each accused the other of shelling.")
    assert (found["each"], found["other"]) == ("IND+PAK", "IND+PAK")


def test_what_was_told_last_is_taken_up_by_a_definite_noun(coder: Coder) -> None:
    doer = Party(Actor("NGA", "Nigeria"), Span(Part.BODY, 0, 7), "name: state")
    assert named(coder, "The United States criticised the ban.", (doer,))["the ban"] == "NGA"
    assert named(coder, "The United States criticised the ban.")["the ban"] == ""


def test_a_noun_phrase_of_nobody_known_is_kept_as_a_stranger(coder: Coder) -> None:
    assert named(coder, "Norway praised the old lighthouse.")["the old lighthouse"] == ""


def test_a_sentence_without_anybody_has_no_candidates(coder: Coder) -> None:
    assert named(coder, "It rained on the harvest all week.") == {}


def test_an_adjective_is_no_party_beside_the_organ_that_it_belongs_to(coder: Coder) -> None:
    assert named(coder, "The North Korean leader praised Russia.") == {"North Korean leader": "PRK", "Russia": "RUS"}


def test_times_are_not_candidates(coder: Coder) -> None:
    assert "Tuesday" not in named(coder, "Norway thanked Chad on Tuesday.")
