"""Finds a named actor in the gazetteer: persons by their office on the day, bodies, groups and organs by name.

Other providers write names in full (“Sergey Viktorovich Lavrov”), with other letters (“Kim Jong-Un”) or in other
spellings. A name is found, in this order: as it stands, but for case, accents and marks; with all words of a name of
ours among its own; by family name and a like first name, if one such person holds an office on that day. What fits
several states is not found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher

from dragoman.coding.gazetteer import Entry, Gazetteer, NameKind
from dragoman.exchange.countries import plain_name
from dragoman.records import Actor

ALIKE = 0.6
"""Least likeness of two spellings of a first name, as `difflib` measures it (Sergey and Sergei have 0.83)."""
_NAMED = frozenset({NameKind.PERSON, NameKind.BODY, NameKind.GROUP, NameKind.ORGAN, NameKind.ENTITY})


class People:
    """The gazetteer's names in a form that other spellings can be looked up in."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._plain: dict[str, list[Entry]] = defaultdict(list)
        self._family: dict[str, list[tuple[Sequence[str], Entry]]] = defaultdict(list)
        self._adjectives: dict[str, str] = {}
        for name, entries in gazetteer.names.items():
            plain = plain_name(name)
            for entry in entries:
                if entry.kind is NameKind.ADJECTIVE and entry.actor.code in gazetteer.states:
                    self._adjectives.setdefault(plain, entry.actor.code)
                if entry.kind not in _NAMED:
                    continue
                self._plain[plain].append(entry)
                words = plain.split()
                if entry.kind is NameKind.PERSON and len(words) > 1:
                    self._family[words[-1]].append((words, entry))
                    if words[0] != words[-1]:
                        self._family[words[0]].append((words, entry))

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
        if day is None:
            return None
        alike = [
            entry
            for parts, entry in self._family.get(words[-1], ())
            if parts[-1] == words[-1] and entry.in_office(day) and _alike(parts[0], words[0])
        ]
        return _one(alike, day) if alike else None

    def adjective(self, name: str) -> tuple[str, str] | None:
        """The state whose adjective a name begins with, and the rest of the name (“Egyptian Army”)."""
        words = plain_name(name).split()
        for length in (3, 2, 1):
            if length < len(words) and (code := self._adjectives.get(" ".join(words[:length]))):
                return code, " ".join(words[length:])
        return None


def _alike(first: str, second: str) -> bool:
    return first[0] == second[0] and SequenceMatcher(None, first, second).ratio() >= ALIKE


def _one(entries: Iterable[Entry], day: date | None) -> Entry | None:
    """The one entry that fits: those in office on the day before all others; None where states differ."""
    group = list(entries)
    if day is not None and (serving := [entry for entry in group if entry.terms and entry.in_office(day)]):
        group = serving
    return group[0] if len({entry.actor.code for entry in group}) == 1 else None
