"""The dated crosswalk of country codes: ISO alpha-3 and alpha-2, COW, Gleditsch-Ward, CAMEO and FIPS, and names.

`data/countries.csv` was written for this project. `code` is the code of the record (ISO 3166 alpha-3, and KOS for
Kosovo); states that are no more keep their old ISO code, but for those that a state of today continues (the Soviet
Union: RUS; Yugoslavia from April 1992: SRB). A code or name that two states have had is read by the day.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Codes(StrEnum):
    """The systems of codes that are known."""

    ISO3 = "iso3"
    ISO2 = "iso2"
    ISO_NUMBER = "iso-number"
    COW = "cow"
    GW = "gw"
    CAMEO = "cameo"
    FIPS = "fips"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Holder:
    """A state that has a code from `first` to `last`; an open end is None."""

    code: str
    first: date | None
    last: date | None

    def had(self, day: date) -> bool:
        """Whether the state stood on that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Every code of every system with the states that have or had it."""

    holders: Mapping[tuple[Codes, str], tuple[Holder, ...]]
    names: Mapping[str, str]
    """The first name of each code."""
    cow_numbers: Mapping[str, str]
    """The Correlates of War number of each code that has one; of several that a state has had, the one of today."""
    shared: frozenset[tuple[Codes, str]]
    """The codes that more than one state has had: only these need a day."""

    def code(self, system: Codes, value: str, day: date | None = None) -> str | None:
        """The record's code for a code of another system; None where there is none, or several and no day tells."""
        found = self.holders.get((system, _key(system, value)), ())
        codes = {holder.code for holder in found}
        if len(codes) == 1:
            return codes.pop()
        standing = {holder.code for holder in found if day is not None and holder.had(day)}
        return standing.pop() if len(standing) == 1 else None

    def is_dated(self, system: Codes, value: str) -> bool:
        """Whether the answer for this code depends on the day."""
        return (system, _key(system, value)) in self.shared


def _key(system: Codes, value: str) -> str:
    if system is Codes.NAME:
        return plain_name(value)
    if system in (Codes.COW, Codes.GW, Codes.ISO_NUMBER):
        return value.strip().split(".")[0].lstrip("0")
    return value.strip().upper()


@cache
def plain_name(text: str) -> str:
    """A name without case, accents, punctuation and a leading “the”."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+", " ", bare.replace("_", " ")).strip().removeprefix("the ")


@cache
def crosswalk() -> Crosswalk:
    """The crosswalk that ships with the package."""
    found: dict[tuple[Codes, str], list[Holder]] = defaultdict(list)
    names: dict[str, str] = {}
    cow_numbers: dict[str, str] = {}
    text = files("dragoman.exchange").joinpath("data/countries.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        holder = Holder(row["code"], _day(row["from"]), _day(row["until"]))
        spellings = row["names"].split("|")
        names.setdefault(row["code"], spellings[0])
        if row["cow"]:
            cow_numbers.setdefault(row["code"], row["cow"].split("|")[0])
        own: dict[Codes, list[str]] = {
            Codes.ISO3: [row["code"]] + (["XKX", "XKO"] if row["code"] == "KOS" else []),
            Codes.ISO2: [row["iso2"]],
            Codes.ISO_NUMBER: [row["number"]],
            Codes.COW: row["cow"].split("|"),
            Codes.GW: row["gw"].split("|"),
            Codes.CAMEO: (row["cameo"] or row["code"]).split("|"),
            Codes.FIPS: row["fips"].split("|"),
            Codes.NAME: spellings,
        }
        for system, values in own.items():
            for value in values:
                if value:
                    found[system, _key(system, value)].append(holder)
    shared = {key for key, group in found.items() if len({holder.code for holder in group}) > 1}
    return Crosswalk({key: tuple(group) for key, group in found.items()}, names, cow_numbers, frozenset(shared))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
