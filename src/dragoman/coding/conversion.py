"""What the operators make of a deed: a promised kindness is AGREE, a vowed attack THREATEN, a refused deed REJECT."""

from __future__ import annotations

import numpy as np

from dragoman.coding.encoder import Floats
from dragoman.coding.labels import FACTUALITIES
from dragoman.coding.modality import Reading
from dragoman.terms import EventType, Factuality

FRIENDLY = frozenset({EventType.CONSULT, EventType.SUPPORT, EventType.COOPERATE, EventType.AID, EventType.AGREE})
PROMISES = frozenset({"pledge", "threaten", "future"})


def converted(kind: EventType, reading: Reading) -> EventType:
    """The type after the operators: a refused deed is REJECT, a promised kindness AGREE, a vowed attack THREATEN."""
    for effect in reading.effects:
        if effect == "refuse":
            return EventType.REJECT
        if effect == "threaten" and kind not in FRIENDLY and kind is not EventType.RETREAT:
            kind = EventType.THREATEN
        elif effect in PROMISES and kind in FRIENDLY:
            kind = EventType.AGREE
        elif effect in PROMISES and kind is EventType.RETREAT:
            kind = EventType.CONCEDE
        elif effect == "would" and is_own_statement(reading):
            kind = EventType.AGREE if kind in FRIENDLY else EventType.CONCEDE if kind is EventType.RETREAT else kind
    return kind


def is_own_statement(reading: Reading) -> bool:
    """Whether the deed stands under a reporting verb, so that "would" is the future of what was said."""
    return any(rule.startswith("report:") for rule in reading.rules)


def factuality_of(kind: EventType, reading: Reading) -> Factuality:
    """The factuality after the operators; AGREE and THREATEN commit the future, so they are pledged."""
    if reading.factuality in (Factuality.DENIED, Factuality.POSSIBLE):
        return reading.factuality
    if kind in (EventType.AGREE, EventType.THREATEN):
        return Factuality.PLEDGED
    if kind is EventType.REJECT and "refuse" in reading.effects:
        return Factuality.ACTUAL
    if "would" in reading.effects and reading.factuality is Factuality.ACTUAL:
        return Factuality.PLEDGED
    return reading.factuality


TRUSTED = 1.5
"""What the rules' factuality counts beside the encoder's log-probabilities; tuned on evals/coding/gold.jsonl."""


def weigh_factuality(kind: EventType, shares: Floats | None, reading: Reading, framed: bool) -> Factuality:
    """The factuality that rules and encoder together make likeliest; AGREE and THREATEN are never actual."""
    ruled = factuality_of(kind, reading)
    if shares is None:
        return ruled
    scores = np.log(shares + 1e-4)
    marked = ruled in (Factuality.DENIED, Factuality.POSSIBLE)
    scores[FACTUALITIES.index(ruled)] += TRUSTED if framed or marked else 0.5 * TRUSTED
    if kind in (EventType.AGREE, EventType.THREATEN):
        scores[FACTUALITIES.index(Factuality.ACTUAL)] = -np.inf
    return FACTUALITIES[int(scores.argmax())]
