"""Which deeds follow which words where only codes tell of both: other providers' rows, which bring no text.

A row that says "express intent to provide military aid" names a side, a field and a direction, but no object, amount or
day, so that no later row can be known to be what was meant: it *follows* the word, and settles nothing. How often deeds
follow is told beside how often they come on any day, for a busy relation sees every deed soon.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dragoman.relate.entries import Entry, State
from dragoman.relate.evidence import Happening
from dragoman.relate.keeping import CurvePoint, share_curve
from dragoman.terms import Domain, EventType, Factuality

KEEPING = {
    "pledge": frozenset({EventType.AID, EventType.COOPERATE, EventType.CONCEDE, EventType.RETREAT}),
    "threat": frozenset(
        {EventType.SANCTION, EventType.COERCE, EventType.ASSAULT, EventType.MOBILIZE, EventType.PROTEST}
    ),
}
"""Types that are what a pledge or threat announces, if they come in its field and direction."""

EITHER_WAY = frozenset({EventType.CONSULT, EventType.COOPERATE})
"""Types that two do together, so that either may be coded as the source."""

WITHIN = (7, 30, 90, 180)
"""Days after a word for which the share followed is told."""

ANY_DAYS = 20
"""Days drawn at random for each word, to tell how often such a deed comes anyway."""

SEED = 14
FEWEST = 30
"""Words of one kind and field below which no share is told."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One event as its codes tell it: states or bodies on both sides, by code."""

    day: date
    source: str
    target: str
    type: EventType
    domain: Domain | None
    factuality: Factuality


@dataclass(frozen=True, slots=True)
class Followed:
    """Of the words of one course ("pledge", "threat") and field, how many a fitting deed followed, and how soon.

    `curve` is Kaplan and Meier's (1958), turned to the share followed, with its 95 % band; `within` and `any_day` are
    the shares followed within `WITHIN` days of the word and of days drawn at random from the same relations.
    """

    course: str
    domain: Domain
    words: int
    dyads: int
    followed: int
    curve: tuple[CurvePoint, ...]
    within: tuple[float, ...]
    any_day: tuple[float, ...]

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {
            "course": self.course,
            "domain": self.domain.value,
            "words": self.words,
            "dyads": self.dyads,
            "followed": self.followed,
            "within": dict(zip(map(str, WITHIN), self.within, strict=True)),
            "any_day": dict(zip(map(str, WITHIN), self.any_day, strict=True)),
        }


def course_of(kind: EventType, factuality: Factuality) -> str | None:
    """ "pledge" or "threat" for what commits the future; None for all else."""
    if factuality is not Factuality.PLEDGED:
        return None
    return {EventType.AGREE: "pledge", EventType.THREATEN: "threat"}.get(kind)


def keeps(course: str, field: Domain | None, kind: EventType, domain: Domain | None) -> bool:
    """Whether a deed of this type and domain is of the kind that a word of this course and field announces."""
    if field is None:
        return False
    if course == "pledge" and field is Domain.DIPLOMACY and kind is EventType.CONSULT:
        return True
    return kind in KEEPING[course] and domain is field


class _Deeds:
    """The days of deeds by side, other side, course and field."""

    def __init__(self, events: Iterable[Coded]) -> None:
        found: dict[tuple[str, str, str, Domain], set[date]] = defaultdict(set)
        for event in events:
            if event.factuality is not Factuality.ACTUAL:
                continue
            for course in KEEPING:
                for field in {event.domain or Domain.DIPLOMACY, Domain.DIPLOMACY}:
                    if keeps(course, field, event.type, event.domain):
                        found[event.source, event.target, course, field].add(event.day)
                        if event.type in EITHER_WAY:
                            found[event.target, event.source, course, field].add(event.day)
        self._days = {key: sorted(days) for key, days in found.items()}

    def next_after(self, word: Coded, course: str, day: date) -> date | None:
        """The day of the first fitting deed after `day`; one of the same day may be what the word speaks of."""
        if word.domain is None:
            return None
        days = self._days.get((word.source, word.target, course, word.domain), [])
        place = bisect_right(days, day)
        return days[place] if place < len(days) else None


def following(events: Sequence[Coded], first: date, last: date) -> list[Followed]:
    """For pledges and threats in each field, over all relations, what followed between the two days.

    Words of a relation's one day count once. A word is followed until `last`, and censored there. Fields of fewer than
    `FEWEST` words are left out. `first` and `last` bound the days drawn at random.
    """
    deeds, chance = _Deeds(events), random.Random(SEED)
    words: dict[tuple[str, Domain], set[Coded]] = defaultdict(set)
    for event in events:
        course = course_of(event.type, event.factuality)
        if course is not None and event.domain is not None and event.source != event.target:
            words[course, event.domain].add(event)
    found = []
    for (course, field), some in sorted(words.items()):
        if len(some) < FEWEST:
            continue
        ordered = sorted(some, key=lambda w: (w.day, w.source, w.target))
        waits = [_wait(deeds.next_after(word, course, word.day), word.day, last) for word in ordered]
        drawn = []
        for word in ordered:
            for _ in range(ANY_DAYS):
                day = date.fromordinal(chance.randint(first.toordinal(), last.toordinal()))
                drawn.append(_wait(deeds.next_after(word, course, day), day, last))
        followed = _curve(waits)
        found.append(
            Followed(
                course,
                field,
                len(ordered),
                len({(word.source, word.target) for word in ordered}),
                sum(done for _, done in waits),
                followed,
                _shares(followed),
                _shares(_curve(drawn)),
            )
        )
    return found


def _wait(done: date | None, since: date, last: date) -> tuple[int, bool]:
    return ((done - since).days, True) if done is not None else ((last - since).days, False)


def _curve(waits: Sequence[tuple[int, bool]]) -> tuple[CurvePoint, ...]:
    return share_curve([days for days, _ in waits], [done for _, done in waits])


def _shares(curve: Sequence[CurvePoint]) -> tuple[float, ...]:
    """The share followed within each of `WITHIN`, by Kaplan and Meier, so that what is cut off early is not lost."""
    days = [point.day for point in curve]
    return tuple(curve[place - 1].kept if (place := bisect_right(days, limit)) else 0.0 for limit in WITHIN)


def coded_entries(happenings: Sequence[Happening], today: date) -> list[Entry]:
    """The words among events without reports, as entries of the ledger: open, with what followed named as such."""
    coded = [(h, one) for h in happenings if h.day is not None and h.day <= today for one in _pairs(h, h.day)]
    deeds = [(h, one) for h, one in coded if one.factuality is Factuality.ACTUAL]
    days = [one.day for _, one in deeds]
    found: dict[str, Entry] = {}
    for happening, word in coded:
        course = course_of(word.type, word.factuality)
        if course is None or happening.event.id in found:
            continue
        later = [
            (h, one)
            for h, one in deeds[bisect_left(days, word.day) :]
            if one.day > word.day and keeps(course, word.domain, one.type, one.domain) and _faces(word, one)
        ]
        found[happening.event.id] = _entry(happening, word, course, later, today)
    return list(found.values())


def _faces(word: Coded, deed: Coded) -> bool:
    turned = deed.type in EITHER_WAY and (deed.target, deed.source) == (word.source, word.target)
    return turned or (deed.source, deed.target) == (word.source, word.target)


def _entry(
    happening: Happening, word: Coded, course: str, later: Sequence[tuple[Happening, Coded]], today: date
) -> Entry:
    event = happening.event
    name = f"{word.type.value}{f', {word.domain.value}' if word.domain else ''}"
    if word.domain is None:
        reason = "coded without text: it names no field in which a deed could be looked for"
    elif later:
        days = (later[0][1].day - word.day).days
        told = f"{later[0][1].type.value} of {later[0][1].day}, {days} day{'' if days == 1 else 's'} later"
        reason = f"coded without text: {told}, is of the same kind; nothing tells whether it is what was meant"
    else:
        reason = "coded without text: no deed of the same kind is recorded since"
    return Entry(
        id=f"l{event.id[1:]}",
        kind=course,
        state=State.OPEN,
        source=tuple(actor.code for actor in event.source),
        target=tuple(actor.code for actor in event.target),
        mutual=False,
        domain=event.domain,
        objects=(),
        promise=f"{name}, as {event.provider} codes it",
        quoted=(),
        made=word.day,
        due=None,
        general=True,
        settled_on=None,
        settled_by=(),
        claimed=(later[0][0].event.id,) if later else (),
        lag_days=None,
        watched_days=(today - word.day).days,
        score=None,
        reason=reason,
        origins=event.origins,
        events=(event.id,),
        mentions=event.mentions,
    )


def _pairs(happening: Happening, day: date) -> list[Coded]:
    event = happening.event
    if event.dismissed:
        return []
    sources, targets = ({actor.code for actor in side} for side in (event.source, event.target))
    return [
        Coded(day, source, target, event.type, event.domain, event.factuality)
        for source in sorted(sources)
        for target in sorted(targets)
    ]
