from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pytest

from dragoman.errors import ReadError
from dragoman.read.draft import Item, Page
from dragoman.read.transfer import Gunzip
from dragoman.read.warc import read_warc

PAGE = b"<html><body><p>Kenya and Ethiopia reopened the border market at Moyale on Monday.</p></body></html>"


def record(
    number: int = 1,
    body: bytes = PAGE,
    kind: bytes = b"response",
    status: bytes = b"200 OK",
    headers: bytes = b"Content-Type: text/html",
) -> bytes:
    block = b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n\r\n" + body
    return (
        (
            b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Record-ID: <urn:uuid:%08d-0000-0000-0000-000000000000>\r\n"
            b"WARC-Date: 2026-01-02T10:00:00Z\r\nWARC-Target-URI: https://s.example/%d\r\n"
            b"Content-Type: application/http; msgtype=%s\r\nContent-Length: %d\r\n\r\n"
            % (number, number, kind, len(block))
        )
        + block
        + b"\r\n\r\n"
    )


def outcomes(data: bytes, limit: int = 100_000) -> list[Page | tuple[str, str | None]]:
    stream = Gunzip(io.BytesIO(data)) if data.startswith(b"\x1f\x8b") else io.BytesIO(data)
    found: list[Page | tuple[str, str | None]] = []
    for locator, outcome in read_warc(stream, limit):
        if isinstance(outcome, Item):
            assert isinstance(outcome.outcome, ReadError)
            found.append((outcome.outcome.reason, locator))
        else:
            found.append(outcome)
    return found


@pytest.mark.parametrize(
    "pack",
    [
        lambda *parts: b"".join(parts),
        lambda *parts: b"".join(map(gzip.compress, parts)),
        lambda *parts: gzip.compress(b"".join(parts)),
    ],
)
def test_responses_are_read_and_other_records_passed_over(pack: object) -> None:
    assert callable(pack)
    found = outcomes(
        pack(record(1, kind=b"warcinfo"), record(2, kind=b"request"), record(3), record(4, kind=b"metadata"), record(5))
    )
    assert [page.url for page in found if isinstance(page, Page)] == ["https://s.example/3", "https://s.example/5"]
    assert len(found) == 2
    page = found[0]
    assert isinstance(page, Page)
    assert (page.data, page.retrieved, page.media_type) == (PAGE, datetime(2026, 1, 2, 10, 0, tzinfo=UTC), "text/html")


@pytest.mark.parametrize(
    "data", [record(1, kind=b"warcinfo") + record(2, kind=b"request"), b"WARC/1.0\r\nContent-Length: -1\r\n"]
)
def test_an_archive_without_a_response_says_so(data: bytes) -> None:
    assert outcomes(data) == [("empty", f"after record {data.count(b'WARC/1.0')}")]


def test_other_statuses_and_media_types_are_refused() -> None:
    data = (
        record(1, status=b"404 Not Found")
        + record(2, headers=b"Content-Type: image/png")
        + record(3, status=b"301 Moved")
    )
    data += (
        record(4, headers=b"Content-Type: text/css")
        + record(5, headers=b"Server: x")
        + record(6, headers=b"Content-Type: text/html; charset=x")
    )
    found = outcomes(data)
    assert found[:4] == [
        ("unreachable", "record 1"),
        ("unknown-format", "record 2"),
        ("unreachable", "record 3"),
        ("unknown-format", "record 4"),
    ]
    assert [isinstance(page, Page) for page in found[4:]] == [True, True]


def test_content_codings_are_undone() -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    data = record(1, gzip.compress(PAGE), headers=b"Content-Type: text/html\r\nContent-Encoding: gzip")
    data += record(2, chunked, headers=b"Content-Type: text/html\r\nTransfer-Encoding: chunked")
    data += record(3, PAGE, headers=b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip")
    assert [page.data for page in outcomes(data) if isinstance(page, Page)] == [PAGE] * 3


def test_a_large_record_and_a_bomb_are_refused_and_the_rest_goes_on() -> None:
    bomb = record(2, gzip.compress(b"\0" * 20_000_000), headers=b"Content-Type: text/html\r\nContent-Encoding: gzip")
    found = outcomes(record(1, b"x" * 400_000) + bomb + record(3))
    assert found[:2] == [("too-large", "record 1"), ("too-large", "record 2")]
    assert isinstance(found[2], Page)


@pytest.mark.parametrize("cut", [3, 20, len(PAGE) + 20, len(record()) - 30])
def test_an_archive_that_breaks_off_gives_its_whole_records_and_one_refusal(cut: int) -> None:
    found = outcomes((record(1) + record(2) + record(3))[:-cut])
    assert [isinstance(entry, Page) for entry in found][:2] == [True, True]
    assert found[2:] in ([("damaged", "record 3")], [("damaged", "after record 2")]) or (cut == 3 and len(found) == 3)


def test_garbage_between_records_is_damage() -> None:
    found = outcomes(record(1) + b"garbage garbage\r\n" + record(2))
    assert isinstance(found[0], Page)
    assert found[1:] == [("damaged", "after record 1")]


def test_a_status_of_other_digits_is_none() -> None:
    found = list(read_warc(io.BytesIO(record(status="²00 OK".encode("latin-1")) + record(2)), 10_000))
    assert [isinstance(one, Page) for _, one in found] == [False, True]
