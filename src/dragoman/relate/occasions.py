"""The calendar of greetings and remembrance: which occasion a statement is made on."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

NEAR_OCCASION = timedelta(days=3)
"""How near to an occasion a greeting must lie that does not name it."""


HALF_A_YEAR = 182
"""Days within which no other return of a yearly day lies as close."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day of the year: whose ("*" everybody's), its name, the cues that name it, and the days around it."""

    country: str
    partners: tuple[str, ...]
    name: str
    month: int
    day: int
    cues: re.Pattern[str] | None
    is_remembrance: bool
    before: timedelta
    after: timedelta

    def serves(self, first: str, second: str) -> bool:
        """Whether it is a day of one of the two that the other may mark."""
        if self.country == "*":
            return True
        pair = {first, second}
        return self.country in pair and (not self.partners or bool(pair & set(self.partners)))

    def nearest(self, day: date) -> date:
        """Its return that lies closest to the day; the 29th of February is no occasion."""
        same_year = date(day.year, self.month, self.day)
        if abs((same_year - day).days) <= HALF_A_YEAR:
            return same_year
        returns = (date(year, self.month, self.day) for year in (day.year - 1, day.year, day.year + 1))
        return min(returns, key=lambda known: abs(known - day))


def speaks_of(occasion: Occasion, text: str) -> bool:
    """Whether a text names the occasion, or greets at all."""
    return bool((occasion.cues and occasion.cues.search(text)) or calendar()[1].search(text))


def occasion_of(text: str, days: Iterable[date], first: str, second: str) -> tuple[Occasion | None, int]:
    """The occasion that a text of these days names, or that its greeting falls on, and the year of its return."""
    greets = bool(calendar()[1].search(text))
    found = []
    for day in days:
        for place, occasion, returns in _occasions_around(day, first, second):
            named = bool(occasion.cues and occasion.cues.search(text)) and (greets or not occasion.is_remembrance)
            by_day = greets and occasion.country != "*" and abs(returns - day) <= NEAR_OCCASION
            if named or (by_day and not occasion.is_remembrance):
                rank = (not named, abs(returns - day), occasion.country == "*", occasion.name, place)
                found.append((rank, returns, occasion))
    if not found:
        return None, 0
    _, returns, occasion = min(found, key=lambda entry: entry[0])
    return occasion, returns.year


def in_year(day: date, year: int) -> date:
    """The same day of another year; 28 February for a leap day."""
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


@cache
def _occasions_of(first: str, second: str) -> tuple[Occasion, ...]:
    return tuple(occasion for occasion in calendar()[0] if occasion.serves(first, second))


def _occasions_around(day: date, first: str, second: str) -> Sequence[tuple[int, Occasion, date]]:
    """The occasions of the two that the day is near enough to: place in the calendar, occasion, its return."""
    return _occasions_in(day.year, first, second).get(day, ())


@lru_cache(maxsize=1024)
def _occasions_in(year: int, first: str, second: str) -> Mapping[date, Sequence[tuple[int, Occasion, date]]]:
    """For the days of a year what `_occasions_around` tells; no occasion is marked half a year off."""
    found: dict[date, list[tuple[int, Occasion, date]]] = defaultdict(list)
    for place, occasion in enumerate(_occasions_of(first, second)):
        years = range(max(MINYEAR, year - 1), min(MAXYEAR, year + 1) + 1)
        for returns in (date(known, occasion.month, occasion.day) for known in years):
            for days in range(-occasion.before.days, occasion.after.days + 1):
                found[returns + timedelta(days=days)].append((place, occasion, returns))
    return found


@cache
def cues() -> tuple[str, ...]:
    """Every cue of an occasion or a greeting; a text without any of them is made on no known occasion."""
    data = _data()
    return tuple(
        {*data["greetings"], *chain(*data["kinds"].values()), *chain(*(e.get("cues", ()) for e in data["occasion"]))}
    )


@lru_cache(maxsize=65536)
def greets(word: str) -> bool:
    """Whether a word is one of greeting."""
    return bool(calendar()[1].search(word))


@cache
def calendar() -> tuple[tuple[Occasion, ...], re.Pattern[str], re.Pattern[str]]:
    """The occasions, the words of greeting and the words of briefings."""
    data = _data()
    occasions = tuple(_occasion(entry, data["kinds"]) for entry in data["occasion"])
    return occasions, _any_of(data["greetings"]), _any_of(data["briefings"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("dragoman.relate").joinpath("data/occasions.toml").read_text("utf-8"))


def _occasion(entry: dict[str, Any], kinds: dict[str, list[str]]) -> Occasion:
    kind = entry.get("kind")
    cues = [*entry.get("cues", ()), *(kinds[kind] if kind else ())]
    return Occasion(
        country=entry["country"],
        partners=tuple(entry.get("with", ())),
        name=entry["name"],
        month=entry["month"],
        day=entry["day"],
        cues=_any_of(cues) if cues else None,
        is_remembrance=kind == "remembrance",
        before=timedelta(days=entry.get("before", 10)),
        after=timedelta(days=entry.get("after", 10)),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\b", re.IGNORECASE)
