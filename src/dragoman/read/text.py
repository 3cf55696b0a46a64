"""Plain text, also the text of a page saved with its furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.read.byline import Byline, joined, read_byline
from dragoman.read.clean import clean_text, same
from dragoman.read.dates import read_dating
from dragoman.read.decode import decode
from dragoman.read.draft import Draft, Page
from dragoman.read.furniture import (
    article_lines,
    begins_box,
    ends_article,
    furniture,
    is_closed,
    is_furniture,
    is_prose,
    named_topics,
)

_HEAD_LINES = 16
_TITLE = 250
_MOST_TOPICS = 8
_WRAPPED_AT = 100
_LOGO = re.compile(r"(?P<name>.{2,60}?)(?:'s)? (?:logo|icon)", re.IGNORECASE)
_HOLDER = re.compile(r"(?:©|\(c\)|copyright)[^\w]*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?[\s,]*(?P<name>.*)", re.IGNORECASE)
_FIELD = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{2,20}):[ \t]+(?P<value>\S.*)")
_FIELDS = {
    "title": "title", "headline": "title", "subject": "title", "standfirst": "standfirst", "subtitle": "standfirst",
    "summary": "standfirst", "author": "author", "byline": "author", "publisher": "publisher", "source": "publisher",
    "outlet": "publisher", "published": "published", "date": "published", "publication date": "published", "url": "url",
    "link": "url", "section": "section", "category": "section", "community": "section", "topics": "topics",
    "tags": "topics", "keywords": "topics", "language": "language",
}  # fmt: skip


@dataclass(slots=True)
class _Head:
    title: str | None = None
    standfirst: str | None = None
    section: str | None = None
    publisher: str | None = None


def read_text(text: str, reader: str = "text") -> Draft:
    """The article in plain text: fields at its top, or title, standfirst and byline above it, furniture around it."""
    fields, rest = _fields(clean_text(text))
    lines = paragraph_lines(rest)
    draft = _laid_out(lines, reader)
    draft.title = fields.get("title") or draft.title
    draft.standfirst = fields.get("standfirst") or draft.standfirst
    draft.author = fields.get("author") or draft.author
    draft.publisher = fields.get("publisher") or draft.publisher
    draft.section = fields.get("section") or draft.section
    draft.topics = tuple(re.split(r"\s*[,;]\s*", fields["topics"])) if "topics" in fields else draft.topics
    draft.published = (read_dating(fields["published"]) if "published" in fields else None) or draft.published
    draft.url = fields.get("url")
    draft.language = fields.get("language")
    if "title" in fields and draft.paragraphs and same(draft.title, draft.paragraphs[0]):
        draft.paragraphs = draft.paragraphs[1:]
    return draft


def _fields(text: str) -> tuple[dict[str, str], str]:
    """The "Date: 2 May 2024" lines at the top, and the text below them; one field alone counts as text."""
    fields: dict[str, str] = {}
    lines = text.split("\n")
    at = 0
    for line in lines:
        match = _FIELD.fullmatch(line)
        name = _FIELDS.get(match["key"].lower().replace("_", " ")) if match else None
        if match is None or name is None or name in fields:
            break
        fields[name] = match["value"].strip()
        at += 1
    return (fields, "\n".join(lines[at:])) if len(fields) > 1 else ({}, text)


def paragraph_lines(text: str) -> list[str]:
    """One line for each paragraph: lines wrapped at a fixed width are joined again."""
    lines: list[str] = []
    for block in re.split(r"\n{2,}", text):
        rows = [row for row in block.split("\n") if row]
        lines += [" ".join(rows)] if _is_wrapped(rows) else rows
    return lines


def _is_wrapped(rows: Sequence[str]) -> bool:
    if len(rows) < 2 or max(map(len, rows)) > _WRAPPED_AT or len(rows[0]) < _WRAPPED_AT // 3:
        return False
    if any(ends_article(row) or begins_box(row) or is_furniture(row) or read_byline(row) for row in rows):
        return False
    inner = rows[:-1]
    return sum(not is_closed(row) for row in inner) * 2 > len(inner)


def _laid_out(lines: list[str], reader: str) -> Draft:
    at = next((index for index, line in enumerate(lines[:_HEAD_LINES]) if _is_head_line(lines, index)), None)
    if at is None:
        return _plain(lines, reader)
    end = at
    byline = Byline(None, None, None)
    while end < len(lines) and (
        read := read_byline(lines[end]) or (Byline(None, None, None) if is_furniture(lines[end]) else None)
    ):
        byline = joined(byline, read)
        end += 1
    head, tail = lines[:at], lines[end:]
    if not any(_may_be_title(line) for line in head) and tail and _may_be_title(tail[0]):
        head, tail = [*head, tail[0]], tail[1:]
    parts = _read_head(head, _holder(lines))
    body, topics = _read_body(tail)
    return Draft(
        reader,
        title=parts.title,
        standfirst=parts.standfirst,
        paragraphs=tuple(body),
        author=byline.author,
        publisher=parts.publisher or byline.agency,
        section=parts.section,
        topics=topics,
        published=byline.dating,
    )


def _is_head_line(lines: Sequence[str], index: int) -> bool:
    """Whether the line is a byline that stands above the article and not in its prose."""
    byline = read_byline(lines[index])
    return byline is not None and sum(is_prose(line) for line in lines[:index]) <= 1


def _may_be_title(line: str) -> bool:
    return len(line) <= _TITLE and not _is_above_title(line)


def _is_above_title(line: str) -> bool:
    """Whether a line is what sites put above a title: furniture, a logo, a section's name."""
    return is_furniture(line) or _LOGO.fullmatch(line) is not None or _is_label(line)


def _is_label(line: str) -> bool:
    return line.casefold() in furniture().sections or re.fullmatch(r"home\s*[>»/›].*", line, re.IGNORECASE) is not None


def _read_head(lines: Sequence[str], holder: str | None) -> _Head:
    """Title and standfirst: the last lines above the byline that are no label, logo or furniture."""
    head = _Head()
    kept: list[str] = []
    for line in lines:
        logo = _LOGO.fullmatch(line)
        if logo is not None:
            if same(logo["name"], holder):
                head.publisher = logo["name"]
            else:
                head.section = head.section or logo["name"]
        elif _is_label(line):
            head.section = re.split(r"\s*[>»/›]\s*", line)[-1]
        elif not is_furniture(line):
            kept.append(line)
    if len(kept) > 1 and furniture().institution.fullmatch(kept[0]) and len(kept[0].split()) <= 10:
        head.publisher = head.publisher or kept.pop(0)
    if len(kept) > 2 and len(kept[0].split()) <= 3 and not is_closed(kept[0]):
        head.section = head.section or kept[0]
        kept = kept[1:]
    if kept and len(kept[0]) <= _TITLE:
        head.title = kept[0]
        head.standfirst = kept[1] if len(kept) > 1 else None
    return head


def _holder(lines: Sequence[str]) -> str | None:
    """Who holds the copyright, from the line that says so."""
    for line in reversed(lines):
        match = _HOLDER.fullmatch(line)
        if match is not None:
            return re.split(r"[.,]| all rights", match["name"], maxsplit=1, flags=re.IGNORECASE)[0].strip() or None
    return None


def _read_body(lines: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The article's paragraphs, and the topics that stand under its last one."""
    first = next((index for index, line in enumerate(lines) if is_prose(line)), len(lines))
    end = next((index for index in range(first, len(lines)) if ends_article(lines[index])), len(lines))
    topics = named_topics(lines)
    body = [line for line in article_lines(lines[:end]) if not named_topics([line])]
    trailing: list[str] = []
    while len(body) > 1 and len(trailing) < _MOST_TOPICS and _is_topic(body[-1]) and end < len(lines):
        trailing.insert(0, body.pop())
    return body, topics or tuple(trailing)


def _is_topic(line: str) -> bool:
    """Whether a line under an article is the bare name of a topic: few words, in small letters or a known section."""
    few = len(line.split()) <= 3 and len(line) <= 30 and not is_closed(line)
    return few and (line == line.lower() or line.casefold() in furniture().sections)


def _plain(lines: list[str], reader: str) -> Draft:
    """Text without layout: a first short line without a final period is the title, the rest the body."""
    above = next((index for index, line in enumerate(lines) if not _is_above_title(line)), len(lines))
    section = _read_head(lines[:above], None).section
    lines = lines[above:]
    title = None
    if len(lines) > 1 and len(lines[0]) <= _TITLE and not lines[0].endswith((".", ",", ";")):
        title, lines = lines[0], lines[1:]
    elif len(lines) == 1 and len(lines[0]) <= _TITLE and not is_closed(lines[0]):
        title, lines = lines[0], []
    body, topics = _read_body(lines)
    return Draft(reader, title=title, section=section, paragraphs=tuple(body), topics=topics)


def read_text_page(page: Page) -> Draft:
    """The article in a plain-text page."""
    draft = read_text(decode(page.data, page.charset))
    draft.url = page.url or draft.url
    draft.retrieved = page.retrieved
    return draft
