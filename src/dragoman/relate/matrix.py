"""Who responds to whom: how often the events of one actor were answered by another, and how."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean, median

from dragoman.relate.bearing import Placed, Rarity, bearing, place
from dragoman.relate.evidence import Happening

WINDOW_DAYS = 14
"""Days after an event in which what follows may answer it."""


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


def response_matrix(happenings: Iterable[Happening], *, window_days: int = WINDOW_DAYS) -> list[MatrixRow]:
    """Who responds to whom: for each two actors how many events of the one the other answered, most answered first.

    An answer bears on the actor himself; one by a party of the event counts from the next day on.
    """
    placed = sorted((one for h in happenings if (one := place(h)) is not None), key=lambda one: one.order)
    rarity = Rarity(one.words for one in placed)
    towards: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        for target in one.targets:
            towards[target].append(one)
    days = {target: [one.day for one in follows] for target, follows in towards.items()}
    events: Counter[str] = Counter()
    pairs: dict[tuple[str, str], list[tuple[Placed, Placed]]] = defaultdict(list)
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


def _first_answers(start: Placed, actor: str, follows: Sequence[Placed], rarity: Rarity) -> dict[str, Placed]:
    """The first answer of each responder among what bears on the actor, which is sorted by day."""
    first: dict[str, Placed] = {}
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
        if open_to and bearing(start, one, rarity) is not None:
            first |= dict.fromkeys(open_to, one)
    return first


def _matrix_row(actor: str, responder: str, events: int, both: Sequence[tuple[Placed, Placed]]) -> MatrixRow:
    return MatrixRow(
        actor=actor,
        responder=responder,
        answered=len(both),
        events=events,
        median_days=median((answer.day - start.day).days for start, answer in both),
        mean_intensity=fmean(answer.happening.event.intensity for _, answer in both),
        pairs=tuple((start.happening.event.id, answer.happening.event.id) for start, answer in both),
    )
