"""What a person typed: words and phrases, the actors that they name, and the expression that SQLite searches for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import Entry, NameKind
from dragoman.pipeline.parties import party_code
from dragoman.serve.search.tables import tag

MOST_PHRASES = 16
"""Words and phrases of a question that are heeded."""

LONGEST_NAME = 5
"""Words that the name of an actor has at most."""

MOST_ACTORS = 30
"""Actors that are found at most."""

_WORDS = re.compile(r'(-?)(?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))')
_KINDS = {
    NameKind.STATE: "state",
    NameKind.BODY: "body",
    NameKind.GROUP: "armed group or movement",
    NameKind.ENTITY: "entity",
    NameKind.PERSON: "person",
    NameKind.ORGAN: "organ",
    NameKind.CAPITAL: "capital",
    NameKind.SEAT: "seat of government",
    NameKind.PEOPLE: "people",
    NameKind.ADJECTIVE: "adjective",
}
"""The kinds of names in words; of an actor's several names that fit as well, the first kind is told."""

_ORDER = {kind: place for place, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase of a question; `party` is the actor that it names, `without` asks that it be absent."""

    text: str
    party: str | None = None
    without: bool = False


@dataclass(frozen=True, slots=True)
class FoundActor:
    """An actor whose names hold what was typed: what leads to its page, its name, and the name that fits."""

    key: str
    name: str
    kind: str
    matched: str


def phrases_of(text: str) -> list[Phrase]:
    """The words and phrases of a question; neighbouring words that name one actor are one phrase."""
    found: list[Phrase] = []
    plain: list[str] = []
    for sign, quoted, word in _WORDS.findall(" ".join(text.split())):
        told = quoted or word
        if not any(map(str.isalnum, told)):
            continue
        if quoted or sign:
            found += _with_actors(plain)
            plain = []
            found.append(Phrase(told, _party(told), bool(sign)))
        else:
            plain.append(told)
    return [*found, *_with_actors(plain)][:MOST_PHRASES]


def expression(phrases: Sequence[Phrase], tags: Sequence[str], *, parties: bool, every: bool = True) -> str | None:
    """What SQLite searches for; None where nothing is wanted. Without `every` one of the phrases is enough.

    With `parties`, a phrase that names an actor is also found in events of that actor that call it otherwise.
    """
    wanted = [_one(phrase, parties=parties) for phrase in phrases if not phrase.without]
    unwanted = [_one(phrase, parties=parties) for phrase in phrases if phrase.without]
    parts = [f"tags : {_quoted(one)}" for one in tags or [tag("is", "all")]]
    if wanted:
        parts.append(f"({(' AND ' if every else ' OR ').join(wanted)})")
    text = " AND ".join(parts)
    return f"({text}) NOT ({' OR '.join(unwanted)})" if unwanted else text


def find_actors(text: str) -> list[FoundActor]:
    """The actors that one of whose names is, begins with or holds the words, in that order; each once."""
    sought = " ".join(text.replace('"', " ").split()).casefold()
    if len(sought) < 2:
        return []
    code = party_code(sought)
    ranked: dict[str, tuple[tuple[int, int, int, str], FoundActor]] = {}
    inside = re.compile(rf"\b{re.escape(sought)}")
    for folded, entry in _names():
        if folded == sought:
            fit = 0
        elif sought in folded and inside.search(folded):
            fit = 1 if folded.startswith(sought) else 2
        else:
            continue
        key = entry.actor.label
        state = gazetteer().states.get(key)
        found = FoundActor(key, state.name if state else entry.actor.name, _KINDS[entry.kind], entry.name)
        rank = (0 if found.key == code else fit + 1, _ORDER[entry.kind], len(folded), folded)
        if found.key not in ranked or rank < ranked[found.key][0]:
            ranked[found.key] = rank, found
    state = gazetteer().states.get(code)
    if state is not None and code not in ranked:
        ranked[code] = (0, 0, 0, ""), FoundActor(code, state.name, _KINDS[NameKind.STATE], code)
    return [found for _, found in sorted(ranked.values(), key=lambda one: one[0])][:MOST_ACTORS]


def _with_actors(words: Sequence[str]) -> list[Phrase]:
    """The words as phrases; the longest runs that name an actor are one each."""
    found = []
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            text = " ".join(words[place : place + length])
            # “us” and “Un” among other words are no names of states and bodies; “US” and “UN” are.
            party = _party(text) if len(text) > 3 or text.isupper() or len(words) == 1 else None
            if party or length == 1:
                found.append(Phrase(text, party))
                place += length
                break
    return found


def _party(text: str) -> str | None:
    """The actor that a text names by code, name or abbreviation."""
    code = party_code(text)
    named = code != text or code in gazetteer().states or code in _called()
    return code if named else None


def _one(phrase: Phrase, *, parties: bool) -> str:
    texts = [phrase.text]
    if phrase.party is not None:
        state = gazetteer().states.get(phrase.party)
        texts.append(state.name if state else phrase.party)
    told = [_quoted(text) for text in dict.fromkeys(texts)]
    if parties and phrase.party is not None:
        told.append(f"tags : {_quoted(tag('party', phrase.party))}")
    return f"({' OR '.join(told)})" if len(told) > 1 else told[0]


def _quoted(text: str) -> str:
    """A text as one phrase of SQLite's full-text search, in which nothing is a sign."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text).replace('"', " ")
    return f'"{plain}"'


@cache
def _names() -> list[tuple[str, Entry]]:
    """Every name of every actor, its capitals folded."""
    return [(name.casefold(), entry) for name, entries in gazetteer().names.items() for entry in entries]


@cache
def _called() -> frozenset[str]:
    """The names of bodies and groups in the record."""
    kinds = (NameKind.BODY, NameKind.GROUP)
    return frozenset(e.actor.name for entries in gazetteer().names.values() for e in entries if e.kind in kinds)
