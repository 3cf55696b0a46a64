# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dragoman.errors import FetchError, UsageError
from dragoman.periods import Period
from dragoman.read import Fetched, Input, ReadOptions, find_inputs, read_input
from dragoman.records import Document, Refusal
from dragoman.terms import DateBasis

Outcome = Document | Refusal
ReadBytes = Callable[..., list[Outcome]]
PROSE = "The foreign minister of Kenya met his counterpart in Addis Ababa on Monday, and the two signed a border pact."
HTML = f"<!doctype html><html><body><article><h1>A pact is signed</h1><p>{PROSE}</p><p>{PROSE[:-1]} again.</p></article></body></html>"


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [str(outcome.reason) if isinstance(outcome, Refusal) else "document" for outcome in outcomes]


def warc(*pages: tuple[str, str]) -> bytes:
    parts = []
    for url, body in pages:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-01-02T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        parts.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(parts)


@pytest.mark.eval_data
def test_the_seed_is_read_rightly(eval_data: Path, retrieved: datetime) -> None:
    (path,) = (eval_data / "seed").glob("*.txt")
    lines = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
    (document,) = read_input(Input(str(path), path=path), ReadOptions())
    assert isinstance(document, Document)
    assert [document.title, document.standfirst] == lines[1:3]
    assert document.body == "\n\n".join(lines[4:13])
    assert document.body.endswith("odds with Western interests.")
    assert document.topics == (lines[13],) == ("politics",)
    assert f"{document.section} logo" == lines[0]
    assert lines[3] == f"By {document.author}{document.published_text} 3 min read"
    assert (document.published_text, document.published, document.published_basis) == (
        "Published 25 days ago",
        None,
        None,
    )
    assert [document.slice(span) for span in document.quotes][:3] == ["Blood", "Blood Bond", "blood bond"]
    (document,) = read_input(Input(str(path), path=path), ReadOptions(retrieved=retrieved))
    assert isinstance(document, Document)
    assert (document.published, document.published_basis) == (Period(date(2026, 1, 1)), DateBasis.RELATIVE)


def test_the_text_of_a_saved_page_is_read_by_its_layout(pages: Path) -> None:
    (document,) = read_input(Input("saved.txt", path=pages / "saved.txt"), ReadOptions())
    assert isinstance(document, Document)
    assert document.title == "Japan and the Philippines Sign ‘Landmark’ Coast Guard Pact"
    assert document.standfirst == "Manila says the agreement will let both fleets train together from next spring"
    assert (document.author, document.publisher, document.section) == ("Carla Reyes", "Harbour Post", "World")
    assert (document.topics, document.published_text) == (("politics",), "Published 2 weeks ago")
    assert document.body.count("\n\n") == 3
    assert document.body.startswith("Japan and the Philippines signed")
    assert document.body.endswith("the spring of next year.")


def test_a_folder_of_pages_gives_documents_and_refusals(pages: Path) -> None:
    found = [
        outcome
        for item in find_inputs([str(pages)])
        if isinstance(item, Input)
        for outcome in read_input(item, ReadOptions())
    ]
    assert sorted(reasons(found)) == ["document"] * 13 + ["language", "no-text"]


def test_the_same_bytes_give_the_same_documents(pages: Path) -> None:
    item = Input("wire.html", path=pages / "wire.html")
    assert list(read_input(item, ReadOptions())) == list(read_input(item, ReadOptions()))


def test_a_file_in_another_language_is_refused_by_name(pages: Path) -> None:
    (refusal,) = read_input(Input("german.html", path=pages / "german.html"), ReadOptions())
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "language"
    assert "German (de)" in refusal.detail
    assert refusal.input == "german.html"
    assert len(refusal.content or "") == 64


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.html", "page"),
        ("a.txt", "text"),
        ("a.md", "markdown"),
        ("a.jsonl", "jsonl"),
        ("a.csv", "csv"),
        ("a.rss", "feed"),
        ("a.warc", "page"),
        ("odd", "text"),
    ],
)
def test_every_format_is_read_and_also_packed(read_bytes: ReadBytes, name: str, reader: str) -> None:
    contents = {
        "a.html": HTML,
        "a.txt": f"A pact is signed\n\n{PROSE}",
        "a.md": f"# A pact is signed\n\n{PROSE}",
        "a.jsonl": json.dumps({"title": "A pact is signed", "text": PROSE}),
        "a.csv": f'title,text\nA pact is signed,"{PROSE}"',
        "a.rss": f"<rss version='2.0'><channel><item><title>A pact is signed</title><description>{PROSE}</description></item></channel></rss>",
        "a.warc": warc(("https://s.example/a", HTML)).decode(),
        "odd": f"A pact is signed\n\n{PROSE}",
    }
    for data, named in ((contents[name].encode(), name), (gzip.compress(contents[name].encode()), f"{name}.gz")):
        (document,) = read_bytes(data, named)
        assert isinstance(document, Document), document
        assert document.title == "A pact is signed"
        assert PROSE in document.body
        assert document.reader == reader


def test_a_warc_page_has_its_date_and_address(read_bytes: ReadBytes) -> None:
    page = HTML.replace("<p>", "<p>Published 3 days ago</p><p>", 1)
    (document,) = read_bytes(
        warc(("https://www.s.example/a", page)), "a.warc", ReadOptions(retrieved=datetime(2030, 1, 1, tzinfo=UTC))
    )
    assert isinstance(document, Document)
    assert (document.url, document.publisher) == ("https://www.s.example/a", "s.example")
    assert document.retrieved == datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    assert document.published == Period(date(2025, 12, 30))
    assert "Published" not in document.body


def test_a_broken_gzip_gives_what_stands_before_the_break(read_bytes: ReadBytes) -> None:
    chance = random.Random(3)
    rows = "".join(
        json.dumps({"title": f"A pact {number}", "text": chance.randbytes(200).hex()}) + "\n" for number in range(200)
    )
    found = read_bytes(gzip.compress(rows.encode())[:-2000], "a.jsonl.gz")
    assert found[-1:] != []
    assert reasons(found)[0] in ("document", "language")
    assert isinstance(found[-1], Refusal)
    assert found[-1].reason == "damaged"
    packed = gzip.compress(warc(("https://s.example/a", HTML))) + gzip.compress(warc(("https://s.example/b", HTML)))
    assert reasons(read_bytes(packed[:-40], "a.warc.gz")) == ["document", "damaged"]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.html", "empty"),
        (b"\n \n", "a.txt", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.html", "wrong-format"),
        (b"\0\1\2\3" * 50, "a.dat", "unknown-format"),
        (b"<html><body>" + b"<div>" * 100_000, "a.html", "too-deep"),
        (b"Ren\xe9 said \xff\xfe no", "a.txt", "not-text"),
        (b"short", "a.txt", "document"),
        (b"Too short.", "a.txt", "no-text"),
        (b"%PDF-1.4 nothing", "a.pdf", "damaged"),
        (b"\x1f\x8b\x08\x00broken", "a.warc.gz", "damaged"),
        (b"WARC/1.0\r\nWARC-Ty", "a.warc", "damaged"),
    ],
)
def test_bad_content_is_a_refusal(read_bytes: ReadBytes, data: bytes, name: str, reason: str) -> None:
    assert reasons(read_bytes(data, name)) == [reason]


def test_a_zip_named_html_is_refused(read_bytes: ReadBytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", HTML)
    data = out.getvalue()
    (refusal,) = read_bytes(data, "a.html")
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, "zip archive" in refusal.detail) == ("wrong-format", True)
    assert refusal.content == hashlib.sha256(data).hexdigest()


def test_a_large_page_is_refused_before_parsing(read_bytes: ReadBytes) -> None:
    assert reasons(read_bytes(HTML.encode() + b" " * 50_000_000, "a.html")) == ["too-large"]
    assert reasons(read_bytes(gzip.compress(HTML.encode() + b" " * 50_000_000), "a.html.gz")) == ["too-large"]


def test_a_missing_file_is_a_refusal(tmp_path: Path) -> None:
    assert reasons(list(read_input(Input("gone", path=tmp_path / "gone"), ReadOptions()))) == ["missing"]


class Canned:
    def __init__(self, body: bytes | str, media_type: str | None) -> None:
        self.body = body.encode() if isinstance(body, str) else body
        self.media_type = media_type

    def get(self, url: str) -> Fetched:
        if "inner" in url:
            raise FetchError("forbidden-address", "inner addresses are not fetched")
        return Fetched("https://s.example/final", 200, self.media_type, self.body, datetime(2026, 1, 26, tzinfo=UTC))


def fetched(body: bytes | str, media_type: str | None, url: str = "https://s.example/a") -> list[Outcome]:
    return list(read_input(Input(url, url=url), ReadOptions(), Canned(body, media_type)))


def test_a_fetched_page_has_its_final_address_and_its_retrieval() -> None:
    (document,) = fetched(HTML.replace("René", "René"), "text/html; charset=utf-8")
    assert isinstance(document, Document)
    assert (document.url, document.retrieved) == ("https://s.example/final", datetime(2026, 1, 26, tzinfo=UTC))


def test_a_fetched_feed_is_read_as_a_feed() -> None:
    feed = f"<rss version='2.0'><channel><title>S</title><item><title>A pact is signed</title><link>https://s.example/1</link><description>{PROSE}</description></item></channel></rss>"
    (document,) = fetched(feed, "text/xml")
    assert isinstance(document, Document)
    assert (document.reader, document.url, document.publisher) == ("feed", "https://s.example/1", "S")


def test_the_charset_of_the_answer_is_used() -> None:
    (document,) = fetched(HTML.replace("Kenya", "Kénya").encode("cp1252"), "text/html; charset=windows-1252")
    assert isinstance(document, Document)
    assert "Kénya" in document.body


def test_a_refused_address_is_a_refusal_and_no_fetcher_a_usage_error() -> None:
    assert reasons(fetched("", None, "https://inner.example/")) == ["forbidden-address"]
    with pytest.raises(UsageError, match="no fetcher"):
        read_input(Input("https://s.example/", url="https://s.example/"), ReadOptions())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("T\n\nBy X Y\n\n" + "Comments\n" * 20_000, "a.txt"),
        (f"T\n\n{PROSE}‘ " + "s’ a " * 40_000, "a.txt"),
        (f"T\n\n{PROSE}" + "‘ab “ab " * 20_000 + "» " * 40_000, "a.txt"),
        (f"T\n\n{PROSE}\n{'copy link ' * 39}!", "a.txt"),
        (f"By {'de ' * 60}x1\n\n{PROSE}", "a.txt"),
        ("<!DOCTYPE [" * 20_000, "a.rss"),
        ("[" * 20_000, "a.md"),
        ("<html><body>" + "<table><tr><td>abc</td></tr></table>" * 11_000 + f"<p>{PROSE * 3}", "a.html"),
        ("<html><body><p>" + "<" * 200_000, "a.html"),
        (f"<html><script type='application/ld+json'>{'[' * 100_000}</script><body><p>{PROSE}", "a.html"),
    ],
)
def test_hostile_content_takes_no_long_time(read_bytes: ReadBytes, data: str, name: str) -> None:
    started = time.monotonic()
    read_bytes(data, name)
    assert time.monotonic() - started < 10


def test_damaged_input_of_any_kind_never_raises(read_bytes: ReadBytes, pages: Path) -> None:
    chance = random.Random(7)
    samples = [
        ((pages / "furniture.html").read_bytes(), "a.html"),
        (warc(("https://s.example/a", HTML)), "a.warc"),
        (gzip.compress(warc(("https://s.example/a", HTML))), "a.warc.gz"),
        (f"---\ntitle: x\ntags: [a]\n---\n{PROSE}".encode(), "a.md"),
        (
            f"<rss version='2.0'><channel><item><title>A pact</title><description>{PROSE}</description></item></channel></rss>".encode(),
            "a.xml",
        ),
        (f'title,text\n"A pact","{PROSE}"\n'.encode(), "a.csv"),
    ]
    for data, name in samples:
        for _ in range(25):
            broken = bytearray(data)
            for _ in range(chance.randint(1, 8)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            cut = chance.randrange(len(broken)) if chance.random() < 0.3 else len(broken)
            for outcome in read_bytes(bytes(broken[:cut]), name):
                assert isinstance(outcome, Document | Refusal)
