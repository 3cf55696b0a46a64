from __future__ import annotations

import pytest

from dragoman.records import Actor
from dragoman.relate.naming import is_spelled, parse_parties, spell_parties
from making import KOR, PRK, RUS


def test_parties_come_back_as_they_were_spelled_sorted_and_once() -> None:
    nato = Actor("IGO", "NATO")
    garrison = Actor("RUS", "Kaliningrad garrison", "MIL")
    plain = [Actor(a.code, a.name, a.sector) for a in (RUS, PRK, KOR)]
    assert parse_parties(spell_parties([*plain, nato, *plain])) == (nato, *sorted(plain, key=lambda a: a.code))
    assert parse_parties(spell_parties([garrison])) == (garrison,)


def test_a_name_may_hold_a_colon() -> None:
    assert parse_parties("IMG:Front: the second") == (Actor("IMG", "Front: the second"),)


@pytest.mark.parametrize("text", ["", "PRK", "prk:North Korea", "PRK:", "PRK:North Korea;", ":x", "PRK:a\0b", "PRKX:y"])
def test_what_is_no_party_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no party"):
        parse_parties(text)


def test_what_is_spelled_is_told_from_a_code_or_a_name() -> None:
    assert is_spelled("PRK:North Korea")
    assert not is_spelled("PRK")
    assert not is_spelled("Front: the second")
