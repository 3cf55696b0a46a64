"""A draft cleaned, checked and made a document."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urldefrag, urlsplit

from dragoman.errors import ReadError
from dragoman.read.byline import clean_author
from dragoman.read.clean import clean_line, clean_lines, clean_text, same
from dragoman.read.dates import resolve
from dragoman.read.draft import Draft
from dragoman.read.language import check_language
from dragoman.read.quotes import quoted_spans
from dragoman.records import Document, Span
from dragoman.terms import Part, RefusalReason

_LEAST_TEXT = 40


def make_document(draft: Draft, retrieved: datetime | None) -> Document:
    """The document of a draft; `retrieved` stands in where the draft itself does not say when it was taken.

    Raises `ReadError` with reason `no-text` (nothing to read) or `language` (not English).
    """
    retrieved = draft.retrieved or retrieved
    title = clean_line(draft.title)
    standfirst = clean_line(draft.standfirst)
    standfirst = None if same(standfirst, title) else standfirst
    paragraphs = clean_lines(draft.paragraphs)
    if len(paragraphs) == 1 and same(paragraphs[0], standfirst):
        standfirst = None
    above = 0
    while above < len(paragraphs) and (same(paragraphs[above], title) or same(paragraphs[above], standfirst)):
        above += 1
    body = "\n\n".join(paragraphs[above:])
    if title is None and len(body) + len(standfirst or "") < _LEAST_TEXT:
        raise ReadError(
            RefusalReason.NO_TEXT,
            f"Found {len(body)} characters of text and no title; a title or {_LEAST_TEXT} characters are needed.",
        )
    language = check_language("\n".join(filter(None, (title, standfirst, body))), draft.language)
    period, basis = resolve(draft.published, retrieved) if draft.published else (None, None)
    author = clean_line(draft.author)
    return Document(
        title=title,
        standfirst=standfirst,
        body=body,
        author=clean_author(author)[0] if author else None,
        publisher=clean_line(draft.publisher),
        section=clean_line(draft.section),
        topics=tuple(dict.fromkeys(clean_lines(draft.topics))),
        published=period,
        published_basis=basis,
        published_text=clean_line(draft.published.text) if draft.published else None,
        retrieved=retrieved,
        language=language,
        url=_address(draft.url),
        quotes=tuple(
            Span(part, start, end)
            for part, text in ((Part.TITLE, title), (Part.STANDFIRST, standfirst), (Part.BODY, body))
            for start, end in quoted_spans(text or "")
        ),
        reader=draft.reader,
    )


def _address(url: str | None) -> str | None:
    """An absolute web address without its fragment; None for anything else."""
    url = urldefrag(clean_text(url)).url if url else ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and " " not in url else None
