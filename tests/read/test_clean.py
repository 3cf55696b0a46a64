from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.read.clean import clean_line, clean_text, same


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("cafe\u0301", "caf\u00e9"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark \u202eturned", "softhyphen zerowidth mark turned"),
        ("bell\x07 null\x00 escape\x1b", "bell null escape"),
        ("one\r\ntwo\rthree\u2028four\u2029five\x0bsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("  edges  \n   and   runs  ", "edges\nand runs"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Kyiv – “quote” ’", "Kyiv – “quote” ’"),
    ],
)
def test_clean_text_makes_text_regular(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(st.text())
def test_clean_text_is_stable_and_can_be_encoded(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert once == unicodedata.normalize("NFC", once)
    once.encode("utf-8")


def test_clean_line_joins_lines_and_gives_none_for_nothing() -> None:
    assert clean_line("one\n two ") == "one two"
    assert clean_line(" \u200b\n") is None
    assert clean_line(None) is None


def test_same_disregards_case_and_marks_but_not_emptiness() -> None:
    assert same("‘Blood’ of War", "Blood of war!")
    assert not same("", "")
    assert not same(None, "x")
