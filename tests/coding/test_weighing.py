from __future__ import annotations

import numpy as np
import pytest

from dragoman.coding.candidates import Candidate
from dragoman.coding.encoder import Phrase
from dragoman.coding.labels import DOMAINS, FACTUALITIES, KINDS, MODES
from dragoman.coding.weighing import FEATURES, Pair, Weights, decide, weights
from dragoman.records import Actor, Party, Span
from dragoman.terms import EventType, Part

WEIGHTS = Weights(0.0, (1.0, *(0.0 for _ in FEATURES[1:])), 0.5)
"""Confidence is the logistic function of the first feature alone."""


def phrase(code: str, at: int, rule: str = "name: state") -> Candidate:
    party = Party(Actor(code, code), Span(Part.BODY, at, at + 3), rule)
    return Candidate(Phrase(at, at + 1, at), (party,), at)


def pair(trigger: int, source: int, target: int | None, kind: EventType, logit: float = 3.0) -> Pair:
    shares = np.full(len(KINDS), 0.01, np.float32)
    return Pair(
        trigger,
        source,
        target,
        kind,
        (logit, *(0.0 for _ in FEATURES[1:])),
        shares,
        np.full(len(FACTUALITIES), 0.25, np.float32),
        np.full(len(MODES), 0.01, np.float32),
        np.full(len(DOMAINS), 0.01, np.float32),
        (0.9, 0.9),
        None,
    )


PHRASES = [phrase("CHN", 0), phrase("RUS", 1), phrase("JPN", 2)]


def sides(*pairs: Pair) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(verdict.sources, verdict.targets) for verdict in decide(pairs, PHRASES, WEIGHTS)[0]]


def test_sources_with_the_same_target_are_one_event() -> None:
    found = sides(pair(5, 0, 2, EventType.ACCUSE), pair(5, 1, 2, EventType.ACCUSE))
    assert found == [((0, 1), (2,))]


def test_pairs_both_ways_are_one_reciprocal_event() -> None:
    found = sides(pair(5, 0, 1, EventType.CONSULT), pair(5, 1, 0, EventType.CONSULT))
    assert found == [((0, 1), (0, 1))]


def test_nobody_beside_a_named_target_is_dropped() -> None:
    found = sides(pair(5, 0, 2, EventType.ACCUSE), pair(5, 0, None, EventType.ACCUSE, 2.0))
    assert found == [((0,), (2,))]


def test_the_same_deed_told_by_two_words_is_told_once() -> None:
    found = sides(pair(5, 0, 2, EventType.ACCUSE, 2.0), pair(7, 0, 2, EventType.ACCUSE, 3.0))
    assert found == [((0,), (2,))]


def test_a_type_that_needs_a_target_may_leave_it_to_the_context() -> None:
    assert sides(pair(5, 0, None, EventType.AID)) == [((0,), ())]


def test_what_falls_short_is_handed_back() -> None:
    told, short = decide([pair(5, 0, 2, EventType.ACCUSE, -1.0)], PHRASES, WEIGHTS)
    assert told == []
    assert [(verdict.trigger, verdict.kind) for verdict in short] == [(5, EventType.ACCUSE)]
    assert short[0].confidence == pytest.approx(0.269, abs=0.001)


def test_the_order_of_pairs_changes_nothing() -> None:
    pairs = [pair(5, 0, 2, EventType.ACCUSE), pair(5, 1, 2, EventType.ACCUSE, 2.0), pair(6, 2, 0, EventType.REJECT)]
    assert decide(pairs, PHRASES, WEIGHTS) == decide(pairs[::-1], PHRASES, WEIGHTS)


def test_the_stored_weights_cover_every_feature() -> None:
    assert len(weights().values) == len(FEATURES)
    assert 0 < weights().accept < 1
