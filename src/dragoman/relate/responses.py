"""Responses: who else spoke or acted about an event within some days of it, how fast, and towards whom.

Whether one thing answers another cannot be seen, only that it follows and is about the same: it bears on both
parties of the event, or on one and shares its domain; where a domain is unknown, its document or telling words.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from dragoman.periods import Precision
from dragoman.records import Actor
from dragoman.relate.alike import content_words
from dragoman.relate.evidence import Happening
from dragoman.relate.testimony import called
from dragoman.terms import Domain, Factuality

WINDOW_DAYS = 14
"""Days after an event in which what follows may answer it."""

TELLING = 3.0
"""How telling shared words must be to tie two events of which one has no domain: two common ones, or a rare one."""

STRONG = 6.0
"""The same where their domains differ, or where the second bears on none of the first one's parties."""

FEW = 400
"""Events among which a word's rarity is reckoned at least, so that it counts in a small record too."""

COMMON = 16
"""A word that one event in so many has tells nothing of what happened ("president", "Korean" in a record of Korea)."""

STEM = 6
"""Letters of a word that `content_words` keeps."""

_OF_STATE = re.compile(r"\(([^()]+)\)$")
_SAID = (Factuality.ACTUAL, Factuality.PLEDGED)


@dataclass(frozen=True, slots=True)
class Response:
    """What one actor said or did after an event, and why it is taken for an answer to it.

    `days` counts from the event's day; where `dated` is false the day is that of the report. `towards` are the event's
    parties that it bears on, none if it speaks of the event alone. `party` marks a party's answer to the other.
    """

    responder: str
    event: str
    mention: str | None
    day: date
    dated: bool
    days: int
    cooperative: bool
    towards: tuple[str, ...]
    deed: bool
    party: bool
    type: str
    domain: str | None
    intensity: float
    words: tuple[str, ...]
    sentence: str | None
    outlet: str | None
    reason: str

    def row(self) -> dict[str, object]:
        """Plain values, dates as ISO text."""
        return {
            "responder": self.responder,
            "date": self.day.isoformat(),
            "dated": self.dated,
            "days": self.days,
            "direction": "cooperative" if self.cooperative else "hostile",
            "towards": list(self.towards),
            "kind": "deed" if self.deed else "words",
            "party": self.party,
            "type": self.type,
            "domain": self.domain,
            "intensity": self.intensity,
            "shared_words": list(self.words),
            "sentence": self.sentence,
            "outlet": self.outlet,
            "reason": self.reason,
            "event": self.event,
            "evidence": [self.mention] if self.mention else [],
        }


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """How often one actor's events were followed by a response of another to him.

    `answered` of the actor's `events` were; `median_days` and `mean_intensity` (-10 to +10) are those of the first
    response to each; `pairs` are the ids of each event and of that response.
    """

    actor: str
    responder: str
    answered: int
    events: int
    median_days: float
    mean_intensity: float
    pairs: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """The share of the actor's events that were answered, 0 to 1."""
        return self.answered / self.events

    def row(self) -> dict[str, object]:
        """Plain values."""
        return {
            "actor": self.actor,
            "responder": self.responder,
            "answered": self.answered,
            "events": self.events,
            "share": round(self.share, 3),
            "median_days": self.median_days,
            "mean_intensity": round(self.mean_intensity, 3),
            "evidence": [list(pair) for pair in self.pairs],
        }


@dataclass(frozen=True, slots=True)
class _Placed:
    """A happening with its day and what ties it to others."""

    happening: Happening
    day: date
    sources: frozenset[str]
    targets: frozenset[str]
    domain: Domain | None
    words: frozenset[str]
    named: frozenset[str]
    documents: frozenset[str]

    @property
    def parties(self) -> frozenset[str]:
        return self.sources | self.targets

    @property
    def order(self) -> tuple[date, str]:
        return self.day, self.happening.event.id


class _Words:
    """How telling each word is: the rarer among the events, the more (natural logarithm of how many have it)."""

    def __init__(self, placed: Iterable[_Placed]) -> None:
        counts: Counter[str] = Counter()
        number = 0
        for one in placed:
            counts.update(one.words)
            number += 1
        self._number = max(FEW, number)
        self._counts = counts

    def weight(self, words: Iterable[str]) -> float:
        """The sum over the words; those of more than one event in sixteen tell nothing."""
        counts = (max(1, self._counts[word]) for word in words)
        return sum(math.log(self._number / count) for count in counts if count * COMMON <= self._number)


def responses(
    happenings_around: Iterable[Happening], event: Happening, *, window_days: int = WINDOW_DAYS
) -> list[Response]:
    """Who spoke or acted about `event` or its parties within `window_days` of it, fastest first.

    What has no day, is known to no more than a month, precedes the event, was denied or is only possible is left out.
    What the parties themselves do counts from the next day on: on the same day it is part of the event.
    """
    start = _place(event)
    if start is None:
        return []
    placed = [one for h in happenings_around if h.event.id != event.event.id and (one := _place(h)) is not None]
    rarity = _Words((*placed, start))
    last = start.day + timedelta(days=window_days)
    found = [response for one in placed if start.day <= one.day <= last for response in _answers(start, one, rarity)]
    return sorted(found, key=lambda r: (r.days, r.responder, r.event))


def response_matrix(happenings: Iterable[Happening], *, window_days: int = WINDOW_DAYS) -> list[MatrixRow]:
    """Who responds to whom: for each two actors how many events of the one the other answered, most answered first.

    An answer bears on the actor himself; one by a party of the event counts from the next day on.
    """
    placed = sorted((one for h in happenings if (one := _place(h)) is not None), key=lambda one: one.order)
    rarity = _Words(placed)
    towards: dict[str, list[_Placed]] = defaultdict(list)
    for one in placed:
        for target in one.targets:
            towards[target].append(one)
    days = {target: [one.day for one in follows] for target, follows in towards.items()}
    events: Counter[str] = Counter()
    pairs: dict[tuple[str, str], list[tuple[_Placed, _Placed]]] = defaultdict(list)
    for start in placed:
        last = start.day + timedelta(days=window_days)
        for actor in start.sources:
            events[actor] += 1
            follows = towards.get(actor, [])
            low, high = bisect_left(days.get(actor, []), start.day), bisect_right(days.get(actor, []), last)
            for responder, answer in _first_answers(start, actor, follows[low:high], rarity).items():
                pairs[actor, responder].append((start, answer))
    rows = [_matrix_row(actor, responder, events[actor], both) for (actor, responder), both in pairs.items()]
    return sorted(rows, key=lambda row: (-row.answered, -row.share, row.actor, row.responder))


def _first_answers(start: _Placed, actor: str, follows: Sequence[_Placed], rarity: _Words) -> dict[str, _Placed]:
    """The first answer of each responder among what bears on the actor, which is sorted by day."""
    first: dict[str, _Placed] = {}
    for one in follows:
        if one is start:
            continue
        later = one.day > start.day
        open_to = [
            name
            for name in one.sources
            if name != actor
            and name not in first
            and name not in start.sources
            and (later or name not in start.targets)
        ]
        if open_to and _tie(start, one, rarity) is not None:
            first |= dict.fromkeys(open_to, one)
    return first


def _matrix_row(actor: str, responder: str, events: int, both: Sequence[tuple[_Placed, _Placed]]) -> MatrixRow:
    return MatrixRow(
        actor=actor,
        responder=responder,
        answered=len(both),
        events=events,
        median_days=median((answer.day - start.day).days for start, answer in both),
        mean_intensity=fmean(answer.happening.event.intensity for _, answer in both),
        pairs=tuple((start.happening.event.id, answer.happening.event.id) for start, answer in both),
    )


def _place(happening: Happening) -> _Placed | None:
    """The happening placed in time; None where it is none, or has no day that is known well enough."""
    event, day = happening.event, happening.day
    if event.dismissed or event.factuality not in _SAID or day is None:
        return None
    if event.date is not None and event.date.precision in (Precision.MONTH, Precision.YEAR):
        return None
    actors = {*event.source, *event.target}
    for report in happening.reports:
        actors |= {party.actor for party in (*report.mention.source, *report.mention.target)}
    names = _long(word for actor in actors for word in content_words(actor.name))
    states = _long(word for actor in actors for word in content_words(_state_or_person(actor)))
    told = _long(word for report in happening.reports for word in content_words(report.sentence))
    return _Placed(
        happening,
        day,
        frozenset(called(actor) for actor in event.source),
        frozenset(called(actor) for actor in event.target),
        event.domain,
        told - names,
        states & told,
        frozenset(report.mention.document_id for report in happening.reports),
    )


def _state_or_person(actor: Actor) -> str:
    """The state of "army (Russia)", or a state, body or official by name; an organ's name tells nothing else."""
    state = _OF_STATE.search(actor.name)
    if state is not None:
        return state.group(1)
    return actor.name if actor.sector in (None, "GOV") else ""


def _long(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) > 2)


def _tie(start: _Placed, one: _Placed, rarity: _Words) -> tuple[str, frozenset[str]] | None:
    """Why the second is about the first, and the stems that they share; None where nothing says so."""
    if not start.parties.isdisjoint(one.targets):
        if start.domain is not None and start.domain is one.domain:
            return f"same domain ({start.domain})", frozenset()
        apart = start.domain is not None and one.domain is not None
        outside = start.parties.isdisjoint(one.sources)
        if outside and not apart and len(start.parties) > 1 and start.parties <= one.targets:
            return "bears on both parties", frozenset()
        if not apart and not start.documents.isdisjoint(one.documents):
            return "same document", frozenset()
    else:
        apart = True
        if start.named.isdisjoint(one.words | one.named):
            return None
    if start.words.isdisjoint(one.words):
        return None
    shared = start.words & one.words
    if rarity.weight(shared) < (STRONG if apart else TELLING):
        return None
    return "shared words", shared


def _answers(start: _Placed, one: _Placed, rarity: _Words) -> list[Response]:
    """The answers that one happening holds, one for each responder."""
    outsiders = one.sources - start.parties
    answering = one.sources & start.targets
    among = not outsiders and bool(one.targets & start.sources - answering) and one.day > start.day
    responders = sorted(answering if among else outsiders)
    tie = _tie(start, one, rarity) if responders else None
    if tie is None:
        return []
    return [_response(responder, start, one, tie, among) for responder in responders]


def _response(responder: str, start: _Placed, one: _Placed, tie: tuple[str, frozenset[str]], party: bool) -> Response:
    happening, event = one.happening, one.happening.event
    best = happening.best_report() if happening.reports else None
    told = re.findall(r"[^\W_]+", " ".join(report.sentence for report in happening.reports).casefold())
    stems = {word[:STEM]: word for word in sorted(told, reverse=True)}
    words = tuple(sorted(stems.get(stem, stem) for stem in tie[1]))
    return Response(
        responder=responder,
        event=event.id,
        mention=best.mention.id if best else None,
        day=one.day,
        dated=event.date is not None,
        days=(one.day - start.day).days,
        cooperative=happening.is_cooperation,
        towards=tuple(sorted(one.targets & start.parties - {responder})),
        deed=happening.is_deed,
        party=party,
        type=str(event.type),
        domain=str(event.domain) if event.domain else None,
        intensity=event.intensity,
        words=words,
        sentence=best.sentence if best else None,
        outlet=best.outlet if best else None,
        reason=f"{tie[0]} ({', '.join(words)})" if words else tie[0],
    )
