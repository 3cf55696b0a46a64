from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Review
from dragoman.errors import UsageError
from dragoman.serve import Desk, create_app
from dragoman.serve.reviewing.deciding import Decision, Told, decide, finish_pending
from dragoman.serve.reviewing.queues import Queue


def alone(desk: Desk) -> dict[str, Any]:
    return next(event for event in desk.record.events() if len(event["mentions"]) == 1)


def reviews(desk: Desk) -> list[Review]:
    with desk.database.session() as session:
        return list(session.scalars(select(Review).order_by(Review.id)))


def corrections(desk: Desk) -> list[tuple[Any, ...]]:
    rows = sorted(desk.record.newest().rows("corrections"), key=lambda row: (row["at"], row["field"] or ""))
    return [(row["kind"], row["field"], row["value"]) for row in rows]


@pytest.mark.parametrize("point", ["before", "within", "after"])
def test_a_desk_killed_within_a_decision_finishes_it_once_when_it_starts_again(
    desk: Desk, people: dict[str, int], point: str
) -> None:
    event = alone(desk)
    address = desk.database.engine.url.render_as_string(hide_password=False)
    program = Path(__file__).with_name("killing.py")
    words = [desk.record.location, address, str(people["ann"]), event["mentions"][0], point]
    done = subprocess.run([sys.executable, str(program), *words], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (review,) = reviews(desk)
    assert (review.decision, review.recorded) == ("reject", False)
    assert len(desk.record.newest().rows("corrections")) == (1 if point == "after" else 0)
    with TestClient(create_app(desk)):
        (review,) = reviews(desk)
        assert (review.recorded, review.pending) == (True, [])
        (said,) = desk.record.newest().rows("corrections")
        assert (said["by"], said["note"], said["at"]) == ("ann", "killed", review.at)
        assert desk.record.event(event["id"])["id"] not in {e["id"] for e in desk.record.events()}
        assert desk.record.verify() == []
        version = desk.record.newest().version
        assert finish_pending(desk) == 0
        assert desk.record.newest().version == version


def test_a_later_decision_takes_the_place_of_the_former_and_sets_fields_back(
    desk: Desk, people: dict[str, int]
) -> None:
    event = alone(desk)
    (mention,) = event["mentions"]
    domain = "trade" if event["domain"] != "trade" else "energy"
    decide(desk, people["ann"], "ann", mention, Told(Decision.CORRECT, {"domain": domain}))
    assert desk.record.event(event["id"])["domain"] == domain
    decide(desk, people["ann"], "ann", mention, Told(Decision.REJECT))
    decide(desk, people["ann"], "ann", mention, Told(Decision.ACCEPT, queue=Queue.UNCERTAIN))
    assert desk.record.event(event["id"])["domain"] == event["domain"]
    assert corrections(desk) == [
        ("set", "domain", domain),
        ("dismiss", None, None),
        ("set", "domain", event["domain"] or ""),
        ("set", "dismissed", "false"),
    ]
    (review,) = reviews(desk)
    assert (review.decision, review.wrong, review.values) == ("accept", [], {})


def test_a_report_of_a_sample_stays_one_when_it_is_decided_again(desk: Desk, people: dict[str, int]) -> None:
    (mention,) = alone(desk)["mentions"]
    decide(desk, people["ann"], "ann", mention, Told(Decision.ACCEPT, queue=Queue.RANDOM, seed=7))
    decide(desk, people["ann"], "ann", mention, Told(Decision.REJECT))
    (review,) = reviews(desk)
    assert (review.queue, review.seed, review.decision) == ("random", 7, "reject")


def test_accepting_writes_nothing_to_the_record(desk: Desk, people: dict[str, int]) -> None:
    version = desk.record.newest().version
    decide(desk, people["ann"], "ann", alone(desk)["mentions"][0], Told(Decision.ACCEPT))
    assert desk.record.newest().version == version


def test_where_the_record_refuses_the_decision_is_as_it_was(
    desk: Desk, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (mention,) = alone(desk)["mentions"]

    def refuse(*_: object) -> None:
        raise UsageError("gone")

    monkeypatch.setattr(type(desk.record), "correct", refuse)
    with pytest.raises(UsageError, match="gone"):
        decide(desk, people["ann"], "ann", mention, Told(Decision.REJECT))
    assert reviews(desk) == []
    decide(desk, people["ann"], "ann", mention, Told(Decision.ACCEPT, note="first"))
    with pytest.raises(UsageError, match="gone"):
        decide(desk, people["ann"], "ann", mention, Told(Decision.REJECT))
    (review,) = reviews(desk)
    assert (review.decision, review.note, review.recorded) == ("accept", "first", True)


def test_what_cannot_be_recorded_any_more_does_not_wait_for_ever(desk: Desk, people: dict[str, int]) -> None:
    event = alone(desk)
    (mention,) = event["mentions"]
    with desk.database.session() as session:
        told = {"kind": "dismiss", "subject": "m00000000000000000000", "by": "ann", "at": desk.now().isoformat()}
        kept = {**told, "other": None, "field": None, "value": None, "note": None}
        session.add(
            Review(
                account_id=people["ann"],
                mention_id=mention,
                event_id=event["id"],
                decision="reject",
                coded_type="AID",
                queue="chosen",
                coder_version="1",
                recorded=False,
                pending=[kept],
            )
        )
    assert finish_pending(desk) == 1
    assert finish_pending(desk) == 0
    assert desk.record.newest().rows("corrections") == []


def test_the_reviewer_is_named_in_the_record_by_the_account(desk: Desk, people: dict[str, int]) -> None:
    decide(desk, people["eve"], "eve", alone(desk)["mentions"][0], Told(Decision.REJECT, note=" no such thing "))
    (row,) = desk.record.newest().rows("corrections")
    assert (row["by"], row["note"], row["kind"]) == ("eve", "no such thing", "dismiss")
