"""Tells whether a later deed settles a promise or threat: a score, a verdict, and the reasons in plain English.

Domain alone never settles. What counts is the kind of act, the objects named, amounts, who acts on whom, the people
named, the wording, and the order in time; the tables are data (`data/ledger.toml`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dragoman.periods import Precision
from dragoman.relate.deadlines import due_day
from dragoman.relate.evidence import Happening
from dragoman.relate.fitting import (
    MISSING,
    UNNAMED,
    UNSURE,
    acts_of,
    amount_done,
    by_pledger,
    counted,
    domain_fit,
    fit,
    heading,
    is_thanks,
    only_broad,
    people_fit,
    shared,
    things_fit,
    wording,
)
from dragoman.relate.likening import fitted, liken
from dragoman.relate.promises import Act, Reading, lexicon
from dragoman.relate.told import Standing, Told, tell
from dragoman.terms import EventType, Factuality

WORDS_ALIKE = 0.5
"""Share of common words from which two texts count as worded fully alike."""

LEAST_LIKENESS = 0.4
"""Likeness of wording that must stand in where neither object nor person is shared."""

LONGEST_DAYS = 1096
"""Days after a word in which a deed may settle it by likeness alone."""

LEAST_RATIO = 0.05
"""A smaller share of the promised amount is not taken for a part of it."""

RECANT_TYPES = frozenset(
    {
        EventType.REJECT,
        EventType.CONCEDE,
        EventType.RETREAT,
        EventType.SANCTION,
        EventType.AGREE,
        EventType.SUPPORT,
        EventType.COOPERATE,
    }
)


class Verdict(StrEnum):
    """What a deed does to a promise or threat."""

    SETTLES = "settles"
    PARTLY = "partly"
    BREAKS = "breaks"
    WITHDRAWS = "withdraws"
    NONE = "none"


_LIKENED = {
    Verdict.SETTLES: "looks like what was said",
    Verdict.PARTLY: "looks like a part of what was said",
    Verdict.BREAKS: "looks contrary to what was said",
    Verdict.WITHDRAWS: "looks like taking the words back",
}


@dataclass(frozen=True, slots=True)
class Match:
    """How a deed bears on a promise; `score` 0 to 1, `standing` who stands behind the report of the deed.

    `specific` tells that an object, a person or an amount is shared, not merely the kind of act; `measured` is false
    where an amount was promised and the report of the deed gives none, `fitted_only` true where no rule speaks for it
    and the score is the fitted function's probability.
    """

    score: float
    verdict: Verdict
    reasons: tuple[str, ...]
    standing: Standing = "reported"
    specific: bool = True
    measured: bool = True
    fitted_only: bool = False

    @property
    def reason(self) -> str:
        """The reasons as one line."""
        return "; ".join(self.reasons)

    def row(self) -> dict[str, object]:
        """Plain values for the command."""
        return {
            "score": self.score,
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
            "standing": self.standing,
        }


@dataclass(frozen=True, slots=True)
class _Pair:
    """A promise beside a deed as one report words it, seen as one act; `due` its day, if it has one.

    With `settling_only` no score is reckoned of what will settle nothing.
    """

    pledge: Told
    deed: Told
    promise: Reading
    reading: Reading
    act: Act
    standing: Standing
    due: date | None
    settling_only: bool

    def judged(
        self, score: float, verdict: Verdict, reasons: list[str], specific: bool = True, measured: bool = True
    ) -> Match:
        enough = score >= lexicon().thresholds["settles"]
        told = tuple(filter(None, reasons))
        return Match(round(score, 3), verdict if enough else Verdict.NONE, told, self.standing, specific, measured)

    def passed_over(self, score: float, reasons: list[str]) -> Match:
        noted = round(min(score, lexicon().thresholds["noted"]), 3)
        return Match(noted, Verdict.NONE, tuple(reasons), self.standing)


def match_score(pledge: Happening, deed: Happening) -> Match:
    """How well a deed fits a pledge or threat: 0 to 1 with the reasons; no side of the relation need be named."""
    return match_told(tell(pledge), tell(deed))


def match_told(pledge: Told, deed: Told, *, by_rules_alone: bool = False) -> Match:
    """The same for events that were read before.

    By rules alone, likeness is not asked, and the score of a match that settles nothing not reckoned.
    """
    barred = bar(pledge, deed)
    if barred:
        return Match(0.0, Verdict.NONE, (barred,), deed.standing)
    match = rule_match(pledge, deed, settling_only=by_rules_alone)
    return match if by_rules_alone or match.verdict is not Verdict.NONE else _likened(pledge, deed, match)


def rule_match(pledge: Told, deed: Told, *, settling_only: bool = False) -> Match:
    """What the rules alone make of a deed that nothing bars."""
    promise = pledge.reading
    standing = deed.standing
    due = due_day(promise.clause, pledge.day) if pledge.day else None
    acts = acts_of(pledge, promise)
    found = [
        match
        for reading in deed.readings
        for act in acts
        for match in _matches(_Pair(pledge, deed, promise, reading, act, standing, due, settling_only))
    ]
    if not found:
        return Match(0.0, Verdict.NONE, ("the deed is of another kind than what was said",), standing)
    return max(found, key=lambda match: (match.verdict is not Verdict.NONE, match.score, match.verdict, match.reasons))


def _likened(pledge: Told, deed: Told, match: Match) -> Match:
    """What the fitted function makes of a deed for which no rule speaks; a domain alone never settles."""
    made, done = pledge.day, deed.day
    if made is None or done is None or (done - made).days > LONGEST_DAYS:
        return match
    likeness = liken(pledge, deed, match.score)
    if likeness.bearing < fitted().threshold or not likeness.evidence:
        return match
    verdict = Verdict(likeness.best)
    reasons = (
        f"{_said(deed)} {_LIKENED[verdict]}, by likeness to labelled pairs ({likeness.bearing:.2f})",
        *likeness.evidence,
    )
    return Match(round(likeness.bearing, 3), verdict, reasons, match.standing, fitted_only=True)


def bar(pledge: Told, deed: Told) -> str | None:
    """Why the deed cannot bear on the pledge at all, whatever it is."""
    if deed.event.factuality is not Factuality.ACTUAL:
        return f"the deed is only {deed.event.factuality.value}"
    made, done = pledge.day, deed.day
    if made is None or done is None:
        return "without both days nothing shows which came first"
    period = deed.event.date
    if period is not None and period.start < made <= period.end and period.precision is Precision.YEAR:
        return "the deed is dated to the year only and may be older than the words"
    if (period.end if period is not None else done) < made:
        return f"it was done on {done.isoformat()}, before the words of {made.isoformat()}"
    if deed.sentences & pledge.sentences:
        return "the same sentence tells of both"
    if period is None and deed.documents <= pledge.documents:
        return "it is told in the same document without a date"
    if all(reading.tells("repeats") for reading in deed.readings):
        return "it only repeats the words"
    if period is None and all(reading.tells("back") for reading in deed.readings):
        return "the report looks back to an older deed"
    return None


def _matches(pair: _Pair) -> Iterator[Match]:
    """What the deed, as one report words it, may do to one promised act."""
    made, done, kind = pair.pledge.day, pair.deed.day, pair.deed.event.type
    if made is None or done is None or (done - max(made, pair.due or made)).days > pair.act.horizon:
        return
    recants, contrary = pair.reading.tells("recants"), pair.reading.tells("contrary")
    takes_back = recants and kind in RECANT_TYPES
    against = kind in pair.act.broken_by and (contrary or recants or pair.act.abstains)
    own = (takes_back or against) and by_pledger(pair.pledge, pair.deed)
    if takes_back and own:
        yield _against(pair, Verdict.WITHDRAWS)
    if against and own:
        yield _against(pair, Verdict.BREAKS)
    elif pair.act.course == "threat" or not ((contrary or recants) and kind in pair.act.broken_by):
        keeping = _keeps(pair)
        if keeping is not None:
            yield keeping


def _keeps(pair: _Pair) -> Match | None:
    """What speaks for the deed being the promised one; None where its type, direction or course rules it out."""
    pledge, deed, promise, reading, act = pair.pledge, pair.deed, pair.promise, pair.reading, pair.act
    thanks = is_thanks(pledge, deed, reading, act)
    if not (thanks or deed.event.type in act.kept_by):
        return None
    who = "the other side thanks for it" if thanks else heading(pledge, deed, promise, act)
    if who is None:
        return None
    if act.abstains and not (reading.tells("ended") or deed.event.mode == "ceasefire"):
        return None
    fitting, why = fit(pledge, deed, promise, reading, act)
    shown = thanks or act.free or act.name in reading.deeds
    loose = fitting <= UNNAMED or only_broad(promise, reading, act)
    if loose and not shown and pair.settling_only:
        return None
    words = shared(pledge, deed, promise, reading)
    settles_nothing = loose and (words < LEAST_LIKENESS or not shown)
    if settles_nothing and pair.settling_only:
        return None
    likeness = wording(pledge, deed, words)
    score = _sum(1.0 if shown else UNSURE, fitting, likeness, domain_fit(pledge, deed))
    manner = "fits the promised" if act.course == "pledge" else "is what was threatened:"
    reasons = [f"{_said(deed)} {manner} {act.label}", why, who]
    if settles_nothing:
        return pair.passed_over(score, [why])
    share, told = amount_done(promise, reading)
    reasons.append(told)
    if share is not None and share < LEAST_RATIO:
        return pair.passed_over(score, [why, told])
    part = lexicon().cues["parts"].search(reading.clause) if share is None and not act.free else None
    if part:
        reasons.append(f"the report says “{part.group()}”")
    if deed.day is not None and pair.due is not None and deed.day > pair.due:
        reasons.append(f"{(deed.day - pair.due).days} days after it was due")
    if words >= LEAST_LIKENESS:
        reasons.append("worded alike")
    less = share is not None and share < lexicon().thresholds["enough"]
    verdict = Verdict.PARTLY if less or part else Verdict.SETTLES
    measured = share is not None or reading.tells("whole") or not counted(promise, reading)
    return pair.judged(score, verdict, reasons, fitting > UNSURE, measured)


def _against(pair: _Pair, verdict: Verdict) -> Match:
    """A contrary deed, or words that take the promise back."""
    pledge, deed, promise, reading, act = pair.pledge, pair.deed, pair.promise, pair.reading, pair.act
    words = shared(pledge, deed, promise, reading)
    likeness = wording(pledge, deed, words)
    if act.name == "truce" and verdict is Verdict.BREAKS:
        fitting, why = 1.0, "force was used after it was to stop"
    elif act.name in ("visit", "talks"):
        spoken = act.name in reading.deeds
        fitting, why = people_fit(pledge, deed, promise, reading, act) if spoken else (MISSING, "of something else")
    else:
        fitting, why = things_fit(promise, reading, act)
        if not promise.things and words >= LEAST_LIKENESS:
            fitting, why = UNSURE, "worded alike"
    score = _sum(1.0, fitting, likeness, domain_fit(pledge, deed))
    unsaid = verdict is Verdict.WITHDRAWS and not promise.things and act.name not in reading.deeds
    if fitting <= UNNAMED or unsaid:
        return pair.passed_over(score, [why])
    cue = reading.found("recants" if verdict is Verdict.WITHDRAWS else "contrary")
    label = "takes the words back" if verdict is Verdict.WITHDRAWS else "is contrary to what was said"
    quoted = f": “{cue}”" if cue else ""
    return pair.judged(score, verdict, [f"{_said(deed)} {label} ({act.label}){quoted}", why, "by one who was bound"])


def _sum(act: float, fitting: float, likeness: float, domain: float) -> float:
    weights = lexicon().weights
    alike = min(1.0, likeness / WORDS_ALIKE)
    total = weights["act"] * act + weights["object"] * fitting + weights["wording"] * alike + weights["domain"] * domain
    return min(1.0, total)


def _said(deed: Told) -> str:
    names = " and ".join(actor.name for actor in deed.event.source)
    return f"{lexicon().deeds[deed.event.type]} by {names} on {deed.day.isoformat() if deed.day else 'an unknown day'}"
