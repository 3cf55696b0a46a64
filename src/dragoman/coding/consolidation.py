"""One document's mentions put in order: one per sentence, and what one report leaves out taken from another."""

from __future__ import annotations

from dataclasses import replace

from dragoman.periods import Period, Precision
from dragoman.records import Mention
from dragoman.terms import Factuality, Part

PRESENT_TENSE = "date: headline in the present tense"


def one_per_sentence(mentions: list[Mention]) -> list[Mention]:
    """One report per sentence, type and parties: verbs come before the nouns that repeat them."""
    kept: dict[tuple[object, ...], Mention] = {}
    for mention in mentions:
        key = (
            mention.sentence,
            mention.type,
            frozenset(party.actor.key for party in mention.source),
            frozenset(party.actor.key for party in mention.target),
        )
        known = kept.get(key)
        if known is None or _weight(mention) > _weight(known):
            kept[key] = mention
    aimed = {(m.sentence, m.type, party.actor.key) for m in kept.values() if m.target for party in m.source}
    told = [
        mention
        for mention in kept.values()
        if mention.target or not any((mention.sentence, mention.type, p.actor.key) in aimed for p in mention.source)
    ]
    return sorted(told, key=lambda mention: (list(Part).index(mention.predicate.part), mention.predicate.start))


def _weight(mention: Mention) -> tuple[int, int, int]:
    return (len(mention.quotes), int(mention.domain is not None), -mention.predicate.start)


def share(mentions: list[Mention]) -> list[Mention]:
    """A mention without a date or domain takes that of the same event elsewhere in the text, if the text gives one."""
    for name in ("domain", "date"):
        known: dict[tuple[object, ...], set[object]] = {}
        for mention in mentions:
            if not _is_weak(mention, name):
                known.setdefault(_happening(mention, name), set()).add(getattr(mention, name))
        filled = []
        for mention in mentions:
            values = known.get(_happening(mention, name), set()) - {None}
            if _is_weak(mention, name):
                values = {value for value in values if isinstance(value, Period) and value.precision is Precision.DAY}
            if len(values) == 1 and (getattr(mention, name) is None or _is_weak(mention, name)):
                value = values.pop()
                rule = f"{name}: of the same event in this text"
                changed = {name: value} | ({"date_span": None} if name == "date" else {})
                mention = replace(mention, rules=(*mention.rules, rule), **changed)  # type: ignore[arg-type]
            filled.append(mention)
        mentions = filled
    return mentions


def _is_weak(mention: Mention, name: str) -> bool:
    """Whether a date rests on a headline's present tense alone; a day that the body names is better."""
    return name == "date" and PRESENT_TENSE in mention.rules


def _happening(mention: Mention, name: str) -> tuple[object, ...]:
    return (
        mention.type,
        mention.factuality is Factuality.PLEDGED,
        None if name == "domain" else mention.domain,
        frozenset((party.actor.key, party.actor.name) for party in mention.source),
        frozenset((party.actor.key, party.actor.name) for party in mention.target),
    )
