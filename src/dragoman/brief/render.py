"""A brief as Markdown, HTML, PDF, Word or JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dragoman.brief.blocks import Block, Passage, Picture
from dragoman.brief.chart import chart_svg
from dragoman.brief.compose import Brief
from dragoman.brief.docx import write_docx
from dragoman.brief.pdf import write_pdf
from dragoman.brief.plain import printable
from dragoman.brief.sheet import Cited, Sheet, sheet_of
from dragoman.brief.statement import Section
from dragoman.brief.support import problems
from dragoman.errors import UsageError
from dragoman.records import Document

FORMS = ("md", "html", "pdf", "docx", "json")


def render_brief(brief: Brief, form: str) -> bytes:
    """The composed brief in one of `FORMS`, text as UTF-8; another form is a `UsageError`."""
    if form == "json":
        return f"{json.dumps(brief_data(brief), ensure_ascii=False, indent=2)}\n".encode()
    return render_sheet(sheet_of(brief), form)


def render_sheet(sheet: Sheet, form: str) -> bytes:
    """A sheet as md, html, pdf or docx, text as UTF-8."""
    match form:
        case "md" | "html":
            return _text(sheet, form).encode()
        case "pdf":
            return write_pdf(_text(sheet, "html"))
        case "docx":
            return write_docx(sheet)
    raise UsageError(f"A brief cannot be written as {form!r}; allowed are {', '.join(FORMS)}.")


def _text(sheet: Sheet, form: str) -> str:
    texts = sheet.texts
    cited = {own.number: own for own in sheet.cited}

    def first(block: Passage) -> Cited | None:
        return next((cited[n] for own in block.sentences for n in own.citations if n in cited), None)

    page = _environment().get_template(f"brief.{form}.j2")
    text = page.render(
        sheet=sheet,
        groups=groups_of(sheet.blocks),
        problems=[problems(block, texts) for block in sheet.blocks],
        texts=texts,
        first=first,
        chart=lambda block: chart_svg(block.weeks, block.title),
        picture=lambda block: _embedded(sheet, block),
        safe_url=lambda url: url.lower().startswith(("http://", "https://")),
    )
    return text.strip() + "\n"


def groups_of(blocks: Sequence[Block]) -> list[tuple[str, list[tuple[int, Block]]]]:
    """The numbered blocks, items that follow each other together as a "list", all others alone under their class."""
    found: list[tuple[str, list[tuple[int, Block]]]] = []
    for is_list, members in groupby(enumerate(blocks), lambda own: isinstance(own[1], Passage) and own[1].item):
        if is_list:
            found.append(("list", list(members)))
        else:
            found += [(type(block).__name__, [(number, block)]) for number, block in members]
    return found


def _embedded(sheet: Sheet, block: Picture) -> str:
    media_type, content = sheet.pictures[block.number]
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def brief_data(brief: Brief) -> dict[str, Any]:
    """The brief as plain data, the same that the page shows."""
    return {
        "title": brief.title,
        "headline": brief.headline,
        "standfirst": brief.standfirst,
        "as_of": brief.as_of.isoformat() if brief.as_of else None,
        "since": brief.since.isoformat() if brief.since else None,
        "version": brief.version,
        "measured": asdict(brief.measured),
        "relations": [
            {
                "parties": list(relation.parties),
                "title": relation.title,
                "figures": dict(relation.figures),
                "standfirst": relation.standfirst,
                "weeks": [dict(week) for week in relation.weeks],
                "sections": [_section_data(section) for section in relation.sections],
            }
            for relation in brief.relations
        ],
        "citations": [
            {
                "number": citation.number,
                "document": citation.document_id,
                "mention": citation.mention_id,
                "part": citation.span.part.value,
                "start": citation.span.start,
                "end": citation.span.end,
                "text": citation.text,
            }
            for citation in brief.citations
        ],
        "documents": {key: _document_data(document) for key, document in sorted(brief.documents.items())},
    }


def _section_data(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "note": section.note,
        "left_out": section.left_out,
        "statements": [
            {
                "text": statement.text,
                "event": statement.event_id,
                "citations": [citation.number for citation in statement.citations],
            }
            for statement in section.statements
        ],
    }


def _document_data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "publisher": document.publisher,
        "published": str(document.published) if document.published else None,
        "published_text": document.published_text,
        "url": document.url,
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dragoman.brief"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
