"""Codes a document: sentences, predicates, parties, modality, claimants, date, place and domain into mentions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version as installed_version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from dragoman.coding.consolidation import one_per_sentence, share
from dragoman.coding.frames import Matcher
from dragoman.coding.gazetteer import Gazetteer, gazetteer
from dragoman.coding.lexicon import Lexicon, lexicon
from dragoman.coding.parser import DATELINE, Parser
from dragoman.coding.places import place_country
from dragoman.coding.resolve import Resolver
from dragoman.coding.scene import Scene
from dragoman.coding.sentences import SentenceCoder
from dragoman.records import Document, Mention, Refusal
from dragoman.terms import RefusalReason, RefusalStage

if TYPE_CHECKING:
    from spacy.tokens import Span as Span_

LONE = 0.715
"""Confidence that one mention of a document must reach: where nothing surer is told, a weak one is mostly none."""

LONGEST_SENTENCE = 160
"""Tokens of a sentence that is coded; longer ones are lists or tables, and parse badly."""


@dataclass(frozen=True, slots=True)
class Coding:
    """What coding one document gave."""

    mentions: tuple[Mention, ...]
    refusals: tuple[Refusal, ...]


class Coder:
    """A pure coder: documents in, mentions and refusals out; no files but its own data, no network, no store."""

    def __init__(self, names: Gazetteer | None = None, predicates: Lexicon | None = None) -> None:
        self._gazetteer = names or gazetteer()
        self._lexicon = predicates or lexicon()
        self._parser = Parser(self._gazetteer)
        self.version = coder_version() + self._gazetteer.mark

    def code(self, document: Document) -> Coding:
        """Every mention of an event in the document, in the order of the text, and what was refused."""
        mentions: list[Mention] = []
        refusals: list[Refusal] = []
        for work, sentence in self.sentences(document):
            if len(sentence) > LONGEST_SENTENCE:
                refusals.append(
                    work.refusal(sentence.root, RefusalReason.TOO_LONG, f"a sentence of {len(sentence)} words")
                )
                continue
            for outcome in work.code_all(sentence, mentions):
                if isinstance(outcome, Mention):
                    mentions.append(outcome)
                else:
                    refusals.append(outcome)
        kept = share(one_per_sentence(mentions))
        if kept and not any(map(_is_sure, kept)):
            refusals += [
                Refusal(
                    RefusalStage.CODING,
                    RefusalReason.UNSURE,
                    f"{mention.type}: {mention.confidence}; nothing surer is told in the document",
                    document_id=document.id,
                    span=mention.predicate,
                    coder_version=self.version,
                )
                for mention in kept
            ]
            kept = []
        return Coding(tuple(kept), tuple(refusals))

    def sentences(self, document: Document) -> Iterator[tuple[SentenceCoder, Span_]]:
        """The document's sentences in order, each with all that its coding needs."""
        paragraphs = self._parser.parse(document)
        scene = Scene(paragraphs, self._gazetteer, _day(document), _dateline(document.body))
        resolver = Resolver(scene, place_country)
        matcher = Matcher(self._lexicon, resolver)
        for number, paragraph in enumerate(paragraphs):
            work = SentenceCoder(self.version, document, scene, resolver, matcher, number, paragraph)
            for sentence in paragraph.doc.sents:
                yield work, sentence


def _day(document: Document) -> date | None:
    """The day that offices are judged by: publication, else retrieval."""
    if document.published is not None:
        return document.published.start
    return document.retrieved.date() if document.retrieved else None


def _dateline(body: str) -> str | None:
    """The country of the city in the dateline."""
    found = DATELINE.match(body)
    return place_country(found["city"].split("/")[0].strip().title()) if found else None


@cache
def coder_version() -> str:
    """The package's version and a hash of the code and data that decide what is coded."""
    digest = hashlib.sha256()

    def feed(folder: Traversable) -> None:
        for item in sorted(folder.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                feed(item)
            elif item.name.endswith((".py", ".toml", ".tsv", ".json", ".onnx")):
                digest.update(item.name.encode())
                digest.update(item.read_bytes())

    feed(files("dragoman.coding"))
    return f"{installed_version('dragoman')}+{digest.hexdigest()[:8]}"


def _is_sure(mention: Mention) -> bool:
    """Whether the mention may stand where nothing surer is told: a frame of the lexicon speaks for it too."""
    return (mention.confidence or 0) >= LONE or any(rule.startswith("frame: ") for rule in mention.rules)
