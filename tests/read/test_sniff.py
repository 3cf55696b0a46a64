from __future__ import annotations

import pytest

from dragoman.errors import ReadError
from dragoman.read.sniff import Format, Hints, is_gzip, sniff


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"<!doctype html><title>x</title>", "x.txt", Format.HTML),
        (b"\xef\xbb\xbf  <!-- saved --> <HTML lang=en>", "x", Format.HTML),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'a' 'b'><html>", "x", Format.HTML),
        (b"<div><p>One</p><p>Two</p></div>", "x", Format.HTML),
        (b"<?xml version='1.0'?>\n<rss version='2.0'><channel>", "x.html", Format.FEED),
        (b"<?xml version='1.0'?><!-- c --><feed xmlns='http://www.w3.org/2005/Atom'>", "x", Format.FEED),
        (b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", "x", Format.FEED),
        (b"%PDF-1.7\n", "x.txt", Format.PDF),
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "x", Format.WARC),
        (b'{"title": "a", "text": "b"}\n{"title": "c"}\n', "x", Format.JSONL),
        (b"not json at all\n", "x.jsonl", Format.JSONL),
        (b"title,text,date\na,b,c\n", "x.csv", Format.CSV),
        (b"title;text\n", "x.tsv", Format.CSV),
        (b"---\ntitle: A\n---\nText.\n", "x.txt", Format.MARKDOWN),
        (b"Text.\n", "x.md", Format.MARKDOWN),
        (b"# Title\n\nText.\n", "x", Format.MARKDOWN),
        (b"Kim met Putin.\n", "x", Format.TEXT),
        (b"Kim met Putin.\n", "x.log", Format.TEXT),
        (b"a < b and b > c\n", "x.txt", Format.TEXT),
        (b"<unnamed official> said so\n", "x.txt", Format.TEXT),
        (b"BMW and MZ are firms.\n", "x.txt", Format.TEXT),
        ("Kim met Putin.".encode("utf-16"), "x.txt", Format.TEXT),
        (b"Moscow {the city} wrote:\n", "x", Format.TEXT),
        (b"{A note in braces}\nMore.\n", "x", Format.TEXT),
    ],
)
def test_content_decides_more_than_the_name(head: bytes, name: str, expected: Format) -> None:
    assert sniff(head, Hints(name)) is expected


def test_declared_columns_make_a_table() -> None:
    assert sniff(b"headline_x,story\na,b\n", Hints("x", columns=("headline_x", "story"))) is Format.CSV


def test_a_media_type_counts_as_a_name() -> None:
    assert sniff(b"title,text\n", Hints("http://a.example/x", "text/csv; charset=utf-8")) is Format.CSV
    assert Hints("http://a.example/news.html?x=1.pdf").format is Format.HTML
    assert Hints("crawl.warc.gz").format is Format.WARC


@pytest.mark.parametrize(
    ("head", "name", "reason", "words"),
    [
        (b"", "x.html", "empty", "no content"),
        (b" \r\n\t\n", "x.txt", "empty", "no content"),
        (b"\xef\xbb\xbf", "x.txt", "empty", "no content"),
        (b"PK\x03\x04rest", "x.html", "wrong-format", "zip archive.*not html"),
        (b"PK\x03\x04rest", "x.docx", "unknown-format", "zip archive"),
        (b"\x89PNG\r\n\x1a\n", "x.png", "unknown-format", "PNG image"),
        (b"\xff\xd8\xff\xe0", "x.txt", "wrong-format", "JPEG image.*not text"),
        (b"GIF89a", "x", "unknown-format", "GIF"),
        (b"{\\rtf1\\ansi", "x.rtf", "unknown-format", "RTF"),
        (b"abc\x00\x01\x02", "x", "unknown-format", "zero byte at offset 3"),
        (b"<?xml version='1.0'?><kml>", "x.xml", "unknown-format", "root element “kml”"),
        (b"<?xml version='1.0'?><svg>", "x.html", "wrong-format", "root element “svg”"),
        (b'[{"title": "a"}]', "x.json", "unknown-format", "JSON array"),
        (b"MZ\x90\x00", "x.exe", "unknown-format", "program"),
    ],
)
def test_what_is_not_read_is_refused_by_name(head: bytes, name: str, reason: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        sniff(head, Hints(name))
    assert caught.value.reason == reason


def test_gzip_is_known() -> None:
    assert is_gzip(b"\x1f\x8b\x08")
    assert not is_gzip(b"plain")
