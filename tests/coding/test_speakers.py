"""Who says so: speakers who stay unnamed, reports of the media, offices that sound like others."""

from __future__ import annotations

import pytest

from dragoman.coding import Coder
from dragoman.records import Document


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def speakers(coder: Coder, text: str) -> list[str]:
    return sorted({c.label for m in coder.code(Document(None, None, text)).mentions for c in m.claimants})


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Russia shelled Kharkiv, a diplomat who asked not to be named said.", "anonymous"),
        ("Russia shelled Kharkiv on Monday, an aide said on condition of anonymity.", "anonymous"),
        ("Russia shelled Kharkiv on Monday, according to media reports.", "media"),
        ("Russia shelled Kharkiv on Monday, according to press accounts.", "media"),
    ],
)
def test_a_speaker_without_a_name_is_told_by_kind(coder: Coder, text: str, speaker: str) -> None:
    assert speakers(coder, text) == [speaker]


def test_a_body_that_says_so_is_told_by_its_name(coder: Coder) -> None:
    assert speakers(coder, "North Korea shipped shells to Russia on Tuesday, NATO said.") == ["NATO"]


def test_a_secretary_general_is_no_general_of_the_state(coder: Coder) -> None:
    text = "The Secretary-General condemned the abduction of aid workers by the Houthis in Yemen."
    accusers = {
        p.actor.sector for m in coder.code(Document(None, None, text)).mentions if m.type == "ACCUSE" for p in m.source
    }
    assert "MIL" not in accusers


def test_an_answer_without_a_named_target_is_to_whoever_did_the_deed_before(coder: Coder) -> None:
    text = "Algeria accused Morocco of hostile acts on Monday. Rabat rejected the charge as baseless within the hour."
    told = {
        (m.type.value, m.source[0].actor.code, m.target[0].actor.code)
        for m in coder.code(Document(None, None, text)).mentions
        if m.target
    }
    assert ("REJECT", "MAR", "DZA") in told


def test_help_to_nobody_named_is_no_event(coder: Coder) -> None:
    assert not [m for m in coder.code(Document(None, None, "Japan sent rice on Monday.")).mentions if m.type == "AID"]


def test_figures_of_trade_are_no_deed(coder: Coder) -> None:
    text = "Mexico sold more goods to the United States last year than China did."
    assert not coder.code(Document(None, None, text)).mentions
