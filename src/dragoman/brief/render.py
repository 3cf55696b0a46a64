"""A brief as Markdown, HTML or JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dragoman.brief.compose import Brief
from dragoman.brief.statement import Citation, Section
from dragoman.brief.wording import say_date
from dragoman.errors import UsageError
from dragoman.records import Document

FORMS = ("md", "html", "json")


def render_brief(brief: Brief, form: str) -> str:
    """The brief in one of `FORMS`; another form is a `UsageError`."""
    if form == "json":
        return json.dumps(brief_data(brief), ensure_ascii=False, indent=2)
    if form not in FORMS:
        raise UsageError(f"A brief cannot be written as {form!r}; allowed are {', '.join(FORMS)}.")
    return _environment().get_template(f"brief.{form}.j2").render(brief=brief, **_context(brief)).rstrip() + "\n"


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


def _context(brief: Brief) -> dict[str, Any]:
    grouped: dict[str, list[Citation]] = defaultdict(list)
    for citation in brief.citations:
        grouped[citation.document_id].append(citation)
    sources = [(brief.documents[key], group) for key, group in grouped.items()]
    return {
        "sources": sources,
        "documents": brief.documents,
        "published": _published,
        "marked": _marked,
        "day": _as_of(brief),
        "percent": lambda share: f"{share * 100:.0f}%",
        "error": brief.measured,
    }


def _as_of(brief: Brief) -> str:
    return say_date(brief.as_of, "day").removeprefix("on ") if brief.as_of else "an unknown day"


def _published(document: Document) -> str:
    if document.published is not None:
        return say_date(document.published.start, document.published.precision).split(" ", 1)[1]
    return f"no date; the page says “{document.published_text}”" if document.published_text else "no date"


def _marked(citation: Citation) -> Mapping[str, str]:
    """The cited sentence in three pieces, the predicate in the middle."""
    start, end = citation.predicate
    return {"before": citation.text[:start], "predicate": citation.text[start:end], "after": citation.text[end:]}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dragoman.brief"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
