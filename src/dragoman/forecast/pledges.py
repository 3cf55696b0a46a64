"""Open pledges and threats as known on a day, with the odds of Kaplan and Meier that a deed follows in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dragoman.forecast.features import Columns, Pairs
from dragoman.forecast.history import TYPES, Flags, Floats, History, Ints
from dragoman.forecast.known import Known
from dragoman.terms import EventType

OPEN_DAYS = 365
"""Days after which a word that no deed has followed is no longer waited for."""

COURSES = {"pledge": (2, EventType.AGREE), "threat": (4, EventType.THREATEN)}
"""Words by course: the quad of the deeds that follow them, and the type that always is such a word."""


@dataclass(frozen=True)
class Curve:
    """The share still waiting by day after the word (Kaplan and Meier 1958): `waiting[d]` after d days."""

    waiting: Floats

    def odds(self, age: Ints, days: int) -> Floats:
        """The probability that a word that has waited `age` days is followed by a deed in the next `days`."""
        last = len(self.waiting) - 1
        now, then = self.waiting[np.minimum(age, last)], self.waiting[np.minimum(age + days, last)]
        found: Floats = np.where(now > 0, 1 - then / np.maximum(now, 1e-12), 0.0)
        return found


def curve(waited: Ints, followed: Flags, days: int = 2 * OPEN_DAYS) -> Curve:
    """The curve of words that waited so many days, each until a deed followed or until it was last looked at."""
    steps = np.arange(days + 1)
    events = np.bincount(np.minimum(waited[followed], days), minlength=days + 1)
    at_risk = len(waited) - np.searchsorted(np.sort(waited), steps, side="left")
    return Curve(np.cumprod(1 - events / np.maximum(at_risk, 1)).astype(float))


@dataclass(frozen=True)
class Words:
    """Pledges or threats: the pair's key, the day, the days waited and whether a deed followed; `rows` tell which."""

    keys: Ints
    waited: Ints
    followed: Flags
    rows: Ints


def words_of(known: Known, course: str, parties: int) -> Words:
    """All words of a course known on the day, each with the first later deed of the same pair and course."""
    history = known.rows
    quad, kind = COURSES[course]
    verbal = history.type == TYPES.index(kind)
    said = np.flatnonzero(verbal & history.firm & ~history.home)
    deeds = history.firm & ~history.pledged & (history.quad == quad)
    keys = history.source * parties + history.target
    # One number for pair and day, so that the first deed after a word is found by one search.
    span = 10_000_000
    done = np.sort(keys[deeds] * span + history.day[deeds])
    asked = keys[said] * span + history.day[said] + 1
    place = np.searchsorted(done, asked)
    there = np.append(done, -1)[np.minimum(place, len(done))]
    same = (place < len(done)) & (there // span == keys[said])
    waited = np.where(same, there % span - history.day[said], known.day - history.day[said])
    return Words(keys[said], waited, same, said)


def pledge_columns(known: Known, pairs: Pairs, horizons: Sequence[int]) -> Columns:
    """For each pair and course the open words, and the odds that at least one of them is followed by each horizon."""
    found: Columns = {}
    for course in COURSES:
        words = words_of(known, course, pairs.parties)
        fitted = curve(words.waited, words.followed)
        waiting = ~words.followed & (words.waited <= OPEN_DAYS)
        keys, age = words.keys[waiting], words.waited[waiting]
        found[f"{course}s_open"] = _sum(keys, np.ones(len(keys)), pairs)
        for days in horizons:
            missed = np.log1p(-np.minimum(fitted.odds(age, days), 0.999))
            found[f"{course}_odds_{days}"] = -np.expm1(_sum(keys, missed, pairs))
    return found


def open_words(history: History, day: int, source: int, target: int, course: str) -> Ints:
    """The rows of the words of a pair that are open on a day."""
    known = Known(history, day)
    words = words_of(known, course, len(history.parties))
    own = words.keys == source * len(history.parties) + target
    found: Ints = words.rows[own & ~words.followed & (words.waited <= OPEN_DAYS)]
    return found


def _sum(keys: Ints, values: Floats, pairs: Pairs) -> Floats:
    distinct, slot = np.unique(keys, return_inverse=True)
    if not len(distinct):
        return np.zeros(len(pairs))
    sums = np.bincount(slot, values, len(distinct))
    place = np.minimum(np.searchsorted(distinct, pairs.keys), len(distinct) - 1)
    return np.where(distinct[place] == pairs.keys, sums[place], 0.0)
