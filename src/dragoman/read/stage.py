"""The stage: one input in, documents and refusals out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from dragoman.errors import ReadError, UsageError
from dragoman.read.document import make_document
from dragoman.read.draft import Item, Page, digest
from dragoman.read.feed import read_feed
from dragoman.read.fetch import Fetched
from dragoman.read.inputs import Input, open_input
from dragoman.read.mail import read_mail
from dragoman.read.markdown import read_markdown
from dragoman.read.options import ReadOptions
from dragoman.read.page import read_page
from dragoman.read.pdf import read_pdf
from dragoman.read.rows import read_csv, read_jsonl
from dragoman.read.sniff import HEAD_BYTES, STREAMED, Format, Hints, is_gzip, sniff
from dragoman.read.text import read_text_page
from dragoman.read.transfer import Gunzip, charset_of
from dragoman.read.warc import read_warc
from dragoman.records import Document, Refusal
from dragoman.terms import RefusalReason, RefusalStage

_MOST_HASHED = 1_000_000_000


class Getter(Protocol):
    """What fetches addresses: `fetch.Fetcher`, or something like it in tests."""

    def get(self, url: str) -> Fetched:
        """The page at an address; a `FetchError` where it may not or cannot be had."""
        ...


def read_input(item: Input, options: ReadOptions, fetcher: Getter | None = None) -> Iterator[Document | Refusal]:
    """The documents of one input, and a refusal for everything in it that gives none.

    Bad content never raises. An address without a fetcher is a `UsageError`.
    """
    if item.url is not None and fetcher is None:
        raise UsageError(f"“{item.url}” is an address, and no fetcher is given; hand a Fetcher to read_input.")
    return _read(item, options, fetcher)


def _read(item: Input, options: ReadOptions, fetcher: Getter | None) -> Iterator[Document | Refusal]:
    content = None
    try:
        opened, page = _opened(item, options, fetcher)
        try:
            for entry in _items(opened, page, options):
                yield _outcome(entry, item, options)
        except ReadError:
            content = _content(opened)
            raise
    except ReadError as error:
        yield _refusal(error, item, None, content)
    except OSError as error:
        reason = error.strerror or str(error)
        broken = ReadError(
            RefusalReason.DAMAGED, f"Reading failed ({reason}); what came before it is kept. Read it again."
        )
        yield _refusal(broken, item, None, None)


def _opened(item: Input, options: ReadOptions, fetcher: Getter | None) -> tuple[Callable[[], BinaryIO], Page]:
    """How to open the input's bytes, and what is known of them before they are read."""
    if item.url is None or fetcher is None:
        return lambda: open_input(item), Page(b"", item.name, retrieved=options.retrieved)
    fetched = fetcher.get(item.url)
    media = fetched.media_type
    page = Page(fetched.body, item.name, fetched.url, fetched.retrieved, media, charset_of(media))
    return lambda: io.BytesIO(fetched.body), page


def _content(opened: Callable[[], BinaryIO]) -> str | None:
    """The SHA-256 of a whole input that is refused; None where it cannot be opened or is too long to read for that."""
    seen = hashlib.sha256()
    size = 0
    try:
        with opened() as stream:
            while chunk := stream.read(HEAD_BYTES):
                seen.update(chunk)
                size += len(chunk)
                if size > _MOST_HASHED:
                    return None
    except ReadError:
        return None
    return seen.hexdigest()


def read_pages(page: Page, form: Format) -> Iterator[Item]:
    """The articles of one page held in memory, in a format that is not streamed."""
    content = digest(page.data)
    try:
        match form:
            case Format.FEED:
                yield from read_feed(page)
                return
            case Format.HTML:
                draft = read_page(page)
            case Format.MARKDOWN:
                draft = read_markdown(page)
            case Format.PDF:
                draft = read_pdf(page)
            case Format.MAIL:
                draft = read_mail(page)
            case _:
                draft = read_text_page(page)
    except ReadError as error:
        yield Item(error, content)
        return
    yield Item(draft, content)


def _items(opened: Callable[[], BinaryIO], page: Page, options: ReadOptions) -> Iterator[Item]:
    hints = Hints(page.url or page.name, page.media_type, tuple(options.columns.values()))
    with opened() as stream:
        head = stream.read(HEAD_BYTES)
    zipped = is_gzip(head)
    if zipped:
        with opened() as stream:
            unpacked = Gunzip(stream)
            head = unpacked.read(HEAD_BYTES)
        if not head and unpacked.damage is not None:
            raise ReadError(
                RefusalReason.DAMAGED, f"{unpacked.damage}, and nothing of it can be read. Get the file again."
            )
    form = sniff(head, hints)
    with opened() as raw:
        plain: BinaryIO | Gunzip = Gunzip(raw) if zipped else raw
        told = False
        match form:
            case Format.WARC:
                for entry in _captures(plain, options):
                    told = isinstance(entry.outcome, ReadError) and entry.outcome.reason == RefusalReason.DAMAGED
                    yield entry
            case Format.JSONL:
                yield from read_jsonl(plain, options)
            case Format.CSV:
                yield from read_csv(plain, options)
            case _:
                yield from read_pages(_whole(plain, page, options), form)
        if isinstance(plain, Gunzip) and plain.damage is not None and not told:
            raise ReadError(
                RefusalReason.DAMAGED, f"{plain.damage}; what stands before it is read. Get the file again."
            )


def _whole(stream: BinaryIO | Gunzip, page: Page, options: ReadOptions) -> Page:
    data = stream.read(options.document_bytes + 1)
    if len(data) > options.document_bytes:
        raise too_large("The document", options.document_bytes)
    return Page(data, page.name, page.url, page.retrieved, page.media_type, page.charset)


def _captures(stream: BinaryIO | Gunzip, options: ReadOptions) -> Iterator[Item]:
    for locator, captured in read_warc(stream, options.document_bytes):
        if isinstance(captured, Item):
            yield captured
            continue
        content = digest(captured.data)
        try:
            form = sniff(captured.data[:HEAD_BYTES], Hints(captured.url or "", captured.media_type))
            if form in STREAMED:
                raise ReadError(
                    RefusalReason.UNKNOWN_FORMAT, f"The record holds {form}; pages, feeds and PDF are read here."
                )
            for entry in read_pages(captured, form):
                inner = f"{locator}, {entry.locator}" if entry.locator else locator
                yield Item(entry.outcome, entry.content, inner)
        except ReadError as error:
            yield Item(error, content, locator)


def _outcome(entry: Item, item: Input, options: ReadOptions) -> Document | Refusal:
    if isinstance(entry.outcome, ReadError):
        return _refusal(entry.outcome, item, entry.locator, entry.content)
    try:
        return make_document(entry.outcome, options.retrieved)
    except ReadError as error:
        return _refusal(error, item, entry.locator, entry.content)


def _refusal(error: ReadError, item: Input, locator: str | None, content: str | None) -> Refusal:
    return Refusal(
        RefusalStage.READ, RefusalReason(error.reason), str(error), input=item.name, locator=locator, content=content
    )


def too_large(what: str, limit: int) -> ReadError:
    """The refusal of something bigger than one document may be."""
    return ReadError(
        RefusalReason.TOO_LARGE,
        f"{what} has more than {limit:,} bytes, which is the most that is read at once; split it, or raise "
        "DRAGOMAN_DOCUMENT_BYTES.",
    )
