"""Features of a pair of actors and a class of events, as known on a day.

Each function gives named columns, a value for each pair of a `Panel`. Counts fade with the half-lives named in days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from dragoman.forecast.history import Flags, Floats, Ints
from dragoman.forecast.known import Known
from dragoman.forecast.questions import EventClass, Kind

HALF_LIVES = (3, 7, 30, 90)
"""Half-lives of counts, in days; beside them stands the count that never fades."""

NEVER = 999.0
"""Days since what never was."""

YEAR = 380
"""Days of record from which a year ago can be looked back to."""

Columns = dict[str, Floats]
Maker = Callable[[Known, "Pairs", EventClass], Mapping[str, Floats]]
"""Makes the columns of a class; `pair_columns` and its like ask for no class and are made once a day."""


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs of parties, by the parties' numbers in the history."""

    source: Ints
    target: Ints
    parties: int

    def __len__(self) -> int:
        return len(self.source)

    @cached_property
    def keys(self) -> Ints:
        """One number for each pair."""
        return self.source * self.parties + self.target

    @cached_property
    def back(self) -> Ints:
        """The keys of the same pairs the other way round."""
        return self.target * self.parties + self.source

    @cached_property
    def order(self) -> Ints:
        """The rows in the order of their keys."""
        return np.argsort(self.keys, kind="stable")


class Counts:
    """Weighted counts of some rows by pair, by source and by target."""

    def __init__(self, known: Known, pairs: Pairs, rows: Flags) -> None:
        self._pairs = pairs
        history = known.rows
        self._source, self._target = history.source[rows], history.target[rows]
        keys = self._source * pairs.parties + self._target
        self._distinct, self._slot = np.unique(keys, return_inverse=True)
        self.age = known.age[rows]

    def forth(self, weight: Floats) -> Floats:
        """From each pair's source to its target."""
        return self._by_pair(weight, self._pairs.keys)

    def back(self, weight: Floats) -> Floats:
        """From each pair's target to its source."""
        return self._by_pair(weight, self._pairs.back)

    def by_source(self, weight: Floats, party: Ints) -> Floats:
        """From each of the parties to anybody."""
        return np.bincount(self._source, weight, self._pairs.parties)[party].astype(float)

    def by_target(self, weight: Floats, party: Ints) -> Floats:
        """From anybody to each of the parties."""
        return np.bincount(self._target, weight, self._pairs.parties)[party].astype(float)

    def last(self, back: bool = False) -> Floats:
        """Days since the last of them; `NEVER` where there is none."""
        least = np.full(len(self._distinct), NEVER)
        np.minimum.at(least, self._slot, self.age)
        return self._looked_up(least, self._pairs.back if back else self._pairs.keys, NEVER)

    def faded(self, half_life: float | None) -> Floats:
        """The weights of the rows with a half-life in days."""
        return np.ones(len(self.age)) if half_life is None else np.exp2(-self.age / half_life)

    def _by_pair(self, weight: Floats, keys: Ints) -> Floats:
        sums = np.bincount(self._slot, weight, len(self._distinct)).astype(float)
        return self._looked_up(sums, keys, 0.0)

    def _looked_up(self, values: Floats, keys: Ints, otherwise: float) -> Floats:
        if not len(self._distinct):
            return np.full(len(keys), otherwise)
        place = np.minimum(np.searchsorted(self._distinct, keys), len(self._distinct) - 1)
        return np.where(self._distinct[place] == keys, values[place], otherwise)


def exposure(days: float, half_life: float | None) -> float:
    """The faded count that one event a day would have reached after so many days."""
    if half_life is None:
        return days
    return (1 - 2 ** (-days / half_life)) / (1 - 2 ** (-1 / half_life))


def recurrence(known: Known, pairs: Pairs, event_class: EventClass) -> Columns:
    """How often and how lately the class went forth and back, with the exposure of each count."""
    counts = Counts(known, pairs, known.of(event_class))
    found: Columns = {}
    for half_life in (*HALF_LIVES, None):
        weight = counts.faded(half_life)
        name = half_life or "ever"
        found[f"own_{name}"] = counts.forth(weight)
        if half_life not in (3, None):
            found[f"back_{name}"] = counts.back(weight)
    found["own_last"], found["back_last"] = counts.last(), counts.last(back=True)
    return found


def third_parties(known: Known, pairs: Pairs, event_class: EventClass) -> Columns:
    """The class between either of the two and anybody else, and in the whole record by day."""
    counts = Counts(known, pairs, known.of(event_class))
    found: Columns = {}
    for half_life in (7, 30):
        weight = counts.faded(half_life)
        own, back = counts.forth(weight), counts.back(weight)
        found[f"source_out_{half_life}"] = counts.by_source(weight, pairs.source) - own
        found[f"target_in_{half_life}"] = counts.by_target(weight, pairs.target) - own
        found[f"source_in_{half_life}"] = counts.by_target(weight, pairs.source) - back
        found[f"target_out_{half_life}"] = counts.by_source(weight, pairs.target) - back
        found[f"world_{half_life}"] = np.full(len(pairs), weight.sum() / exposure(known.observed, half_life))
    return found


def words_before(known: Known, pairs: Pairs, event_class: EventClass) -> Columns:
    """Words in the same domain (for a class without one: of the same course), said and promised, forth and back."""
    history = known.rows
    words = known.of(EventClass(Kind.WORD))
    same = words & _alike(known, event_class)
    found: Columns = {}
    for name, rows in (("words", same & ~history.pledged), ("pledges", same & history.pledged)):
        counts = Counts(known, pairs, rows)
        for half_life in (7, 30):
            weight = counts.faded(half_life)
            found[f"{name}_{half_life}"] = counts.forth(weight)
            found[f"{name}_back_{half_life}"] = counts.back(weight)
    return found


def _alike(known: Known, event_class: EventClass) -> Flags:
    """Rows of the domain of the class, or of the course (cooperation or conflict) of its quad."""
    history = known.rows
    if event_class.domain is not None:
        return known.of(EventClass(Kind.DOMAIN, event_class.domain.value))
    if event_class.kind is Kind.QUAD:
        return np.isin(history.quad, (1, 2) if event_class.value in ("1", "2") else (3, 4))
    return np.ones(len(history), dtype=bool)


def all_between(known: Known, pairs: Pairs) -> Columns:
    """All events of the pair and those of each quad, forth and back; what either does and suffers with everybody."""
    history = known.rows
    counts = Counts(known, pairs, known.of(EventClass(Kind.ANY)))
    found: Columns = {}
    for half_life in (7, 30, 90):
        weight = counts.faded(half_life)
        found[f"any_{half_life}"], found[f"any_back_{half_life}"] = counts.forth(weight), counts.back(weight)
        found[f"any_both_{half_life}"] = found[f"any_{half_life}"] + found[f"any_back_{half_life}"]
    week = counts.faded(7)
    found["any_source_7"], found["any_target_7"] = (
        counts.by_source(week, party) + counts.by_target(week, party) for party in (pairs.source, pairs.target)
    )
    found["any_last"], found["any_back_last"] = counts.last(), counts.last(back=True)
    for quad in (1, 2, 3, 4):
        own = Counts(known, pairs, history.quad == quad)
        for half_life in (14, 60):
            weight = own.faded(half_life)
            found[f"quad{quad}_{half_life}"], found[f"quad{quad}_back_{half_life}"] = (
                own.forth(weight),
                own.back(weight),
            )
    return found


def at_home(known: Known, pairs: Pairs) -> Columns:
    """What goes on within either of the two, in peace and in conflict."""
    history = known.rows
    found: Columns = {}
    for name, quads in (("peace", (1, 2)), ("conflict", (3, 4))):
        counts = Counts(known, pairs, history.home & np.isin(history.quad, quads))
        weight = counts.faded(7)
        found[f"home_{name}_source"] = counts.by_source(weight, pairs.source)
        found[f"home_{name}_target"] = counts.by_source(weight, pairs.target)
    return found


def triads(known: Known, pairs: Pairs) -> Columns:
    """What comes of third actors: friends of friends, enemies of friends, and enemies of enemies.

    With the faded counts (half-life 30 days) of cooperation and conflict between all as two symmetric matrices of
    logarithms, each is the sum over third actors of the product of the two ties (Heider 1946).
    """
    size = pairs.parties
    history, weight = known.rows, known.faded(30) * ~known.rows.home
    keys = history.source * size + history.target
    ties = []
    for quads in ((1, 2), (3, 4)):
        tie = np.bincount(keys, weight * np.isin(history.quad, quads), size * size).reshape(size, size)
        ties.append(np.log1p(tie + tie.T))
    friends, enemies = ties
    source, target = np.unique(pairs.source), np.unique(pairs.target)
    where = np.searchsorted(source, pairs.source), np.searchsorted(target, pairs.target)
    return {
        "friends_of_friends": (friends[source] @ friends[:, target])[where],
        "enemies_of_friends": (friends[source] @ enemies[:, target])[where],
        "enemies_of_enemies": (enemies[source] @ enemies[:, target])[where],
    }


WEEKS = 104
"""Weeks of the past in which the beginning of an era is sought."""

LEAST = 4.0
"""Log-likelihood that a change of rate must gain for a new era to begin; near 1 in 20 by chance alone."""


def eras(known: Known, pairs: Pairs) -> Columns:
    """The era of each pair: days since the rate of its events last changed, the rate since, and how it changed.

    The change is the week that parts the weeks before and after best as two Poisson rates, if it gains `LEAST`; the
    tone is the share of cooperation (half-life 30 days) and its distance from that of the whole past.
    """
    weeks = max(2, min(WEEKS, known.observed // 7))
    counts = Counts(known, pairs, known.of(EventClass(Kind.ANY)))
    table = np.zeros((len(pairs), weeks))
    number = (counts.age // 7).astype(int)
    for week in range(weeks):
        within = (number == week).astype(float)
        table[:, week] = counts.forth(within) + counts.back(within)
    newer = np.cumsum(table, axis=1)[:, :-1]
    older = table.sum(axis=1, keepdims=True) - newer
    span = np.arange(1, weeks)[None, :]
    gain = _likelihood(newer, span) + _likelihood(older, weeks - span) - _likelihood(newer + older, np.array(weeks))
    best = np.argmax(gain, axis=1)
    rows = np.arange(len(pairs))
    changed = gain[rows, best] > LEAST
    length = np.where(changed, best + 1.0, float(weeks))
    rate = np.where(changed, newer[rows, best], table.sum(axis=1)) / length
    before = np.where(changed, older[rows, best] / np.maximum(weeks - length, 1), rate)
    return {
        "era_days": 7 * length,
        "era_rate": rate,
        "era_change": np.log((rate + 0.05) / (before + 0.05)),
        **_tone(known, pairs),
    }


def _likelihood(count: Floats, weeks: Floats | Ints) -> Floats:
    """The part of a Poisson log-likelihood at its best rate that depends on the parting."""
    found: Floats = np.where(count > 0, count * np.log(np.maximum(count, 1e-9) / weeks), 0.0)
    return found


def _tone(known: Known, pairs: Pairs) -> Columns:
    friendly = np.isin(known.rows.quad, (1, 2))
    rows = known.of(EventClass(Kind.ANY))
    friendly, counts = friendly[rows], Counts(known, pairs, rows)
    shares = []
    for half_life in (30, None):
        weight = counts.faded(half_life)
        good = counts.forth(weight * friendly) + counts.back(weight * friendly)
        every = counts.forth(weight) + counts.back(weight)
        shares.append((good + 0.5) / (every + 1))
    return {"tone": shares[0], "tone_change": shares[0] - shares[1]}


def calendar(known: Known, pairs: Pairs) -> Columns:
    """The day of the week, and of the year where the record holds more than one."""
    day = date.fromordinal(known.day)
    angle = 2 * math.pi * day.timetuple().tm_yday / 365.25
    values = {
        "weekday": float(day.weekday()),
        "season_sine": math.sin(angle) if known.observed >= YEAR else math.nan,
        "season_cosine": math.cos(angle) if known.observed >= YEAR else math.nan,
    }
    return {name: np.full(len(pairs), value) for name, value in values.items()}


def last_year(known: Known, pairs: Pairs, event_class: EventClass) -> Columns:
    """How many events of the class fell within ten days of the day a year ago; unknown in a younger record."""
    if known.observed < YEAR:
        return {"last_year": np.full(len(pairs), np.nan)}
    rows = known.of(event_class) & known.window(known.day - 375, known.day - 340)
    return {"last_year": Counts(known, pairs, rows).forth(np.ones(int(rows.sum())))}


PAIR_MAKERS: tuple[Callable[[Known, Pairs], Columns], ...] = (
    all_between,
    at_home,
    triads,
    eras,
    calendar,
)
CLASS_MAKERS: tuple[Maker, ...] = (recurrence, third_parties, words_before, last_year)
