"""Who could have a part in a sentence's events: every phrase of it that the resolver turns into parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dragoman.coding.encoder import Phrase
from dragoman.coding.resolve import Resolver
from dragoman.records import Party

if TYPE_CHECKING:
    from spacy.tokens import Span as Span_
    from spacy.tokens import Token

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
MOST = 16
"""Phrases of one sentence that are asked about; more are lists."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase (words counted from the sentence's start), whom it names, and its head in the paragraph."""

    phrase: Phrase
    parties: tuple[Party, ...]
    token: int

    @property
    def known(self) -> bool:
        """Whether it is known whom the phrase names."""
        return bool(self.parties)


def candidates(resolver: Resolver, number: int, sentence: Span_, told: tuple[Party, ...] = ()) -> list[Candidate]:
    """The phrases of a sentence that name somebody, in order, and those noun phrases that may but cannot be told.

    `told` are the doers of what the text told last: whom "the ban" or "this" takes up, if nothing else is known.
    """
    found: list[Candidate] = []
    for token in sentence:
        for parties, start, end in _named(resolver, number, token):
            phrase = Phrase(max(start, sentence.start) - sentence.start, end - sentence.start, token.i - sentence.start)
            found.append(Candidate(phrase, parties, token.i))
    found = [c for c in found if not any(_is_owner_of(c, other) for other in found)]
    if not found:
        return []
    covered = {i for c in found for i in range(c.phrase.start, c.phrase.end)}
    for chunk in sentence.doc[sentence.start : sentence.end].noun_chunks:
        head = chunk.root.i - sentence.start
        if head not in covered and chunk.root.ent_type_ not in TIMES:
            phrase = Phrase(chunk.start - sentence.start, chunk.end - sentence.start, head)
            parties = resolver.at_place(number, chunk.root) or _taken_up(resolver, number, chunk, told)
            found.append(Candidate(phrase, parties, chunk.root.i))
    found.sort(key=lambda c: (not c.known, c.phrase.head))
    return sorted(found[:MOST], key=lambda c: c.phrase.head)


def _is_owner_of(part: Candidate, whole: Candidate) -> bool:
    """Whether a phrase only says whose organ a longer one names: "North Korean" in "the North Korean leader"."""
    inside = whole.phrase.start <= part.phrase.start and part.phrase.end <= whole.phrase.end
    if not inside or part.phrase == whole.phrase:
        return False
    organs = {party.actor.code for party in whole.parties if party.rule.startswith("organ of")}
    return bool(organs) and {party.actor.code for party in part.parties} <= organs


def _taken_up(resolver: Resolver, number: int, chunk: Span_, told: tuple[Party, ...]) -> tuple[Party, ...]:
    """Who stands behind "the arrest", "this" or "it": the doers of what was told last."""
    definite = chunk.root.lower_ in ("it", "this", "that") or chunk[0].lower_ in ("the", "this", "that", "these")
    if not definite or len(chunk) > 4:
        return ()
    span = resolver.span(number, chunk.root)
    return tuple(replace(party, span=span, rule="reference: what was told before") for party in told)


TIMES = frozenset({"DATE", "TIME", "ORDINAL", "CARDINAL", "QUANTITY", "PERCENT", "MONEY"})


def _named(resolver: Resolver, number: int, token: Token) -> Iterator[tuple[tuple[Party, ...], int, int]]:
    """The parties of one word with the words of the phrase; a name is taken once, at its head."""
    name = resolver.name_at(number, token)
    if name is not None:
        inside = [
            t for t in token.doc[name.start : name.end] if not name.start <= t.head.i < name.end or t.head.i == t.i
        ]
        if (inside[-1].i if inside else name.end - 1) != token.i:
            return
    elif token.lower_ in ("each", "other") and token.dep_ in ("nsubj", "dobj", "pobj", "nsubjpass"):
        parties = resolver.pair_before(number, token)
        if parties:
            yield parties, token.i, token.i + 1
        return
    elif token.pos_ not in NOMINAL or (token.pos_ == "PRON" and token.lower_ in SILENT):
        return
    parties = resolver.alone(number, token)
    if name is not None and not parties:
        parties = resolver.as_modifier(number, token)
    if parties:
        start = min(_left(token), name.start if name else token.i)
        yield parties, start, max(token.i + 1, name.end if name else 0)


def _left(token: Token) -> int:
    """Where the noun phrase starts, without article, possessor's own article and what stands before commas."""
    start = token.i
    for child in token.lefts:
        if child.dep_ in ("compound", "amod", "nmod", "poss", "nummod", "quantmod"):
            start = min(start, child.left_edge.i)
    while start < token.i and token.doc[start].pos_ in ("DET", "PUNCT", "CCONJ"):
        start += 1
    return start


SILENT = frozenset("who which that this what whom whose there one these those something anything nothing".split())
