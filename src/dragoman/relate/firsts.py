"""What a relation did for the first time: by domain, the day it was first claimed, reported and confirmed.

The pace of a relation may stay the same while what it is about changes; the first treaty, the first soldiers sent and
the day on which a side first owned up to them are turns that no count shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dragoman.relate.evidence import Happening
from dragoman.relate.told import Standing, standing_of
from dragoman.terms import Domain, EventType, Factuality

GENERAL = frozenset({Domain.DIPLOMACY, Domain.OTHER})
"""Domains of nearly every deed; a first one tells nothing."""

_RANKS: tuple[Standing, ...] = ("claimed", "reported", "confirmed")


@dataclass(frozen=True, slots=True)
class First:
    """The first deed of a domain that is so well known; `by` are those who claim it, or the parties that confirm it."""

    domain: Domain
    standing: Standing
    day: date
    by: tuple[str, ...]
    event: str
    mention: str | None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "domain": self.domain.value,
            "standing": self.standing,
            "day": self.day.isoformat(),
            "by": list(self.by),
            "event": self.event,
            "mention": self.mention,
        }


def firsts(happenings: Iterable[Happening]) -> list[First]:
    """The firsts among the events of one relation, oldest first.

    A deed counts, and a treaty signed or ratified. What was reported before is no news when it is claimed later; each
    step up from claimed to reported to confirmed is told once.
    """
    best: dict[Domain, int] = {}
    found = []
    for happening in sorted(happenings, key=lambda h: (h.day or date.max, h.event.id)):
        event, day = happening.event, happening.day
        if day is None or event.dismissed or event.domain is None or event.domain in GENERAL or not _counts(happening):
            continue
        standing = standing_of(happening)
        if standing == "denied":
            continue
        rank = _RANKS.index(standing)
        if rank > best.get(event.domain, -1):
            best[event.domain] = rank
            by = event.claimants if standing != "reported" else ()
            mention = happening.best_report().mention.id if happening.reports else None
            found.append(First(event.domain, standing, day, tuple(by), event.id, mention))
    return found


def _counts(happening: Happening) -> bool:
    event = happening.event
    treaty = event.type is EventType.SUPPORT and event.domain is Domain.TREATY
    return happening.is_deed or (treaty and event.factuality is Factuality.ACTUAL)
