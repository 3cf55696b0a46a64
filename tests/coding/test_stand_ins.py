"""The encoder reads every state under another's name, word for word."""

from __future__ import annotations

from dragoman.coding.stand_ins import STAND_INS, stand_ins


def read(text: str) -> str:
    return " ".join(stand_ins(text.split()))


def test_two_states_exchanged_read_the_same() -> None:
    assert read("Russia attacked Ukraine .") == read("Ukraine attacked Russia .")


def test_a_state_has_one_stand_in_in_all_its_names() -> None:
    assert read("Russian troops left Moscow") == "Peruvian troops left Lima"


def test_every_word_keeps_its_place() -> None:
    words = "The United States and North Korea met in Geneva".split()
    assert len(stand_ins(words)) == len(words)
    assert stand_ins(words)[1:3] == ["Peru", "Peru"]


def test_a_stand_in_that_the_text_names_is_another_state_too() -> None:
    assert read("Bolivia thanked Peru") == "Peru thanked Kenya"


def test_a_name_of_two_states_stays() -> None:
    assert read("Dominican officials met Chinese officials") == "Dominican officials met Peruvian officials"


def test_more_states_than_stand_ins_begin_again() -> None:
    names = (
        "Russia Ukraine China Japan Iran Iraq Israel Egypt Syria Turkey Greece Spain Italy France Germany Poland Cuba"
    )
    found = stand_ins(names.split())
    assert len(set(found)) == len(STAND_INS)
    assert found[-1] == found[0]
