"""RSS and Atom feeds: a document for each entry."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import feedparser

from dragoman.errors import ReadError
from dragoman.read.clean import clean_line, same
from dragoman.read.dates import Dating, read_dating
from dragoman.read.decode import decode
from dragoman.read.draft import Draft, Item, Page, digest
from dragoman.read.furniture import article_lines
from dragoman.read.markup import blocks, parse_markup
from dragoman.terms import RefusalReason

_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})")
_PROLOG = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_MOST_PROLOG = 4096
_CUT = re.compile(
    r"(?:\s*(?:\[(?:…|\.\.\.|&#8230;)\]|…|\.\.\.))?\s*(?:read more|continue reading|read the full .{1,40})?\W{0,3}$",
    re.IGNORECASE,
)


def read_feed(page: Page) -> Iterator[Item]:
    """A draft for each entry of a feed, or the reason why there is none; the locator is "item 1", "item 2", …

    Raises `ReadError` for a feed that cannot be read at all: `not-text`, `damaged`, `empty`.
    """
    parsed = _parse(page)
    feed = parsed.feed
    publisher = clean_line(_text(feed.get("title")))
    if not parsed.entries:
        if parsed.bozo:
            raise ReadError(
                RefusalReason.DAMAGED, f"The feed is broken ({str(parsed.bozo_exception)[:120]}); get it again."
            )
        raise ReadError(RefusalReason.EMPTY, "The feed has no entries; nothing is there to read.")
    for number, entry in enumerate(parsed.entries, 1):
        content = digest(repr(sorted((key, str(value)) for key, value in entry.items())).encode("utf-8", "replace"))
        try:
            outcome: Draft | ReadError = _draft(
                entry, page, publisher, clean_line(feed.get("language")), parsed.version
            )
        except ReadError as error:
            outcome = error
        yield Item(outcome, content, f"item {number}")
    if parsed.bozo and _breaks_off(parsed.bozo_exception):
        broken = (
            f"The feed breaks off or is broken ({str(parsed.bozo_exception)[:120]}); the entries before that are read."
        )
        yield Item(ReadError(RefusalReason.DAMAGED, broken), digest(page.data), f"after item {len(parsed.entries)}")


def _parse(page: Page) -> feedparser.FeedParserDict:
    """The parsed feed; its text is decoded here, so that the parser neither guesses an encoding nor opens anything."""
    declared = _ENCODING.search(page.data[:400])
    text = decode(page.data, page.charset or (declared[1].decode("ascii") if declared else None))
    text = _without_doctype(_PROLOG.sub("", text.lstrip("\ufeff")))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as error:
        raise ReadError(RefusalReason.DAMAGED, f"The feed is broken ({str(error)[:120]}); get it again.") from error


def _without_doctype(text: str) -> str:
    """The feed without its document type, in which entities could be declared that grow or name files."""
    at = text[:_MOST_PROLOG].lower().find("<!doctype")
    match = _DOCTYPE.match(text, at) if at >= 0 else None
    return text if match is None else text[: match.start()] + text[match.end() :]


def _draft(
    entry: feedparser.FeedParserDict, page: Page, publisher: str | None, language: str | None, version: str
) -> Draft:
    title = clean_line(" ".join(_lines(_text(entry.get("title")) or "")))
    summary = _lines(_text(entry.get("summary")) or "")
    contents = [_lines(_text(part.get("value")) or "") for part in entry.get("content", [])]
    body = max([*contents, summary], key=lambda lines: sum(map(len, lines)))
    standfirst = _standfirst(summary, body) if contents and body is not summary else None
    if not title and sum(map(len, body)) < 40:
        raise ReadError(RefusalReason.NO_TEXT, "The entry has no title and no text of a full sentence.")
    source = entry.get("source") or {}
    return Draft(
        "feed",
        title=title,
        standfirst=standfirst,
        paragraphs=() if _repeats(title, body) else tuple(body),
        author=clean_line(_text(entry.get("author"))),
        publisher=clean_line(_text(source.get("title"))) or publisher,
        topics=tuple(term for term in (clean_line(_text(tag.get("term"))) for tag in entry.get("tags", [])) if term),
        published=_published(entry, version),
        retrieved=page.retrieved,
        language=language,
        url=_text(entry.get("link")),
    )


def _published(entry: feedparser.FeedParserDict, version: str) -> Dating | None:
    """The stated date of publication; Atom's date of change is kept as words only."""
    published = _text(entry.get("published"))
    if published:
        return read_dating(published)
    # feedparser files RSS 1.0's dc:date, a date of publication, under "updated".
    updated = _text(dict.get(entry, "updated"))
    dating = read_dating(updated) if updated else None
    if dating is None or updated is None or version.startswith("rss"):
        return dating
    return Dating(f"Updated {updated}", dating.period, updated=True)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _lines(markup: str) -> list[str]:
    """The paragraphs of an entry's HTML or text, without the teaser's "read more"."""
    if not markup.strip():
        return []
    lines = blocks(parse_markup(f"<div>{markup}</div>"))
    lines = article_lines([line for line in (clean_line(line) for line in lines) if line])
    if lines:
        lines[-1] = (
            _CUT.sub("", lines[-1]) if re.search(r"read|…|\.\.\.", lines[-1][-60:], re.IGNORECASE) else lines[-1]
        )
    return [line for line in lines if line]


def _standfirst(summary: list[str], body: list[str]) -> str | None:
    """The summary, where it is one paragraph that says something else than the text's beginning."""
    if len(summary) != 1 or not body or len(summary[0]) > 600:
        return None
    start = summary[0][:60].casefold()
    return None if " ".join(body).casefold().startswith(start) else summary[0]


def _repeats(title: str | None, body: list[str]) -> bool:
    """Whether the text is only the title over again, perhaps with the outlet's name."""
    return (
        len(body) == 1
        and title is not None
        and (same(title, body[0]) or (body[0].startswith(title) and len(body[0]) - len(title) < 40))
    )


def _breaks_off(error: object) -> bool:
    words = str(error).lower()
    return any(part in words for part in ("no element found", "unclosed token", "not well-formed", "mismatched tag"))
