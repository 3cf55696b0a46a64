"""What a report says of an indicator: that it is so, that somebody claims it, that it is talked of or denied."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from dragoman.records import Actor, Claimant
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.questions import Passage, Question, Questions, any_of, common, passage
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


class Reading:
    """A report with the passages around its predicate in which an indicator's words are sought.

    Each is made when it is first asked for, since few indicators ask for them.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.whole = passage(report.sentence)

    @cached_property
    def near(self) -> Passage:
        """Where the words of an indicator are sought."""
        return self._around(common().before, common().after)

    @cached_property
    def wider(self) -> Passage:
        """Where the words are sought that rule the report out."""
        if self.near is self.whole:
            return self.whole
        return self._around(common().before + common().farther, common().after + common().farther)

    @cached_property
    def nearest(self) -> Passage:
        """Where the words are sought that tell a step already taken."""
        return self._around(common().nearest, common().nearest)

    @cached_property
    def predicate(self) -> Passage:
        """The predicate alone; the sentence where it stands elsewhere."""
        place = self._predicate
        return self.whole if place is None else passage(self.report.sentence[slice(*place)])

    @property
    def _predicate(self) -> tuple[int, int] | None:
        """Where in the sentence the predicate stands; None where it is not in it."""
        mention = self.report.mention
        start = mention.predicate.start - mention.sentence.start
        end = mention.predicate.end - mention.sentence.start
        is_inside = mention.predicate.part == mention.sentence.part and 0 <= start < end <= len(self.report.sentence)
        return (start, end) if is_inside else None

    @cached_property
    def _words(self) -> tuple[list[tuple[int, int]], int, int] | None:
        """Where the words of the sentence stand, and which of them begin and end the predicate; None without it."""
        if (place := self._predicate) is None:
            return None
        words = [found.span() for found in _WORD.finditer(self.report.sentence)]
        start, end = place
        return words, bisect_right(words, (start, len(self.report.sentence))) - 1, bisect_left(words, (end, 0)) - 1

    def _around(self, before: int, after: int) -> Passage:
        """The passage of so many words before the predicate and behind it."""
        if self._words is None:
            return self.whole
        words, first, last = self._words
        begins, ends = words[max(0, first - before)][0], words[min(len(words) - 1, last + after)][1]
        whole = (begins, ends) == (0, len(self.report.sentence))
        return self.whole if whole else passage(self.report.sentence[begins:ends])


class Heard:
    """An event about the parties with its reports, read once for all indicators."""

    def __init__(self, happening: Happening, parties: tuple[str, str], ways: tuple[bool, bool], today: date) -> None:
        self.happening = happening
        self.parties = parties
        self.forth, self.back = ways
        self.today = today
        self.readings = [Reading(r) for r in happening.reports if r.available is None or r.available <= today]

    @cached_property
    def doers(self) -> tuple[str, ...]:
        """Which of the parties are its sources."""
        event = self.happening.event
        return tuple(sorted({called(a) for a in event.source if any(_is(a, party) for party in self.parties)}))

    @property
    def has_begun(self) -> bool:
        """Whether it is not dated after today."""
        period = self.happening.event.date
        return period is None or period.start <= self.today

    def possible(self, questions: Questions) -> int:
        """The indicators of which its reports may say something; see `Questions.possible`."""
        found, domain = 0, self.happening.event.domain
        for reading in self.readings:
            found |= questions.possible(domain, reading.report.mention.mode, reading.whole.words)
        return found & questions.of_type(self.happening.event.type)

    def factuality(self, report: Report) -> Factuality:
        """The report's own; the event's where a person has set it to what no report says."""
        event = self.happening.event
        told = {known.mention.factuality for known in self.happening.reports}
        return report.mention.factuality if event.factuality in told else event.factuality


def testimony(question: Question, heard: Heard) -> list[Piece]:
    """What the reports of one event say for an indicator.

    Once one of them is about the indicator, every denial of the event counts.
    """
    if heard.happening.event.type not in question.kinds:
        return []
    grips = [_grip(question, heard.happening, reading) for reading in heard.readings]
    if all(grip is None for grip in grips):
        return []
    pieces = [
        _piece(question, heard, reading, grip is not False)
        for reading, grip in zip(heard.readings, grips, strict=True)
        if grip is not None or reading.report.mention.factuality is Factuality.DENIED
    ]
    return [piece for piece in pieces if piece is not None]


def _grip(question: Question, happening: Happening, reading: Reading) -> bool | None:
    """Whether the report is about what is asked (True), hints at it (False), or neither (None)."""
    indicator, mention = question.indicator, reading.report.mention
    topical = happening.event.domain in indicator.domains or mention.mode in indicator.modes
    about = topical or question.may.stand_in(reading.near)
    if not about and not question.hints.stand_in(reading.near):
        return None
    if indicator.must and not question.must.stand_in(reading.near):
        return None
    if question.without.stand_in(reading.wider):
        return None
    sides = (*mention.source, *mention.target)
    if indicator.sectors and not any(party.actor.sector in indicator.sectors for party in sides):
        return None
    return about


def _piece(question: Question, heard: Heard, reading: Reading, grip: bool) -> Piece | None:
    """The report as evidence; None where it says nothing of the indicator."""
    happening, indicator, report, doers = heard.happening, question.indicator, reading.report, heard.doers
    kind, factuality = happening.event.type, heard.factuality(reading.report)
    speakers, by_party = _speakers(report, heard.parties)
    if kind is EventType.REJECT:
        if factuality is not Factuality.ACTUAL or not doers or not any_of(common().denials).stand_in(reading.near):
            return None
        return Piece(happening, report, State.CLAIMED, doers, True, True, True)
    forth, back = heard.forth, heard.back
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
    if not answers or not _is_done(question, heard, factuality, reading):
        directed = answers or kind not in common().undirected
        return Piece(happening, report, State.TALKED, speakers, False, forth or not directed, back or not directed)
    state = State.CONFIRMED if by_party else State.CLAIMED if speakers else State.REPORTED
    return Piece(happening, report, state, speakers, False, forth, back)


def _is_done(question: Question, heard: Heard, factuality: Factuality, reading: Reading) -> bool:
    if not heard.has_begun:
        return False
    if factuality is Factuality.PLEDGED and heard.happening.event.type is EventType.AGREE:
        return question.done.stand_in(reading.nearest)
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
    return any_of(common().receives).stand_in(reading.predicate)


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
