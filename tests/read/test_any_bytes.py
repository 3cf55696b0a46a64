"""Whatever comes, a reader gives documents that hold together, or refusals; it never raises anything else."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.read import Fetched, Input, ReadOptions, read_input
from dragoman.read.dates import find_datings, read_dating, resolve
from dragoman.read.quotes import quoted_spans
from dragoman.records import Document, Refusal

RETRIEVED = datetime.datetime(2026, 1, 15, 9, 30, tzinfo=datetime.UTC)
OPTIONS = ReadOptions(retrieved=RETRIEVED, document_bytes=100_000)
SENTENCE = "Kenya and Ethiopia reopened the border market at Moyale on Monday, officials said."
KINDS = st.sampled_from(
    (None, "text/html", "text/plain", "text/markdown", "text/csv", "application/x-ndjson", "application/rss+xml",
     "application/pdf", "application/warc", "text/html; charset=koi8-r", "application/octet-stream")
)  # fmt: skip
PIECES = st.sampled_from(
    (
        SENTENCE,
        "\n\n",
        "\n",
        "---\n",
        "title: ",
        "Published 25 days ago",
        "By Jane Doe",
        "“",
        "”",
        '"',
        "‘",
        "’",
        ",",
        "\t",
        "{",
        "}",
        '{"body": "',
        '"}',
        "[",
        "<p>",
        "</p>",
        "<article>",
        "<html>",
        "<rss version='2.0'><channel>",
        "<item><title>",
        "</title></item>",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&#0;",
        "\ufeff",
        "\u202e",
        "\x00",
        "\ud7ff",
        "2024-02-30",
        "19 June 2024",
        "%PDF-1.4\n",
        "WARC/1.0\r\n",
        "Content-Length: -1\r\n",
        "é",
        "𐍈",
        "title,body\n",
    )
)
# The machine that runs the tests may be busy; one input may take what ten do elsewhere.
often = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


class Site:
    """Gives the same bytes for any address."""

    def __init__(self, body: bytes, media: str | None) -> None:
        self._body, self._media = body, media

    def get(self, url: str) -> Fetched:
        return Fetched(url, 200, self._media, self._body, RETRIEVED)


def outcomes(body: bytes, media: str | None = None) -> list[Document | Refusal]:
    address = "https://site.example/2026/01/14/page"
    found = list(read_input(Input(address, url=address), OPTIONS, Site(body, media)))
    for one in found:
        if isinstance(one, Document):
            assert one.title or one.body or one.standfirst
            for text in (one.title, one.standfirst, one.body, one.author, one.publisher, one.url, *one.topics):
                (text or "").encode("utf-8")
            assert all(one.slice(span) for span in one.quotes)
        else:
            assert one.detail
            assert one.input == address
    assert found, "an input that gives nothing must say why"
    return found


@often
@given(st.binary(max_size=400), KINDS)
@pytest.mark.filterwarnings("ignore")
def test_any_bytes(body: bytes, media: str | None) -> None:
    outcomes(body, media)


@often
@given(st.lists(PIECES, max_size=14), KINDS, st.booleans())
@pytest.mark.filterwarnings("ignore")
def test_pieces_of_pages_in_any_order(pieces: list[str], media: str | None, zipped: bool) -> None:
    body = "".join(pieces).encode("utf-8")
    first = outcomes(gzip.compress(body) if zipped else body, media)
    again = outcomes(gzip.compress(body) if zipped else body, media)
    assert [one.id for one in first] == [one.id for one in again]


@often
@given(
    st.lists(JSON, min_size=1, max_size=4), st.sampled_from(("body", "title", "published", "author", "topics")), JSON
)
def test_any_json_in_lines(values: list[object], field: str, inner: object) -> None:
    rows = [*values, {"body": SENTENCE, field: inner}]
    text = "\n".join(json.dumps(row) for row in rows)
    assert len(outcomes(text.encode("utf-8"), "application/x-ndjson")) >= 1


# A zero byte makes the whole input binary, which is refused as such.
CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@often
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=5), st.sampled_from(",;\t|"))
def test_any_cells_in_a_table(rows: list[list[str]], mark: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerows([["title", "body", "published"], [SENTENCE, SENTENCE, "2024-05-02"], *rows])
    found = outcomes(out.getvalue().encode("utf-8"), "text/csv")
    assert sum(isinstance(one, Document) for one in found) >= 1, "the good row is read whatever stands beside it"


@often
@given(st.text(max_size=120) | st.lists(PIECES, max_size=6).map("".join))
def test_dates_and_quotes_lie_inside_their_text(text: str) -> None:
    for dating, start, end in find_datings(text):
        assert 0 <= start < end <= len(text)
        resolve(dating, RETRIEVED)
    found = read_dating(text)
    if found is not None:
        resolve(found, None)
    assert all(0 <= start < end <= len(text) for start, end in quoted_spans(text))
