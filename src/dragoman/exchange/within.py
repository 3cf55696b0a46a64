"""Finds the state that a name speaks of: “Armed Forces of Armenia”, “Seoul High Court”, “Iraqi Kurds”."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from dragoman.coding.gazetteer import Gazetteer, NameKind
from dragoman.coding.places import provinces
from dragoman.exchange.countries import Codes, Crosswalk, plain_name

LONGEST = 6
"""Words of the longest name of a state that is looked for."""
_KINDS = frozenset({NameKind.STATE, NameKind.ADJECTIVE, NameKind.PEOPLE, NameKind.CAPITAL})


class Within:
    """The names of states, their adjectives, peoples, capitals and provinces, to be found inside longer names."""

    def __init__(self, gazetteer: Gazetteer, crosswalk: Crosswalk) -> None:
        self._crosswalk = crosswalk
        self._blocked = frozenset(map(plain_name, gazetteer.blocked))
        told: dict[str, set[str]] = defaultdict(set)
        for name, entries in gazetteer.names.items():
            told[plain_name(name)].update(
                entry.actor.code
                for entry in entries
                if entry.kind in _KINDS and entry.actor == gazetteer.states.get(entry.actor.code)
            )
        # A province counts if its name stands by itself: not East or Unity, nor one that several states have.
        divisions: dict[str, set[str]] = defaultdict(set)
        alone: dict[str, set[str]] = defaultdict(set)
        for name, found in provinces().items():
            if not any(province.needs for province in found):
                divisions[plain_name(name)].update(province.country for province in found)
                alone[_joined(name)].update(province.country for province in found)
        self._codes = _single({**divisions, **{name: codes for name, codes in told.items() if codes}})
        self._alone = _single(alone)

    def state(self, name: str, day: date | None) -> tuple[str, str] | None:
        """The only state that a name speaks of, and the other words; None where there is none, or several."""
        words, codes = plain_name(name).split(), set()
        rest: list[str] = []
        at = 0
        while at < len(words):
            length = 1
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                phrase = " ".join(words[at : at + length])
                code = self._crosswalk.code(Codes.NAME, phrase, day) or self._codes.get(phrase)
                if code is not None:
                    codes.add(code)
                    break
                if phrase in self._blocked or length == 1:
                    rest.extend(words[at : at + length])
                    break
            at += length
        return (codes.pop(), " ".join(rest)) if len(codes) == 1 else None

    def province(self, name: str) -> str | None:
        """The state of a province whose name stands by itself (“Tatarstan”)."""
        return self._alone.get(_joined(name))


def _joined(name: str) -> str:
    return plain_name(name).replace(" ", "")


def _single(told: dict[str, set[str]]) -> dict[str, str]:
    return {name: next(iter(codes)) for name, codes in told.items() if len(codes) == 1}
