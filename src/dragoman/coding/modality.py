"""Whether a deed is reported as done, promised, possible, denied or only asked for: a walk up the tree.

The walk starts at the predicate and goes from governor to governor. Each governor may be an operator ("agreed to",
"may", "denied that", "said") that changes the reading or adds a speaker. The words are data: `data/operators.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dragoman.coding.clauses import head_is_cleft, is_passive, subjects_of
from dragoman.terms import Factuality, RefusalReason

if TYPE_CHECKING:
    from spacy.tokens import Token


DECLARING = frozenset(
    "announce make take give express voice repeat reaffirm reiterate confirm have show signal declare unveil adopt "
    "approve issue offer sign reach renew state report detail present publish disclose reveal on".split()
)
"""Verbs whose object may be a promise just made ("announced a plan to")."""


@dataclass(frozen=True, slots=True)
class Operators:
    """The operator words by their effect."""

    verbs: Mapping[str, str]
    adjectives: Mapping[str, str]
    nouns: Mapping[str, str]
    modals: Mapping[str, str]
    hedging_adverbs: frozenset[str]
    reported_adverbs: frozenset[str]


@cache
def operators() -> Operators:
    """The table that ships with the package."""
    data = tomllib.loads(files("dragoman.coding").joinpath("data/operators.toml").read_text("utf-8"))
    verbs: dict[str, str] = {}
    for effect in ("unrealised", "transparent", "believe", "report", "deny", "pledge", "threaten", "refuse"):
        verbs.update(dict.fromkeys(data[effect], effect))
    verbs.update(dict.fromkeys(data["hedging_verbs"], "possible"))
    return Operators(
        verbs,
        data["adjectives"],
        data["nouns"],
        data["modals"],
        frozenset(data["hedging_adverbs"]),
        frozenset(data["reported_adverbs"]),
    )


@dataclass(slots=True)
class Reading:
    """What the walk found; `effects` are the operators from the inside out, `speakers` likewise."""

    factuality: Factuality = Factuality.ACTUAL
    refusal: RefusalReason | None = None
    effects: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    speakers: list[tuple[Token, str]] = field(default_factory=list)
    anchor: Token | None = None
    denier: Token | None = None
    hearsay: bool = False
    aside: bool = False

    def hedge(self, rule: str) -> None:
        """Make it possible, unless it is denied already."""
        if self.factuality is not Factuality.DENIED:
            self.factuality = Factuality.POSSIBLE
        self.rules.append(rule)

    def promise(self, rule: str, effect: str, anchor: Token) -> None:
        """Make it pledged; the promise itself is dated by the promising word."""
        if self.factuality is Factuality.ACTUAL:
            self.factuality = Factuality.PLEDGED
        self.effects.append(effect)
        self.rules.append(rule)
        self.anchor = anchor

    def refuse(self, reason: RefusalReason, rule: str) -> None:
        """Give the deed up, for the first reason found."""
        self.refusal = self.refusal or reason
        self.rules.append(rule)


def read_modality(head: Token) -> Reading:
    """Walk from the predicate to the root of its sentence."""
    reading = Reading()
    token = head if head.pos_ in ("VERB", "AUX") else _verb_of(head)
    reading.anchor = token
    _local(head, reading, modal=True)
    if token.i != head.i:
        _local(token, reading, modal=True)
    modal = True
    for _ in range(12):
        if token.dep_ == "ROOT" or token.head.i == token.i:
            break
        modal = _step(token, reading, modal)
        token = token.head
    _parenthetical(token, reading)
    return reading


def _verb_of(noun: Token) -> Token:
    """The verb that a nominal predicate hangs on, or the noun itself."""
    token = noun
    while token.head.i != token.i and token.pos_ not in ("VERB", "AUX"):
        token = token.head
    return token if token.pos_ in ("VERB", "AUX") else noun


def _local(token: Token, reading: Reading, modal: bool) -> None:
    """Auxiliaries, negation and adverbs of one verb."""
    words = operators()
    for child in token.children:
        lower = child.lower_
        if child.dep_ == "neg" or lower in ("never", "neither", "without"):
            reading.refuse(RefusalReason.NEGATED, f"negation: {lower}")
        elif child.dep_ == "aux" and modal and lower in words.modals:
            _modal(token, lower, words.modals[lower], reading)
        elif child.dep_ == "advmod" and lower in words.hedging_adverbs:
            reading.hedge(f"hedge: {lower}")
        elif child.dep_ == "advmod" and lower in words.reported_adverbs:
            reading.hearsay = True
            reading.rules.append(f"hearsay: {lower}")
        elif child.dep_ == "mark" and lower in ("if", "unless", "whether", "lest"):
            reading.refuse(RefusalReason.CONDITIONAL, f"condition: {lower}")
        elif (child.dep_ == "det" and lower == "no") or _denied_subject(child):
            reading.refuse(RefusalReason.NEGATED, "negation: no")
    if token.dep_ == "ROOT" and any(c.tag_ == "TO" for c in token.children) and token.tag_ == "VB":
        reading.promise("headline infinitive", "pledge", token)


def _denied_subject(token: Token) -> bool:
    """Whether a subject is "neither X nor Y", "no X" or "none of X"."""
    if token.dep_ not in ("nsubj", "nsubjpass"):
        return False
    return token.lower_ in ("none", "nobody", "neither") or any(
        child.lower_ in ("neither", "no", "nor") and child.i < token.i for child in token.children
    )


def _modal(token: Token, word: str, effect: str, reading: Reading) -> None:
    match effect:
        case "possible":
            perfect = any(child.lower_ == "have" and child.dep_ == "aux" for child in token.children)
            reading.hedge(f"modal: {word}{' have' if perfect else ''}")
        case "future":
            reading.promise(f"modal: {word}", "future", token)
        case "would":
            reading.effects.append("would")
            reading.rules.append(f"modal: {word}")
            if any(child.lower_ == "have" and child.dep_ == "aux" for child in token.children):
                reading.refuse(RefusalReason.CONDITIONAL, "would have")
        case _:
            reading.refuse(RefusalReason.CONDITIONAL, f"modal: {word}")


def _step(token: Token, reading: Reading, modal: bool) -> bool:
    """Take one step from `token` to its governor; returns whether outer modals still bear on the deed."""
    head = token.head
    words = operators()
    match token.dep_:
        case "conj":
            own = any(c.dep_ in ("nsubj", "nsubjpass", "aux") for c in token.children)
            modal = modal and not own
            if head.pos_ in ("VERB", "AUX"):
                _local(head, reading, modal)
            return modal
        case "xcomp" | "ccomp" | "csubj" | "acl" | "pcomp" | "relcl" | "advcl" | "oprd":
            pass
        case _:
            return modal
    if head.pos_ in ("VERB", "AUX"):
        return _verb_governor(token, head, reading, modal)
    if head.pos_ == "ADJ":
        effect = words.adjectives.get(head.lemma_.lower())
        if effect == "possible" and token.dep_ in ("ccomp", "csubj"):
            _apply(effect, head, head.lemma_, reading)
            return False
        if effect and _infinitive(token):
            _apply(effect, head, head.lemma_, reading)
            _local(head.head, reading, modal)
        return modal
    if head.pos_ in ("NOUN", "PROPN") and token.dep_ in ("acl", "ccomp", "relcl", "advcl"):
        return _noun_governor(token, head, reading, modal)
    if token.dep_ == "pcomp" and head.pos_ in ("ADP", "SCONJ"):
        return _gerund(head, reading, modal)
    return modal


def _verb_governor(token: Token, head: Token, reading: Reading, modal: bool) -> bool:
    effect = operators().verbs.get(head.lemma_.lower())
    if head.lemma_ == "be" and token.dep_ in ("ccomp", "csubj") and not _infinitive(token):
        return _that_is(head, reading)
    if head.lemma_ == "be" and _infinitive(token):
        reading.promise("is to", "pledge", head)
        _local(head, reading, modal)
        return modal
    if token.dep_ == "advcl":
        return _adverbial(token, head, reading, modal)
    if effect is None:
        if token.dep_ == "xcomp" and (_infinitive(token) or token.tag_ == "VBG"):
            reading.refuse(RefusalReason.CONDITIONAL, f"depends on: {head.lemma_}")
        if token.dep_ == "ccomp" and head.lemma_ not in ("make", "let", "have"):
            reading.rules.append(f"clause under: {head.lemma_}")
        return modal
    if effect == "report" and token.dep_ == "xcomp" and _infinitive(token):
        # "is said to have", "was reported to be"; "warned to" and the like are commands.
        effect = "hearsay" if is_passive(head) else "unrealised"
    if effect in ("believe", "pledge") and is_passive(head) and token.dep_ == "xcomp":
        effect = "pledge" if head.lemma_ in ("expect", "set", "schedule", "slate", "poise", "plan") else "suspected"
    if effect in ("believe",) and not is_passive(head) and token.dep_ == "xcomp" and _infinitive(token):
        effect = "pledge"
    if effect == "threaten" and head.lemma_ == "warn" and token.dep_ == "ccomp":
        effect = "report"
    if effect == "pledge" and token.dep_ == "ccomp" and not _infinitive(token):
        modals = operators().modals
        effect = "promise that" if any(c.dep_ == "aux" and c.lower_ in modals for c in token.children) else "report"
    if effect == "report" and token.dep_ == "ccomp" and _infinitive(token):
        reading.promise("headline infinitive", "pledge", token)
    _apply(effect, head, head.lemma_, reading)
    _local(head, reading, modal=effect not in ("report",))
    return modal and effect not in ("report", "believe", "deny")


def _that_is(head: Token, reading: Reading) -> bool:
    """What is said of a that-clause: "it is possible that", "it is not true that"; outer modals bear no further."""
    said = next((child for child in head.children if child.dep_ in ("acomp", "attr")), None)
    if said is not None:
        if operators().adjectives.get(said.lemma_.lower()) == "possible":
            reading.hedge(f"possible: {said.lower_}")
        negated = any(child.dep_ == "neg" for child in head.children)
        if (said.lower_ in TRUE and negated) or said.lower_ in FALSE:
            reading.refuse(RefusalReason.NEGATED, f"said to be {'not ' if negated else ''}{said.lower_}")
    return False


TRUE = frozenset({"true", "case", "correct", "right"})
FALSE = frozenset({"false", "untrue", "wrong"})


def _adverbial(token: Token, head: Token, reading: Reading, modal: bool) -> bool:
    marks = {child.lower_ for child in token.children if child.dep_ in ("mark", "advmod")}
    if _infinitive(token):
        if head.pos_ == "VERB" and operators().verbs.get(head.lemma_) in ("pledge", "threaten", "refuse"):
            _apply(operators().verbs[head.lemma_], head, head.lemma_, reading)
        else:
            reading.refuse(RefusalReason.CONDITIONAL, "purpose")
        return modal
    if "since" in marks and token.tag_ != "VBG":
        reading.refuse(RefusalReason.BACKGROUND, "since-clause")
    if token.tag_ == "VBG" and not marks:
        _local(head, reading, modal)
        return modal
    return False


def _noun_governor(token: Token, head: Token, reading: Reading, modal: bool) -> bool:
    infinitive = _infinitive(token)
    content = operators().nouns.get(head.lemma_.lower()) in ("report", "possible", "deny")
    if token.dep_ == "relcl" and not infinitive and not content:
        reading.aside = reading.aside or (_is_told_already(token) and not head_is_cleft(token))
        return False
    effect = operators().nouns.get(head.lemma_.lower())
    if effect is None:
        if infinitive:
            reading.refuse(RefusalReason.CONDITIONAL, f"infinitive of noun: {head.lemma_}")
        return False if token.tag_ in ("VBG", "VBN") else modal
    participle = token.tag_ in ("VBN", "VBG") and not any(
        child.dep_ in ("nsubj", "nsubjpass") for child in token.children
    )
    if participle and effect != "deny":
        return False
    verb = head.head
    denied = head.dep_ in ("dobj", "nsubjpass") and operators().verbs.get(verb.lemma_) in ("deny", "refuse")
    if effect in ("report", "possible") and denied:
        _apply("deny", verb, verb.lemma_, reading)
        return False
    if effect == "report":
        owners = [child for child in head.children if child.dep_ == "poss"] or (
            subjects_of(verb)[:1] if head.dep_ in ("dobj", "pobj") and verb.pos_ == "VERB" else []
        )
        reading.speakers.extend((owner, head.lemma_) for owner in owners)
        if not owners:
            reading.hearsay = True
        reading.rules.append(f"reported: {head.lemma_}")
        return False
    if effect == "pledge" and head.dep_ in ("dobj", "pobj") and head.head.lemma_ not in DECLARING:
        # "defended his decision to send": the decision is looked back upon.
        reading.refuse(RefusalReason.CONDITIONAL, f"{head.lemma_} under: {head.head.lemma_}")
    _apply(effect, head, head.lemma_, reading)
    return modal


def _gerund(preposition: Token, reading: Reading, modal: bool) -> bool:
    """A gerund after a preposition: "accused Russia of shelling", "banned from entering", "by sending"."""
    if preposition.lower_ == "without":
        reading.refuse(RefusalReason.NEGATED, "without")
        return modal
    verb = preposition.head
    effect = operators().verbs.get(verb.lemma_.lower())
    if verb.pos_ not in ("VERB", "AUX"):
        noun_effect = operators().nouns.get(verb.lemma_.lower())
        if noun_effect == "report":
            reading.hearsay = True
        elif noun_effect is not None:
            _apply(noun_effect, verb, verb.lemma_, reading)
        return modal
    _local(verb, reading, modal and effect != "report")
    if preposition.lower_ in ("of", "for", "with", "as") and effect == "report":
        _apply("report", verb, verb.lemma_, reading)
        return False
    if preposition.lower_ == "of" and effect == "believe":
        _apply("suspected", verb, verb.lemma_, reading)
    elif preposition.lower_ in ("from", "against", "on", "about", "to") and effect in (
        "unrealised",
        "believe",
        "report",
    ):
        reading.refuse(RefusalReason.CONDITIONAL, f"{verb.lemma_} {preposition.lower_}")
    return modal


def _apply(effect: str, head: Token, word: str, reading: Reading) -> None:
    rule = f"{effect}: {word.lower()}"
    match effect:
        case "pledge" | "threaten":
            reading.promise(rule, effect, head)
        case "promise that":
            reading.promise(rule, "pledge", head)
            reading.speakers.extend((subject, word) for subject in subjects_of(head)[:1])
        case "refuse":
            reading.effects.append("refuse")
            reading.rules.append(rule)
            reading.anchor = head
        case "report":
            reading.speakers.extend((subject, word) for subject in subjects_of(head)[:1])
            if not subjects_of(head):
                reading.hearsay = True
            reading.rules.append(rule)
        case "believe":
            reading.hedge(rule)
            reading.speakers.extend((subject, word) for subject in subjects_of(head)[:1])
        case "suspected":
            reading.hedge(rule)
            agents = [p for c in head.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"]
            reading.speakers.extend((agent, word) for agent in agents)
        case "possible":
            reading.hedge(rule)
        case "hearsay":
            reading.hearsay = True
            reading.rules.append(rule)
        case "deny":
            reading.factuality = Factuality.DENIED
            reading.denier = head
            reading.speakers.extend((subject, word) for subject in subjects_of(head)[:1])
            reading.rules.append(rule)
        case "unrealised":
            reading.refuse(RefusalReason.CONDITIONAL, rule)
        case "negated":
            reading.refuse(RefusalReason.NEGATED, rule)
        case _:
            reading.rules.append(rule)


def _parenthetical(root: Token, reading: Reading) -> None:
    """Speakers that the sentence names beside the tree: "according to", ", citing", a reporting parenthesis."""
    words = operators()
    for token in root.sent:
        if token.lower_ == "according" and token.head.i != token.i:
            for to in token.children:
                speakers = [child for child in to.children if child.dep_ == "pobj"]
                reading.speakers.extend((speaker, "according to") for speaker in speakers)
        elif token.lemma_ == "cite" and token.tag_ == "VBG":
            # Who is cited knows it first: innermost.
            cited = [child for child in token.children if child.dep_ == "dobj"]
            reading.speakers[:0] = [(speaker, "citing") for speaker in cited]
        elif token.dep_ == "parataxis" and token.head.i == root.i and words.verbs.get(token.lemma_) == "report":
            reading.speakers.extend((subject, token.lemma_) for subject in subjects_of(token)[:1])
        elif _is_tail(token):
            reading.speakers.append((token.doc[token.i - 1], token.lemma_))


def _is_tail(token: Token) -> bool:
    """Whether a reporting verb ends the sentence as in ", the adviser said on Friday", its subject misjudged."""
    if operators().verbs.get(token.lemma_) != "report" or token.dep_ not in ("advcl", "acl", "conj", "relcl", "dep"):
        return False
    own = any(child.dep_ in ("nsubj", "nsubjpass", "ccomp", "dobj", "mark", "cc", "aux") for child in token.children)
    before = token.doc[token.i - 1] if token.i > 0 else token
    return not own and token.tag_ in ("VBD", "VBZ") and before.pos_ in ("NOUN", "PROPN") and before.dep_ == "appos"


def _is_told_already(token: Token) -> bool:
    """Whether a relative clause looks back ("which signed a treaty") rather than tells news ("which it is staging")."""
    auxiliaries = {child.lower_ for child in token.children if child.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"is", "are", "will", "may", "might", "could"}:
        return False
    return token.tag_ in ("VBD", "VBN")


def _infinitive(token: Token) -> bool:
    return any(child.tag_ == "TO" and child.dep_ == "aux" for child in token.children)
