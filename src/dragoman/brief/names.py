"""Names as they stand in a sentence: organs with their state, articles before "United States"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_ORGAN = re.compile(r"(?P<noun>.+) \((?P<state>[^)]+)\)")
_WITH_ARTICLE = re.compile(
    r"(?:United|Democratic Republic|Central African|Dominican|Czech Republic|Republic of|Holy See|European"
    r"|African Union"
    r"|Netherlands|Philippines|Maldives|Bahamas|Gambia|Comoros|Seychelles|Solomon|Marshall|UN$|EU$|Houthis|Taliban"
    r"|International|Organi[sz]ation|Arab League|Council|Commission|World Health|State Department|Pentagon)"
)
KINDS = {
    "official": "an unnamed official",
    "analyst": "analysts",
    "media": "media reports",
    "anonymous": "unnamed sources",
}


_BODY = re.compile(r"\b(?:Ministry|Council|Agency|Forces|Army|Navy|Service|Guards?|Assembly|Senate|Party|Court|Group)$")


def say_name(name: str) -> str:
    """A name with its article where English wants one."""
    return f"the {name}" if _WITH_ARTICLE.match(name) or _BODY.search(name) else name


def say_actor(actor: Mapping[str, Any]) -> str:
    """An actor as readers know it: the state, its organ with its state, a person by name."""
    found = _ORGAN.fullmatch(actor["name"])
    if found is None:
        return say_name(str(actor["name"]))
    state = say_name(found["state"])
    noun = PLURALS.get(found["noun"], found["noun"])
    return f"{state}{'’' if state.endswith('s') else '’s'} {noun}"


def say_speaker(code: str, names: Mapping[str, str]) -> str:
    """A claimant's code or kind as a reader knows it."""
    return KINDS.get(code) or say_name(names.get(code, code))


def join(words: Sequence[str]) -> str:
    """Words as a list: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


PLURALS = {
    noun: f"{noun}s"
    for noun in (
        "soldier troop officer official force tourist protester demonstrator civilian activist worker student fighter "
        "jet drone missile warship warplane prisoner citizen lawmaker resident hacker engineer militant rebel villager "
        "migrant refugee reporter journalist prosecutor investigator researcher aide diplomat reservist sailor marine"
    ).split()
} | {"armed force": "armed forces", "security force": "security forces", "special force": "special forces"}
