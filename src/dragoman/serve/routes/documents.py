"""Documents: the text as it was read, with everything that was coded in it, and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import HTTPException, Query

from dragoman.pipeline.lookup import document_by_id, mentions_in_document
from dragoman.record import mention_from, rows_with
from dragoman.record.rows import Row
from dragoman.records import Document, Mention
from dragoman.serve.asking import Identity, Text, address, party_asked, query_of, words_asked
from dragoman.serve.desk import TheDesk
from dragoman.serve.evidence import marks_of
from dragoman.serve.listing import side_words
from dragoman.serve.marking import Mark, Paragraph, Piece, paragraphs, pieces
from dragoman.serve.reading import ServedRecord
from dragoman.serve.routing import Pages
from dragoman.terms import EventType, Factuality, Part

pages = Pages("documents")

MOST_CODINGS = 1000
"""Codings of one document that its page shows."""


@dataclass(frozen=True, slots=True)
class CodingLine:
    """What was coded in one sentence of the document."""

    id: str
    event: str
    type: str
    mode: str | None
    factuality: str
    quad: int
    source: str
    target: str
    domain: str | None
    date: str | None
    claimants: list[str]
    predicate: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """What the coder declined to code, and why."""

    reason: str
    detail: str
    words: str


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A value by which codings are chosen: how many have it, and where choosing it leads."""

    value: str
    codings: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document with its codings marked in the text."""

    title: str
    id: str
    publisher: str | None
    author: str | None
    section: str | None
    topics: list[str]
    published: str | None
    published_basis: str | None
    published_text: str | None
    language: str | None
    url: str | None
    headline: list[Piece]
    standfirst: list[Piece]
    body: list[Paragraph]
    codings: list[CodingLine]
    all_codings: int
    types: list[FilterChoice]
    factualities: list[FilterChoice]
    parties: list[FilterChoice]
    clear: str
    refusals: list[RefusalLine]


@pages.page("/documents/{identity}", "document.html.j2")
def document_page(
    desk: TheDesk,
    identity: Identity,
    kind: Annotated[list[Text] | None, Query(alias="type", max_length=20, description="PLOVER type.")] = None,
    factuality: Annotated[list[Text] | None, Query(max_length=8)] = None,
    party: Annotated[str, Query(max_length=120, description="Codings in which this actor stands on a side.")] = "",
) -> DocumentPage:
    """The text of a document with what was coded in it; filters choose what is marked."""
    if not (identity.isalnum() and identity.isascii()):
        raise HTTPException(404, "There is no such document; ids are d and 20 hexadecimal digits.")
    types = words_asked(EventType, kind or (), "type of event")
    factualities = words_asked(Factuality, factuality or (), "factuality")
    named = party_asked(party) if party.strip() else ""
    record = desk.record
    return record.kept(
        ("document", identity, types, factualities, named),
        lambda: _document_page(record, identity, types, factualities, named),
        lambda page: 5 + len(page.codings) * 3 + len(page.body),
    )


def _document_page(
    record: ServedRecord,
    identity: str,
    types: tuple[EventType, ...],
    factualities: tuple[Factuality, ...],
    party: str,
) -> DocumentPage:
    document = document_by_id(record.newest(), identity)
    if document is None:
        raise HTTPException(404, f"There is no document {identity} in the record.")
    rows = mentions_in_document(record.newest(), identity)[:MOST_CODINGS]
    coded = sorted(((mention_from(row), row) for row in rows), key=lambda pair: _place(pair[0]))
    chosen = [
        (mention, row)
        for mention, row in coded
        if (not types or mention.type in types)
        and (not factualities or mention.factuality in factualities)
        and (not party or party in _parties(mention))
    ]
    marks = [(mention.sentence.part, mark) for mention, _ in chosen for mark in marks_of(mention)]
    asked = {"type": list(types), "factuality": list(factualities), "party": party}
    place = address("documents", identity)
    return DocumentPage(
        title=document.title or "Untitled",
        id=identity,
        publisher=document.publisher,
        author=document.author,
        section=document.section,
        topics=list(document.topics),
        published=str(document.published) if document.published else None,
        published_basis=document.published_basis.value if document.published_basis else None,
        published_text=document.published_text,
        language=document.language,
        url=document.url if document.url and document.url.startswith(("https://", "http://")) else None,
        headline=pieces(document.title or "", _of(marks, Part.TITLE)),
        standfirst=pieces(document.standfirst or "", _of(marks, Part.STANDFIRST)) if document.standfirst else [],
        body=paragraphs(document.body, _of(marks, Part.BODY)),
        codings=[_line(mention, row, document) for mention, row in chosen],
        all_codings=len(coded),
        types=_choices((m.type.value for m, _ in coded), "type", asked, place),
        factualities=_choices((m.factuality.value for m, _ in coded), "factuality", asked, place),
        parties=_choices((name for m, _ in coded for name in _labels(m)), "party", asked, place),
        clear=place if types or factualities or party else "",
        refusals=_refusals(record, identity, document),
    )


def _place(mention: Mention) -> tuple[int, int, int, str]:
    parts = (Part.TITLE, Part.STANDFIRST, Part.BODY)
    return parts.index(mention.sentence.part), mention.sentence.start, mention.predicate.start, mention.id


def _parties(mention: Mention) -> set[str]:
    """Whatever the parties of a mention may be asked for as."""
    actors = [party.actor for party in (*mention.source, *mention.target)]
    return {name for actor in actors for name in (actor.code, actor.name)}


def _labels(mention: Mention) -> list[str]:
    """The parties of a mention, each once."""
    return list(dict.fromkeys(party.actor.label for party in (*mention.source, *mention.target)))


def _of(marks: Iterable[tuple[Part, Mark]], part: Part) -> list[Mark]:
    return [mark for of, mark in marks if of is part]


def _choices(values: Iterable[str], name: str, asked: dict[str, object], place: str) -> list[FilterChoice]:
    """The values by which codings can be chosen, the commonest first; choosing a chosen one again lets it go."""
    own = asked[name]
    found = []
    for value, count in sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])):
        chosen = value in own if isinstance(own, list) else value == own
        query = query_of(**(asked | {name: "" if chosen else value}))
        found.append(FilterChoice(value, count, f"{place}{query}", chosen))
    return found


def _line(mention: Mention, row: Row, document: Document) -> CodingLine:
    return CodingLine(
        id=mention.id,
        event=row["event_id"],
        type=mention.type.value,
        mode=mention.mode,
        factuality=mention.factuality.value,
        quad=mention.quad,
        source=side_words(row["source"]),
        target=side_words(row["target"]),
        domain=mention.domain.value if mention.domain else None,
        date=str(mention.date) if mention.date else None,
        claimants=[claimant.actor.name if claimant.actor else claimant.kind.value for claimant in mention.claimants],
        predicate=document.slice(mention.predicate),
        sentence=document.slice(mention.sentence),
    )


def _refusals(record: ServedRecord, identity: str, document: Document) -> list[RefusalLine]:
    rows = rows_with(record.newest(), "refusals", "document_id", [identity])
    lines = []
    for row in rows:
        span = row["span"]
        words = document.text(Part(span["part"]))[span["start"] : span["end"]] if span else ""
        lines.append(RefusalLine(row["reason"], row["detail"], words))
    return lines
