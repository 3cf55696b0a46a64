"""Markdown, with or without front matter."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from yaml import YAMLError  # type: ignore[import-untyped]

from dragoman.errors import ReadError
from dragoman.read.clean import clean_line, same
from dragoman.read.decode import decode
from dragoman.read.draft import Draft, Page
from dragoman.read.furniture import article_lines, named_topics
from dragoman.read.rows import field_names, read_row
from dragoman.terms import RefusalReason

_FRONT = re.compile(r"---[ \t]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_MOST_FRONT = 65_536
_MOST_NESTING = 200
_TAG = re.compile(r"<[^<>]{1,500}>")


def read_markdown(page: Page) -> Draft:
    """The article in a Markdown file: fields from its front matter, else a first heading as title.

    Raises `ReadError` (damaged) where the front matter is no YAML.
    """
    text = decode(page.data, page.charset).replace("\r\n", "\n").lstrip("\ufeff\n ")
    fields, text = _front_matter(text)
    headings, lines = _blocks(text)
    draft = read_row({**fields, "body": "-"}, field_names([*fields, "body"], {}), "markdown")
    if draft.title is None and headings and lines and lines[0] == headings[0]:
        draft.title = headings[0]
    if lines and same(lines[0], draft.title):
        lines = lines[1:]
    if draft.standfirst is None and len(lines) > 1 and lines[0] in headings[1:2] and draft.title in headings[:1]:
        draft.standfirst, lines = lines[0], lines[1:]
    draft.topics = draft.topics or named_topics(lines)
    draft.paragraphs = tuple(line for line in article_lines(lines) if not named_topics([line]))
    draft.url = page.url or draft.url
    draft.retrieved = page.retrieved if draft.retrieved is None else draft.retrieved
    return draft


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    fields = match["fields"]
    if (
        len(fields) > _MOST_FRONT
        or fields.count("[") + fields.count("{") > _MOST_NESTING
        or re.search(r"[*&]\w+", fields)
    ):
        # Anchors and deep nesting have no use here and can make a short text endless.
        fields = "\n".join(line for line in fields[:_MOST_FRONT].split("\n") if not re.search(r"[\[{*&]", line))
    try:
        post = frontmatter.loads(f"---\n{fields}\n---\n")
    except (YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ReadError(
            RefusalReason.DAMAGED,
            f"The front matter is no YAML ({' '.join(str(error).split())[:160]}); mend or remove it.",
        ) from error
    if not post.metadata:
        return {}, text  # a rule above and below some text
    return {str(key): _plain(value) for key, value in post.metadata.items()}, text[match.end() :]


def _plain(value: object) -> object:
    """YAML's own dates as text, everything else as it is."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _blocks(text: str) -> tuple[list[str], list[str]]:
    """The headings, and all blocks of text in order; code, raw HTML and images are left out."""
    headings: list[str] = []
    lines: list[str] = []
    tokens = MarkdownIt("commonmark").parse(text)
    for before, token in pairwise(tokens):
        if token.type != "inline":
            continue
        for part in _inline(token).split("\n\n"):
            line = clean_line(part)
            if line is not None:
                lines.append(line)
                if before.type == "heading_open":
                    headings.append(line)
    return headings, lines


def _inline(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n\n")
    return _TAG.sub(" ", "".join(parts))
