"""What a reviewer looks at next: what the coder is least sure of, or a random sample of one type.

A queue is read a window at a time, so that a record of any size costs no more than a small one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import ibis
from sqlalchemy import func, select

from dragoman.database import Review
from dragoman.pipeline.remembered import remembered_of
from dragoman.serve.desk import Desk
from dragoman.serve.reading import ServedRecord
from dragoman.terms import EventType

WINDOW = 200
"""Reports that are looked up at once."""

WINDOWS = 50
"""Windows that are searched for one that the person has not decided yet."""


class Queue(StrEnum):
    """How a report came before a reviewer."""

    UNCERTAIN = "uncertain"
    RANDOM = "random"
    CHOSEN = "chosen"
    """The reviewer went to it by a link."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next report of a queue, and which of the further ones it is."""

    mention_id: str
    event_id: str
    type: EventType


def next_waiting(
    desk: Desk, account_id: int, queue: Queue, kind: EventType | None, seed: int, skip: int = 0
) -> Waiting | None:
    """The next report that the person has not decided; `skip` leaves out so many before it.

    A random sample without a type takes the types in turn: the one of which the person has decided the fewest.
    """
    if queue is Queue.UNCERTAIN:
        return _first(desk, account_id, queue, kind, seed, skip)
    for chosen in [kind] if kind else _by_fewest(desk, account_id):
        found = _first(desk, account_id, queue, chosen, seed, skip)
        if found is not None:
            return found
    return None


def decided_count(desk: Desk, account_id: int) -> int:
    """How many reports the person has decided."""
    with desk.database.session() as session:
        return session.scalar(select(func.count()).where(Review.account_id == account_id)) or 0


def _first(desk: Desk, account_id: int, queue: Queue, kind: EventType | None, seed: int, skip: int) -> Waiting | None:
    dismissed = desk.record.kept("dismissed", lambda: _dismissed(desk.record), len) if queue is Queue.UNCERTAIN else ()
    for window in _windows(desk.record, queue, kind, seed):
        wanted = (Review.account_id == account_id) & Review.mention_id.in_([one.mention_id for one in window])
        if queue is Queue.RANDOM:
            wanted &= Review.queue == Queue.RANDOM.value
        with desk.database.session() as session:
            decided = set(session.scalars(select(Review.mention_id).where(wanted)))
        for one in window:
            if one.mention_id in decided or one.event_id in dismissed:
                continue
            if skip == 0:
                return one
            skip -= 1
    return None


def _windows(record: ServedRecord, queue: Queue, kind: EventType | None, seed: int) -> Iterator[list[Waiting]]:
    for number in range(WINDOWS):

        def read(number: int = number) -> list[Waiting]:
            # A correction seldom changes what mentions there are; then the order holds for the next version too.
            what = "review", WINDOW, queue, kind, seed, number
            return remembered_of(
                record.newest(), "mentions", what, partial(_window, record, queue, kind, seed, number), len
            )

        window = record.kept(("review", queue, kind, seed, number), read, lambda found: len(found) + 1)
        if window:
            yield window
        if len(window) < WINDOW:
            return


def _window(record: ServedRecord, queue: Queue, kind: EventType | None, seed: int, number: int) -> list[Waiting]:
    snapshot = record.newest()
    mentions = snapshot.table("mentions").select("id", "event_id", "type", "confidence")
    if kind is not None:
        mentions = mentions.filter(mentions.type == kind.value)
    first: Any = mentions.confidence.asc(nulls_first=False)
    if queue is Queue.RANDOM:
        # The lowest hashes of seed and id are a random sample, the same for everybody, whatever the order of arrival.
        first = (ibis.literal(f"{seed}:") + mentions.id).hexdigest("sha256").asc()
    ordered = mentions.order_by([first, mentions.id.asc()]).limit(WINDOW, offset=number * WINDOW)
    rows = snapshot.rows("mentions", ordered)
    return [Waiting(row["id"], row["event_id"], EventType(row["type"])) for row in rows]


def _dismissed(record: ServedRecord) -> frozenset[str]:
    events = record.newest().table("events")
    return frozenset(row["id"] for row in record.newest().rows("events", events.filter(events.dismissed).select("id")))


def _by_fewest(desk: Desk, account_id: int) -> list[EventType]:
    wanted = (Review.account_id == account_id) & (Review.queue == Queue.RANDOM.value)
    with desk.database.session() as session:
        rows = session.execute(select(Review.coded_type, func.count()).where(wanted).group_by(Review.coded_type)).all()
    counts = {str(kind): int(count) for kind, count in rows}
    return sorted(EventType, key=lambda kind: counts.get(kind.value, 0))
