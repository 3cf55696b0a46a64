"""Project text beside the written corpus: the lexicon's examples, whose type is known, and the dispatches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dragoman.coding.candidates import candidates
from dragoman.coding.gazetteer import gazetteer
from dragoman.coding.lexicon import lexicon
from dragoman.coding.parser import Parser, load_model
from dragoman.coding.places import place_country
from dragoman.coding.resolve import Resolver
from dragoman.coding.scene import Scene
from dragoman.read import ReadOptions, find_inputs, read_input
from dragoman.records import Document, Refusal
from training.examples import Example
from training.markup import NOT_TOLD, Labelled, LabelledEvent, Spanned

MARK = re.compile(r"\[([ST]):([^\]]+)\]")


def lexicon_examples() -> Iterator[Labelled]:
    """The sentences that illustrate the predicate frames; factuality and domain are not told."""
    frames = {f.example: f for many in (*lexicon().verbs.values(), *lexicon().nouns.values()) for f in many}
    for number, (written, frame) in enumerate(sorted(frames.items())):
        sides: dict[str, list[Spanned]] = {"S": [], "T": []}
        text, at = "", 0
        for mark in MARK.finditer(written):
            text += written[at : mark.start()]
            sides[mark[1]].append(Spanned(len(text), len(text) + len(mark[2]), ((mark[1], 1),)))
            text += mark[2]
            at = mark.end()
        text += written[at:]
        heads = {word for head in frame.heads for word in head.split()[-1:]}
        word = next((t for t in load_model()(text) if t.lemma_.lower() in heads or t.lower_ in heads), None)
        if word is None or not sides["S"]:
            continue
        event = LabelledEvent(
            frame.type.value,
            frame.mode,
            None,
            NOT_TOLD,
            None,
            Spanned(word.idx, word.idx + len(word.text), ()),
            tuple(sides["S"]),
            tuple(sides["T"]) or (tuple(sides["S"]) if frame.reciprocal else ()),
            (),
        )
        actors = tuple(sorted({*sides["S"], *sides["T"]}, key=lambda span: span.start))
        yield Labelled(f"frame{number}", text, "wire", "global", actors, (event,))


def dispatch_sentences(folder: Path) -> Iterator[Example]:
    """The sentences of the sample dispatches with the coder's own candidates, each sentence once, without labels."""
    parser, seen = Parser(gazetteer()), set[str]()
    documents: dict[str, Document] = {}
    for item in find_inputs([str(folder)]):
        if isinstance(item, Refusal):
            continue
        for outcome in read_input(item, ReadOptions()):
            if isinstance(outcome, Document):
                documents[outcome.id] = outcome
    for identity, document in sorted(documents.items()):
        paragraphs = parser.parse(document)
        resolver = Resolver(Scene(paragraphs, gazetteer(), None), place_country)
        for number, paragraph in enumerate(paragraphs):
            for sentence in paragraph.doc.sents:
                found = candidates(resolver, number, sentence)
                if sentence.text in seen or len(sentence) < 4 or not any(c.known for c in found):
                    continue
                seen.add(sentence.text)
                words = [token.text for token in sentence]
                actors = [c.phrase for c in found]
                yield Example(
                    f"{identity}:{number}:{sentence.start}", words, actors, kinds=[0] * len(words), gold=False
                )
