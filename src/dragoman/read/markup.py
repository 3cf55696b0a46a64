"""HTML parsed safely: charset, depth and size checked, blocks of text taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from lxml.etree import _Element as Element

from dragoman.errors import ReadError
from dragoman.read.decode import decode
from dragoman.terms import RefusalReason

_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset\s*=|\?xml\b[^>]{0,100}?\bencoding\s*=)\s*[\"']?([\w.:-]{2,40})", re.I
)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_MOST_ELEMENTS = 50_000
_DEEPEST = 200
_LONG_TAG = 4000
_MOST_ATTRIBUTES = 1000
_TAG = re.compile(r"<[A-Za-z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead title "
    "tr ul".split()
)
_SILENT = frozenset("head script style template noscript iframe svg math object select textarea button".split())


def parse_html(data: bytes, charset: str | None = None) -> Element:
    """The tree of a page.

    Raises `ReadError`: `not-text`, `no-text` for a page without elements, `too-deep` for nesting that no page needs.
    """
    declared = charset or _declared(data)
    return parse_markup(decode(data, declared))


def parse_markup(text: str) -> Element:
    """The tree of a page or fragment already decoded."""
    text = _DECLARATION.sub("", text).replace("\0", "")
    _check_tags(text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise _refused_by_parser(parser, error) from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise _too_deep()
    _measure(tree)
    return tree


def blocks(tree: Element) -> list[str]:
    """The text of each block of a tree, in order, scripts and the like left out."""
    found: list[str] = []
    parts: list[str] = []
    for text, breaks in _pieces(tree):
        if breaks:
            found.append("".join(parts))
            parts = []
        parts.append(text)
    found.append("".join(parts))
    lines = (" ".join(line.split()) for line in found)
    return [line for line in lines if line]


def words_of(element: Element | None) -> str:
    """The text of one element on one line."""
    return "" if element is None else " ".join(" ".join(blocks(element)).split())


def class_names(element: Element) -> list[str]:
    """The words of an element's class and id, in small letters, joined with hyphens where written with underscores."""
    words = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return [re.sub(r"(?<=[a-z])(?=[A-Z])", "-", word).replace("_", "-").lower() for word in words]


def _pieces(tree: Element) -> Iterator[tuple[str, bool]]:
    """Text pieces of a tree, each with whether a block begins before it; no recursion."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        silent = tag in _SILENT
        if event == "start":
            if silent:
                walk.skip_subtree()
            else:
                yield element.text or "", tag in _BLOCKS
        elif element is not tree:
            yield element.tail or "", tag in _BLOCKS


def _check_tags(text: str) -> None:
    """Refuse a tag with thousands of attributes: the parser's time for one grows with their square."""
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > _LONG_TAG and len(_QUOTED.sub("", tag[0]).split()) > _MOST_ATTRIBUTES:
            raise ReadError(
                RefusalReason.TOO_LARGE,
                f"The page has a tag with more than {_MOST_ATTRIBUTES:,} attributes at character {tag.start():,}, the "
                "most that is read; give a plain page.",
            )


def _measure(tree: Element) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > _DEEPEST:
            raise _too_deep()
        if count > _MOST_ELEMENTS:
            raise ReadError(
                RefusalReason.TOO_LARGE,
                f"The page has more than {_MOST_ELEMENTS:,} elements, the most that is read; give a single article.",
            )


def _too_deep() -> ReadError:
    return ReadError(
        RefusalReason.TOO_DEEP,
        f"The page nests its elements more than {_DEEPEST} deep, which is the most that is read; give a plain page.",
    )


def _refused_by_parser(parser: html.HTMLParser, error: Exception) -> ReadError:
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        return _too_deep()
    return ReadError(RefusalReason.NO_TEXT, f"The page holds no element that could hold text ({error}).")


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data, 0, 8192)
    return match[1].decode("ascii", "ignore") if match else None
