"""What the operators make of a deed: a promised kindness is AGREE, a vowed attack THREATEN, a refused deed REJECT."""

from __future__ import annotations

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
