from __future__ import annotations

from collections.abc import Callable

import pytest

from dragoman.serve import Desk
from dragoman.serve.reviewing.precision import precision_by_type


def test_precision_is_of_random_samples_alone_by_type(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    for number in range(8):
        judge(people["ann"], f"m{number}")
    judge(people["ann"], "m8", "reject")
    judge(people["ann"], "m9", "correct", wrong=["target"], values={"target": "CHN:China"})
    judge(people["ann"], "m10", "reject", queue="uncertain")
    judge(people["ann"], "m11", "reject", queue="chosen")
    judge(people["ann"], "m12", coded_type="CONSULT")
    consult, aid = precision_by_type(desk.database)
    assert (aid.type, aid.judged, aid.right, aid.precision, aid.all_right) == ("AID", 10, 8, 0.8, 8)
    # Wilson (1927) for 8 of 10, as statistical tables give it.
    assert aid.low == pytest.approx(0.490, abs=5e-4)
    assert aid.high == pytest.approx(0.943, abs=5e-4)
    assert (consult.type, consult.judged, consult.precision) == ("CONSULT", 1, 1.0)


def test_a_wrong_date_leaves_the_event_right(desk: Desk, people: dict[str, int], judge: Callable[..., None]) -> None:
    judge(people["ann"], "m1", "correct", wrong=["date", "domain"], values={"date": "2024", "domain": ""})
    (aid,) = precision_by_type(desk.database)
    assert (aid.right, aid.all_right) == (1, 0)


def test_a_report_that_several_judged_counts_once_by_the_majority(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    for name, one, other in (("ann", "accept", "accept"), ("eve", "reject", "accept"), ("ida", "accept", "reject")):
        judge(people[name], "m1", one)
        if name != "ida":
            judge(people[name], "m2", "reject" if other == "accept" and name == "ann" else other)
    (aid,) = precision_by_type(desk.database)
    assert (aid.judged, aid.right, aid.reviewers) == (2, 1, 3), "a tie is wrong"


def test_other_versions_of_the_coder_are_left_out(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    judge(people["ann"], "m1", "reject")
    judge(people["ann"], "m2", coder_version="2")
    (aid,) = precision_by_type(desk.database, "2")
    assert (aid.judged, aid.right) == (1, 1)


def test_without_a_sample_nothing_is_said(desk: Desk) -> None:
    assert precision_by_type(desk.database) == []
