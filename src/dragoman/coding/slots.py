"""Fills a frame's slots from a clause: which words are there, and which tokens may be the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.coding.clauses import Clause
from dragoman.coding.dates import MONTHS, WEEKDAYS
from dragoman.coding.lexicon import Filler, Frame
from dragoman.coding.organs import organs, phrase_in
from dragoman.coding.resolve import conjuncts, objects_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_Targets = list[tuple[tuple["Token", ...], bool]]


@dataclass(frozen=True, slots=True)
class Slots:
    """What fills a frame: the target's possible tokens, and the nouns of its other slots."""

    target_tokens: tuple[tuple[tuple[Token, ...], bool], ...]
    """For each place of the target the tokens that may fill it, the likeliest first, and whether it owns them."""
    objects: tuple[Token, ...]


def fit(frame: Frame, clause: Clause, lemma: str) -> Slots | None:
    """The slots' fillers if the frame's words are all there."""
    particle = frame.particles.get(lemma)
    if particle and particle not in clause.particles:
        return None
    if frame.complement and not _has_complement(frame.complement, clause):
        return None
    targets: _Targets = []
    objects: list[Token] = []
    given = clause.objects
    second = clause.second or _inner_object(frame, given)
    if frame.second is not None:
        # "Moscow was given arms": the passive's subject may be either object.
        if not second:
            return None
        pairs = [(frame.object, given), (frame.second, second)]
        if not all(filler and _accepts(filler, tokens) for filler, tokens in pairs):
            pairs = [(frame.object, second), (frame.second, given)]
        for filler, tokens in pairs:
            if filler is None or not _take(filler, tokens, targets, objects):
                return None
    elif (
        frame.object is not None
        and not _take(frame.object, given, targets, objects)
        and not (second and _take(frame.object, second, targets, objects))
    ):
        return None
    slots = fill(frame.prepositions, clause.prepositions)
    if slots is None:
        return None
    return Slots((*targets, *slots.target_tokens), (*objects, *slots.objects))


def fill(wanted: tuple[tuple[frozenset[str], Filler], ...], present: list[tuple[str, list[Token]]]) -> Slots | None:
    """The prepositional slots, or None if a word is missing."""
    targets: _Targets = []
    objects: list[Token] = []
    for choices, filler in wanted:
        fitting = [tokens for word, tokens in present if word in choices]
        if filler.target:
            heads = tuple(head for tokens in fitting for head in tokens[:1] if not _is_time(head))
            if not heads:
                return None
            targets.append((heads, False))
        elif not any(_take(filler, tokens, targets, objects) for tokens in fitting):
            return None
    return Slots(tuple(targets), tuple(objects))


def _inner_object(frame: Frame, given: list[Token]) -> list[Token]:
    """The receiver of "promised Nepal development aid", which the parser takes for part of the gift's name."""
    if frame.second is None or len(given) != 1:
        return []
    inner = [child for child in given[0].children if child.dep_ == "compound"]
    return [child for child in inner if child.ent_type_ in ("GPE", "ORG", "PERSON")]


def could_be_party(slots: Slots) -> bool:
    """Whether the unresolved target may be an actor at all: "the junta" may, "the sea" may not."""
    heads = [token for choices, _ in slots.target_tokens for token in choices[:1]]
    return not heads or any(
        token.pos_ in ("PROPN", "PRON") or organs().find(token) or any(c.pos_ == "PROPN" for c in token.children)
        for token in heads
    )


def stands_for_party(token: Token) -> bool:
    """Whether "other" or "another" stands alone, as in "each other" and "the other"."""
    return not any(child.dep_ == "amod" for child in token.children)


def _take(filler: Filler, tokens: list[Token], targets: _Targets, objects: list[Token]) -> bool:
    """Put the tokens where the filler says; False if they do not fit."""
    if filler.target or filler.anything or filler.owned:
        tokens = [token for token in tokens if not _is_time(token) and not (filler.owned and token.pos_ == "PRON")]
    if not tokens or not _accepts(filler, tokens):
        return False
    if filler.target:
        targets.append((tuple(tokens[:1]), False))
    elif filler.owned:
        fitting = _fitting(filler, tokens)
        targets.append((tuple(fitting[:1]), True))
        objects.extend(fitting[:1])
    else:
        objects.extend(tokens[:1] if filler.anything else _fitting(filler, tokens)[:1])
    return True


def _is_time(token: Token) -> bool:
    """Whether a noun is a date or time, which never fills a slot ("on Thursday")."""
    return token.ent_type_ in ("DATE", "TIME") or token.lower_ in WEEKDAYS or token.lower_ in MONTHS


def _accepts(filler: Filler, tokens: list[Token]) -> bool:
    if filler.target or filler.anything:
        return bool(tokens)
    return bool(_fitting(filler, tokens))


def _fitting(filler: Filler, tokens: list[Token]) -> list[Token]:
    if filler.owned and not filler.words:
        return tokens
    return [
        noun
        for token in tokens
        for head in (token, *conjuncts(token))
        for noun in _seen_through(head)
        if phrase_in(noun, filler.words)
    ]


def _seen_through(token: Token) -> Iterator[Token]:
    """A noun, and what "dozens of", "shipments of" or "a package of" stand for."""
    yield token
    if token.lemma_.lower() in organs().quantity or token.pos_ == "NUM":
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "in"):
                for pobj in objects_of(child):
                    yield from _seen_through(pobj)


def _has_complement(kind: str, clause: Clause) -> bool:
    for child in clause.complements:
        infinitive = any(part.tag_ == "TO" for part in child.children)
        if kind == "TO-DO" and child.dep_ in ("xcomp", "ccomp", "advcl", "acl") and infinitive:
            return True
        if kind == "THAT" and child.dep_ == "ccomp" and not infinitive:
            return True
    if kind == "DOING":
        return any(
            part.dep_ == "pcomp" and part.tag_ == "VBG"
            for child in clause.verb.subtree
            if child.dep_ == "prep" and child.lower_ in ("of", "from", "for")
            for part in child.children
        )
    if kind == "TO-DO":
        return any(
            part.dep_ in ("xcomp", "acl", "relcl", "ccomp") and any(c.tag_ == "TO" for c in part.children)
            for noun in [*clause.objects, *(p for _, ps in clause.prepositions for p in ps)]
            for part in noun.children
        )
    return False


def noun_prepositions(noun: Token) -> list[tuple[str, list[Token]]]:
    """The prepositional parts of a noun, of its first object, and those misattached to its verb."""
    found: list[tuple[str, list[Token]]] = []
    for child in noun.children:
        if child.dep_ == "prep":
            pobjs = list(objects_of(child))
            found.append((child.lower_, pobjs))
            for pobj in pobjs[:1]:
                found.extend(
                    (deeper.lower_, list(objects_of(deeper))) for deeper in pobj.children if deeper.dep_ == "prep"
                )
    verb = noun.head
    if noun.dep_ in ("dobj", "nsubj", "nsubjpass") and verb.pos_ == "VERB":
        # "held talks on Friday with Iran": the parser may hang the noun's part on the verb.
        found.extend(
            (c.lower_, list(objects_of(c))) for c in verb.children if c.dep_ in ("prep", "dative") and c.i > noun.i
        )
    return found
