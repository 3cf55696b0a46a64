"""Whether a nominal event is news or background: rule 2 of evals/coding/GUIDELINES.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

LIGHT_VERBS = frozenset(
    "launch carry conduct begin start continue make stage mount hold pay perform undertake resume open initiate "
    "deliver step intensify unleash commit order lead wage host have give extend see renew reiterate "
    "express voice repeat register lodge issue reaffirm raise".split()
)
IMPACT_VERBS = frozenset(
    "kill wound injure destroy damage hit draw come follow continue begin start end take leave force trigger prompt "
    "spark set happen occur last drag include target strike cause claim resume bring mark cut halt hurt displace "
    "show send raise provoke ease include open help allow strain anger rise fall grow reach pass "
    "arrive announce break erupt make complete conclude deepen go topple affect shake widen".split()
)


def is_news(noun: Token) -> bool:
    """Whether a nominal event is what its clause tells, not background: rule 2 of evals/coding/GUIDELINES.md."""
    verb = noun.head
    match noun.dep_:
        case "nsubj" | "nsubjpass":
            return verb.lemma_ in IMPACT_VERBS
        case "dobj":
            return verb.lemma_ in LIGHT_VERBS
        case "ROOT":
            return True
        case "conj":
            return noun.head.pos_ in ("NOUN", "PROPN") and is_news(noun.head)
        case "appos" | "attr":
            return noun.dep_ == "attr"
    return False
