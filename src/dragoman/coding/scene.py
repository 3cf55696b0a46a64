"""What a document has named so far: paragraphs, names, surnames, and who was spoken of when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dragoman.coding.gazetteer import Entry, Gazetteer, NameKind
from dragoman.records import Actor, Span
from dragoman.terms import Part

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

STATE_KINDS = frozenset({NameKind.STATE, NameKind.CAPITAL, NameKind.ADJECTIVE, NameKind.SEAT, NameKind.PEOPLE})


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `start` to `end` of a paragraph that the gazetteer knows, with every actor they may mean."""

    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One parsed piece of a document; `offset` is where it starts in its part, in characters."""

    part: Part
    offset: int
    doc: Doc
    names: tuple[Name, ...]
    headline: bool

    def span(self, start: int, end: int) -> Span:
        """The characters of tokens `start` to `end` (exclusive)."""
        first, last = self.doc[start], self.doc[end - 1]
        return Span(self.part, self.offset + first.idx, self.offset + last.idx + len(last))


@dataclass(frozen=True, slots=True)
class Sighting:
    """An actor named at a place in the text; `sentence` counts through the whole document."""

    sentence: int
    token: int
    actor: Actor
    kind: NameKind
    subject: bool
    core: int = 0
    """1 for an object or a party after "with" or "to", 0 for what is named in passing."""


@dataclass(slots=True)
class Scene:
    """One document while it is coded."""

    paragraphs: list[Paragraph]
    gazetteer: Gazetteer
    day: date | None
    dateline: str | None = None
    surnames: dict[str, list[tuple[int, Entry]]] = field(default_factory=dict)
    sightings: list[Sighting] = field(default_factory=list)
    _index: list[dict[int, Name]] = field(default_factory=list)
    _entries: dict[tuple[int, int], Entry | None] = field(default_factory=dict)
    _firsts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        sentences = 0
        for paragraph in self.paragraphs:
            self._index.append({i: name for name in paragraph.names for i in range(name.start, name.end)})
            self._firsts.append(sentences)
            sentences += sum(1 for _ in paragraph.doc.sents)
        for number, paragraph in enumerate(self.paragraphs):
            for name in paragraph.names:
                entry = self.entry(number, name)
                if entry is None:
                    continue
                if entry.kind is NameKind.PERSON and entry.family:
                    self.surnames.setdefault(entry.family, []).append((number, entry))
        for number, paragraph in enumerate(self.paragraphs):
            for count, sentence in enumerate(paragraph.doc.sents):
                for i in range(sentence.start, sentence.end):
                    self._sight(number, self._firsts[number] + count, paragraph.doc[i])

    def sentence_of(self, number: int, token: Token) -> int:
        """The document-wide number of the sentence that holds a token."""
        for count, sentence in enumerate(self.paragraphs[number].doc.sents):
            if token.i < sentence.end:
                return self._firsts[number] + count
        return self._firsts[number]

    def name_at(self, number: int, token: Token) -> Name | None:
        """The gazetteer name that covers a token."""
        return self._index[number].get(token.i)

    def entry_at(self, number: int, token: Token) -> Entry | None:
        """The actor that a token names by itself: a full name, or the surname of somebody named in the document."""
        name = self.name_at(number, token)
        if name is not None:
            return self.entry(number, name)
        if token.pos_ == "PROPN" or token.ent_type_ == "PERSON":
            return self._surname(number, token)
        return None

    def entry(self, number: int, name: Name) -> Entry | None:
        """The one actor that a name means here; None where that cannot be told."""
        key = (number, name.start)
        if key not in self._entries:
            self._entries[key] = self._choose(number, name)
        return self._entries[key]

    def _choose(self, number: int, name: Name) -> Entry | None:
        entries = list(name.entries)
        doc = self.paragraphs[number].doc
        if any(entry.ambiguous for entry in entries) and not self._supported(number, name):
            return None
        if self._inside_person(doc, name) and all(entry.kind in STATE_KINDS for entry in entries):
            return None
        if len(entries) > 1 and self.day is not None:
            holding = [e for e in entries if e.kind is not NameKind.PERSON or e.in_office(self.day)]
            entries = holding or entries
        if len({entry.actor.code for entry in entries}) > 1:
            named = {e.actor.code for n in self._unambiguous() for e in n.entries}
            entries = [entry for entry in entries if entry.actor.code in named]
            if len({entry.actor.code for entry in entries}) != 1:
                return None
        return entries[0].on(self.day) if entries else None

    def _supported(self, number: int, name: Name) -> bool:
        """Whether an ambiguous name is meant: named otherwise in the document, or a place to the parser."""
        codes = {entry.actor.code for entry in name.entries}
        if any(entry.actor.code in codes for other in self._unambiguous() for entry in other.entries):
            return True
        span = self.paragraphs[number].doc[name.start : name.end]
        return all(token.ent_type_ in ("GPE", "NORP", "ORG") for token in span)

    def _unambiguous(self) -> Iterator[Name]:
        for paragraph in self.paragraphs:
            for name in paragraph.names:
                if len({entry.actor.code for entry in name.entries}) == 1 and not any(
                    e.ambiguous for e in name.entries
                ):
                    yield name

    @staticmethod
    def _inside_person(doc: Doc, name: Name) -> bool:
        """Whether the name is only part of what the parser takes for a person's name ("Paris Hilton")."""
        before = name.start > 0 and doc[name.start].ent_iob_ == "I" and doc[name.start].ent_type_ == "PERSON"
        after = (
            name.end < len(doc)
            and doc[name.end].ent_iob_ == "I"
            and doc[name.end].ent_type_ == "PERSON"
            and doc[name.end - 1].ent_type_ == "PERSON"
            and doc[name.end].pos_ == "PROPN"
        )
        return before or after

    def _surname(self, number: int, token: Token) -> Entry | None:
        if self._part_of_longer_name(token):
            return None
        known = self.surnames.get(token.text)
        if known:
            before = [entry for at, entry in known if at <= number] or [known[0][1]]
            # Of two of one family ("Kim") the one in office is meant, not a forebear.
            return ([entry for entry in before if entry.actor.sector != "ELI"] or before)[-1]
        candidates = self.gazetteer.families.get(token.text, ())
        if self.day is None:
            return None
        holding = {
            entry.actor.name: entry
            for entry in candidates
            if any(term.holds(self.day) and term.office in LEADING_OFFICES for term in entry.terms)
        }
        return next(iter(holding.values())) if len(holding) == 1 else None

    @staticmethod
    def _part_of_longer_name(token: Token) -> bool:
        """Whether neighbours make it another person's name ("Yulia Putin", "Kim Philby")."""
        doc = token.doc
        for step in (-1, 1):
            at = token.i + step
            if 0 <= at < len(doc):
                other = doc[at]
                same_entity = other.ent_type_ == "PERSON" and token.ent_type_ == "PERSON"
                joined = doc[max(token.i, at)].ent_iob_ == "I"
                if same_entity and joined and other.pos_ == "PROPN" and other.text[0].isupper():
                    return other.text not in TITLES
        return False

    def _sight(self, number: int, sentence: int, token: Token) -> None:
        name = self.name_at(number, token)
        if name is not None and token.i != name.start:
            return
        entry = self.entry_at(number, token)
        if entry is None:
            return
        last = self.paragraphs[number].doc[name.end - 1] if name else token
        root = last
        while root.dep_ in ("compound", "amod", "poss", "nmod") and root.head.i != root.i:
            root = root.head
        subject = root.dep_ in ("nsubj", "nsubjpass") or (
            root.dep_ == "conj" and root.head.dep_ in ("nsubj", "nsubjpass")
        )
        core = root.dep_ in ("dobj", "dative") or (
            root.dep_ == "pobj" and root.head.lower_ in ("with", "to", "by", "between")
        )
        core = core or (
            root.dep_ == "conj" and root.head.dep_ == "pobj" and root.head.head.lower_ in ("with", "between")
        )
        self.sightings.append(Sighting(sentence, token.i, entry.actor, entry.kind, subject, int(core)))


LEADING_OFFICES = frozenset(
    {"president", "prime minister", "supreme leader", "chancellor", "monarch", "head of government"}
)
TITLES = frozenset({"President", "Minister", "Premier", "Chancellor", "Leader", "Secretary", "Mr", "Mr.", "Ms", "Mrs"})
