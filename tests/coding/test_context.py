from __future__ import annotations

from dataclasses import replace

import pytest

from dragoman.coding.context import NEAR_BEFORE, counterpart, tells_figures
from dragoman.records import Actor, Party, Span
from dragoman.terms import EventType, Part
from making import KOR, PRK, RUS, make_mention

SAID = make_mention(sentence=Span(Part.BODY, 0, 60))
HERE = Span(Part.BODY, 80, 88)


def by(actor: Actor) -> tuple[Party, ...]:
    return (Party(actor, HERE, "name"),)


def codes(parties: tuple[Party, ...]) -> list[str]:
    return [party.actor.code for party in parties]


def test_who_was_done_something_to_answers_the_doer() -> None:
    assert codes(counterpart(EventType.REJECT, by(RUS), HERE, [SAID])) == ["PRK"]


def test_the_same_doer_goes_on_against_the_same_target() -> None:
    assert codes(counterpart(EventType.SANCTION, by(PRK), HERE, [SAID])) == ["RUS"]


def test_a_stranger_answers_nobody() -> None:
    assert counterpart(EventType.REJECT, by(KOR), HERE, [SAID]) == ()


def test_a_deed_of_another_kind_takes_nobody_over() -> None:
    assert counterpart(EventType.MOBILIZE, by(RUS), HERE, [SAID]) == ()


def test_what_was_told_far_before_is_not_answered() -> None:
    far = Span(Part.BODY, SAID.sentence.end + NEAR_BEFORE + 1, SAID.sentence.end + NEAR_BEFORE + 9)
    assert counterpart(EventType.REJECT, by(RUS), far, [SAID]) == ()


def test_a_headline_is_not_answered_in_the_body() -> None:
    headline = replace(SAID, sentence=Span(Part.TITLE, 0, 60))
    assert counterpart(EventType.REJECT, by(RUS), HERE, [headline]) == ()


@pytest.mark.parametrize(
    ("kind", "sentence", "figures"),
    [
        (EventType.COOPERATE, "Trade between the two was worth nine billion dollars last year.", True),
        (EventType.COOPERATE, "The two opened a new rail link on Monday.", False),
        (EventType.SANCTION, "It halted trade that was worth nine billion dollars last year.", False),
    ],
)
def test_figures_of_trade_are_told_from_deeds(kind: EventType, sentence: str, figures: bool) -> None:
    assert tells_figures(kind, sentence) is figures
