"""HTML pages: the article without what stands around it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from itertools import islice
from urllib.parse import urlsplit

from htmldate import find_date
from lxml import etree
from lxml.etree import _Element as Element
from trafilatura import bare_extraction

from dragoman.errors import ReadError
from dragoman.periods import Period
from dragoman.read.byline import Byline, joined, read_byline
from dragoman.read.clean import clean_line, same
from dragoman.read.dates import Dating, find_dating
from dragoman.read.draft import Draft, Page
from dragoman.read.furniture import article_lines, furniture, is_closed, is_furniture, is_prose, named_topics
from dragoman.read.markup import blocks, class_names, parse_html, words_of
from dragoman.read.metadata import Metadata, read_metadata
from dragoman.read.text import read_text
from dragoman.terms import RefusalReason

_LEAST_BODY = 40
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_ARTICLE = re.compile(
    r"^(?:error )?[45]0\d(?:$|[\s:–-]+(?:error|not|forbidden|page|bad|internal))"
    r"|\b(?:not found|access denied|forbidden|unavailable|robot|captcha|just a moment|attention required"
    r"|went wrong|server error|sign in|log ?in|sign up|register|subscribe|redirect)",
    re.IGNORECASE,
)
_HEADLINE = 25
_LINKED = 0.6
_CHANGED = re.compile(r"modif|updated|revis|expir|copyright|image|url")
_LONGEST_VALUE = 400
_SHORT = 3000
_FEW_LINES = 5
_SOME_PROSE = 200
_MOST_LINES = 3000  # above it trafilatura's second opinion (jusText) takes time that grows with the square
_MOST_LINKS = 2000
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-])")
_BLOCK_TAGS = frozenset(("p", "head", "item", "quote", "list", "table", "row", "cell", "code", "lb", "main", "body"))

# The extractor warns of every page it gives up on; that outcome is a refusal here.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_page(page: Page) -> Draft:
    """The article of an HTML page.

    Raises `ReadError`: `not-text`, `too-deep`, `too-large`, `no-text` where the page holds no article.
    """
    tree = parse_html(page.data, page.charset)
    metadata = read_metadata(tree)
    lines = blocks(tree)
    prune(tree)
    found = _body(tree, fast=len(lines) > _MOST_LINES)
    paragraphs, byline = _without_byline(
        _below_title(found, metadata.title, lines), read_byline_under(metadata.title, lines)
    )
    if sum(map(len, paragraphs)) < _LEAST_BODY and metadata.titled and _may_be_notice(metadata.title or "", tree):
        paragraphs, byline = _without_byline(
            _below_title(article_lines(_unlinked(tree)), metadata.title, lines), byline
        )
        paragraphs = [line for line in paragraphs if is_closed(line)]
    elif sum(map(len, paragraphs)) < _LEAST_BODY:
        raise ReadError(
            RefusalReason.NO_TEXT,
            f"The page “{metadata.title or page.name}” holds no article text; give the page of a single article.",
        )
    if not metadata.titled:
        laid = read_text("\n\n".join(found))
        if laid.title is not None and laid.paragraphs and (laid.author is not None or laid.published is not None):
            metadata.title, metadata.lead, metadata.titled = laid.title, laid.standfirst, True
            metadata.publisher = metadata.publisher or laid.publisher
            paragraphs = list(laid.paragraphs)
            byline = Byline(laid.author, None, laid.published)
    standfirst = _standfirst(metadata, paragraphs, lines)
    url = page.url or metadata.url
    host = (urlsplit(page.url).hostname or "").removeprefix("www.") if page.url else None
    return Draft(
        "page",
        title=metadata.title,
        standfirst=standfirst,
        paragraphs=tuple(line for line in paragraphs if not same(line, standfirst)),
        author=metadata.author or byline.author,
        publisher=metadata.publisher or metadata.byline.agency or byline.agency or host or None,
        section=metadata.section,
        topics=metadata.topics or named_topics(lines),
        published=_published(metadata, byline.dating, url, page),
        retrieved=page.retrieved,
        language=metadata.language,
        url=url,
    )


def read_byline_under(title: str | None, lines: Sequence[str]) -> Byline:
    """Author, agency and date in the short lines between a page's title and its first paragraph."""
    found = Byline(None, None, None)
    at = next((index for index, line in enumerate(lines) if same(line, title)), None)
    for line in lines[at + 1 : at + 12] if at is not None else []:
        read = read_byline(line)
        if read is None and is_prose(line) and line[-1] in '.”"':
            break
        found = joined(found, read) if read else found
    return found


def _below_title(found: list[str], title: str | None, lines: Sequence[str]) -> list[str]:
    """The lines without the title and what the page shows above it, unless that is prose."""
    at = next((index for index, line in enumerate(found) if same(line, title)), 0)
    if not any(map(is_prose, found[:at])):
        found = found[at:]
    above = lines[: next((index for index, line in enumerate(lines) if same(line, title)), 0)]
    while found and found[0] in above and not is_prose(found[0]):
        found = found[1:]
    return [line for line in found if not same(line, title)]


def _unlinked(tree: Element) -> list[str]:
    """The lines of a page but for those that are links."""
    links = {words_of(element) for element in tree.iter("a")}
    return [line for line in blocks(tree) if line not in links]


def _may_be_notice(title: str, tree: Element) -> bool:
    """Whether a page of next to no text may be an article: not a sign-in or error page, nor a list of articles."""
    if is_furniture(title) or _NO_ARTICLE.search(title):
        return False
    return sum(len(words_of(element)) >= _HEADLINE for element in islice(tree.iter("a"), _MOST_LINKS)) <= 2


def _without_byline(paragraphs: list[str], found: Byline) -> tuple[list[str], Byline]:
    """The paragraphs without byline and date lines above the first of them."""
    while paragraphs and (read := read_byline(paragraphs[0])) is not None:
        found, paragraphs = joined(found, read), paragraphs[1:]
    return paragraphs, found


def _published(metadata: Metadata, visible: Dating | None, url: str | None, page: Page) -> Dating | None:
    """The date in the page's annotations, its byline, its address, or what htmldate finds in its markup."""
    for dating in (metadata.published, visible):
        if dating is not None and not dating.updated:
            return dating
    return _dated_by_address(url) or _dated_by_head(page.data, page.charset) or metadata.published or visible


def prune(tree: Element) -> None:
    """Take furniture out of a tree: by element, role and class; never an element that holds most of the page's text."""
    table = furniture()
    measure = _prose_length if _prose_length(tree) > _SOME_PROSE else _text_length
    total = max(1, measure(tree))
    doomed = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "head", "main", "article"):
            continue
        if (
            element.tag in table.tags
            or (element.get("role") or "").lower() in table.roles
            or element.get("hidden") is not None
            or (element.get("aria-hidden") or "").lower() == "true"
            or "display:none" in (element.get("style") or "").replace(" ", "").lower()
            or any(table.classes.fullmatch(name) for name in class_names(element))
        ):
            doomed.append(element)
    for element in doomed:
        if element.getparent() is not None and measure(element) * 2 < total:
            _drop(element)


def _prose_length(tree: Element) -> int:
    return sum(len(words_of(element)) for element in tree.iter("p"))


def _text_length(tree: Element) -> int:
    return len(words_of(tree))


def _drop(element: Element) -> None:
    """Remove an element and keep the text that follows it."""
    parent, previous = element.getparent(), element.getprevious()
    if element.tail:
        # What a reference such as &#1; stands for may be read, but not written again.
        if previous is not None:
            previous.tail = _UNFIT.sub("", (previous.tail or "") + element.tail)
        else:
            parent.text = _UNFIT.sub("", (parent.text or "") + element.tail)
    parent.remove(element)


def _body(tree: Element, *, fast: bool) -> list[str]:
    """The article's paragraphs, as trafilatura finds them, without furniture lines."""
    shown = blocks(tree)
    links = list(dict.fromkeys(words_of(element) for element in islice(tree.iter("a"), _MOST_LINKS)))
    for tables in (False, True):
        found = bare_extraction(
            deepcopy(tree), include_comments=False, include_tables=tables, include_links=True, fast=fast
        )
        body = getattr(found, "body", None)
        if body is None:
            continue
        own = [line for line, linked in _paragraphs(body) if linked <= _LINKED * len(line)]
        if len(own) <= _FEW_LINES:
            own = [part for line in own for part in _divided(line, shown) if part == line or part not in links]
        paragraphs = article_lines(own)
        paragraphs = [line for line in paragraphs if not named_topics([line])]
        if sum(map(len, paragraphs)) >= _LEAST_BODY and not _is_list_of_links(paragraphs, links):
            return paragraphs
    return []


def _divided(line: str, shown: list[str]) -> list[str]:
    """A line that runs several of the page's blocks together, divided into them again."""
    if line in shown:
        return [line]
    parts = [block for block in shown if len(block) < len(line) and block in line]
    if abs(len(" ".join(parts)) - len(line)) > len(line) // 20:
        return [line]
    return parts


def _is_list_of_links(paragraphs: list[str], links: list[str]) -> bool:
    """Whether a short text is mostly the words of the page's links: an index page, not an article."""
    text = " ".join(paragraphs)
    if len(text) > _SHORT:
        return False
    return sum(len(link) for link in links if len(link) > 8 and link in text) > _LINKED * len(text)


def _paragraphs(body: Element) -> Iterator[tuple[str, int]]:
    """Each block of the extracted body with the number of its characters that are link text."""
    parts: list[str] = []
    linked = 0
    inside = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag
        if tag in _BLOCK_TAGS:
            if (line := clean_line("".join(parts))) is not None:
                yield line, linked
            parts, linked = [], 0
        inside += (tag == "ref") * (1 if event == "start" else -1)
        text = (element.text if event == "start" else element.tail if element is not body else None) or ""
        parts.append(text)
        linked += len(text.strip()) if inside else 0
    if (line := clean_line("".join(parts))) is not None:
        yield line, linked


def _standfirst(metadata: Metadata, paragraphs: list[str], lines: list[str]) -> str | None:
    """The visible standfirst; the page's description only where the page shows it above the body."""
    if metadata.lead is not None:
        return None if same(metadata.lead, metadata.title) else metadata.lead
    description = metadata.description
    if description is None or same(description, metadata.title):
        return None
    if any(same(description, line) for line in paragraphs):
        return description if same(description, paragraphs[0]) and not is_prose(description) else None
    return description if any(same(description, line) for line in lines) else None


def _dated_by_address(url: str | None) -> Dating | None:
    """The day in an address such as /2024/06/19/."""
    match = _URL_DATE.search(urlsplit(url).path) if url else None
    if match is None:
        return None
    try:
        return Dating(match[0].strip("/-"), Period(date(*map(int, match.groups()))))
    except ValueError:
        return None


def _dated_by_head(data: bytes, charset: str | None) -> Dating | None:
    """What htmldate finds in the page's head; in the body it takes dates of other articles, so it is not shown that.

    A day that the head does not write out is not believed: htmldate fills up months and years.
    """
    tree = parse_html(data, charset)
    for body in list(tree.iter("body")):
        _drop(body)
    for element in list(tree.iter("meta", "title", "style", "script")):
        words = f"{element.get('property') or ''} {element.get('name') or ''} {element.get('itemprop') or ''}".lower()
        unwanted = element.tag != "meta" or _CHANGED.search(words) is not None
        if unwanted and "ld+json" not in (element.get("type") or ""):
            _drop(element)
    found = find_date(tree, extensive_search=False, original_date=True, min_date="1900-01-01", max_date="2100-01-01")
    if found is None:
        return None
    day = Period(date.fromisoformat(found))
    for value in (
        value for element in tree.iter("meta", "script") for value in (*element.attrib.values(), element.text)
    ):
        stated = find_dating(value) if value and len(value) <= _LONGEST_VALUE else None
        if stated is not None and stated[0].period == day:
            return stated[0]
    return None
