"""What a report says of an indicator: that it is so, that somebody claims it, that it is talked of or denied."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dragoman.records import Actor, Claimant
from dragoman.relate.evidence import Happening, Report, acts
from dragoman.relate.questions import Indicator, Passage, any_of, common, passage
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES, ClaimantKind, EventType, Factuality

_WORD = re.compile(r"\S+")


class State(StrEnum):
    """How sure the record is of the answer, weakest first."""

    NOTHING = "nothing seen"
    TALKED = "talked of"
    CLAIMED = "claimed"
    REPORTED = "reported"
    CONFIRMED = "confirmed"


STATES = tuple(State)
"""All of them, weakest first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One report for an indicator; `state` None says nothing for it, and `forth` and `back` are the ways it goes."""

    happening: Happening
    report: Report
    state: State | None
    speakers: tuple[str, ...]
    denies: bool
    forth: bool
    back: bool

    @property
    def said(self) -> date | None:
        """The day of the report."""
        return self.report.available or self.happening.day


def called(actor: Actor) -> str:
    """A state's code; the name of a body or an armed group."""
    return actor.name if actor.code in NON_STATE_CODES or actor.sector in ARMED_GROUPS else actor.code


@dataclass(frozen=True, slots=True)
class Reading:
    """A report with the passages around its predicate in which an indicator's words are sought."""

    report: Report
    near: Passage
    wider: Passage
    nearest: str
    predicate: str


def read_report(report: Report) -> Reading:
    """The report, made ready once for all indicators."""
    table, sentence = common(), report.sentence
    start = report.mention.predicate.start - report.mention.sentence.start
    end = report.mention.predicate.end - report.mention.sentence.start
    if report.mention.predicate.part != report.mention.sentence.part or not 0 <= start < end <= len(sentence):
        whole = passage(sentence)
        return Reading(report, whole, whole, sentence, sentence)
    words = [found.span() for found in _WORD.finditer(sentence)]
    first = bisect_right(words, (start, len(sentence))) - 1
    last = bisect_left(words, (end, 0)) - 1

    def around(before: int, after: int) -> str:
        return sentence[words[max(0, first - before)][0] : words[min(len(words) - 1, last + after)][1]]

    wider = around(table.before + table.farther, table.after + table.farther)
    near, nearest = around(table.before, table.after), around(table.nearest, table.nearest)
    return Reading(report, passage(near), passage(wider), nearest, sentence[start:end])


def kinds_of(indicator: Indicator) -> frozenset[EventType]:
    """The types of event that may say something for an indicator, or against it."""
    others = (EventType.REJECT, EventType.SUPPORT) if indicator.thanked else (EventType.REJECT,)
    return frozenset((*indicator.types, *indicator.talk, *others))


def testimony(
    indicator: Indicator, happening: Happening, readings: Sequence[Reading], parties: tuple[str, str], today: date
) -> list[Piece]:
    """What the reports of one event, read before, say for an indicator.

    Once one of them is about the indicator, every denial of the event counts.
    """
    if happening.event.type not in kinds_of(indicator):
        return []
    grips = [_grip(indicator, happening, reading) for reading in readings]
    if all(grip is None for grip in grips):
        return []
    pieces = [
        _piece(indicator, happening, reading, grip is not False, parties, today)
        for reading, grip in zip(readings, grips, strict=True)
        if grip is not None or reading.report.mention.factuality is Factuality.DENIED
    ]
    return [piece for piece in pieces if piece is not None]


def _grip(indicator: Indicator, happening: Happening, reading: Reading) -> bool | None:
    """Whether the report is about what is asked (True), hints at it (False), or neither (None)."""
    mention = reading.report.mention
    topical = happening.event.domain in indicator.domains or mention.mode in indicator.modes
    about = topical or any_of(indicator.may or indicator.must).stand_in(reading.near)
    if not about and not any_of(indicator.hints).stand_in(reading.near):
        return None
    if indicator.must and not any_of(indicator.must).stand_in(reading.near):
        return None
    if any_of(indicator.without).stand_in(reading.wider):
        return None
    sides = (*mention.source, *mention.target)
    if indicator.sectors and not any(party.actor.sector in indicator.sectors for party in sides):
        return None
    return about


def _piece(
    indicator: Indicator, happening: Happening, reading: Reading, grip: bool, parties: tuple[str, str], today: date
) -> Piece | None:
    """The report as evidence; None where it says nothing of the indicator."""
    report, kind, factuality = reading.report, happening.event.type, _factuality(happening, reading.report)
    speakers, by_party = _speakers(report, parties)
    doers = tuple(sorted({called(a) for a in happening.event.source if any(_is(a, party) for party in parties)}))
    if kind is EventType.REJECT:
        if factuality is not Factuality.ACTUAL or not doers or not any_of(common().denials).stand_in(reading.near):
            return None
        return Piece(happening, report, State.CLAIMED, doers, True, True, True)
    forth, back = acts(happening, *parties), acts(happening, parties[1], parties[0])
    thanks = indicator.thanked and grip and kind is EventType.SUPPORT and _is_thanks(reading)
    if thanks and factuality is Factuality.ACTUAL and doers and (by_party or not speakers):
        return Piece(happening, report, State.CONFIRMED, doers, False, back, forth)
    if kind not in (*indicator.types, *indicator.talk):
        return None
    if _receives(happening, reading):
        forth, back = back, forth
    answers = grip and kind in indicator.types
    if factuality is Factuality.DENIED:
        if not speakers:
            return None
        state = (State.CLAIMED if answers else State.TALKED) if by_party else None
        return Piece(happening, report, state, speakers, True, forth, back)
    if not answers or not _is_done(indicator, happening, factuality, reading, today):
        directed = answers or kind not in common().undirected
        return Piece(happening, report, State.TALKED, speakers, False, forth or not directed, back or not directed)
    state = State.CONFIRMED if by_party else State.CLAIMED if speakers else State.REPORTED
    return Piece(happening, report, state, speakers, False, forth, back)


def _is_done(indicator: Indicator, happening: Happening, factuality: Factuality, reading: Reading, today: date) -> bool:
    period = happening.event.date
    if period is not None and period.start > today:
        return False
    if factuality is Factuality.PLEDGED and happening.event.type is EventType.AGREE:
        return any_of(indicator.done).stand_in(passage(reading.nearest))
    return factuality is Factuality.ACTUAL


def _is_thanks(reading: Reading) -> bool:
    words = common()
    return any_of(words.thanks).stand_in(reading.near) and not any_of(words.offers).stand_in(reading.near)


def _receives(happening: Happening, reading: Reading) -> bool:
    """Whether it is the source that receives, as in "Russia buys shells from North Korea"."""
    if happening.event.type in common().receiving_types:
        return True
    if happening.event.type not in common().receives_in:
        return False
    return any_of(common().receives).stand_in(passage(reading.predicate))


def _factuality(happening: Happening, report: Report) -> Factuality:
    """The report's own; the event's where a person has set it to what no report says."""
    told = {r.mention.factuality for r in happening.reports}
    return report.mention.factuality if happening.event.factuality in told else happening.event.factuality


def _speakers(report: Report, parties: tuple[str, str]) -> tuple[tuple[str, ...], bool]:
    """Who knows it, the last of the chain and all who speak with him; and whether the parties themselves say so.

    Hearsay of a party's words by an outsider is an outsider's claim. Media speak for a state only if it owns them.
    """
    chain = report.mention.claimants
    owner = common().agencies.get(report.credit or "")
    if not chain:
        return ((owner,), True) if owner in parties and owner else ((), False)
    last = [claimant for claimant in chain if claimant.cue == chain[-1].cue]
    names = tuple(sorted({_speaker(claimant) for claimant in last}))
    return names, all(_speaks_for_party(claimant, parties, report) for claimant in chain)


def _speaks_for_party(claimant: Claimant, parties: tuple[str, str], report: Report) -> bool:
    actor = claimant.actor
    if actor is None or not any(_is(actor, party) for party in parties):
        return False
    if claimant.kind is not ClaimantKind.MEDIA or actor.code in common().media_owners:
        return claimant.kind in (ClaimantKind.OFFICIAL, ClaimantKind.MEDIA)
    agencies = tuple(name for name, owner in common().agencies.items() if owner == actor.code)
    return any_of(agencies).stand_in(passage(f"{actor.name} {report.sentence}"))


def _speaker(claimant: Claimant) -> str:
    return called(claimant.actor) if claimant.actor else claimant.kind.value


def _is(actor: Actor, party: str) -> bool:
    """Whether the actor is the party itself; an armed group of a country is not the country."""
    return party == actor.name or party == called(actor)
