"""What an entity's name tells: its country and its sector, as in `Military_(Russia)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dragoman.forecast.links.facts import Ints

_NAMED = re.compile(r"^(?P<sector>.+)_\((?P<country>[^()]+)\)$")
STATE = "(state)"
OTHER = "(other)"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Country and sector of each entity as numbers; country 0 is unknown."""

    country: Ints
    sector: Ints
    countries: int
    sectors: int


def kinds_of(entities: Sequence[str]) -> Kinds:
    """Countries and sectors read from names; a bare name that others bear in brackets is a state."""
    matches = [_NAMED.match(name) for name in entities]
    known = {match["country"] for match in matches if match}
    countries: dict[str, int] = {OTHER: 0}
    sectors: dict[str, int] = {OTHER: 0}
    country = np.zeros(len(entities), dtype=np.int64)
    sector = np.zeros(len(entities), dtype=np.int64)
    for i, (name, match) in enumerate(zip(entities, matches, strict=True)):
        if match:
            where, what = match["country"], match["sector"]
        elif name in known:
            where, what = name, STATE
        else:
            where, what = OTHER, OTHER
        country[i] = countries.setdefault(where, len(countries))
        sector[i] = sectors.setdefault(what, len(sectors))
    return Kinds(country, sector, len(countries), len(sectors))
