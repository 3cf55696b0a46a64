"""Copies of labelled sentences for the teacher to label: other actors in the same roles, and two sentences in one.

Never gold: a swap can make nonsense of a domain or a place, and joined clauses change what is news.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import NameKind
from training.markup import Labelled, LabelledEvent, Spanned

KINDS = (NameKind.STATE, NameKind.ADJECTIVE, NameKind.CAPITAL)
JOINTS = (", while ", "; ", ", and ", ", as ", ", a day after ", ", but ")


@cache
def forms() -> dict[str, dict[NameKind, str]]:
    """For every state its name, adjective and capital; the first form of each kind."""
    found: dict[str, dict[NameKind, str]] = {}
    for name, entries in sorted(gazetteer().names.items()):
        for entry in entries:
            if entry.kind in KINDS and len(entries) == 1 and entry.actor.code in gazetteer().states:
                found.setdefault(entry.actor.code, {}).setdefault(entry.kind, name)
    return {code: kinds for code, kinds in found.items() if len(kinds) == len(KINDS)}


@cache
def codes() -> dict[str, tuple[str, NameKind]]:
    """Every form with its state and kind."""
    return {form: (code, kind) for code, kinds in forms().items() for kind, form in kinds.items()}


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(codes(), key=lambda form: (-len(form), form))
    return re.compile(r"\b(?:" + "|".join(re.escape(form) for form in longest) + r")\b")


def swapped(sentence: Labelled, chance: random.Random, copy: int) -> Labelled | None:
    """The sentence with its states replaced by others, the same one each time; None if it names none."""
    found = list(_pattern().finditer(sentence.text))
    if not found:
        return None
    named = sorted({codes()[hit.group()][0] for hit in found})
    others = [code for code in forms() if code not in named]
    other = dict(zip(named, chance.sample(others, len(named)), strict=True))
    text, shifts, at = "", [], 0
    for hit in found:
        code, kind = codes()[hit.group()]
        form = forms()[other[code]][kind]
        text += sentence.text[at : hit.start()] + form
        at = hit.end()
        shifts.append((hit.end(), len(text) - at))
    text += sentence.text[at:]

    def moved(place: int) -> int:
        return place + max((step for step in shifts if step[0] <= place), default=(0, 0))[1]

    return _placed(sentence, f"{sentence.id}s{copy}", text, lambda s: Spanned(moved(s.start), moved(s.end), s.roles))


def joined(one: Labelled, other: Labelled, chance: random.Random) -> Labelled | None:
    """Two sentences as clauses of one; None where one is too long or does not end in a full stop."""
    if len(one.text) + len(other.text) > 320 or not one.text.endswith(".") or "headline" in (one.style, other.style):
        return None
    joint = chance.choice(JOINTS)
    first = one.text[:-1]
    offset = len(first) + len(joint)
    rest = other.text
    if rest.split(" ")[0] in ("The", "A", "An", "In", "On", "After", "Two", "Three", "Hundreds", "Thousands"):
        rest = rest[0].lower() + rest[1:]
    text = first + joint + rest
    shifted = _placed(other, other.id, text, lambda s: Spanned(s.start + offset, s.end + offset, s.roles))
    return Labelled(
        f"{one.id}+{other.id}",
        text,
        one.style,
        one.region,
        (*one.actors, *shifted.actors),
        (*one.events, *shifted.events),
    )


def copies(sentences: Sequence[Labelled], seed: int, each: int, joins: int) -> Iterator[Labelled]:
    """`each` swapped copies of every sentence, and `joins` joined pairs of copies."""
    chance = random.Random(seed)
    made = []
    for sentence in sentences:
        for copy in range(each):
            other = swapped(sentence, chance, copy)
            if other is not None:
                made.append(other)
    yield from made
    for _ in range(joins):
        pair = joined(chance.choice(made), chance.choice(made), chance)
        if pair is not None:
            yield pair


def _placed(sentence: Labelled, identity: str, text: str, move: object) -> Labelled:
    assert callable(move)

    def event(old: LabelledEvent) -> LabelledEvent:
        return LabelledEvent(
            old.type,
            old.mode,
            old.factuality,
            old.domain,
            old.by,
            move(old.predicate) if old.predicate else None,
            tuple(move(s) for s in old.sources),
            tuple(move(s) for s in old.targets),
            tuple(move(s) for s in old.claimants),
        )

    return Labelled(
        identity,
        text,
        sentence.style,
        sentence.region,
        tuple(move(s) for s in sentence.actors),
        tuple(event(old) for old in sentence.events),
    )
