"""Finds a named actor in the gazetteer: persons by their office on the day, bodies, groups and organs by name.

Other providers write names in full (“Sergey Viktorovich Lavrov”), with other letters (“Kim Jong-Un”) or in other
spellings (“Sergey Shoygu”, “Umar al Bashir”). A name is found, in this order: as it stands, but for case, accents and
marks; with all words of a name of ours among its own; by family name and a like first name as they sound, or with all
words of ours in their order but for particles, if one such person holds an office on that day. What fits several states
is not found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import cache

from dragoman.coding.gazetteer import Entry, Gazetteer, NameKind
from dragoman.exchange.countries import plain_name
from dragoman.records import Actor

ALIKE = 0.6
"""Least likeness of two spellings of a first name, as `difflib` measures it (Sergey and Sergei have 0.83)."""
PARTICLES = frozenset({"al", "el", "bin", "ibn", "ben", "bint", "ould"})
"""Words inside Arabic names that spellings set, leave out or change."""
TITLES = frozenset(
    "sheikh shaykh prince princess king queen pope sir dr datuk seri alhaji mallam ayatollah general gen".split()
)
_NAMED = frozenset({NameKind.PERSON, NameKind.BODY, NameKind.GROUP, NameKind.ORGAN, NameKind.ENTITY})
_SOUNDS = (
    ("dzh|zh", "z"),
    ("dj", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("sch", "sh"),
    ("tch", "ch"),
    ("ph", "f"),
    ("ck|q", "k"),
    ("w", "v"),
    ("ee", "i"),
    ("oo|ou", "u"),
    ("y|e|j", "i"),
    ("o", "u"),
    (r"(?<=[aiu])h(?![aiu])", ""),
    (r"(.)\1+", r"\1"),
)
"""What the usual ways of writing other alphabets in Latin letters differ in, brought to one; in order."""


class People:
    """The gazetteer's names, and further entries, in a form that other spellings can be looked up in."""

    def __init__(self, gazetteer: Gazetteer, more: Iterable[Entry] = ()) -> None:
        self._plain: dict[str, list[Entry]] = defaultdict(list)
        self._family: dict[str, list[tuple[Sequence[str], Entry]]] = defaultdict(list)
        self._sounding: dict[str, list[tuple[Sequence[str], Entry]]] = defaultdict(list)
        for name, entries in gazetteer.names.items():
            for entry in entries:
                self._add(name, entry)
        for entry in more:
            self._add(entry.name, entry)

    def _add(self, name: str, entry: Entry) -> None:
        if entry.kind not in _NAMED:
            return
        plain = plain_name(name)
        self._plain[plain].append(entry)
        words = plain.split()
        if entry.kind is NameKind.PERSON and len(words) > 1:
            self._family[words[-1]].append((words, entry))
            if words[0] != words[-1]:
                self._family[words[0]].append((words, entry))
            bare = _bare(words)
            self._sounding[sound(bare[-1])].append((bare, entry))

    def find(self, name: str, day: date | None) -> Actor | None:
        """The actor of this name as of a day; None where there is none, or several of different states."""
        entry = self.entry(name, day)
        return entry.on(day).actor if entry else None

    def entry(self, name: str, day: date | None) -> Entry | None:
        """The gazetteer's entry for this name, see `find`."""
        plain = plain_name(name)
        found = self._plain.get(plain) or self._plain.get(plain.replace(" ", ""))
        if found:
            return _one(found, day)
        words = plain.split()
        if len(words) < 2:
            return None
        own = set(words)
        near = {id(entry): (parts, entry) for word in own for parts, entry in self._family.get(word, ())}
        contained = [entry for parts, entry in near.values() if own.issuperset(parts)]
        if contained:
            return _one(contained, day)
        serving = list(self._serving(_bare(words), day)) if day is not None else []
        return _one(serving, day) if serving else None

    def _serving(self, words: Sequence[str], day: date) -> Iterator[Entry]:
        """Who holds an office on the day and has a name that sounds like this one."""
        for parts, entry in self._sounding.get(sound(words[-1]), ()):
            if entry.in_office(day) and _alike(parts[0], words[0]):
                yield entry
        for word in words[1:-1]:
            for parts, entry in self._sounding.get(sound(word), ()):
                if entry.in_office(day) and parts[0] == words[0] and _in_order(parts, words):
                    yield entry


@cache
def sound(word: str) -> str:
    """A key that the usual spellings of one name in Latin letters share (Shoygu, Shoigu; Umar, Omar)."""
    for pattern, letters in _SOUNDS:
        word = re.sub(pattern, letters, word)
    return word


def _bare(words: Sequence[str]) -> Sequence[str]:
    """The words without particles and titles, if two are left."""
    bare = [word for word in words if word not in PARTICLES and word not in TITLES]
    return bare if len(bare) > 1 else words


def _in_order(parts: Sequence[str], words: Sequence[str]) -> bool:
    left = iter(sound(word) for word in words)
    return all(sound(part) in left for part in parts)


def _alike(first: str, second: str) -> bool:
    one, other = sound(first), sound(second)
    return one == other or (first[0] == second[0] and SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _one(entries: Iterable[Entry], day: date | None) -> Entry | None:
    """The one entry that fits: those in office on the day before all others; None where states differ.

    An office that begins after the day says nothing of whose the person is on it.
    """
    group = list(entries)
    if day is not None and (serving := [entry for entry in group if entry.terms and entry.in_office(day)]):
        group = serving
    elif day is not None:
        begun = [e for e in group if not e.terms or any(term.first.start <= day for term in e.terms)]
        group = begun or group
    return group[0] if len({entry.actor.code for entry in group}) == 1 else None
