"""What becomes of a word that no deed has settled: it stays open, or lapses when its time passes unkept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.relate.pledges import Pledge
from dragoman.relate.promises import lexicon
from dragoman.relate.sifting import Sieve
from dragoman.relate.told import Told
from dragoman.terms import EventType

EARLIER_DAYS = 31
"""An event dated to a month may lie before its first day of record; so far back deeds are looked for."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """What may settle a word: actual events by day, the days on which the relation was reported, and a sieve."""

    days: tuple[date, ...]
    events: tuple[Told, ...]
    reported: tuple[date, ...]
    sieve: Sieve

    def between(self, first: date, last: date) -> range:
        """The places of the events from shortly before the first day to the last."""
        early = first - timedelta(days=EARLIER_DAYS)
        return range(bisect_left(self.days, early), bisect_left(self.days, last + timedelta(days=1)))

    def within(self, first: date, last: date) -> Sequence[Told]:
        """The events from shortly before the first day to the last."""
        places = self.between(first, last)
        return self.events[places.start : places.stop]

    def reports_since(self, day: date, until: date) -> int:
        """How many documents about the relation were published between the two days."""
        return bisect_left(self.reported, until + timedelta(days=1)) - bisect_left(self.reported, day)


@dataclass(frozen=True, slots=True)
class Fate:
    """Why a word is still open, or on which day it lapsed."""

    reason: str
    lapsed_on: date | None = None


def fate_of(pledge: Pledge, deeds: Deeds, today: date) -> Fate:
    """Whether the word has lapsed by `today`; only a concrete one does, and only if the relation was read since."""
    endless = _endless(pledge, deeds)
    if endless:
        return Fate(endless)
    if pledge.kind == "deadline" and pledge.due is not None and today > pledge.due:
        return Fate(f"the day set ({pledge.due}) has passed; whether the demand was met is not followed", pledge.due)
    end, why = _term(pledge)
    if today <= end:
        return Fate(f"no deed is recorded yet; {why} ends on {end}")
    limits = lexicon().thresholds
    after = deeds.reports_since(end, today)
    if after < limits["coverage_after"] or deeds.reports_since(pledge.made, today) < limits["coverage"]:
        return Fate(f"{why} ended on {end}, but too little of this relation has been read since to tell")
    told = f"{why} ended on {end} and no deed is recorded, though {after} documents since report on the relation"
    return Fate(told, end)


def _endless(pledge: Pledge, deeds: Deeds) -> str | None:
    """Why the word has no term after which silence would mean anything."""
    if pledge.is_general:
        return "a general declaration: it names nothing that a deed could be held to"
    if pledge.acts and all(act.abstains for act in pledge.acts):
        return "a promise to hold back: no breach of it is recorded" + _accusation(pledge, deeds)
    if pledge.is_broad:
        return "no deed is recorded; a broad aim without a day does not lapse"
    if pledge.is_conditional:
        return "no deed is recorded; it was threatened on a condition that is not known to have come true"
    if pledge.is_unnamed:
        return "no visit or meeting can be told to be the one meant: only an office is named"
    return None


def _accusation(pledge: Pledge, deeds: Deeds) -> str:
    """Who accused whom of a breach, where somebody did."""
    last = pledge.made + timedelta(days=max(act.horizon for act in pledge.acts))
    for deed in deeds.within(pledge.made, last):
        late = deed.day is not None and deed.day >= pledge.made
        if late and deed.event.type is EventType.ACCUSE and deed.reading.tells("breaches"):
            return f", though {' and '.join(actor.name for actor in deed.event.source)} spoke of one on {deed.day}"
    return ""


def _term(pledge: Pledge) -> tuple[date, str]:
    if pledge.due is not None:
        return pledge.due + timedelta(days=int(lexicon().thresholds["grace_days"])), f"its own term ({pledge.due})"
    acts = sorted(pledge.acts, key=lambda act: (-act.horizon, act.name))
    days = acts[0].horizon if acts else int(lexicon().thresholds["horizon"])
    label = acts[0].label if acts else pledge.kind
    return pledge.made + timedelta(days=days), f"the usual term for {label} ({days} days)"
