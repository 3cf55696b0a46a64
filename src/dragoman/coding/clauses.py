"""Who does what to what in a clause: the arguments of a verb, across passives, relatives and control."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dragoman.coding.resolve import conjuncts, objects_of

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
OBJECT_CONTROL = frozenset(
    "urge ask order accuse force allow ban tell persuade help push press invite compel require encourage instruct "
    "permit forbid enable expect want call suspect bar prevent blame warn authorise authorize charge convict criticise "
    "criticize condemn praise thank see watch appeal lobby pressure threaten".split()
)
"""Verbs whose infinitive or gerund is done by their object ("urged Iran to stop")."""

NAMING_VERBS = frozenset({"call", "label", "brand", "term", "deem", "describe", "consider"})
"""Verbs that say what something is."""

NEVER_OBJECTS = frozenset({"time", "day", "week", "month", "year", "moment", "way", "reason", "place", "fact"})
"""Nouns with a clause of time, place or content, which is not about them ("for the first time that …")."""

CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "parataxis", "csubj"})


@dataclass(slots=True)
class Clause:
    """The arguments of one verb in active order; token lists are the heads of noun phrases."""

    verb: Token
    passive: bool
    subjects: list[Token]
    objects: list[Token]
    second: list[Token]
    prepositions: list[tuple[str, list[Token]]]
    particles: frozenset[str]
    complements: list[Token] = field(default_factory=list)


def clause_of(verb: Token) -> Clause:
    """The clause of a verb, with subjects and objects found across coordination, relatives and control."""
    passive = is_passive(verb)
    surface = subjects_of(verb)
    direct = [child for child in verb.children if child.dep_ in ("dobj", "attr", "acomp", "oprd")]
    dative = [child for child in verb.children if child.dep_ == "dative" and child.pos_ != "ADP"]
    gapped = _relative_object(verb)
    agents = [pobj for child in verb.children if child.dep_ == "agent" for pobj in objects_of(child)]
    if passive:
        subjects, objects, second = agents, surface, direct
    else:
        subjects, objects, second = surface, direct or gapped, []
        if dative:
            objects, second = dative, direct
        elif len(direct) > 1:
            objects, second = direct[:1], direct[1:]
    if verb.lemma_ in NAMING_VERBS and not passive:
        objects, second = _named_as(verb) or (objects, second)
    if not objects and verb.dep_ == "conj" and not passive and not has_own_object(verb):
        objects = _shared_object(verb)
    return Clause(
        verb=verb,
        passive=passive,
        subjects=subjects,
        objects=objects,
        second=second,
        prepositions=_prepositions(verb, [*direct, *dative, *(surface if passive else [])]),
        particles=frozenset(c.lower_ for c in verb.children if c.i > verb.i and _is_particle(c)),
        complements=[c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl", "acl")],
    )


def is_passive(verb: Token) -> bool:
    """Whether a verb stands in the passive, or as a past participle after a noun ("shells supplied by Iran")."""
    if any(child.dep_ in ("nsubjpass", "auxpass", "agent") for child in verb.children):
        return True
    if verb.tag_ == "VBN" and verb.dep_ == "acl":
        return not any(child.dep_ in ("nsubj", "aux") for child in verb.children)
    if verb.tag_ == "VBN" and verb.dep_ == "conj" and not any(c.dep_ in ("aux", "nsubj") for c in verb.children):
        return is_passive(verb.head)
    return False


def subjects_of(verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subject's heads; found through relatives, coordination, participles and control."""
    own = [child for child in verb.children if child.dep_ in SUBJECTS]
    if own:
        subject = own[0]
        if subject.tag_ in ("WDT", "WP", "WP$") and verb.dep_ == "relcl":
            return [verb.head]
        if subject.tag_ in ("WDT", "WP") and head_is_cleft(verb):
            return [child for child in verb.head.children if child.dep_ == "attr"]
        return [subject]
    if depth > 5:
        return []
    head = verb.head
    match verb.dep_:
        case "conj" if head.pos_ in ("VERB", "AUX"):
            return subjects_of(head, depth + 1)
        case "acl":
            if verb.tag_ in ("VBN", "VBG"):
                return [head]
            return _controller_of_noun(head, depth)
        case "relcl" if verb.tag_ in ("VB",):
            return _controller_of_noun(head, depth)
        case "xcomp" | "advcl" | "ccomp" if head.pos_ in ("VERB", "AUX"):
            if verb.dep_ == "ccomp" and verb.tag_ not in ("VB", "VBG"):
                return []
            return _controller_of_verb(head, verb, depth)
        case "pcomp":
            governor = head.head
            if governor.pos_ in ("VERB", "AUX"):
                return _controller_of_verb(governor, verb, depth)
            if governor.pos_ in ("NOUN", "PROPN"):
                return _controller_of_noun(governor, depth)
    return []


def head_is_cleft(verb: Token) -> bool:
    """Whether a clause belongs to "It was X that …"."""
    head = verb.head
    if head.dep_ == "attr":
        head = head.head
    return head.lemma_ == "be" and any(child.dep_ == "nsubj" and child.lower_ == "it" for child in head.children)


def has_own_object(verb: Token) -> bool:
    """Whether the verb has an object or complement of its own."""
    return any(child.dep_ in ("dobj", "dative", "xcomp", "ccomp", "prep", "attr") for child in verb.children)


def governor(token: Token) -> Token | None:
    """The verb or noun that a clause hangs on; None at the root."""
    return None if token.head.i == token.i else token.head


def _named_as(verb: Token) -> tuple[list[Token], list[Token]] | None:
    """What is called what: "called the verdict regrettable" parses as a clause without a verb."""
    for child in verb.children:
        if child.dep_ == "ccomp" and child.pos_ in ("NOUN", "ADJ", "PROPN"):
            subjects = [part for part in child.children if part.dep_ in ("nsubj", "nsubjpass")]
            if subjects:
                return subjects, [child]
    objects = [child for child in verb.children if child.dep_ == "dobj"]
    named = [
        child for child in verb.children if child.dep_ in ("oprd", "xcomp", "acomp") and child.pos_ in ("NOUN", "ADJ")
    ]
    return (objects, named) if objects and named else None


def _is_particle(token: Token) -> bool:
    """A particle, also where the parser takes it for an adverb or a preposition without an object ("pulled out of")."""
    if token.dep_ in ("prt", "advmod"):
        return True
    return token.dep_ == "prep" and not any(child.dep_ in ("pobj", "pcomp") for child in token.children)


def _controller_of_verb(head: Token, verb: Token, depth: int) -> list[Token]:
    if head.lemma_ in OBJECT_CONTROL and verb.dep_ != "advcl":
        objects = [c for c in head.children if c.dep_ in ("dobj", "dative", "nsubjpass")]
        objects += [
            p for c in head.children if c.dep_ in ("prep", "dative") and c.lower_ in ("on", "to") for p in objects_of(c)
        ]
        if objects:
            return objects[:1]
    if is_passive(head) and verb.dep_ == "xcomp":
        return [child for child in head.children if child.dep_ == "nsubjpass"] or subjects_of(head, depth + 1)
    return subjects_of(head, depth + 1)


def _controller_of_noun(noun: Token, depth: int) -> list[Token]:
    """Who does the infinitive of "its plan to attack": the noun's possessor, else the subject of its verb."""
    owners = [child for child in noun.children if child.dep_ == "poss"]
    if owners:
        return owners
    if noun.head.pos_ in ("VERB", "AUX") and noun.dep_ in ("dobj", "attr", "oprd"):
        return subjects_of(noun.head, depth + 1)
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX"):
        return subjects_of(noun.head.head, depth + 1)
    return [noun] if noun.dep_ in SUBJECTS else []


def _relative_object(verb: Token) -> list[Token]:
    """The noun that an object relative clause describes ("the treaty that Moscow signed")."""
    if verb.dep_ != "relcl" or any(child.dep_ == "dobj" and child.tag_ not in ("WDT", "WP") for child in verb.children):
        return []
    subject = [child for child in verb.children if child.dep_ in SUBJECTS]
    if subject and subject[0].tag_ not in ("WDT", "WP") and verb.head.lemma_ not in NEVER_OBJECTS:
        return [verb.head]
    return []


def _shared_object(verb: Token) -> list[Token]:
    """The object that a later coordinated verb shares ("condemned and sanctioned Iran" hangs on the last verb)."""
    later = [child for child in verb.children if child.dep_ == "conj" and child.pos_ == "VERB"]
    for other in later:
        objects = [child for child in other.children if child.dep_ == "dobj"]
        if objects:
            return objects
    return []


def _prepositions(verb: Token, nouns: list[Token]) -> list[tuple[str, list[Token]]]:
    """Prepositional parts of the verb and, since attachment is often misjudged, of its objects and of their parts."""
    found: list[tuple[str, list[Token]]] = []
    waiting = [verb, *nouns]
    seen: set[int] = set()
    while waiting:
        token = waiting.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        for child in token.children:
            if child.dep_ in ("prep", "dative", "agent") and child.pos_ in ("ADP", "SCONJ", "VERB", "ADV"):
                pobjs = list(objects_of(child))
                found.append((child.lower_, pobjs))
                waiting.extend(pobjs[:1] or [child])
                continue
            coordinated = child.dep_ == "conj" and token is not verb and child.pos_ in ("NOUN", "PROPN")
            direction = child.dep_ == "advmod" and child.pos_ in ("ADP", "ADV") and child.i > verb.i
            if child.dep_ == "prt" or coordinated or direction:
                waiting.append(child)
    return found


__all__ = ["CLAUSAL", "Clause", "clause_of", "conjuncts", "governor", "is_passive", "subjects_of"]
