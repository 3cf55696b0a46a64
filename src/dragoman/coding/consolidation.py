"""One document's mentions put in order: one per sentence, and what one report leaves out taken from another."""

from __future__ import annotations

from dataclasses import replace

from dragoman.coding.domains import contexts_of
from dragoman.periods import Period, Precision
from dragoman.records import Mention
from dragoman.terms import Domain, Factuality, Part

PRESENT_TENSE = "date: headline in the present tense"
FROM_ENCODER = "domain: encoder"


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
    """A mention without a date or domain takes that of the same event elsewhere in the text, if the text gives one.

    What rests on a headline's tense or on the encoder alone gives way to what the words themselves say; of several
    domains that only the encoder gave to one event, the first holds.
    """
    for name in ("domain", "date"):
        known: dict[tuple[object, ...], set[object]] = {}
        guessed: dict[tuple[object, ...], object] = {}
        for mention in mentions:
            value = getattr(mention, name)
            if not _is_weak(mention, name):
                known.setdefault(_happening(mention, name), set()).add(value)
            elif name == "domain":
                guessed.setdefault(_happening(mention, name), value)
        filled = []
        for mention in mentions:
            happening = _happening(mention, name)
            values = known.get(happening, set()) - {None}
            weak = _is_weak(mention, name)
            if weak and name == "date":
                values = {value for value in values if isinstance(value, Period) and value.precision is Precision.DAY}
            if not values and happening in guessed:
                values = {guessed[happening]}
            open_ = getattr(mention, name) is None or weak
            if len(values) == 1 and open_ and getattr(mention, name) not in values:
                value = values.pop()
                rule = f"{name}: of the same event in this text"
                also = {"date_span": None} if name == "date" else {"contexts": contexts_of(Domain(str(value)))}
                changed = {name: value} | also
                mention = replace(mention, rules=(*mention.rules, rule), **changed)  # type: ignore[arg-type]
            filled.append(mention)
        mentions = filled
    return mentions


def _is_weak(mention: Mention, name: str) -> bool:
    """Whether a date rests on a headline's present tense alone, or a domain on the encoder alone."""
    return (PRESENT_TENSE if name == "date" else FROM_ENCODER) in mention.rules


def _happening(mention: Mention, name: str) -> tuple[object, ...]:
    return (
        mention.type,
        mention.factuality is Factuality.PLEDGED,
        None if name == "domain" else mention.domain,
        frozenset((party.actor.key, party.actor.name) for party in mention.source),
        frozenset((party.actor.key, party.actor.name) for party in mention.target),
    )
