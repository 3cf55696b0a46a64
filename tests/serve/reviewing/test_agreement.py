from __future__ import annotations

from collections.abc import Callable

import pytest

from dragoman.serve import Desk
from dragoman.serve.reviewing.agreement import agreement


def test_two_who_say_the_same_agree_and_alpha_needs_something_to_agree_about(
    desk: Desk, people: dict[str, int], judge: Callable[..., None]
) -> None:
    for name in ("ann", "eve"):
        judge(people[name], "m1")
    found = agreement(desk.database)
    by_field = {row.field: row for row in found.fields}
    assert (found.reports, found.reviewers, found.disputes) == (1, ["ann", "eve"], [])
    assert (by_field["type"].raw, by_field["type"].alpha) == (1, None)


def test_agreement_by_field(desk: Desk, people: dict[str, int], judge: Callable[..., None]) -> None:
    cooperate = {"wrong": ["type"], "values": {"type": "COOPERATE"}}
    judge(people["ann"], "m1")
    judge(people["eve"], "m1")
    judge(people["ann"], "m2", "correct", **cooperate)
    judge(people["eve"], "m2", "correct", **cooperate)
    judge(people["ann"], "m3", "reject")
    judge(people["eve"], "m3")
    judge(people["ann"], "m4")
    found = agreement(desk.database)
    by_field = {row.field: row for row in found.fields}
    assert (found.reports, by_field["type"].reports, by_field["source"].reports) == (3, 3, 2)
    assert by_field["type"].raw == pytest.approx(2 / 3)
    # Three units of two: AID AID, COOPERATE COOPERATE, none AID. Observed disagreement 2/6; of the pairs of six values
    # (3 AID, 2 COOPERATE, 1 none) 1 - (6 + 2) / 30 = 22/30 are expected to differ; alpha = 1 - (1/3) / (22/30).
    assert by_field["type"].alpha == pytest.approx(1 - (1 / 3) / (22 / 30))
    assert by_field["event"].raw == pytest.approx(2 / 3)
    assert by_field["source"].raw == 1
    (dispute,) = found.disputes
    assert (dispute.mention_id, dispute.fields) == ("m3", ["type"])
    assert sorted(dispute.said) == ["ann: none", "eve: AID"]


def test_what_one_alone_judged_tells_nothing(desk: Desk, people: dict[str, int], judge: Callable[..., None]) -> None:
    judge(people["ann"], "m1")
    found = agreement(desk.database)
    assert (found.reports, found.reviewers) == (0, [])
    assert {(row.raw, row.alpha) for row in found.fields} == {(None, None)}
