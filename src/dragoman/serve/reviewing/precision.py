"""How often the coder is right, by event type, from random samples that people judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from dragoman.database import Database, Review
from dragoman.relate.keeping import wilson
from dragoman.serve.reviewing.deciding import Decision
from dragoman.serve.reviewing.queues import Queue
from dragoman.terms import EventType

EVENT = frozenset({"type", "source", "target"})
"""The fields that make a report one of this event: of this type, between these parties."""


@dataclass(frozen=True, slots=True)
class TypePrecision:
    """How often reports that were coded with a type report such an event, with the 95% interval of Wilson (1927).

    `right` of `judged` reports have the type and the parties right; `all_right` also factuality, date and domain.
    """

    type: str
    judged: int
    right: int
    precision: float
    low: float
    high: float
    all_right: int
    reviewers: int


def precision_by_type(database: Database, coder_version: str | None = None) -> list[TypePrecision]:
    """The precision of every type of which a random sample was judged, in the order of PLOVER's types.

    Only decisions from the random queue count. A report that several judged counts once, as right if most of them say
    so. `coder_version` leaves out what other versions of the coder coded.
    """
    wanted = Review.queue == Queue.RANDOM.value
    if coder_version is not None:
        wanted &= Review.coder_version == coder_version
    columns = (Review.mention_id, Review.coded_type, Review.decision, Review.wrong, Review.account_id)
    with database.session() as session:
        rows = session.execute(select(*columns).where(wanted).order_by(Review.id)).all()
    by_type: dict[str, dict[str, list[tuple[bool, bool]]]] = defaultdict(lambda: defaultdict(list))
    reviewers: dict[str, set[int]] = defaultdict(set)
    for mention, kind, decision, wrong, account in rows:
        event = decision != Decision.REJECT and not EVENT & set(wrong)
        by_type[kind][mention].append((event, event and not wrong))
        reviewers[kind].add(account)
    return [
        _precision(kind.value, by_type[kind.value], len(reviewers[kind.value]))
        for kind in EventType
        if kind.value in by_type
    ]


def _precision(kind: str, judged: Mapping[str, list[tuple[bool, bool]]], reviewers: int) -> TypePrecision:
    right = sum(_most(event for event, _ in votes) for votes in judged.values())
    low, high = wilson(right, len(judged))
    return TypePrecision(
        type=kind,
        judged=len(judged),
        right=right,
        precision=right / len(judged),
        low=low,
        high=high,
        all_right=sum(_most(whole for _, whole in votes) for votes in judged.values()),
        reviewers=reviewers,
    )


def _most(votes: Iterable[bool]) -> bool:
    """Whether more say yes than no."""
    counts = Counter(votes)
    return counts[True] > counts[False]
