"""Nouns that make a party of a state: "ministry", "police", "protesters"."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token


SPECIAL = ("quantity", "of_complement", "analyst", "anonymous", "things")


@dataclass(frozen=True, slots=True)
class Organs:
    """Organ nouns with their PLOVER sector, and the nouns that stand for what follows them."""

    sectors: Mapping[str, str]
    quantity: frozenset[str]
    of_complement: frozenset[str]
    analyst: frozenset[str]
    anonymous: frozenset[str]
    things: frozenset[str]

    def find(self, token: Token) -> tuple[str, str] | None:
        """The organ noun that a noun phrase ends in, with its sector; the longest match wins.

        "The Secretary-General" is no general.
        """
        found = longest(token, self.sectors)
        return None if found and found[0] == "general" and _is_civil_general(token) else found


@cache
def organs() -> Organs:
    """The table that ships with the package."""
    data = tomllib.loads(files("dragoman.coding").joinpath("data/organs.toml").read_text("utf-8"))
    special = {name: frozenset(data.pop(name)["nouns"]) for name in SPECIAL}
    sectors = {noun: sector for sector, table in data.items() for noun in table["nouns"]}
    return Organs(sectors, *(special[name] for name in SPECIAL))


CIVIL_GENERALS = frozenset({"secretary", "attorney", "director", "governor", "consul", "solicitor"})


def _is_civil_general(token: Token) -> bool:
    """Whether "general" is the second half of a civil office."""
    before = [part for part in token.doc[max(0, token.i - 2) : token.i] if part.text != "-"]
    return bool(before) and before[-1].lower_ in CIVIL_GENERALS


def longest(token: Token, table: Mapping[str, str]) -> tuple[str, str] | None:
    """The longest key of `table` that the words up to `token` end in, with its value."""
    doc = token.doc
    words = [token.lemma_.lower()]
    found = (words[0], table[words[0]]) if words[0] in table else None
    for at in range(token.i - 1, max(token.i - 4, -1), -1):
        other = doc[at]
        if other.text == "-":
            continue
        words.insert(0, other.lemma_.lower() if other.pos_ in ("NOUN", "PROPN") else other.lower_)
        phrase = " ".join(words)
        if phrase in table:
            found = (phrase, table[phrase])
    return found


def phrase_in(token: Token, words: frozenset[str], longest: bool = False) -> str | None:
    """The word or phrase of a set that a noun phrase ends in; the single word first unless `longest`."""
    lemma = token.lemma_.lower()
    single = lemma if lemma in words else token.lower_ if token.lower_ in words else None
    if single is not None and not longest:
        return single
    return _phrase_in(token, lemma, words) or single


def _phrase_in(token: Token, lemma: str, words: frozenset[str]) -> str | None:
    doc = token.doc
    phrase = lemma
    for at in range(token.i - 1, max(token.i - 4, -1), -1):
        if doc[at].text == "-":
            continue
        phrase = f"{doc[at].lower_} {phrase}"
        if phrase in words:
            return phrase
    # "state of emergency", "ministry of defence": the phrase goes on to the right.
    phrase = lemma
    for at in range(token.i + 1, min(token.i + 4, len(doc))):
        phrase = f"{phrase} {doc[at].lower_}"
        if phrase in words:
            return phrase
    return None
