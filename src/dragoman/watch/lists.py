"""What a source's list names: the entries of feeds and sitemaps, links of a page, GDELT's newest files."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from lxml import etree

from dragoman.errors import ReadError
from dragoman.read.markup import parse_html
from dragoman.read.sniff import is_gzip
from dragoman.read.transfer import Gunzip
from dragoman.terms import RefusalReason
from dragoman.watch.answers import stated_moment

_LISTED = re.compile(rb"^\s*(\d{1,12}) ([0-9a-f]{32}) (https?://\S{1,2000}\.export\.CSV\.zip)\s*$", re.M)
_STAMP = re.compile(r"(?<=/)(\d{14})(?=\.export\.CSV\.zip$)")
_QUARTER = datetime.timedelta(minutes=15)
_LONGEST_KEY = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a list names: its address, and when the list says that it appeared or changed.

    `part` is page, listing (a further list) or data (a file of events); `digest` is what the list says of the bytes.
    """

    address: str
    stated: datetime.datetime | None = None
    part: str = "page"
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a list in the order of reading, and how many lay beyond the limit."""

    entries: tuple[Entry, ...]
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a feed that is read from the feed itself: its key, and a feed that holds it alone."""

    key: str
    stated: datetime.datetime | None
    feed: bytes


def read_feed_list(data: bytes, base: str, most: int) -> Listing:
    """The pages that a feed links to."""
    found: dict[str, Entry] = {}
    for element in _elements(data, ("item", "entry"), ("rss", "feed", "rdf")):
        link = _link(element)
        if link is not None:
            entry = Entry(_absolute(base, link), _stated(element))
            if _is_web(entry.address):
                found.setdefault(entry.address, entry)
    return _bounded(found.values(), most)


def read_told(data: bytes, most: int, known: Callable[[list[str]], set[str]]) -> tuple[list[Told], int]:
    """The entries of a feed that are not known, each in a feed of its own, and how many lay beyond the limit."""
    parser = _parser()
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(error) from error
    if root is None or _local(root) not in ("rss", "feed", "rdf"):
        raise _no_feed(None if root is None else _local(root))
    entries = [element for element in root.iter() if _local(element) in ("item", "entry")]
    homes = [element.getparent() for element in entries]
    for element, home in zip(entries, homes, strict=True):
        home.remove(element)
    chosen: dict[str, Any] = {}
    for element, home in list(zip(entries, homes, strict=True))[:most]:
        key = (_text(element, "guid", "id") or _link(element) or _text(element, "title") or "")[:_LONGEST_KEY]
        if key:
            chosen.setdefault(key, (element, home))
    seen = known(list(chosen))
    told = []
    for key, (element, home) in chosen.items():
        if key not in seen:
            home.append(element)
            told.append(Told(key, _stated(element), etree.tostring(root, encoding="utf-8", xml_declaration=True)))
            home.remove(element)
    return told, max(0, len(entries) - most)


def read_sitemap(data: bytes, base: str, most: int, most_lists: int, most_bytes: int) -> Listing:
    """The pages of a sitemap, the newest first, or the sitemaps that an index names; gzip is undone."""
    if is_gzip(data[:4]):
        packed = Gunzip(io.BytesIO(data))
        data = packed.read(most_bytes + 1)
        if len(data) > most_bytes:
            raise ReadError(
                RefusalReason.TOO_LARGE,
                f"The sitemap has more than {most_bytes:,} bytes; raise DRAGOMAN_DOCUMENT_BYTES, or watch its parts.",
            )
        if packed.damage is not None:
            raise ReadError(RefusalReason.DAMAGED, f"{packed.damage}; get the sitemap again.")
    found: dict[str, Entry] = {}
    for element in _elements(data, ("url", "sitemap"), ("urlset", "sitemapindex")):
        place = _text(element, "loc")
        if place:
            part = "listing" if _local(element) == "sitemap" else "page"
            moment = stated_moment(_text(element, "lastmod") or _text_within(element, "publication_date") or "")
            entry = Entry(_absolute(base, place), moment, part)
            if _is_web(entry.address):
                found.setdefault(entry.address, entry)
    lists = [entry for entry in found.values() if entry.part == "listing"]
    pages = [entry for entry in found.values() if entry.part == "page"]
    return _bounded(_newest(lists), most_lists) if lists else _bounded(_newest(pages), most)


def read_links(data: bytes, base: str, wanted: re.Pattern[str], most: int, charset: str | None = None) -> Listing:
    """The links of a page whose whole address the pattern finds, in order."""
    tree: Any = parse_html(data, charset)
    links = (link.get("href") or "" for link in tree.iter("a"))
    addresses = (_absolute(base, link.strip()) for link in links if link.strip())
    return _bounded(
        (Entry(address) for address in dict.fromkeys(addresses) if _is_web(address) and wanted.search(address)), most
    )


def read_gdelt(data: bytes, done: Iterable[str], most: int) -> Listing:
    """The newest file of events, and those of the quarters of an hour since the last one that was done."""
    listed = {match[3].decode("ascii"): match[2].decode("ascii") for match in _LISTED.finditer(data[:1_000_000])}
    if not listed:
        raise ReadError(
            RefusalReason.WRONG_FORMAT,
            "The list names no *.export.CSV.zip; give the address of GDELT's lastupdate.txt.",
        )
    newest = max(listed)
    stamps = [stamp for address in done if (stamp := _stamp(address)) is not None]
    end, entries = _stamp(newest), [Entry(newest, _stamp(newest), "data", f"md5:{listed[newest]}")]
    if end is not None and stamps:
        moment = end - _QUARTER
        while moment > max(stamps) and len(entries) < most:
            address = _STAMP.sub(f"{moment:%Y%m%d%H%M%S}", newest)
            entries.append(Entry(address, moment, "data"))
            moment -= _QUARTER
    return Listing(tuple(entries[::-1]))


def _stamp(address: str) -> datetime.datetime | None:
    match = _STAMP.search(address)
    if match is None:
        return None
    try:
        return datetime.datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def _newest(entries: list[Entry]) -> list[Entry]:
    """Those with a date first, the newest first; the rest in their own order."""
    earliest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(entries, key=lambda entry: entry.stated or earliest, reverse=True)


def _bounded(entries: Iterable[Entry], most: int) -> Listing:
    found = tuple(entries)
    return Listing(found[:most], max(0, len(found) - most))


def _elements(data: bytes, wanted: tuple[str, ...], roots: tuple[str, ...]) -> Iterator[Any]:
    """The elements of these names, one at a time; what was seen is let go."""
    root = None
    try:
        steps = etree.iterparse(
            io.BytesIO(data), events=("start", "end"), recover=True, resolve_entities=False, no_network=True
        )
        for event, element in steps:
            if root is None:
                root = element
                if _local(root) not in roots:
                    raise _no_feed(_local(root))
            if event == "end" and _local(element) in wanted:
                yield element
                element.clear()
                while (before := element.getprevious()) is not None and _local(before) in wanted:
                    before.getparent().remove(before)
    except etree.XMLSyntaxError as error:
        raise _damaged(error) from error
    if root is None:
        raise _no_feed(None)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _text(element: Any, *names: str) -> str | None:
    """The text of the first child of one of these names."""
    for name in names:
        for child in element:
            if _local(child) == name and (text := "".join(child.itertext()).strip()):
                return text
    return None


def _text_within(element: Any, name: str) -> str | None:
    return next((child.text.strip() for child in element.iter() if _local(child) == name and child.text), None)


def _link(element: Any) -> str | None:
    """Where an entry leads to: Atom's alternate link, RSS's link, else its permanent id."""
    for child in element:
        if _local(child) == "link" and child.get("href") and child.get("rel", "alternate") == "alternate":
            return str(child.get("href")).strip()
    text = _text(element, "link")
    if text:
        return text
    guid = next((child for child in element if _local(child) == "guid"), None)
    if guid is not None and guid.get("isPermaLink", "true").lower() != "false" and (guid.text or "").startswith("http"):
        return str(guid.text).strip()
    return None


def _stated(element: Any) -> datetime.datetime | None:
    """When an entry changed or appeared, as the feed says."""
    text = _text(element, "updated", "pubdate", "published", "date", "issued", "modified")
    return stated_moment(text) if text else None


def _absolute(base: str, link: str) -> str:
    try:
        return urldefrag(urljoin(base, link)).url
    except ValueError:
        return link


def _is_web(address: str) -> bool:
    """Whether an address leads to the web; mailto:, javascript: and whatever else a site may write does not."""
    return address.lower().startswith(("http://", "https://"))


def _damaged(error: Exception) -> ReadError:
    return ReadError(RefusalReason.DAMAGED, f"The list is no XML that can be read ({str(error)[:120]}); get it again.")


def _no_feed(root: str | None) -> ReadError:
    found = f"XML with the root {root[:40]!r}" if root else "no XML"
    return ReadError(
        RefusalReason.WRONG_FORMAT, f"The list is {found}; RSS, Atom or a sitemap was looked for. Check the address."
    )
