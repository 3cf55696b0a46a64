"""The reports of an event with all that explains them: the sentence in its context, its parties, who claims it, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dragoman.pipeline.lookup import document_by_id, mentions_by_event
from dragoman.record import mention_from, rows_with
from dragoman.record.rows import Row
from dragoman.records import Claimant, Document, Mention, Party, Span
from dragoman.serve.marking import Mark, Piece, pieces
from dragoman.serve.reading import ServedRecord

MOST_DOCUMENTS = 100
"""Documents that are read for one event; more report it only where something was merged that should not be."""

CONTEXT = 400
"""Characters that are shown before and after a sentence, within its paragraph."""


@dataclass(frozen=True, slots=True)
class PartyTold:
    """An actor in a report: what it is, the words that name it, and the rule that resolved them."""

    code: str
    name: str
    sector: str | None
    wikidata: str | None
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class ClaimantTold:
    """Who says so: the words that name them and those that show that they say it."""

    label: str
    name: str
    kind: str
    words: str
    cue: str


@dataclass(frozen=True, slots=True)
class ReportTold:
    """One mention with its sentence in context and the reasons of its coding."""

    id: str
    document: str
    title: str
    outlet: str | None
    published: str | None
    url: str | None
    part: str
    start: int
    end: int
    context: list[Piece]
    sentence: str
    predicate: str
    source: list[PartyTold]
    target: list[PartyTold]
    type: str
    mode: str | None
    quad: int
    intensity: float
    factuality: str
    claimants: list[ClaimantTold]
    date: str | None
    date_words: str
    place: str | None
    domain: str | None
    contexts: list[str]
    quotes: list[str]
    confidence: float | None
    rules: list[str]
    coder_version: str


def reports_of(record: ServedRecord, ids: Sequence[str]) -> list[ReportTold]:
    """What the mentions of these ids tell, the earliest known first."""
    rows = rows_with(record.newest(), "mentions", "id", ids)
    return _told(record, [mention_from(row) for row in rows])


def reports_of_event(record: ServedRecord, event: str, most: int) -> list[ReportTold]:
    """What the mentions of an event tell, at most so many, the earliest known first."""
    return _told(record, mentions_by_event(record.newest(), event))[:most]


def _told(record: ServedRecord, mentions: Sequence[Mention]) -> list[ReportTold]:
    documents: dict[str, Document] = {}
    for key in sorted({mention.document_id for mention in mentions})[:MOST_DOCUMENTS]:
        document = document_by_id(record.newest(), key)
        if document is not None:
            documents[key] = document
    known = [mention for mention in mentions if mention.document_id in documents]
    known.sort(key=lambda m: (documents[m.document_id].available or date.max, m.document_id, m.sentence.start, m.id))
    return [report_told(mention, documents[mention.document_id]) for mention in known]


def report_told(mention: Mention, document: Document) -> ReportTold:
    """A mention with what its document says."""
    return ReportTold(
        id=mention.id,
        document=mention.document_id,
        title=document.title or "Untitled",
        outlet=document.publisher,
        published=str(document.published) if document.published else None,
        url=document.url if document.url and document.url.startswith(("https://", "http://")) else None,
        part=mention.sentence.part.value,
        start=mention.sentence.start,
        end=mention.sentence.end,
        context=_context(mention, document),
        sentence=document.slice(mention.sentence),
        predicate=document.slice(mention.predicate),
        source=[_party(party, document) for party in mention.source],
        target=[_party(party, document) for party in mention.target],
        type=mention.type.value,
        mode=mention.mode,
        quad=mention.quad,
        intensity=mention.intensity,
        factuality=mention.factuality.value,
        claimants=[_claimant(claimant, document) for claimant in mention.claimants],
        date=str(mention.date) if mention.date else None,
        date_words=document.slice(mention.date_span) if mention.date_span else "",
        place=f"{mention.place.name}, {mention.place.country}" if mention.place else None,
        domain=mention.domain.value if mention.domain else None,
        contexts=list(mention.contexts),
        quotes=[document.slice(quote) for quote in mention.quotes],
        confidence=mention.confidence,
        rules=list(mention.rules),
        coder_version=mention.coder_version,
    )


def marks_of(mention: Mention) -> list[Mark]:
    """What of a mention can be marked in the part that its sentence stands in."""
    spans: list[tuple[str, Span | None]] = [
        ("sentence", mention.sentence),
        ("predicate", mention.predicate),
        *(("source", party.span) for party in mention.source),
        *(("target", party.span) for party in mention.target),
        *(("claimant", claimant.span) for claimant in mention.claimants),
        ("when", mention.date_span),
        ("place", mention.place.span if mention.place else None),
        *(("quote", quote) for quote in mention.quotes),
    ]
    part = mention.sentence.part
    return [
        Mark(span.start, span.end, kind, mention.id, kind == "sentence")
        for kind, span in spans
        if span and span.part is part
    ]


def _context(mention: Mention, document: Document) -> list[Piece]:
    text, sentence = document.text(mention.sentence.part), mention.sentence
    before = max(text.rfind("\n\n", 0, sentence.start) + 2 if "\n\n" in text[: sentence.start] else 0, 0)
    after = text.find("\n\n", sentence.end)
    start = max(before, _word_start(text, sentence.start - CONTEXT))
    end = min(after if after >= 0 else len(text), _word_end(text, sentence.end + CONTEXT))
    return pieces(text, marks_of(mention), start, end)


def _word_start(text: str, at: int) -> int:
    """The start of the next word."""
    if at <= 0:
        return 0
    found = text.find(" ", at)
    return at if found < 0 else found + 1


def _word_end(text: str, at: int) -> int:
    """The end of the word before."""
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", 0, at)
    return at if found < 0 else found


def _party(party: Party, document: Document) -> PartyTold:
    actor = party.actor
    return PartyTold(actor.code, actor.name, actor.sector, actor.wikidata, document.slice(party.span), party.rule)


def _claimant(claimant: Claimant, document: Document) -> ClaimantTold:
    name = claimant.actor.name if claimant.actor else ""
    return ClaimantTold(claimant.label, name, claimant.kind.value, document.slice(claimant.span), claimant.cue)


@dataclass(frozen=True, slots=True)
class CorrectionTold:
    """What a person said against the machine."""

    id: str
    kind: str
    subject: str
    other: str | None
    field: str | None
    value: str | None
    note: str | None
    by: str
    at: str


def corrections_about(record: ServedRecord, ids: Sequence[str]) -> list[CorrectionTold]:
    """What people have said about these events and mentions, oldest first."""
    rows: list[Row] = record.kept("corrections", lambda: record.newest().rows("corrections"), len)
    about = set(ids)
    found = [row for row in rows if row["subject"] in about or row["other"] in about]
    return [_correction(row) for row in sorted(found, key=lambda row: (row["at"], row["id"]))]


def _correction(row: Row) -> CorrectionTold:
    names = ("id", "kind", "subject", "other", "field", "value", "note", "by")
    values: dict[str, Any] = {name: row[name] for name in names}
    return CorrectionTold(**values, at=row["at"].isoformat())
