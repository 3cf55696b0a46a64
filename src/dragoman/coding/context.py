"""What stands around a deed, and what kind of sentence it is in: whom an answer is to, and figures that are no deed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.records import Mention, Party, Span
from dragoman.terms import EventType

ANSWERS = frozenset(
    {
        EventType.AGREE,
        EventType.REQUEST,
        EventType.ACCUSE,
        EventType.REJECT,
        EventType.THREATEN,
        EventType.CONCEDE,
        EventType.RETREAT,
        EventType.SANCTION,
    }
)
"""Types whose target may be left unsaid because the sentence before has told it."""

NEAR_BEFORE = 300
"""Characters between a deed and the sentence whose parties it may take over."""

STATISTICS = re.compile(
    r"\b(?:trade|exports?|imports?|exported|imported|sold|bought|purchases|sales)\b.*\b(?:last year|a year|each year|"
    r"per cent|percent|was worth|were worth|rose|fell|grew|doubled|tripled|since the turn)\b",
    re.IGNORECASE | re.DOTALL,
)


def counterpart(kind: EventType, source: Sequence[Party], span: Span, before: Sequence[Mention]) -> tuple[Party, ...]:
    """Whom a deed at `span` without a named target answers: who just did something to its source, else the same target.

    "Algeria accused Morocco. Rabat rejected the charge": Algeria's. Nobody, where the last mentions tell neither.
    """
    if kind not in ANSWERS:
        return ()
    own = {party.actor.key for party in source}
    for mention in reversed(before[-3:]):
        if mention.sentence.part is not span.part or span.start - mention.sentence.end > NEAR_BEFORE:
            return ()
        doers = {party.actor.key for party in mention.source}
        done_to = {party.actor.key for party in mention.target}
        if own & done_to and not own & doers:
            return tuple(Party(p.actor, span, "context: answers the deed told before") for p in mention.source)
        if own == doers and done_to and not own & done_to:
            return tuple(Party(p.actor, span, "context: as told before") for p in mention.target)
    return ()


def tells_figures(kind: EventType, sentence: str) -> bool:
    """Whether a sentence tells how much two states trade over a time: figures, not a deed."""
    return kind is EventType.COOPERATE and STATISTICS.search(sentence) is not None
