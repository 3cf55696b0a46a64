"""What a reviewer decides is kept: the decision in the database, what it says against the machine in the record.

First the decision is kept in the database, together with the corrections that it means; then the record takes the
corrections, in one commit; then the decision is marked as recorded. A desk that was killed in between gives the record
what it lacks when it starts again: a correction that is there already changes nothing.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dragoman.database import Review
from dragoman.errors import UsageError
from dragoman.pipeline.lookup import mention_row_by_id
from dragoman.pipeline.merge import event_named
from dragoman.record import mention_from
from dragoman.records import Correction, Mention
from dragoman.serve.desk import Desk
from dragoman.serve.reviewing.coding import checked_values, coded_values
from dragoman.serve.reviewing.queues import Queue
from dragoman.terms import CorrectionKind

_log = logging.getLogger(__name__)


class Decision(StrEnum):
    """What a reviewer may say of a mention."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    """It reports no event, or not this one at all."""
    MERGE = "merge"
    """It is of the same happening as another event."""
    SPLIT = "split"
    """It is of another happening than the event that it was merged into."""


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as it was sent: `values` are the fields of a correction, `other` the event to merge with."""

    decision: Decision
    values: Mapping[str, str] = field(default_factory=dict)
    other: str = ""
    note: str = ""
    queue: Queue = Queue.CHOSEN
    seed: int | None = None


def decide(desk: Desk, account_id: int, name: str, mention_id: str, told: Told) -> Review:
    """Keep a decision of a person; what cannot be is a `UsageError` and leaves everything as it was."""
    mention, event_id = find_mention(desk, mention_id)
    coded = coded_values(mention)
    values = checked_values(told.values, coded, desk.settings) if told.decision is Decision.CORRECT else {}
    if told.decision is Decision.CORRECT and not values:
        raise UsageError("Nothing differs from what was coded; accept it, or change what is wrong.")
    other = _other(desk, event_id, told.other) if told.decision is Decision.MERGE else None
    finish_pending(desk, account_id, mention_id)
    at = desk.now()
    with desk.database.session() as session:
        review = _own(session, account_id, mention_id)
        before = _state(review) if review is not None else None
        said = [
            Correction(kind, mention_id, name, at, note=told.note.strip() or None, **more)
            for kind, more in _meant(before, coded, told.decision, values, other)
        ]
        if review is None:
            review = Review(account_id=account_id, mention_id=mention_id)
            session.add(review)
        review.event_id = event_id
        review.decision = told.decision.value
        review.coded_type = mention.type.value
        review.coded = coded
        review.wrong, review.values = sorted(values), values
        if review.queue != Queue.RANDOM:
            review.queue, review.seed = told.queue.value, told.seed
        review.coder_version = mention.coder_version
        review.note, review.at = told.note.strip(), at
        review.recorded, review.pending = not said, [_kept(one) for one in said]
        try:
            session.flush()
        except IntegrityError as error:
            raise UsageError("You have decided this report just now, in another window.") from error
    if said:
        try:
            desk.record.correct(*said)
        except UsageError:
            _put_back(desk, account_id, mention_id, before)
            raise
        _mark_recorded(desk, review.id, at)
    return review


def find_mention(desk: Desk, mention_id: str) -> tuple[Mention, str]:
    """A mention of the record and the id of its event; one that is not there is a `UsageError`."""
    row = mention_row_by_id(desk.record.newest(), mention_id)
    if row is None:
        raise UsageError(
            f"There is no report {mention_id[:24]!r} in the record any more; it may have been coded again."
        )
    return mention_from(row), str(row["event_id"])


def finish_pending(desk: Desk, account_id: int | None = None, mention_id: str | None = None) -> int:
    """Give the record the corrections that it lacks as a desk was killed meanwhile; of how many decisions."""
    wanted = select(Review).where(Review.recorded.is_(False)).order_by(Review.at, Review.id)
    if account_id is not None:
        wanted = wanted.where(Review.account_id == account_id, Review.mention_id == mention_id)
    with desk.database.session() as session:
        waiting = session.scalars(wanted).all()
    for review in waiting:
        try:
            desk.record.correct(*(_correction(kept) for kept in review.pending))
        except UsageError as error:
            # The report was taken out of the record meanwhile, so nothing is left to be corrected.
            _log.warning("The decision on %s could not be recorded: %s", review.mention_id, error)
        _mark_recorded(desk, review.id, review.at)
    return len(waiting)


def _meant(
    before: Mapping[str, Any] | None,
    coded: Mapping[str, str],
    decision: Decision,
    values: Mapping[str, str],
    other: str | None,
) -> list[tuple[CorrectionKind, dict[str, str]]]:
    """What a decision says against the machine, or against what the same person said before."""
    said: list[tuple[CorrectionKind, dict[str, str]]] = []
    was_rejected = before is not None and before["decision"] == Decision.REJECT
    if decision is Decision.REJECT and not was_rejected:
        said.append((CorrectionKind.DISMISS, {}))
    elif decision is not Decision.REJECT and was_rejected:
        said.append((CorrectionKind.SET, {"field": "dismissed", "value": "false"}))
    stood = {**coded, **(before["values"] if before is not None else {})}
    stands = {**coded, **values}
    said += [
        (CorrectionKind.SET, {"field": name, "value": stands[name]}) for name in coded if stood[name] != stands[name]
    ]
    if other is not None:
        said.append((CorrectionKind.SAME, {"other": other}))
    if decision is Decision.SPLIT:
        said.append((CorrectionKind.APART, {}))
    return said


def _other(desk: Desk, event_id: str, asked: str) -> str:
    """The id of the event to merge with."""
    found = event_named(desk.record.newest(), asked.strip()) if asked.strip() else None
    if found is None or found["provider"] != "dragoman" or found["id"] == event_id:
        raise UsageError("Name another event of this record to merge with, by its id; an imported one has no reports.")
    return str(found["id"])


def _own(session: Session, account_id: int, mention_id: str) -> Review | None:
    wanted = (Review.account_id == account_id) & (Review.mention_id == mention_id)
    return session.scalars(select(Review).where(wanted)).one_or_none()


_STATE = (
    *("event_id", "decision", "coded_type", "coded", "wrong", "values", "queue", "seed", "coder_version"),
    *("note", "at", "recorded", "pending"),
)


def _state(review: Review) -> dict[str, Any]:
    return {name: getattr(review, name) for name in _STATE}


def _put_back(desk: Desk, account_id: int, mention_id: str, before: Mapping[str, Any] | None) -> None:
    with desk.database.session() as session:
        review = _own(session, account_id, mention_id)
        if review is not None and before is None:
            session.delete(review)
        elif review is not None and before is not None:
            for name, value in before.items():
                setattr(review, name, value)


def _mark_recorded(desk: Desk, number: int, at: datetime.datetime) -> None:
    with desk.database.session() as session:
        review = session.get(Review, number)
        if review is not None and review.at == at:
            review.recorded, review.pending = True, []


def _kept(said: Correction) -> dict[str, Any]:
    return {
        "kind": said.kind.value,
        "subject": said.subject,
        "by": said.by,
        "at": said.at.isoformat(),
        "other": said.other,
        "field": said.field,
        "value": said.value,
        "note": said.note,
    }


def _correction(kept: Mapping[str, Any]) -> Correction:
    at = datetime.datetime.fromisoformat(kept["at"])
    return Correction(**{**kept, "kind": CorrectionKind(kept["kind"]), "at": at})
