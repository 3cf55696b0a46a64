"""WARC archives, a record at a time."""

from __future__ import annotations

from collections.abc import Iterator

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dragoman.errors import ReadError
from dragoman.read.draft import Item, Page, digest
from dragoman.read.rows import read_moment
from dragoman.read.transfer import Inflater, Readable, charset_of, dechunk, whole_number
from dragoman.terms import RefusalReason

_MEDIA = ("text/", "application/xhtml", "application/pdf", "application/rss", "application/atom", "application/rdf",
          "application/xml", "application/octet-stream")  # fmt: skip
_NOT_TEXT = ("text/css", "text/javascript", "text/ecmascript", "text/calendar", "text/vcard", "text/dns")
_HTTP = "application/http"


def read_warc(stream: Readable, limit: int) -> Iterator[tuple[str, Page | Item]]:
    """Each response record's page with its locator ("record 3"), or the reason why it gives none.

    Records of other types are passed over; an archive of those alone is `empty`. An archive that breaks off gives its
    whole records, then one `damaged`.
    """
    number = responses = 0
    try:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):  # type: ignore[arg-type]
            number += 1
            locator = f"record {number}"
            if record.headers.get("Content-Length") is None:
                yield locator, Item(_broken_off("has no full header"), None, locator)
                return
            if not _is_response(record):
                continue
            responses += 1
            yield from _response(record, locator, limit)
    except OSError as error:
        broken = ReadError(
            RefusalReason.DAMAGED,
            f"The archive is damaged after record {number} ({error}); the records before that are read.",
        )
        yield f"after record {number}", Item(broken, None, f"after record {number}")
        return
    if not responses:
        none = ReadError(
            RefusalReason.EMPTY,
            f"None of the archive's records ({number}) is a response, which alone hold pages; check its making.",
        )
        yield f"after record {number}", Item(none, None, f"after record {number}")


def _is_response(record: WarcRecord) -> bool:
    return record.record_type == WarcRecordType.response and (record.headers.get("Content-Type") or _HTTP).startswith(
        _HTTP
    )


def _response(record: WarcRecord, locator: str, limit: int) -> Iterator[tuple[str, Page | Item]]:
    length = record.content_length
    if length > limit + 65_536:  # the HTTP header comes on top of the page
        yield locator, Item(_too_large(length, limit), None, locator)
        return
    block = record.reader.read(length)
    if len(block) < length:
        yield locator, Item(_broken_off(f"has {len(block):,} of {length:,} bytes"), digest(block), locator)
        return
    try:
        yield locator, _page(record, block, limit)
    except ReadError as error:
        yield locator, Item(error, digest(block), locator)


def _page(record: WarcRecord, block: bytes, limit: int) -> Page:
    head, separator, body = block.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = block.partition(b"\n\n")
    status, headers = _head(head)
    url = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>") or None
    if status != 200:
        raise ReadError(
            RefusalReason.UNREACHABLE, f"The archived answer for {url} has status {status}; only 200 is read."
        )
    media = headers.get("content-type")
    kind = (media or "").partition(";")[0].strip().lower()
    if media is not None and (not kind.startswith(_MEDIA) or kind.startswith(_NOT_TEXT)):
        raise ReadError(
            RefusalReason.UNKNOWN_FORMAT,
            f"The archived answer for {url} is {kind}; pages, plain text, feeds and PDF are read.",
        )
    if "chunked" in headers.get("transfer-encoding", "").lower() and _is_chunked(body):
        body = dechunk(body)
    inflater = Inflater(_encoding(headers, body), limit)
    inflater.feed(body)
    retrieved = read_moment(record.headers.get("WARC-Date"))
    return Page(inflater.finish(), url or "", url, retrieved, media, charset_of(media))


def _head(head: bytes) -> tuple[int | None, dict[str, str]]:
    """Status and fields of an HTTP answer's header, names in small letters."""
    first, *rest = head.decode("latin-1").splitlines() or [""]
    parts = first.split(None, 2)
    status = whole_number(parts[1]) if len(parts) > 1 and parts[0].startswith("HTTP/") else None
    fields = (line.partition(":") for line in rest)
    return status, {name.strip().lower(): value.strip() for name, _, value in fields}


def _is_chunked(body: bytes) -> bool:
    """Some archives keep the header of a chunked answer with the content put together."""
    size = body[:20].partition(b"\r\n")[0].partition(b";")[0].strip()
    return bool(size) and all(byte in b"0123456789abcdefABCDEF" for byte in size)


def _encoding(headers: dict[str, str], body: bytes) -> str | None:
    """The Content-Encoding, unless the archive keeps the content unpacked under the old header."""
    encoding = headers.get("content-encoding")
    return None if encoding and "gzip" in encoding and not body.startswith(b"\x1f\x8b") else encoding


def _broken_off(what: str) -> ReadError:
    return ReadError(
        RefusalReason.DAMAGED,
        f"The archive breaks off: its last record {what}. The records before it are read; get it again.",
    )


def _too_large(length: int, limit: int) -> ReadError:
    return ReadError(
        RefusalReason.TOO_LARGE,
        f"The record has {length:,} bytes; {limit:,} are the most that is read at once. Raise DRAGOMAN_DOCUMENT_BYTES.",
    )
