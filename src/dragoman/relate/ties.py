"""The ties of states and bodies in a period: how much each two cooperate and clash, and on what evidence."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dragoman.records import Actor
from dragoman.relate.evidence import Happening

WORD_WEIGHT, DEED_WEIGHT = 1, 3
"""What a word and a deed count for; a deed that somebody denies, or that outsiders alone tell of, counts as a word."""

MARGIN = 1 / 3
"""The balance from which one side leads: it then weighs at least twice as much as the other."""

FIRM = 3
"""The weight from which a tie says how two actors stand (a deed or three words); lighter ones make no bloc or triad."""

EVIDENCE = 5
"""Events shown for a tie."""


class Sign(StrEnum):
    """Which side of a tie leads."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Tie:
    """What two actors did and said to each other, whoever of them began; `first` comes before `second` by key.

    `cooperation` and `conflict` are sums of the weights of actual and pledged events, `events` is their number,
    `evidence` the ids of the five that tell most, those of the leading side first.
    """

    first: str
    second: str
    cooperation: int
    conflict: int
    events: int
    evidence: tuple[str, ...]

    @property
    def weight(self) -> int:
        """All that lies between the two."""
        return self.cooperation + self.conflict

    @property
    def balance(self) -> float:
        """From -1, conflict alone, to +1, cooperation alone."""
        return (self.cooperation - self.conflict) / self.weight

    @property
    def sign(self) -> Sign:
        """Positive or negative where one side weighs at least twice as much as the other, else mixed."""
        if self.balance >= MARGIN:
            return Sign.POSITIVE
        return Sign.NEGATIVE if self.balance <= -MARGIN else Sign.MIXED

    @property
    def is_telling(self) -> bool:
        """Whether it tells how the two stand: firm, and one side leads."""
        return self.weight >= FIRM and self.sign is not Sign.MIXED

    @property
    def strength(self) -> float:
        """The balance times the logarithm of one plus the weight, so that one much reported war does not drown all."""
        return self.balance * math.log1p(self.weight)

    def row(self) -> dict[str, object]:
        """The tie as plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "sign": self.sign.value,
            "balance": round(self.balance, 3),
            "cooperation": self.cooperation,
            "conflict": self.conflict,
            "events": self.events,
            "evidence": list(self.evidence),
        }


def weight_of(happening: Happening) -> int:
    """What an event counts for; 0 for a possible, denied or dismissed one."""
    if happening.event.dismissed or not (happening.is_deed or happening.is_word):
        return 0
    firm = happening.is_deed and not happening.event.contested and not happening.is_only_claimed
    return DEED_WEIGHT if firm else WORD_WEIGHT


def pairs_of(happening: Happening) -> list[tuple[str, str]]:
    """Each two parties that stand on opposite sides of it, once, by key; nobody is tied to himself."""
    return sorted(
        {
            (min(source.key, target.key), max(source.key, target.key))
            for source in happening.event.source
            for target in happening.event.target
            if source.key != target.key
        }
    )


def ties_of(happenings: Iterable[Happening]) -> list[Tie]:
    """The ties that these events amount to, sorted by their parties; an event that is given twice counts once.

    An event with several parties on a side counts in full for each pair: a warning by three states is one by each.
    """
    counted = {h.event.id: h for h in happenings if weight_of(h)}
    between: dict[tuple[str, str], list[Happening]] = defaultdict(list)
    for key in sorted(counted):
        for pair in pairs_of(counted[key]):
            between[pair].append(counted[key])
    return [_tie(pair, between[pair]) for pair in sorted(between)]


def _tie(pair: tuple[str, str], events: Sequence[Happening]) -> Tie:
    cooperation = sum(weight_of(h) for h in events if h.is_cooperation)
    conflict = sum(weight_of(h) for h in events if not h.is_cooperation)

    def rank(happening: Happening) -> tuple[bool, int, int, float, str]:
        event = happening.event
        led = happening.is_cooperation is not (cooperation >= conflict)
        return led, -weight_of(happening), -event.origins, -abs(event.intensity), event.id

    telling = sorted(events, key=rank)[:EVIDENCE]
    return Tie(*pair, cooperation, conflict, len(events), tuple(h.event.id for h in telling))


def names_of(happenings: Iterable[Happening]) -> dict[str, str]:
    """What to call each actor, by key: the commonest name of the state or body itself, else its key."""
    return commonest_names((actor, 1) for h in happenings for actor in (*h.event.source, *h.event.target))


def commonest_names(times: Iterable[tuple[Actor, int]]) -> dict[str, str]:
    """The same from actors with how often each stands in an event."""
    called: dict[str, Counter[str]] = defaultdict(Counter)
    for actor, count in times:
        called[actor.key][actor.name] += count * (actor.sector is None or ":" in actor.key)
    return {
        key: min(names, key=lambda name: (-names[name], name)) if any(names.values()) else key
        for key, names in sorted(called.items())
    }
