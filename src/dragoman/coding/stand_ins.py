"""Stand-ins: the encoder reads of every state under another's name, so that what it knows of states cannot sway it.

In the news that a network learns from, some states attack and others mediate. A sentence must be read for what it says:
the first state that it names is read as Peru, the next as Kenya, and the same two exchanged read just the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dragoman.coding.gazetteer import NameKind, gazetteer

STAND_INS = (
    "PER",
    "KEN",
    "NOR",
    "CHL",
    "FIN",
    "BOL",
    "ZMB",
    "VNM",
    "NPL",
    "PRY",
    "GHA",
    "EST",
    "ECU",
    "LAO",
    "MDG",
    "ISL",
)
"""States seldom in each other's news, from all regions; a sentence that names more begins again."""

KINDS = (NameKind.STATE, NameKind.ADJECTIVE, NameKind.CAPITAL)
LONGEST_NAME = 4
"""Words of the longest name that is looked up."""


def stand_ins(words: Sequence[str]) -> list[str]:
    """The same number of words; each word of a state's name, adjective or capital is its stand-in's.

    A name that may stand for two states ("Dominican") stays.
    """
    read, order, at = list(words), dict[str, str](), 0
    while at < len(words):
        size, found = _name_at(words, at)
        if found is not None:
            code, kind = found
            other = order.setdefault(code, STAND_INS[len(order) % len(STAND_INS)])
            read[at : at + size] = [_forms()[other, kind]] * size
        at += size
    return read


def _name_at(words: Sequence[str], at: int) -> tuple[int, tuple[str, NameKind] | None]:
    for size in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        found = _states().get(" ".join(words[at : at + size]))
        if found is not None:
            return size, found
    return 1, None


@cache
def _states() -> dict[str, tuple[str, NameKind]]:
    """Names that stand for one state only, with its code and what kind of name it is."""
    found: dict[str, tuple[str, NameKind]] = {}
    for name, entries in gazetteer().names.items():
        kinds = [entry.kind for entry in entries if entry.kind in KINDS]
        codes = {entry.actor.code for entry in entries}
        if kinds and len(codes) == 1 and codes <= gazetteer().states.keys():
            found[name] = (entries[0].actor.code, kinds[0])
    return found


@cache
def _forms() -> dict[tuple[str, NameKind], str]:
    """One word for each stand-in and kind of name."""
    found: dict[tuple[str, NameKind], str] = {}
    for name, key in _states().items():
        if key[0] in STAND_INS and " " not in name:
            found.setdefault(key, name)
    return found
