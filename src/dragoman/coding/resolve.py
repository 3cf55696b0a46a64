"""Noun phrases to parties: who is meant by "Russia's resilience", "South Korean police" or "both countries"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from dragoman.coding.gazetteer import Entry, NameKind
from dragoman.coding.organs import Organs, organs
from dragoman.coding.reference import Reference
from dragoman.coding.scene import Name, Scene
from dragoman.records import Actor, Party, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

MODIFIERS = frozenset({"amod", "compound", "nmod", "poss", "nummod", "npadvmod", "appos"})
PLACE_PREPOSITIONS = frozenset({"in", "of", "from", "at", "across"})
CONFLICT_NOUNS = frozenset(
    {"war", "conflict", "crisis", "question", "issue", "talk", "deal", "peace", "front", "policy"}
)
SUBJECT_ROLES = frozenset({"nsubj", "agent"})
CityCountry = Callable[[str], str | None]


class Resolver:
    """Parties of noun phrases within one document."""

    def __init__(self, scene: Scene, city_country: CityCountry) -> None:
        self._scene = scene
        self._organs: Organs = organs()
        self._city_country = city_country
        self._reference = Reference(scene)

    def parties(self, number: int, token: Token, depth: int = 0) -> tuple[Party, ...]:
        """Everybody whom the noun phrase headed by `token` names, coordinated ones included."""
        return distinct(party for head in (token, *conjuncts(token)) for party in self._one(number, head, depth))

    def alone(self, number: int, token: Token) -> tuple[Party, ...]:
        """Whom the phrase headed by `token` names, coordinated phrases left out."""
        return self._one(number, token, 0)

    def as_modifier(self, number: int, token: Token) -> tuple[Party, ...]:
        """The actor that an adjective of nationality or a name before a noun stands for."""
        entry = self._scene.entry_at(number, token)
        return (Party(entry.actor, self._name_span(number, token), f"adjective: {entry.kind}"),) if entry else ()

    def span(self, number: int, token: Token) -> Span:
        """The characters of the noun phrase that a token heads, without what follows it."""
        return self._span(number, token)

    def name_at(self, number: int, token: Token) -> Name | None:
        """The gazetteer's name that covers a token."""
        return self._scene.name_at(number, token)

    def owners(self, number: int, token: Token, deed: bool = False) -> tuple[Party, ...]:
        """To whom the thing named by `token` belongs: possessor or adjective, else by, of (not of a deed), from, in."""
        found = self._modifiers(number, token, prepositions=frozenset())
        for preposition in ("by",) if deed else ("by", "of", "from", "in"):
            found = found or self._modifiers(number, token, prepositions=frozenset({preposition}))
        return found

    def states_of(self, number: int, token: Token) -> tuple[Party, ...]:
        """The actors that stand before a noun as possessor, adjective or compound."""
        return self._modifiers(number, token, prepositions=frozenset())

    def other_than(self, number: int, pronoun: Token, doers: frozenset[str]) -> tuple[Party, ...]:
        """Whom an object pronoun refers to; never the clause's own subject ("he urged him")."""
        return self._reference.resolve(number, pronoun, doers)

    def pair_before(self, number: int, token: Token) -> tuple[Party, ...]:
        """The two parties spoken of before, for "each" and "both"."""
        return self._reference.pair(number, token, known=True)

    def at_place(self, number: int, token: Token) -> tuple[Party, ...]:
        """The country of the place that a thing or a deed is in: "a restaurant in Mogadishu"."""
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in ("in", "near", "at", "outside", "on", "of", "across"):
                for pobj in objects_of(child):
                    entry = self._scene.entry_at(number, pobj)
                    code = entry.actor.code if entry else self._city_country(phrase(pobj))
                    if code is not None and code in self._scene.gazetteer.states:
                        state = self._scene.gazetteer.states[code]
                        actor = Actor(code, f"people ({state.name})", "CVL")
                        return (Party(actor, self._span(number, pobj), "place"),)
        return ()

    def scene_of(self, number: int, token: Token) -> tuple[Party, ...]:
        """The people of the country in which the sentence sets the deed: "stormed a restaurant in Mogadishu"."""
        for other in token.sent:
            found = self.at_place(number, other) if other.pos_ in ("NOUN", "VERB") else ()
            if found:
                return found
        return ()

    def named_complement(self, number: int, token: Token) -> tuple[Party, ...]:
        """An actor named right after a noun: "the treaty of the International Criminal Court"."""
        found = []
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "with", "against", "on"):
                for pobj in objects_of(child):
                    entry = self._scene.entry_at(number, pobj)
                    if entry is not None and not self._is_modifier_only(entry, pobj):
                        found.append(self._named(number, pobj, entry))
        return tuple(found)

    def pair(self, number: int, token: Token) -> tuple[Party, ...]:
        """The two parties that "both countries", anywhere in the token's sentence, refers to."""
        for other in token.sent:
            found = self._reference.pair(number, other)
            if len(found) == 2:
                return found
        return ()

    def _one(self, number: int, token: Token, depth: int) -> tuple[Party, ...]:
        if depth > 4:
            return ()
        entry = self._scene.entry_at(number, token)
        if entry is not None and not self._is_modifier_only(entry, token):
            return (self._named(number, token, entry),)
        if token.lower_ in ("we", "us", "our"):
            return self._speaker(number, token, depth)
        referred = self._reference.resolve(number, token)
        if referred:
            return referred
        organ = self._organs.find(token) or self._titled(token)
        owners = self._modifiers(number, token, frozenset())
        for preposition in ("of", "from", "in", "at", "across") if organ else ():
            owners = owners or self._modifiers(number, token, frozenset({preposition}))
        if organ and not owners and token.dep_ == "conj":
            # "his government, army and people": the first owner owns all.
            first = first_conjunct(token)
            owners = self._modifiers(number, first, frozenset()) or self._modifiers(number, first, frozenset({"of"}))
        if organ is not None:
            named = self._organ_parties(number, token, organ, owners)
            if named:
                if owners and len(named) == 1:
                    self._reference.remember(number, token, organ[0], organ[1], named[0])
                return named
        if owners and token.lemma_.lower() not in CONFLICT_NOUNS:
            return owners
        return self._through(number, token, depth) or self._city(number, token)

    def _speaker(self, number: int, token: Token, depth: int) -> tuple[Party, ...]:
        """Who says "we": the subject of the sentence's own reporting verb."""
        for verb in token.sent:
            if verb.lemma_ in ("say", "tell", "state", "declare", "announce", "add", "write", "warn"):
                for subject in verb.children:
                    if subject.dep_ == "nsubj" and subject.i != token.i and subject.pos_ != "PRON":
                        return self.parties(number, subject, depth + 1)
        return ()

    def _city(self, number: int, token: Token) -> tuple[Party, ...]:
        """A city stands for its country as the object or scene of a deed ("the shelling of Kharkiv")."""
        if token.pos_ != "PROPN" or token.ent_type_ in ("DATE", "TIME", "ORDINAL") or token.dep_ in SUBJECT_ROLES:
            return ()
        if token.ent_type_ == "PERSON" and token.head.lower_ not in ("of", "on", "in", "near", "at"):
            return ()
        code = self._city_country(phrase(token))
        if code is None or code not in self._scene.gazetteer.states:
            return ()
        return (Party(self._scene.gazetteer.states[code], self._span(number, token), "city"),)

    def _organ_parties(
        self, number: int, token: Token, organ: tuple[str, str], owners: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        noun, sector = organ
        if owners:
            return tuple(self._part_of(number, token, owner, noun, sector) for owner in owners)
        again = self._reference.definite(number, token, noun, sector)
        if again:
            return again
        country = None if noun in self._organs.things else self._home(number, token, sector)
        if country is None:
            return ()
        actor = Actor(country.code, f"{noun} ({country.name})", sector)
        return (Party(actor, self._span(number, token), "domestic"),)

    def _part_of(self, number: int, token: Token, owner: Party, noun: str, sector: str) -> Party:
        if owner.actor.sector in ("REB", "PRM", "PTY") or owner.actor.code in ("IGO", "UNO", "EUR", "IMG", "NGO"):
            actor = owner.actor
        else:
            state = self._scene.gazetteer.states.get(owner.actor.code)
            name = state.name if state else owner.actor.name
            actor = Actor(owner.actor.code, f"{noun} ({name})", sector)
        return Party(actor, self._span(number, token), f"organ of {owner.rule}")

    def _home(self, number: int, token: Token, sector: str) -> Actor | None:
        """The country of police, protesters or a court whose country the phrase does not say."""
        if sector not in DOMESTIC or any(child.lower_ in FOREIGN for child in token.children):
            return None
        if sector == "GOV" and any(child.dep_ == "nummod" for child in token.children):
            return None
        states = self._scene.gazetteer.states
        for other in token.sent:
            if other.dep_ == "pobj" and other.head.lower_ in ("in", "at", "across", "near", "outside"):
                if other.head.head.i not in (token.i, token.head.i, token.head.head.i):
                    continue
                entry = self._scene.entry_at(number, other)
                code = entry.actor.code if entry else self._city_country(phrase(other))
                if code is not None and code in states:
                    return states[code]
        here = {
            entry.actor.code
            for other in token.sent
            if (entry := self._scene.entry_at(number, other)) and entry.actor.code in states
        }
        if len(here) == 1:
            return states[here.pop()]
        headline = self._scene.paragraphs[number].headline
        office = sector == "GOV" and token.lemma_.lower() not in ("government", "authority", "cabinet")
        return None if headline or office else states.get(self._scene.dateline or "")

    def _modifiers(self, number: int, token: Token, prepositions: frozenset[str]) -> tuple[Party, ...]:
        found: dict[str, Party] = {}
        for child in token.children:
            if child.dep_ in MODIFIERS and child.i < token.i:
                parties = self._modifier(number, child)
                if not parties and child.dep_ == "compound":
                    # "a Chinese drone maker": the adjective hangs on the compound.
                    parties = self._modifiers(number, child, frozenset())
            elif child.dep_ == "prep" and child.lower_ in prepositions:
                parties = tuple(p for pobj in objects_of(child) for p in self._one(number, pobj, 3))
                if child.lower_ in PLACE_PREPOSITIONS - {"of"} and not parties:
                    parties = self._city_owner(number, child)
            elif child.dep_ == "agent" and "by" in prepositions:
                parties = tuple(p for pobj in objects_of(child) for p in self._one(number, pobj, 3))
            else:
                continue
            for party in parties:
                found.setdefault(party.actor.key, party)
            if found and child.dep_ == "poss":
                break
        return tuple(found.values())

    def _city_owner(self, number: int, preposition: Token) -> tuple[Party, ...]:
        for pobj in objects_of(preposition):
            code = self._city_country(phrase(pobj))
            if code is not None and code in self._scene.gazetteer.states:
                return (Party(self._scene.gazetteer.states[code], self._span(number, pobj), "city"),)
        return ()

    def _modifier(self, number: int, child: Token) -> tuple[Party, ...]:
        heads = [child, *conjuncts(child)]
        found: list[Party] = []
        for head in heads:
            entry = self._scene.entry_at(number, head)
            if entry is not None:
                rule = "possessor" if child.dep_ == "poss" else "adjective"
                found.append(Party(entry.actor, self._name_span(number, head), f"{rule}: {entry.kind}"))
            elif child.dep_ == "poss":
                found.extend(self._one(number, head, 2))
        return tuple(found)

    def _through(self, number: int, token: Token, depth: int) -> tuple[Party, ...]:
        """Look through "dozens of", "members of", "the actions of", appositions and "including"."""
        lemma = token.lemma_.lower()
        for child in token.children:
            if child.dep_ == "appos":
                found = self._one(number, child, depth + 1)
                if found:
                    return found
        for child in token.children:
            if child.dep_ != "prep":
                continue
            looks_through = child.lower_ == "of" and (
                lemma in self._organs.quantity or lemma in self._organs.of_complement
            )
            if looks_through or child.lower_ in ("including", "like"):
                found = tuple(p for pobj in objects_of(child) for p in self.parties(number, pobj, depth + 1))
                if found:
                    return found
        return ()

    def _titled(self, token: Token) -> tuple[str, str] | None:
        """The office before an unknown person's name: "South Korean Foreign Minister Cho Tae-yul"."""
        if token.pos_ != "PROPN":
            return None
        for child in token.children:
            if child.dep_ in ("compound", "amod", "nmod") and child.i < token.i:
                found = self._organs.find(child)
                if found is not None:
                    return found
        return None

    def _is_modifier_only(self, entry: Entry, token: Token) -> bool:
        """Whether the name stands before a noun that is the party itself ("Russian" in "Russian forces")."""
        return entry.kind is NameKind.ADJECTIVE and token.dep_ in ("amod", "compound", "nmod")

    def _named(self, number: int, token: Token, entry: Entry) -> Party:
        return Party(entry.actor, self._name_span(number, token), f"name: {entry.kind}")

    def _name_span(self, number: int, token: Token) -> Span:
        name = self._scene.name_at(number, token)
        paragraph = self._scene.paragraphs[number]
        return paragraph.span(name.start, name.end) if name else paragraph.span(token.i, token.i + 1)

    def _span(self, number: int, token: Token) -> Span:
        """The noun phrase without what follows its head."""
        first = token.left_edge.i
        while token.doc[first].dep_ in ("det", "punct", "cc") and first < token.i:
            first += 1
        return self._scene.paragraphs[number].span(first, token.i + 1)


FOREIGN = frozenset(
    "international foreign western regional global european african asian un hostile enemy rebel unknown unidentified "
    "occupying invading other several many some".split()
)
DOMESTIC = frozenset({"COP", "CVL", "GOV", "JUD", "LEG", "OPP", "MIL", "LAB", "EDU", "REL", "MED", "SPY"})


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """The first of each party; two organs of one state in different sectors are two."""
    found: dict[tuple[str, str | None], Party] = {}
    for party in parties:
        found.setdefault(identity(party), party)
    return tuple(found.values())


def identity(party: Party) -> tuple[str, str | None]:
    """What makes a party another than its neighbour: the actor's key and its sector."""
    return (party.actor.key, party.actor.sector)


def without(parties: Iterable[Party], others: Iterable[Party]) -> tuple[Party, ...]:
    """The parties that are none of the others."""
    taken = {identity(party) for party in others}
    return tuple(party for party in parties if identity(party) not in taken)


def conjuncts(token: Token) -> Iterator[Token]:
    """The nouns coordinated with `token` to its right."""
    for child in token.children:
        if child.dep_ == "conj" and child.i > token.i and child.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM"):
            yield child
            yield from conjuncts(child)


def first_conjunct(token: Token) -> Token:
    """The noun that a coordination starts with."""
    while token.dep_ == "conj":
        token = token.head
    return token


def objects_of(preposition: Token) -> Iterator[Token]:
    """The objects of a preposition, coordinated ones included."""
    for child in preposition.children:
        if child.dep_ == "pobj":
            yield child
            yield from conjuncts(child)


def phrase(token: Token) -> str:
    """A noun with its compounds, as written."""
    first = token.i
    while first > 0 and token.doc[first - 1].dep_ == "compound" and token.doc[first - 1].head.i >= first:
        first -= 1
    return token.doc[first : token.i + 1].text
