"""What is fuzzed: one function of bytes for every reader and importer, with what must hold of its outcome.

A target ends quietly, or in the refusals that its stage declares; anything else is a finding.
"""

from __future__ import annotations

import datetime
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import IO, cast

from dragoman.coding import gazetteer
from dragoman.errors import ReadError
from dragoman.exchange import provider_named
from dragoman.exchange.build import Sides, build
from dragoman.exchange.files import Source, blocks, find_sources
from dragoman.exchange.importing import Provider
from dragoman.read import Fetched, Input, ReadOptions, read_input
from dragoman.read.addresses import Allowed, check_addresses, read_target
from dragoman.read.byline import read_byline
from dragoman.read.dates import find_datings, read_dating, resolve
from dragoman.read.decode import decode
from dragoman.read.document import make_document
from dragoman.read.draft import Draft, Item, Page
from dragoman.read.quotes import quoted_spans
from dragoman.read.rows import read_csv, read_jsonl
from dragoman.read.sniff import Format
from dragoman.read.stage import read_pages
from dragoman.read.transfer import Gunzip, Inflater, dechunk
from dragoman.read.warc import read_warc
from dragoman.records import Document, Refusal

RETRIEVED = datetime.datetime(2026, 1, 15, 9, 30, tzinfo=datetime.UTC)
OPTIONS = ReadOptions(retrieved=RETRIEVED, document_bytes=1_000_000)
FIRST = b"Kenya and Ethiopia reopened the border market at Moyale on Monday, officials said, after long talks."
"""A first input: it makes everything load that only the first input needs."""
SITE = "https://site.example/2026/01/14/page"


class Broken(Exception):
    """An outcome that no reader may give."""


def _checked(document: Document) -> None:
    """What holds of every document: it has text, can be stored, and its quotes lie inside it."""
    if not (document.title or document.body or document.standfirst):
        raise Broken("a document without any text")
    for text in (document.title, document.standfirst, document.body, document.author, document.url):
        (text or "").encode("utf-8")
    for span in document.quotes:
        if not document.slice(span).strip():
            raise Broken(f"a quote without text at {span}")


def _made(items: Iterable[Item]) -> None:
    """Make documents of all drafts, as the stage does."""
    for item in items:
        if isinstance(item.outcome, Draft):
            try:
                document = make_document(item.outcome, RETRIEVED)
            except ReadError:
                continue
            _checked(document)


def _page(form: Format) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        _made(read_pages(Page(data, "page", SITE, RETRIEVED), form))

    return run


class _Given:
    """Gives the same bytes for any address, as a fetcher would."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def get(self, url: str) -> Fetched:
        """The bytes."""
        return Fetched(url, 200, None, self._body, RETRIEVED)


def any_input(data: bytes) -> None:
    """The whole stage on bytes of unknown kind: sniffed, unpacked, read, and told twice alike."""
    told = []
    for _ in range(2):
        outcomes = list(read_input(Input(SITE, url=SITE), OPTIONS, _Given(data)))
        for outcome in outcomes:
            if isinstance(outcome, Document):
                _checked(outcome)
        told.append([outcome.id for outcome in outcomes])
    if told[0] != told[1]:
        raise Broken(f"the same bytes gave {told[0]} and {told[1]}")


def jsonl(data: bytes) -> None:
    """JSON Lines."""
    _refusing(lambda: _made(read_jsonl(io.BytesIO(data), OPTIONS)))


def table(data: bytes) -> None:
    """CSV."""
    _refusing(lambda: _made(read_csv(io.BytesIO(data), OPTIONS)))


def warc(data: bytes) -> None:
    """A WARC archive, whose pages are taken apart no further."""

    def run() -> None:
        for _, captured in read_warc(io.BytesIO(data), OPTIONS.document_bytes):
            if isinstance(captured, Page) and len(captured.data) > OPTIONS.document_bytes:
                raise Broken("a page longer than allowed")

    _refusing(run)


def transfer(data: bytes) -> None:
    """Compressed and chunked bytes."""
    plain = Gunzip(io.BytesIO(data))
    while plain.read(10_000):
        if plain.tell() > 5_000_000:
            break

    def inflate(coding: str) -> None:
        inflater = Inflater(coding, 100_000)
        for start in range(0, len(data), 700):
            inflater.feed(data[start : start + 700])
        if len(inflater.finish()) > 100_000:
            raise Broken("more plain bytes than allowed")

    for coding in ("gzip", "deflate"):
        _refusing(lambda coding=coding: inflate(coding))  # type: ignore[misc]
    _refusing(lambda: dechunk(data))


def dates(data: bytes) -> None:
    """Dates, bylines and quotes of a text."""
    text = data.decode("utf-8", "replace")
    for dating, start, end in find_datings(text):
        if not 0 <= start < end <= len(text):
            raise Broken(f"a date at {start} to {end} of {len(text)}")
        resolve(dating, RETRIEVED)
    line = text.split("\n", 1)[0]
    found = read_dating(line)
    if found is not None:
        resolve(found, None)
    read_byline(line)
    if any(not 0 <= start < end <= len(text) for start, end in quoted_spans(text)):
        raise Broken("a quote outside of its text")


def decoding(data: bytes) -> None:
    """Bytes to text; the first word is the charset that is declared."""
    declared, _, rest = data.partition(b" ")
    _refusing(lambda: decode(rest, declared.decode("latin-1")))


def addresses(data: bytes) -> None:
    """Web addresses, and the numbers that a name server gives for their hosts."""
    first, _, rest = data.decode("utf-8", "replace").partition("\n")

    def run() -> None:
        target = read_target(first)
        if not target.host.isascii() or target.scheme not in ("http", "https") or not 0 < target.port < 65536:
            raise Broken(f"{first!r} is taken as {target}")
        check_addresses(target.host, rest.split(), Allowed(()))

    _refusing(run)


def _refusing(work: Callable[[], object]) -> None:
    try:
        work()
    except ReadError:
        return


@cache
def _provider(name: str) -> Provider:
    return provider_named(name, gazetteer(""), datetime.date(2014, 1, 1))


@cache
def _folder() -> Path:
    """A folder with the names of a graph's entities and relations."""
    folder = Path(tempfile.mkdtemp(prefix="dragoman-fuzz-")) / "icews14"
    folder.mkdir()
    (folder / "entity2id.txt").write_text("Japan\t0\nPolice_(Kenya)\t1\nBarack_Obama\t2\n", "utf-8")
    (folder / "relation2id.txt").write_text("Make_statement\t0\nUse_conventional_military_force\t1\n", "utf-8")
    return folder


def _imported(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        def opened() -> AbstractContextManager[IO[bytes]]:
            return nullcontext(cast("IO[bytes]", io.BytesIO(data)))

        source = Source("file", opened, _folder() / "train.txt" if name == "tkg" else None)
        provider, sides = _provider(name), Sides()
        for piece in provider.rows(source):
            if isinstance(piece, Refusal) or not piece.table.num_rows:
                continue
            rows = piece.table.num_rows
            built = build(name, "file", provider.code(piece), sides, statements=False)
            if built.imported.num_rows + built.refusals.num_rows < rows and not built.repeated:
                raise Broken(f"{rows} rows gave {built.imported.num_rows} and {built.refusals.num_rows} refusals")

    return run


def archives(data: bytes) -> None:
    """A file of unknown kind as an import opens it: zip, gzip or plain."""
    path = _folder().parent / "file"
    path.write_bytes(data)
    for source in find_sources([str(path)], None):
        if isinstance(source, Refusal):
            continue
        for block in _some(source):
            if not block:
                raise Broken("an empty block")


def _some(source: Source) -> Iterator[bytes]:
    for block in blocks(source, 100_000):
        if not isinstance(block, Refusal):
            yield block.data


TARGETS: dict[str, Callable[[bytes], None]] = {
    "text": _page(Format.TEXT),
    "markdown": _page(Format.MARKDOWN),
    "jsonl": jsonl,
    "csv": table,
    "warc": warc,
    "transfer": transfer,
    "dates": dates,
    "decoding": decoding,
    "addresses": addresses,
    "archives": archives,
    "any": any_input,
    "gdelt": _imported("gdelt"),
    "icews": _imported("icews"),
    "polecat": _imported("polecat"),
    "acled": _imported("acled"),
    "ucdp": _imported("ucdp"),
    "plover": _imported("plover"),
    "tkg": _imported("tkg"),
    "html": _page(Format.HTML),
    "pdf": _page(Format.PDF),
    "feed": _page(Format.FEED),
}
"""The function of every target that `aims.AIMS` names."""
