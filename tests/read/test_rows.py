from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime

import pytest

from dragoman.errors import ReadError, UsageError
from dragoman.periods import Period
from dragoman.read.draft import Draft, Item
from dragoman.read.options import ReadOptions
from dragoman.read.rows import read_csv, read_jsonl, read_moment

BODY = "Kenya and Ethiopia reopened the border market at Moyale on Monday, officials said."


def jsonl(data: str | bytes, **columns: str) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_jsonl(io.BytesIO(raw), ReadOptions(columns=columns, document_bytes=2000)))


def table(data: str | bytes, **columns: str) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_csv(io.BytesIO(raw), ReadOptions(columns=columns, document_bytes=2000)))


def draft_of(item: Item) -> Draft:
    assert isinstance(item.outcome, Draft)
    return item.outcome


def reason_of(item: Item) -> tuple[str, str | None]:
    assert isinstance(item.outcome, ReadError)
    return item.outcome.reason, item.locator


def test_jsonl_takes_the_usual_names() -> None:
    items = jsonl(
        '{"headline": "A market reopens", "content": "'
        + BODY
        + '", "date": "2023-05-08T10:00:00Z", "source": "Savanna Daily",'
        ' "authors": ["Daniel Mutua", "Sara Abebe"], "tags": ["Kenya", "trade"], "category": "Africa", "link": "https://s.example/a",'
        ' "summary": "Traders return", "lang": "en", "retrieved_at": "2023-05-09T08:00:00+03:00"}\n'
    )
    draft = draft_of(items[0])
    assert (draft.title, draft.standfirst, draft.paragraphs) == ("A market reopens", "Traders return", (BODY,))
    assert (draft.author, draft.publisher, draft.section) == ("Daniel Mutua and Sara Abebe", "Savanna Daily", "Africa")
    assert (draft.topics, draft.url, draft.language) == (("Kenya", "trade"), "https://s.example/a", "en")
    assert draft.published is not None
    assert draft.published.period == Period(date(2023, 5, 8))
    assert draft.retrieved is not None
    assert draft.retrieved.astimezone(UTC) == datetime(2023, 5, 9, 5, 0, tzinfo=UTC)


def test_declared_columns_go_before_usual_names() -> None:
    item = jsonl(
        '{"story": "' + BODY + '", "text": "not this", "when": "2023-05-08"}\n', body="story", published="when"
    )[0]
    assert draft_of(item).paragraphs == (BODY,)
    assert draft_of(item).published is not None


def test_paragraphs_are_kept() -> None:
    item = jsonl('{"title": "T", "text": "' + BODY + "\\n\\n" + BODY + '"}')[0]
    assert draft_of(item).paragraphs == (BODY, BODY)
    item = jsonl('{"title": "T", "body": ["' + BODY + '", "' + BODY + '"]}')[0]
    assert draft_of(item).paragraphs == (BODY, BODY)


def test_a_headline_alone_is_a_draft() -> None:
    assert draft_of(jsonl('{"title": "Putin and Kim to meet", "text": ""}')[0]).paragraphs == ()


def test_bad_lines_are_refused_with_their_number_and_the_rest_goes_on() -> None:
    lines = [
        b'{"title": "One"}',
        b"",
        b"{broken",
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"id": 7}',
        b'{"title": "bad \xff byte"}',
        b'{"title": "' + b"x" * 3000 + b'"}',
        b"[" * 1500,
        b'{"title": null, "text": true}',
        b'{"title": "Last"}',
    ]
    items = jsonl(b"\r\n".join(lines))
    assert draft_of(items[0]).title == "One"
    assert draft_of(items[-1]).title == "Last"
    assert items[-1].locator == "line 12"
    assert [reason_of(item) for item in items[1:-1]] == [
        ("damaged", "line 3"),
        ("wrong-format", "line 4"),
        ("wrong-format", "line 5"),
        ("wrong-format", "line 6"),
        ("no-text", "line 7"),
        ("not-text", "line 8"),
        ("too-large", "line 9"),
        ("damaged", "line 10"),
        ("no-text", "line 11"),
    ]


def test_numbers_and_nothing_are_no_text() -> None:
    item = jsonl('{"title": NaN, "text": null, "date": 1683540000}')[0]
    assert reason_of(item)[0] == "no-text"
    item = jsonl('{"title": "T", "date": 1683540000}')[0]
    published = draft_of(item).published
    assert published is not None
    assert published.period == Period(date(2023, 5, 8))


def test_csv_with_quoted_line_breaks_and_any_delimiter() -> None:
    items = table(f'title,text,date\n"One, two","{BODY}\n\n{BODY}",2023-05-08\nThree,{BODY.replace(",", "")},\n')
    assert [item.locator for item in items] == ["line 2", "line 5"]
    assert draft_of(items[0]).title == "One, two"
    assert draft_of(items[0]).paragraphs == (BODY, BODY)
    assert draft_of(table("Title;Text\nA;B c d\n")[0]).paragraphs == ("B c d",)
    assert draft_of(table("headline\tbody\nA\tB c d\n")[0]).title == "A"


def test_csv_with_declared_columns() -> None:
    item = table(f"id|story|seen\n1|{BODY}|2023-05-09\n", body="story", retrieved="seen")[0]
    assert draft_of(item).paragraphs == (BODY,)
    assert draft_of(item).retrieved == datetime(2023, 5, 9, tzinfo=UTC)


def test_bad_rows_are_refused_and_the_rest_goes_on() -> None:
    rows = [
        b"title,text",
        b"One,First text",
        b'"Two" x,broken quote',
        b"Three,a,b,c",
        b"Four,\xff\xfe bad bytes",
        b",",
        b"Five," + b"x" * 3000,
        b"Six",
        b'Seven,"never closed',
    ]
    items = table(b"\n".join(rows))
    assert draft_of(items[0]).title == "One"
    assert [reason_of(item) for item in items[1:5]] == [
        ("damaged", "line 3"),
        ("damaged", "line 4"),
        ("not-text", "line 5"),
        ("too-large", "line 7"),
    ]
    assert draft_of(items[5]).title == "Six"
    assert reason_of(items[6]) == ("damaged", "line 9")
    assert len(items) == 7


def test_a_quote_that_is_never_closed_does_not_swallow_a_long_table() -> None:
    items = table('title,text\nOne,"open\n' + "Two,text\n" * 1000 + "Last,text\n")
    assert reason_of(items[0]) == ("too-large", "line 2")
    assert draft_of(items[-1]).title == "Last"


def test_a_table_without_text_is_refused_whole() -> None:
    with pytest.raises(ReadError, match=r"found id, year\. Name the columns") as caught:
        table("id,year\n1,2024\n")
    assert caught.value.reason == "wrong-format"


def test_a_utf16_table_is_read_and_an_uncertain_encoding_refused() -> None:
    text = f"title,text\nA “quoted” title,{BODY.replace(',', '')}\n"
    assert draft_of(table(text.encode("utf-16"))[0]).title == "A “quoted” title"
    long = (
        "title,text\n"
        + f"Poland’s “return”,{BODY.replace(',', '')} The talks “were useful” and Poland’s envoy agreed.\n"
    )
    assert reason_of(table(long.replace("”", "").encode("cp1252"))[0]) == ("not-text", "line 2")


def test_what_is_too_large_is_known_by_its_hash() -> None:
    line = b'{"title": "' + b"x" * 3000 + b'"}'
    assert jsonl(line)[0].content == hashlib.sha256(line).hexdigest()
    assert table(b"title,text\nA," + b"x" * 3000)[0].content == hashlib.sha256(b"A," + b"x" * 3000).hexdigest()


def test_a_declared_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ReadError, match="no column 'story'; found title, text") as caught:
        table("title,text\nA,B\n", body="story")
    assert caught.value.reason == "wrong-format"
    with pytest.raises(UsageError, match="no field 'bodi'"):
        ReadOptions(columns={"bodi": "text"})


class Endless:
    """A stream of lines without end that counts what was taken of it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0
        self.taken += size
        return (b'{"title": "A pact is signed"}\n' * (size // 30 + 1))[:size]


def test_a_long_table_is_read_as_it_comes() -> None:
    stream = Endless()
    rows = read_jsonl(stream, ReadOptions())
    assert draft_of(next(rows)).title == "A pact is signed"
    assert stream.taken <= 65_536


def test_read_moment_reads_iso_only() -> None:
    assert read_moment("2023-05-09T10:00:00Z") == datetime(2023, 5, 9, 10, 0, tzinfo=UTC)
    assert read_moment("yesterday") is None
    assert read_moment(None) is None


def test_a_header_with_a_bare_carriage_return_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        table(b"title,body\rA market reopens,Kenya and Ethiopia reopened the border market.\r")
    assert caught.value.reason == "wrong-format"
