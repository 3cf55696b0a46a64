"""A sentence of a brief and the citations that carry it."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.errors import UncitedError
from dragoman.records import Document, Mention, Span


@dataclass(frozen=True, slots=True)
class Citation:
    """One sentence of a document that a statement rests on; `number` counts from 1 through the brief."""

    number: int
    document_id: str
    mention_id: str
    span: Span
    text: str
    predicate: tuple[int, int]
    """Where the predicate stands within `text`, in characters."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with at least one citation; without one it cannot be made (`UncitedError`)."""

    text: str
    citations: tuple[Citation, ...]
    event_id: str

    def __post_init__(self) -> None:
        if not self.citations:
            raise UncitedError(f"The sentence {self.text!r} has no citation; a brief holds cited sentences only.")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a brief; `left_out` counts what had no room."""

    title: str
    note: str
    statements: tuple[Statement, ...]
    left_out: int = 0


class Citations:
    """Numbers the cited sentences of one brief; the same sentence keeps its number."""

    def __init__(self, documents: dict[str, Document]) -> None:
        self._documents = documents
        self._known: dict[tuple[str, Span], Citation] = {}

    def cite(self, mention: Mention) -> Citation:
        """The citation of a mention; an `UncitedError` if its sentence is not in its document."""
        return self.cite_span(mention.document_id, mention.sentence, mention.predicate, mention.id)

    def cite_span(self, document_id: str, span: Span, marked: Span, mention_id: str = "") -> Citation:
        """The citation of a sentence that no mention need stand in; `marked` are the telling words within it."""
        key = (document_id, span)
        if key in self._known:
            return self._known[key]
        document = self._documents.get(document_id)
        text = document.slice(span) if document else ""
        if not text.strip():
            raise UncitedError(f"{mention_id or span} points at no text of document {document_id}.")
        predicate = (marked.start - span.start, marked.end - span.start)
        citation = Citation(len(self._known) + 1, document_id, mention_id, span, text, predicate)
        self._known[key] = citation
        return citation

    def publisher(self, document_id: str) -> str | None:
        """Who published a document."""
        document = self._documents.get(document_id)
        return document.publisher if document else None

    def all(self) -> tuple[Citation, ...]:
        """Every citation made, by number."""
        return tuple(self._known.values())
