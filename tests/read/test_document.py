from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dragoman.errors import ReadError
from dragoman.periods import Period
from dragoman.read.dates import Dating
from dragoman.read.document import make_document
from dragoman.read.draft import Draft
from dragoman.terms import DateBasis, Part

BODY = "The foreign minister of Kenya met his counterpart in Addis Ababa, and the two signed a “border pact” on Monday."
RETRIEVED = datetime(2026, 1, 26, tzinfo=UTC)


def test_a_draft_is_cleaned_and_its_quotes_are_found() -> None:
    draft = Draft(
        "text", title=" A ‘pact’\u00a0signed ", standfirst="“Border”", paragraphs=("\u200b", BODY, f"{BODY}\n more")
    )
    document = make_document(draft, None)
    assert (document.title, document.standfirst) == ("A ‘pact’ signed", "“Border”")
    assert document.body == f"{BODY}\n\n{BODY} more"
    assert [(span.part, document.slice(span)) for span in document.quotes] == [
        (Part.TITLE, "pact"),
        (Part.STANDFIRST, "Border"),
        (Part.BODY, "border pact"),
        (Part.BODY, "border pact"),
    ]
    assert (document.language, document.reader) == ("en", "text")


def test_title_and_standfirst_are_not_repeated_in_the_body() -> None:
    document = make_document(Draft("text", title="A pact", standfirst="A pact.", paragraphs=("A Pact", BODY)), None)
    assert (document.standfirst, document.body) == (None, BODY)


def test_a_headline_alone_is_a_document_and_nothing_is_none() -> None:
    assert make_document(Draft("feed", title="Putin and Kim to meet"), None).body == ""
    for draft in (Draft("text"), Draft("text", paragraphs=("Too short.",)), Draft("text", title=" \u200b ")):
        with pytest.raises(ReadError) as caught:
            make_document(draft, None)
        assert caught.value.reason == "no-text"


def test_dates_are_resolved_against_the_drafts_own_retrieval() -> None:
    draft = Draft(
        "rows",
        title="A pact",
        published=Dating("2 days ago", ago=(2, "day")),
        retrieved=datetime(2025, 1, 3, tzinfo=UTC),
    )
    document = make_document(draft, RETRIEVED)
    assert document.published == Period(date(2025, 1, 1))
    assert document.published_basis is DateBasis.RELATIVE
    assert document.published_text == "2 days ago"
    assert document.retrieved == datetime(2025, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x#part", "https://a.example/x"),
        ("ftp://a.example/x", None),
        ("/relative", None),
        ("javascript:x", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_kept(url: str | None, kept: str | None) -> None:
    assert make_document(Draft("text", title="A pact", url=url), None).url == kept
