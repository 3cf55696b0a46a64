"""Who says so: speakers found by the walk of `modality`, turned into claimants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dragoman.coding.modality import Reading
from dragoman.coding.organs import organs, phrase_in
from dragoman.coding.resolve import Resolver
from dragoman.coding.scene import Paragraph
from dragoman.records import Claimant, Party, Span
from dragoman.terms import ClaimantKind

if TYPE_CHECKING:
    from spacy.tokens import Token

MEDIA_SECTORS = frozenset({"JRN"})
MEDIA_WORDS = frozenset({"media", "press", "newspaper", "news", "television"})
"""Words before a noun that make a report one of the media: "media reports", "press accounts"."""

ANONYMITY = re.compile(r"\b(?:on|under) (?:the )?condition of anonymity\b|\banonymously\b")
UNNAMED = re.compile(
    rf"{ANONYMITY.pattern}|\bnot to be (?:named|identified|quoted)\b|\bdeclined to be named\b|\bunnamed\b"
)


def claimants_of(reading: Reading, number: int, paragraph: Paragraph, resolver: Resolver) -> tuple[Claimant, ...]:
    """The chain of speakers, the nearest to the reader first; empty where the article itself says it."""
    found: list[Claimant] = []
    for token, cue in reversed(reading.speakers):
        for claimant in _claimants(token, cue, number, paragraph, resolver):
            if not any(_same(claimant, known) for known in found):
                found.append(claimant)
    if not found and reading.hearsay and reading.anchor is not None:
        span = paragraph.span(reading.anchor.i, reading.anchor.i + 1)
        found.append(Claimant(ClaimantKind.ANONYMOUS, None, span, "hearsay"))
    return tuple(found)


def claimant_at(token: Token, number: int, paragraph: Paragraph, resolver: Resolver) -> tuple[Claimant, ...]:
    """The claimant that a phrase the encoder took for one names."""
    return tuple(_claimants(token, "encoder", number, paragraph, resolver))


def _claimants(token: Token, cue: str, number: int, paragraph: Paragraph, resolver: Resolver) -> list[Claimant]:
    table = organs()
    span = paragraph.span(token.i, token.i + 1)
    if _mentions(token, table.analyst):
        return [Claimant(ClaimantKind.ANALYST, None, span, cue)]
    if _mentions(token, table.anonymous):
        return [Claimant(ClaimantKind.ANONYMOUS, None, span, cue)]
    parties = resolver.parties(number, token)
    if parties:
        return [Claimant(_kind(party), party.actor, party.span, cue) for party in parties]
    if _stays_unnamed(token):
        return [Claimant(ClaimantKind.ANONYMOUS, None, span, cue)]
    if any(child.lower_ in MEDIA_WORDS for child in token.children if child.dep_ in ("compound", "amod")):
        return [Claimant(ClaimantKind.MEDIA, None, span, cue)]
    organ = table.find(token)
    if organ is not None:
        kind = ClaimantKind.MEDIA if organ[1] in MEDIA_SECTORS else ClaimantKind.OFFICIAL
        return [Claimant(kind, None, span, cue)]
    if token.pos_ == "PROPN" or token.ent_type_ in ("PERSON", "ORG"):
        return [Claimant(_named_kind(token), None, _whole(token, paragraph), cue)]
    return []


def _stays_unnamed(token: Token) -> bool:
    """Whether a speaker asks not to be named ("a diplomat who asked not to be named")."""
    words = " ".join(part.lower_ for part in token.subtree)
    said = " ".join(part.lower_ for part in token.head.subtree) if token.dep_ == "nsubj" else ""
    return bool(UNNAMED.search(words) or ANONYMITY.search(said))


def _mentions(token: Token, nouns: frozenset[str]) -> bool:
    """Whether the speaker, or what stands beside the name in apposition, is one of these."""
    if phrase_in(token, nouns):
        return True
    return any(child.dep_ in ("appos", "compound", "nmod") and phrase_in(child, nouns) for child in token.children)


def _kind(party: Party) -> ClaimantKind:
    return ClaimantKind.MEDIA if party.actor.sector in MEDIA_SECTORS else ClaimantKind.OFFICIAL


def _named_kind(token: Token) -> ClaimantKind:
    """A named speaker of no known actor: an outlet if the parser takes it for an organisation, else not identified."""
    return ClaimantKind.MEDIA if token.ent_type_ == "ORG" else ClaimantKind.ANONYMOUS


def _whole(token: Token, paragraph: Paragraph) -> Span:
    first = token.i
    while first > 0 and token.doc[first - 1].dep_ == "compound":
        first -= 1
    return paragraph.span(first, token.i + 1)


def _same(one: Claimant, other: Claimant) -> bool:
    if one.actor is None or other.actor is None:
        return one.actor is other.actor and one.kind is other.kind
    return one.actor.key == other.actor.key
