"""Matches the lexicon's frames on a parsed sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.coding.clauses import Clause, clause_of, subjects_of
from dragoman.coding.dates import MONTHS, WEEKDAYS
from dragoman.coding.lexicon import Filler, Frame, Lexicon
from dragoman.coding.ontology import ontology
from dragoman.coding.organs import organs, phrase_in
from dragoman.coding.resolve import Resolver, conjuncts, objects_of
from dragoman.records import Party
from dragoman.terms import EventType, RefusalReason

if TYPE_CHECKING:
    from spacy.tokens import Token

HARMFUL = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.ACCUSE})
LIGHT_VERBS = frozenset(
    "launch carry conduct begin start continue make stage mount hold pay perform undertake resume open initiate "
    "deliver step intensify unleash commit order lead wage host have give extend see renew reiterate "
    "express voice repeat register lodge issue reaffirm raise".split()
)
IMPACT_VERBS = frozenset(
    "kill wound injure destroy damage hit draw come follow continue begin start end take leave force trigger prompt "
    "spark set happen occur last drag include target strike cause claim resume bring mark cut halt hurt displace "
    "show send raise provoke ease include open help allow strain anger rise fall grow reach pass "
    "arrive announce make complete conclude deepen go topple affect shake widen".split()
)


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


_Targets = list[tuple[tuple["Token", ...], bool]]


@dataclass(frozen=True, slots=True)
class _Slots:
    target_tokens: tuple[tuple[tuple[Token, ...], bool], ...]
    """For each place of the target the tokens that may fill it, the likeliest first, and whether it owns them."""
    objects: tuple[Token, ...]


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
        for frame in self._lexicon.verbs[lemma]:
            if near is not None and frame.type is not near.frame.type:
                # The more specific reading fits but for a party; a vaguer one of another type would be a guess.
                continue
            if lemma not in frame.heads and phrase_in(verb, frozenset(frame.heads)) is None:
                continue
            slots = self._fit(frame, clause, lemma)
            if slots is None:
                continue
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
            if near is None and (outcome.reason is not RefusalReason.NO_TARGET or _could_be_party(slots)):
                near = outcome
            passed = passed or outcome
        return near or passed

    def _each_other(self, number: int, clause: Clause, slots: _Slots) -> tuple[Party, ...]:
        """Both parties of "each accused the other" and "accused each other"."""
        first = [tokens[0] for tokens, _ in slots.target_tokens]
        if not any(token.lower_ in ("other", "another") and _stands_for_party(token) for token in first):
            return ()
        for subject in clause.subjects:
            if subject.lower_ in ("each", "both"):
                return self._resolver.pair_before(number, subject)
            parties = self._resolver.parties(number, subject)
            if len(parties) > 1:
                return parties
        return ()

    def _target_beside(
        self, number: int, frame: Frame, clause: Clause, slots: _Slots, source: tuple[Party, ...]
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
                keys = {(party.actor.key, party.actor.sector) for party in source}
                found = tuple(p for p in found if (p.actor.key, p.actor.sector) not in keys)
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
            preps = _noun_prepositions(noun)
            slots = _fill(frame.prepositions, preps)
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
        found: dict[str, Party] = {}
        for token in tokens:
            for party in self._resolver.parties(number, token):
                found.setdefault(f"{party.actor.key}/{party.actor.sector}", party)
        return tuple(found.values())

    def _targets(self, number: int, slots: _Slots, source: tuple[Party, ...] = ()) -> tuple[Party, ...]:
        found: dict[str, Party] = {}
        doers = frozenset(party.actor.key for party in source)
        for choices, owned in slots.target_tokens:
            for token in choices:
                parties = self._target(number, token, owned, doers)
                for party in parties:
                    found.setdefault(f"{party.actor.key}/{party.actor.sector}", party)
                if parties and not {party.actor.key for party in parties} <= doers:
                    break
        return tuple(found.values())

    def _target(self, number: int, token: Token, owned: bool, doers: frozenset[str]) -> tuple[Party, ...]:
        if token.pos_ == "PRON":
            return self._resolver.other_than(number, token, doers)
        if owned:
            # "the killing of Palestinians" is not theirs: of names the victim of a deed.
            frames = self._lexicon.nouns.get(token.lemma_.lower(), ())
            return self._resolver.owners(number, token, any(frame.type in HARMFUL for frame in frames))
        return self._resolver.parties(number, token)

    def _reciprocal(self, frame: Frame, head: Token, parties: tuple[Party, ...], slots: _Slots) -> Match | Near:
        if len({(party.actor.key, party.actor.sector) for party in parties}) < 2:
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
        sources = {(party.actor.key, party.actor.sector) for party in source}
        others = tuple(p for p in target if (p.actor.key, p.actor.sector) not in sources)
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

    def _fit(self, frame: Frame, clause: Clause, lemma: str) -> _Slots | None:
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
        slots = _fill(frame.prepositions, clause.prepositions)
        if slots is None:
            return None
        return _Slots((*targets, *slots.target_tokens), (*objects, *slots.objects))


def _fill(wanted: tuple[tuple[frozenset[str], Filler], ...], present: list[tuple[str, list[Token]]]) -> _Slots | None:
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
    return _Slots(tuple(targets), tuple(objects))


def _inner_object(frame: Frame, given: list[Token]) -> list[Token]:
    """The receiver of "promised Nepal development aid", which the parser takes for part of the gift's name."""
    if frame.second is None or len(given) != 1:
        return []
    inner = [child for child in given[0].children if child.dep_ == "compound"]
    return [child for child in inner if child.ent_type_ in ("GPE", "ORG", "PERSON")]


def _could_be_party(slots: _Slots) -> bool:
    """Whether the unresolved target may be an actor at all: "the junta" may, "the sea" may not."""
    heads = [token for choices, _ in slots.target_tokens for token in choices[:1]]
    return not heads or any(
        token.pos_ in ("PROPN", "PRON") or organs().find(token) or any(c.pos_ == "PROPN" for c in token.children)
        for token in heads
    )


def _stands_for_party(token: Token) -> bool:
    """Whether "other" or "another" stands alone, as in "each other" and "the other"."""
    return not any(child.dep_ == "amod" for child in token.children)


def _take(filler: Filler, tokens: list[Token], targets: _Targets, objects: list[Token]) -> bool:
    """Put the tokens where the filler says; False if they do not fit."""
    if filler.target or filler.anything or filler.owned:
        tokens = [token for token in tokens if not _is_time(token)]
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


def _noun_prepositions(noun: Token) -> list[tuple[str, list[Token]]]:
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
