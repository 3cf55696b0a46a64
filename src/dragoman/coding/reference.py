"""Who is meant by "both countries", "the North", "the ministry", "he" or "it" within a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dragoman.coding.gazetteer import NameKind
from dragoman.coding.scene import STATE_KINDS, Scene, Sighting
from dragoman.records import Actor, Party

if TYPE_CHECKING:
    from spacy.tokens import Token

PAIR_NOUNS = frozenset(
    "country nation side government leader state neighbour neighbor party president capital ally foe rival army "
    "minister enemy partner premier military delegation people head".split()
)
COUNTRY_NOUNS = frozenset({"country", "nation", "kingdom", "republic", "island"})
GROUP_NOUNS = frozenset({"group", "movement", "rebel", "militia", "militant", "insurgent", "faction", "organisation"})
BODY_NOUNS = frozenset({"bloc", "alliance", "organisation", "organization", "body", "agency", "watchdog", "tribunal"})
PERSONAL = frozenset({"he", "she", "him", "her", "his"})
NEUTRAL = frozenset({"it", "its"})
COUNTERPARTS = {"PRK": "KOR", "KOR": "PRK"}
"""States whose short form ("the North") is clear as soon as the other one is named."""

REACH = 3
"""Sentences that a reference may reach back."""


class Reference:
    """Resolves references within one document against what was named before."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._organs: list[tuple[int, str, str, Party]] = []

    def resolve(self, number: int, token: Token, doers: frozenset[str] = frozenset()) -> tuple[Party, ...]:
        """The parties that a pronoun, a short form or a pair noun refers to; empty where that is not clear."""
        lower = token.lower_
        if token.pos_ == "PRON":
            if lower in PERSONAL:
                return self._person(number, token, doers)
            if lower in NEUTRAL:
                return self._neutral(number, token, doers)
            if lower in ("both", "they", "them", "their"):
                return self.pair(number, token)
            return ()
        short = self._short(number, token)
        if short:
            return short
        pair = self.pair(number, token)
        if pair:
            return pair
        if not _definite(token):
            return ()
        lemma = token.lemma_.lower()
        if lemma in COUNTRY_NOUNS and not _modified(token):
            return self._latest(number, token, "the country", lambda s: s.kind in STATE_KINDS)
        if lemma in GROUP_NOUNS and not _modified(token):
            return self._latest(number, token, "the group", lambda s: s.kind is NameKind.GROUP)
        if lemma in BODY_NOUNS and not _modified(token):
            return self._latest(number, token, "the body", lambda s: s.kind is NameKind.BODY)
        return ()

    def pair(self, number: int, token: Token, known: bool = False) -> tuple[Party, ...]:
        """The two parties that "both countries", "the two leaders" or "they" refers to.

        The nearest sentence that speaks of two or more decides; where it has more than two, its subjects and objects
        come before what it names in passing, and a draw is no answer.
        """
        pronoun = token.lower_ in ("both", "they", "them", "their") and token.pos_ == "PRON"
        two = token.lower_ == "two" and token.dep_ in ("nsubj", "nsubjpass", "pobj", "dobj")
        if not known and not pronoun and not two and not (token.lemma_.lower() in PAIR_NOUNS and _dual(token)):
            return ()
        here = self._scene.sentence_of(number, token)
        weights: dict[str, int] = {}
        last = here
        first: dict[str, Sighting] = {}
        for sighting in self._before(here, token):
            if sighting.sentence < here - REACH:
                break
            if sighting.sentence == here and sighting.subject and token.dep_ not in ("nsubj", "nsubjpass"):
                continue
            if len(weights) >= 2 and sighting.sentence < last:
                break
            last = sighting.sentence
            weights[sighting.actor.key] = max(
                weights.get(sighting.actor.key, 0), 2 if sighting.subject else sighting.core
            )
            first[sighting.actor.key] = sighting
        ranked = sorted(weights, key=lambda key: (-weights[key], key))
        if len(ranked) > 2 and weights[ranked[1]] > weights[ranked[2]]:
            ranked = ranked[:2]
        codes = {key: first[key] for key in ranked} if len(ranked) == 2 else self._leading_pair()
        if len(codes) != 2:
            return ()
        span = self._scene.paragraphs[number].span(token.i, token.i + 1)
        return tuple(Party(codes[key].actor, span, "reference: both") for key in sorted(codes))

    def definite(self, number: int, token: Token, noun: str, sector: str) -> tuple[Party, ...]:
        """The organ that "the ministry" or "the court" takes up again."""
        if not _definite(token):
            return ()
        here = self._scene.sentence_of(number, token)
        for sentence, known_noun, known_sector, party in reversed(self._organs):
            if sentence < here - REACH - 2:
                break
            if sentence <= here and (
                noun == known_noun or (noun.split()[-1] == known_noun.split()[-1] and sector == known_sector)
            ):
                span = self._scene.paragraphs[number].span(token.i, token.i + 1)
                return (Party(party.actor, span, f"reference: {noun}"),)
        return ()

    def remember(self, number: int, token: Token, noun: str, sector: str, party: Party) -> None:
        """Note an organ that was named in full, so that it can be taken up again."""
        self._organs.append((self._scene.sentence_of(number, token), noun, sector, party))

    def _before(self, here: int, token: Token) -> list[Sighting]:
        return [
            sighting
            for sighting in reversed(self._scene.sightings)
            if sighting.sentence < here or (sighting.sentence == here and sighting.token < token.i)
        ]

    def _leading_pair(self) -> dict[str, Sighting]:
        """The document's two actors, where it has spoken of two only or two lead by far."""
        counts: dict[str, list[Sighting]] = {}
        for sighting in self._scene.sightings:
            counts.setdefault(sighting.actor.key, []).append(sighting)
        ranked = sorted(counts.values(), key=lambda group: -len(group))
        if len(ranked) < 2 or (len(ranked) > 2 and len(ranked[1]) < 2 * len(ranked[2])):
            return {}
        return {group[0].actor.key: group[0] for group in ranked[:2]}

    def _latest(self, number: int, token: Token, rule: str, fits: Callable[[Sighting], bool]) -> tuple[Party, ...]:
        here = self._scene.sentence_of(number, token)
        for sighting in self._before(here, token):
            if sighting.sentence < here - REACH:
                break
            if fits(sighting):
                return self._party(number, token, sighting.actor, rule)
        return ()

    def _person(self, number: int, token: Token, doers: frozenset[str]) -> tuple[Party, ...]:
        here = self._scene.sentence_of(number, token)
        persons = [
            s
            for s in self._before(here, token)
            if s.kind is NameKind.PERSON and s.sentence >= here - REACH and s.actor.key not in doers
        ]
        subjects = [s for s in persons if s.subject]
        for sighting in subjects or persons:
            return self._party(number, token, sighting.actor, f"reference: {token.lower_}")
        return ()

    def _neutral(self, number: int, token: Token, doers: frozenset[str]) -> tuple[Party, ...]:
        here = self._scene.sentence_of(number, token)
        for sighting in self._before(here, token):
            if sighting.sentence < here - 1:
                break
            if sighting.actor.key in doers:
                continue
            if (sighting.subject or doers) and sighting.kind is not NameKind.PERSON:
                return self._party(number, token, sighting.actor, "reference: it")
        if token.lower_ == "its":
            # "asked India to take its soldiers off": whoever is named last before it in the sentence.
            for sighting in self._before(here, token):
                if sighting.sentence == here and sighting.kind is not NameKind.PERSON:
                    return self._party(number, token, sighting.actor, "reference: its")
        return ()

    def _short(self, number: int, token: Token) -> tuple[Party, ...]:
        if not _definite(token) or token.text not in self._scene.gazetteer.short:
            return ()
        named = {sighting.actor.code for sighting in self._scene.sightings}
        fitting = [
            entry
            for entry in self._scene.gazetteer.short[token.text]
            if entry.actor.code in named or COUNTERPARTS.get(entry.actor.code) in named
        ]
        if len({entry.actor.code for entry in fitting}) != 1:
            return ()
        return self._party(number, token, fitting[0].actor, f"reference: the {token.text}")

    def _party(self, number: int, token: Token, actor: Actor, rule: str) -> tuple[Party, ...]:
        return (Party(actor, self._scene.paragraphs[number].span(token.i, token.i + 1), rule),)


def _definite(token: Token) -> bool:
    return any(child.dep_ == "det" and child.lower_ in ("the", "this", "that") for child in token.children)


def _modified(token: Token) -> bool:
    return any(child.dep_ in ("amod", "compound", "poss", "nmod", "relcl") for child in token.children)


def _dual(token: Token) -> bool:
    return any(child.lower_ in ("both", "two") for child in token.children) and token.tag_ in ("NNS", "NNPS")
