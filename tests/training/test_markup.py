from __future__ import annotations

from typing import Any

import pytest
from training.markup import from_line, labelled, strip


def row(text: str, **event: Any) -> dict[str, Any]:
    label = {"type": "AID", "mode": None, "factuality": "actual", "domain": "arms", "by": None} | event
    return {"id": "x1", "text": text, "style": "wire", "region": "global", "events": [label]}


def test_marks_become_offsets_of_the_plain_text() -> None:
    text, actors, predicates = strip("[S:Chad] {P:sent} rice to [T:Niger].")
    assert text == "Chad sent rice to Niger."
    assert [(text[a.start : a.end], a.roles) for a in actors] == [("Chad", (("S", 1),)), ("Niger", (("T", 1),))]
    assert text[predicates[1].start : predicates[1].end] == "sent"


def test_a_span_may_have_several_roles() -> None:
    made = labelled(
        row("[S1,T2:Lima] {P1:accused} [T1,S2:Quito] of {P2:shelling} a post.", type="ACCUSE")
        | {
            "events": [
                {"type": "ACCUSE", "mode": "allege", "factuality": "actual", "domain": None, "by": None},
                {"type": "ASSAULT", "mode": None, "factuality": "actual", "domain": None, "by": "actor"},
            ],
            "text": "[S1,T2,C2:Lima] {P1:accused} [T1,S2:Quito] of {P2:shelling} a post.",
        }
    )
    assert [event.type for event in made.events] == ["ACCUSE", "ASSAULT"]
    assert made.events[0].sources == made.events[1].targets == made.events[1].claimants


@pytest.mark.parametrize(
    ("text", "event", "message"),
    [
        ("[S:Chad] {P:sent} rice to [T:Niger].", {"type": "GIFT"}, "type is 'GIFT'"),
        ("[S:Chad] {P:sent} rice to [T:Niger].", {"mode": "drone"}, "mode of AID is 'drone'"),
        ("[S:Chad] {P:sent} rice to [T:Niger].", {"factuality": "maybe"}, "factuality is 'maybe'"),
        ("[S:Chad] {P:will talk} to [T:Niger].", {"type": "AGREE"}, "never actual"),
        ("[S:Chad] {P:sent} rice to [T:Niger].", {"domain": "rice"}, "domain is 'rice'"),
        ("[S:Chad] {P:sent} rice to [T:Niger].", {"by": "actor"}, "none is marked C1"),
        ("[S:Chad] {P:sent} rice.", {}, "needs a marked target"),
        ("{P:sent} rice to [T:Niger].", {}, "needs a marked predicate and a marked source"),
        ("[S:Chad] {P:sent} rice to [T2:Niger].", {}, "needs a marked target"),
        ("[S:Chad {P:sent}] rice to [T:Niger].", {}, "bracket is left"),
        ("[S:Chad] {P:sent} and {P:gave} rice to [T:Niger].", {}, "marked twice"),
    ],
)
def test_a_wrong_label_is_named(text: str, event: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        labelled(row(text, **event))


def test_a_writers_line_becomes_a_row() -> None:
    made = from_line("wire | global | AID/actual/food/- | [S:Chad] {P:sent} rice to [T:Niger].", "x1")
    assert made["events"] == [{"type": "AID", "mode": None, "factuality": "actual", "domain": "food", "by": None}]
    assert labelled(made).text == "Chad sent rice to Niger."


def test_none_needs_no_labels() -> None:
    made = labelled(from_line("wire | global | NONE | [S:Chad] {P:borders} on [T:Niger].", "x1"))
    assert made.events[0].type == "NONE"
