from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from dragoman.records import Correction
from dragoman.serve import Desk
from dragoman.serve.reading import ServedRecord
from dragoman.serve.reviewing import queues
from dragoman.serve.reviewing.queues import Queue, Waiting, next_waiting
from dragoman.terms import CorrectionKind, EventType


def all_waiting(desk: Desk, queue: Queue, kind: EventType | None, seed: int = 1) -> list[str]:
    found: list[str] = []
    while True:
        one = next_waiting(desk, 0, queue, kind, seed, skip=len(found))
        if one is None:
            return found
        found.append(one.mention_id)


def ids(desk: Desk, kind: EventType | None = None) -> list[str]:
    rows = desk.record.newest().rows("mentions")
    return [row["id"] for row in rows if kind is None or row["type"] == kind.value]


def test_the_least_sure_come_first_and_those_without_a_measure_last(desk: Desk) -> None:
    rows = {row["id"]: row["confidence"] for row in desk.record.newest().rows("mentions")}
    found = all_waiting(desk, Queue.UNCERTAIN, None)
    assert sorted(found) == sorted(rows)
    ranks = [(rows[key] is None, rows[key] or 0, key) for key in found]
    assert ranks == sorted(ranks)


def test_a_sample_is_in_the_order_of_a_hash_of_seed_and_id(desk: Desk) -> None:
    wanted = ids(desk, EventType.CONSULT)
    assert len(wanted) > 3
    for seed in (1, 2):
        expected = sorted(wanted, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())
        assert all_waiting(desk, Queue.RANDOM, EventType.CONSULT, seed) == expected
    assert all_waiting(desk, Queue.RANDOM, EventType.CONSULT, 1) != all_waiting(
        desk, Queue.RANDOM, EventType.CONSULT, 2
    )


def test_windows_change_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = all_waiting(desk, Queue.RANDOM, EventType.CONSULT)
    monkeypatch.setattr(queues, "WINDOW", 2)
    desk.record._kept.forget(lambda _: True)
    assert all_waiting(desk, Queue.RANDOM, EventType.CONSULT) == whole


def test_no_more_than_a_window_is_read_for_the_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "WINDOW", 2)
    read: list[int] = []
    real = queues._window

    def note(record: ServedRecord, queue: Queue, kind: EventType | None, seed: int, number: int) -> list[Waiting]:
        read.append(number)
        return real(record, queue, kind, seed, number)

    monkeypatch.setattr(queues, "_window", note)
    assert next_waiting(desk, 0, Queue.UNCERTAIN, None, 1) is not None
    assert read == [0]


def test_what_was_decided_otherwise_still_belongs_to_the_sample(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    first = next_waiting(desk, people["ann"], Queue.RANDOM, EventType.CONSULT, 1)
    assert first is not None
    judge(people["ann"], first.mention_id, queue="uncertain")
    again = next_waiting(desk, people["ann"], Queue.RANDOM, EventType.CONSULT, 1)
    assert again == first
    other = next_waiting(desk, people["ann"], Queue.UNCERTAIN, None, 1)
    assert other is not None
    assert first.mention_id not in all_waiting_of(desk, people["ann"])


def all_waiting_of(desk: Desk, account: int) -> list[str]:
    found: list[str] = []
    while (one := next_waiting(desk, account, Queue.UNCERTAIN, None, 1, skip=len(found))) is not None:
        found.append(one.mention_id)
    return found


def test_without_a_type_a_sample_takes_the_types_in_turn(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    types = []
    for _ in range(3):
        one = next_waiting(desk, people["ann"], Queue.RANDOM, None, 1)
        assert one is not None
        types.append(one.type)
        judge(people["ann"], one.mention_id, coded_type=one.type.value)
    assert len(set(types)) == 3


def test_a_dismissed_event_is_asked_about_no_more_but_stays_in_the_sample(desk: Desk) -> None:
    event = next(e for e in desk.record.events() if len(e["mentions"]) == 1)
    desk.record.correct(Correction(CorrectionKind.DISMISS, event["id"], "ann", desk.now()))
    assert event["mentions"][0] not in all_waiting(desk, Queue.UNCERTAIN, None)
    assert event["mentions"][0] in all_waiting(desk, Queue.RANDOM, EventType(event["type"]))
