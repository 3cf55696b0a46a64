"""The events that tell most of a stretch of a relation, for a reader who will look at a handful."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import fmean
from typing import Any

from dragoman.relate.evidence import Happening
from dragoman.relate.series import reports_of
from dragoman.terms import Domain, EventType, Factuality

LINE = 160
"""Characters of the line that stands for an event."""

_Kind = tuple[EventType, Domain | None]


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling event: its id and day, who acts on whom, and the sentence that reports it, cut to one line.

    `claimants` are those who say so, where nobody but outsiders does.
    """

    event: str
    day: date | None
    source: tuple[str, ...]
    target: tuple[str, ...]
    factuality: str
    claimants: tuple[str, ...]
    line: str
    mention: str | None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "event": self.event,
            "day": self.day.isoformat() if self.day else None,
            "source": list(self.source),
            "target": list(self.target),
            "factuality": self.factuality,
            "claimants": list(self.claimants),
            "line": self.line,
            "mention": self.mention,
        }


def most_telling(
    happenings: Sequence[Happening], others: Sequence[Happening], weights: Mapping[str, Any]
) -> tuple[Telling, ...]:
    """The most telling of these events, in order of time; `others` are those of the relation's other eras."""
    own, other = _kinds(happenings), _kinds(others)
    by_day = _by_day(happenings, weights)
    left = [_Candidate(h, _kind(h), _score(h, own, other, weights) + by_day[h.event.id]) for h in happenings]
    chosen: list[Happening] = []
    while left and len(chosen) < weights["events"]:
        best = max(left, key=lambda c: (c.score * weights["again"] ** c.alike, c.happening.event.id))
        chosen.append(best.happening)
        left.remove(best)
        for candidate in left:
            candidate.alike += candidate.adds_little_to(best)
    return tuple(_telling(h) for h in sorted(chosen, key=lambda h: (h.day or date.max, h.event.id)))


@dataclass(slots=True, eq=False)
class _Candidate:
    """An event that may be chosen; `alike` counts the chosen ones to which it adds little."""

    happening: Happening
    kind: _Kind
    score: float
    alike: int = 0

    def adds_little_to(self, other: _Candidate) -> bool:
        """Whether it is of the same kind and direction, or of the same day."""
        mine, its = self.happening, other.happening
        return mine.day == its.day or (self.kind == other.kind and mine.event.source == its.event.source)


def _kind(happening: Happening) -> _Kind:
    return happening.event.type, happening.event.domain


def _kinds(happenings: Sequence[Happening]) -> Counter[_Kind]:
    return Counter(_kind(happening) for happening in happenings)


def _reports_by_day(happenings: Sequence[Happening]) -> Counter[date]:
    """The reports of all events of each day and of the days beside it."""
    reports: Counter[date] = Counter()
    for happening in happenings:
        if happening.day is not None:
            for beside in (-1, 0, 1):
                reports[happening.day + timedelta(days=beside)] += reports_of(happening)
    return reports


def _by_day(happenings: Sequence[Happening], weights: Mapping[str, Any]) -> Mapping[str, float]:
    """What its day adds to each event: how much is reported about it, or, without text, how far the day stands out."""
    busy = _reports_by_day(happenings)
    events = Counter(happening.day for happening in happenings)
    usual = fmean(events.values()) if events else 1.0

    def added(happening: Happening) -> float:
        if happening.day is None:
            return 0.0
        if happening.reports:
            return float(weights["busy_days"] * math.log2(max(1, busy[happening.day])))
        return float(weights["stands_out"] * max(0.0, math.log2(events[happening.day] / usual)))

    return {happening.event.id: added(happening) for happening in happenings}


def _score(happening: Happening, own: Counter[_Kind], other: Counter[_Kind], weights: Mapping[str, Any]) -> float:
    kind = _kind(happening)
    sentence = happening.best_report().sentence.lower() if happening.reports else ""
    formal = (
        kind[1] in weights["formal_domains"] or _any_of(tuple(weights["formal_words"])).search(sentence) is not None
    )
    return float(
        1
        + weights["origin"] * max(0, happening.event.origins - 1)
        + weights["doubling"] * math.log2(max(1, reports_of(happening)))
        + weights["intensity"] * abs(happening.event.intensity) / 10
        + weights["own_kind"] * own[kind] / (own[kind] + other[kind])
        + weights["formal"] * formal
        + weights["only_claimed"] * happening.is_only_claimed
        + weights["pledged"] * (happening.event.factuality is Factuality.PLEDGED)
    )


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of these letters, wherever they stand."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


def _telling(happening: Happening) -> Telling:
    event = happening.event
    report = happening.best_report() if happening.reports else None
    return Telling(
        event.id,
        happening.day,
        tuple(actor.code for actor in event.source),
        tuple(actor.code for actor in event.target),
        event.factuality.value,
        event.claimants if happening.is_only_claimed else (),
        _one_line(report.sentence) if report else f"{event.type.value} (no sentence is kept)",
        report.mention.id if report else None,
    )


def _one_line(sentence: str) -> str:
    """The sentence with single spaces, cut at a word where it is longer than a line."""
    words = " ".join(sentence.split())
    if len(words) <= LINE:
        return words
    return words[: words.rfind(" ", 0, LINE)].rstrip(" ,;:") + " …"
