"""Responses: who else spoke or acted about an event within some days of it, how fast, and towards whom.

Whether one thing answers another cannot be seen, only that it follows and is about the same: it bears on both
parties of the event, or on one and shares its domain; where a domain is unknown, its document or telling words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman.relate.bearing import Placed, Rarity, bearing, place
from dragoman.relate.evidence import Happening
from dragoman.relate.matrix import WINDOW_DAYS, MatrixRow, response_matrix

__all__ = ["WINDOW_DAYS", "MatrixRow", "Response", "answers_to", "response_matrix", "responses"]

STEM = 6
"""Letters of a word that `content_words` keeps."""


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


def responses(
    happenings_around: Iterable[Happening], event: Happening, *, window_days: int = WINDOW_DAYS
) -> list[Response]:
    """Who spoke or acted about `event` or its parties within `window_days` of it, fastest first.

    What has no day, is known to no more than a month, precedes the event, was denied or is only possible is left out.
    What the parties themselves do counts from the next day on: on the same day it is part of the event.
    """
    return answers_to(happenings_around, [event], window_days=window_days)[0]


def answers_to(
    happenings_around: Iterable[Happening],
    events: Sequence[Happening],
    *,
    window_days: int = WINDOW_DAYS,
    rarity: Rarity | None = None,
) -> list[list[Response]]:
    """The `responses` to each of several events, in their order.

    How rare words are is reckoned among all events given, unless `rarity` tells it.
    """
    placed = {h.event.id: one for h in happenings_around if (one := place(h)) is not None}
    starts = [place(event) for event in events]
    known = placed | {start.happening.event.id: start for start in starts if start is not None}
    rarity = rarity or Rarity(one.words for one in known.values())
    ordered = sorted(placed.values(), key=lambda one: one.order)
    days = [one.day for one in ordered]
    found = []
    for start in starts:
        answers: list[Response] = []
        if start is not None:
            low, high = bisect_left(days, start.day), bisect_right(days, start.day + timedelta(days=window_days))
            following = (one for one in ordered[low:high] if one.happening.event.id != start.happening.event.id)
            answers = [response for one in following for response in _answers(start, one, rarity)]
        found.append(sorted(answers, key=lambda r: (r.days, r.responder, r.event)))
    return found


def _answers(start: Placed, one: Placed, rarity: Rarity) -> list[Response]:
    """The answers that one happening holds, one for each responder."""
    outsiders = one.sources - start.parties
    answering = one.sources & start.targets
    among = not outsiders and bool(one.targets & start.sources - answering) and one.day > start.day
    responders = sorted(answering if among else outsiders)
    tie = bearing(start, one, rarity) if responders else None
    if tie is None:
        return []
    return [_response(responder, start, one, tie, among) for responder in responders]


def _response(responder: str, start: Placed, one: Placed, tie: tuple[str, frozenset[str]], party: bool) -> Response:
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
