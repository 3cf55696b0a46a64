"""Matches the lexicon's frames on a parsed sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.coding.clauses import Clause, clause_of, subjects_of
from dragoman.coding.lexicon import Frame, Lexicon
from dragoman.coding.news import LIGHT_VERBS
from dragoman.coding.ontology import ontology
from dragoman.coding.organs import phrase_in
from dragoman.coding.resolve import Resolver, distinct, objects_of, without
from dragoman.coding.slots import Slots, could_be_party, fill, fit, noun_prepositions, stands_for_party
from dragoman.records import Party
from dragoman.terms import EventType, RefusalReason

if TYPE_CHECKING:
    from spacy.tokens import Token

HARMFUL = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.ACCUSE})


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fits, with the parties that fill it; `objects` are the nouns that stood in its other slots."""

    frame: Frame
    head: Token
    source: tuple[Party, ...]
    target: tuple[Party, ...]
    objects: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A frame that fits but for a party that the text does not name, or that cannot be told."""

    frame: Frame
    head: Token
    reason: RefusalReason
    objects: tuple[Token, ...] = ()
    source: tuple[Party, ...] = ()


class Matcher:
    """Finds the frames of a lexicon in one document's sentences."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver) -> None:
        self._lexicon = lexicon
        self._resolver = resolver

    def match(self, number: int, token: Token) -> Match | Near | None:
        """The most specific frame that this word heads and whose parties are known; else why none could be used."""
        if token.pos_ in ("VERB", "AUX"):
            lemma = self._verb_lemma(token)
            return self._verb(number, token, lemma) if lemma else None
        if token.pos_ in ("NOUN", "PROPN") and token.lemma_.lower() in self._lexicon.nouns:
            return self._noun(number, token)
        return None

    def _verb_lemma(self, token: Token) -> str | None:
        """The verb's lemma as the lexicon knows it; the model cuts some too short ("staged" to "stag")."""
        lemma = token.lemma_.lower()
        candidates = (lemma, f"{lemma}e", f"{lemma}{lemma[-1:]}")
        return next((word for word in candidates if word in self._lexicon.verbs), None)

    def _verb(self, number: int, verb: Token, lemma: str) -> Match | Near | None:
        clause = clause_of(verb)
        near: Near | None = None
        passed: Near | None = None
        source: tuple[Party, ...] | None = None
        for frame in self._lexicon.verbs[lemma]:
            if near is not None and frame.type is not near.frame.type:
                # The more specific reading fits but for a party; a vaguer one of another type would be a guess.
                continue
            if lemma not in frame.heads and phrase_in(verb, frozenset(frame.heads)) is None:
                continue
            slots = fit(frame, clause, lemma)
            if slots is None:
                continue
            if source is None:
                source = self._all(number, clause.subjects)
            each = self._each_other(number, clause, slots)
            if frame.reciprocal or each:
                outcome = self._reciprocal(frame, verb, each or source, slots)
            else:
                target = self._targets(number, slots, source) or self._target_beside(
                    number, frame, clause, slots, source
                )
                outcome = self._judge(frame, verb, source, target, slots.objects)
            if isinstance(outcome, Match):
                return outcome
            if (
                near is None
                and not frame.reciprocal
                and (outcome.reason is not RefusalReason.NO_TARGET or could_be_party(slots))
            ):
                near = outcome
            passed = passed or outcome
        return near or passed

    def _each_other(self, number: int, clause: Clause, slots: Slots) -> tuple[Party, ...]:
        """Both parties of "each accused the other" and "accused each other"."""
        first = [tokens[0] for tokens, _ in slots.target_tokens]
        if not any(token.lower_ in ("other", "another") and stands_for_party(token) for token in first):
            return ()
        for subject in clause.subjects:
            if subject.lower_ in ("each", "both"):
                return self._resolver.pair_before(number, subject)
            parties = self._resolver.parties(number, subject)
            if len(parties) > 1:
                return parties
        return ()

    def _target_beside(
        self, number: int, frame: Frame, clause: Clause, slots: Slots, source: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        """A target that stands beside the frame's own slots: who is to act in a demand, whose people or town it was."""
        if frame.complement in ("THAT", "TO-DO") and not frame.has_target:
            for child in clause.complements:
                subjects = [part for part in child.children if part.dep_ == "nsubj"]
                found = tuple(p for token in subjects for p in self._resolver.parties(number, token))
                if found:
                    return found
        if frame.type in (EventType.ASSAULT, EventType.COERCE) and not frame.mutual:
            tokens = [token for choices, _ in slots.target_tokens for token in choices[:1]] or list(slots.objects)
            for token in tokens:
                found = () if frame.has_target else self._resolver.parties(number, token)
                found = found or self._resolver.at_place(number, token) or self._resolver.at_place(number, clause.verb)
                found = without(found, source)
                if found:
                    return found
            if frame.type is EventType.ASSAULT:
                found = without(self._resolver.scene_of(number, clause.verb), source)
                if found:
                    return found
        if not frame.has_target:
            for token in slots.objects:
                found = self._resolver.named_complement(number, token)
                if found:
                    return found
        return ()

    def _noun(self, number: int, noun: Token) -> Match | Near | None:
        near: Near | None = None
        owners: tuple[Party, ...] | None = None
        for frame in self._nominal(noun):
            preps = noun_prepositions(noun)
            slots = fill(frame.prepositions, preps)
            if slots is None:
                continue
            if frame.reciprocal:
                parties = self._targets(number, slots) or self._resolver.states_of(number, noun)
                parties = parties if len(parties) > 1 else self._resolver.pair(number, noun)
                outcome = self._reciprocal(frame, noun, parties, slots)
            else:
                if owners is None:
                    owners = self._owners(number, noun)
                outcome = self._judge(frame, noun, owners, self._targets(number, slots), slots.objects)
            if isinstance(outcome, Match):
                return outcome
            near = near or outcome
        return near

    def _nominal(self, noun: Token) -> list[Frame]:
        """The nominal frames whose head the noun phrase ends in, longer heads first ("suicide attack")."""
        found = []
        for frame in self._lexicon.nouns[noun.lemma_.lower()]:
            head = phrase_in(noun, frozenset(frame.heads), longest=True)
            if head is not None:
                found.append((-frame.specificity - 3 * head.count(" "), frame.text, frame))
        return [frame for _, _, frame in sorted(found, key=lambda item: item[:2])]

    def _owners(self, number: int, noun: Token) -> tuple[Party, ...]:
        """Who does what a noun names: possessor, adjective, by-phrase, else the subject of its light verb."""
        owners = self._resolver.states_of(number, noun)
        if owners:
            return owners
        for child in noun.children:
            if child.dep_ in ("prep", "agent") and child.lower_ in ("by", "from"):
                found = self._all(number, list(objects_of(child))[:1])
                if found:
                    return found
        verb = noun.head
        if noun.dep_ == "dobj" and verb.lemma_ in LIGHT_VERBS:
            return self._all(number, subjects_of(verb))
        return ()

    def _all(self, number: int, tokens: list[Token]) -> tuple[Party, ...]:
        return distinct(party for token in tokens for party in self._resolver.parties(number, token))

    def _targets(self, number: int, slots: Slots, source: tuple[Party, ...] = ()) -> tuple[Party, ...]:
        found: list[Party] = []
        doers = frozenset(party.actor.key for party in source)
        for choices, owned in slots.target_tokens:
            for token in choices:
                parties = self._target(number, token, owned, doers)
                found.extend(parties)
                if parties and not {party.actor.key for party in parties} <= doers:
                    break
        return distinct(found)

    def _target(self, number: int, token: Token, owned: bool, doers: frozenset[str]) -> tuple[Party, ...]:
        if token.pos_ == "PRON":
            return self._resolver.other_than(number, token, doers)
        if owned:
            # "the killing of Palestinians" is not theirs: of names the victim of a deed.
            frames = self._lexicon.nouns.get(token.lemma_.lower(), ())
            return self._resolver.owners(number, token, any(frame.type in HARMFUL for frame in frames))
        return self._resolver.parties(number, token)

    def _reciprocal(self, frame: Frame, head: Token, parties: tuple[Party, ...], slots: Slots) -> Match | Near:
        if len(distinct(parties)) < 2:
            return Near(frame, head, RefusalReason.NO_TARGET if parties else RefusalReason.NO_SOURCE, slots.objects)
        return Match(frame, head, parties, parties, slots.objects)

    def _judge(
        self,
        frame: Frame,
        head: Token,
        source: tuple[Party, ...],
        target: tuple[Party, ...],
        objects: tuple[Token, ...],
    ) -> Match | Near:
        if not source:
            return Near(frame, head, RefusalReason.NO_SOURCE, objects)
        others = without(target, source)
        # People whose country the text does not say are of the doer's own country, or not known.
        home = {party.actor.code for party in source}
        others = tuple(p for p in others if p.rule != "domestic" or p.actor.code in home)
        if frame.has_target and not others:
            reason = RefusalReason.SAME_PARTY if target else RefusalReason.NO_TARGET
            return Near(frame, head, reason, objects, source)
        if not others and ontology()[frame.type].needs_recipient:
            return Near(frame, head, RefusalReason.NO_TARGET, objects)
        if frame.turned:
            return Match(frame, head, others, source, objects)
        if frame.mutual and others:
            return Match(frame, head, (*source, *others), (*source, *others), objects)
        return Match(frame, head, source, others, objects)
