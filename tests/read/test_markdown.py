# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dragoman.errors import ReadError
from dragoman.periods import Period
from dragoman.read.draft import Draft, Page
from dragoman.read.markdown import read_markdown

BODY = "Kenya and Ethiopia reopened the border market at Moyale on Monday, officials said."


def markdown(text: str) -> Draft:
    return read_markdown(Page(text.encode(), "a.md"))


def test_front_matter_fills_the_fields() -> None:
    draft = markdown(
        "---\ntitle: A market reopens\nsubtitle: Traders return\nauthor: Daniel Mutua\nsource: Savanna Daily\n"
        "date: 2023-05-08\ntags: [Kenya, Ethiopia]\nsection: Africa\nurl: https://s.example/a\nlanguage: en\n"
        "retrieved: 2023-05-09T10:00:00Z\n---\n\n# A market reopens\n\n" + BODY + "\n"
    )
    assert (draft.title, draft.standfirst, draft.author) == ("A market reopens", "Traders return", "Daniel Mutua")
    assert (draft.publisher, draft.section, draft.url) == ("Savanna Daily", "Africa", "https://s.example/a")
    assert draft.topics == ("Kenya", "Ethiopia")
    assert draft.published is not None
    assert draft.published.period == Period(date(2023, 5, 8))
    assert draft.retrieved == datetime(2023, 5, 9, 10, 0, tzinfo=UTC)
    assert draft.paragraphs == (BODY,)


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    draft = markdown(f"# A market reopens\n\n## Traders return\n\n{BODY}\n\n## What next\n\nMore came.")
    assert (draft.title, draft.standfirst) == ("A market reopens", "Traders return")
    assert draft.paragraphs == (BODY, "What next", "More came.")


def test_marks_links_images_code_and_html_are_undone() -> None:
    draft = markdown(
        "# T\n\n**Kenya** and [Ethiopia](https://e.example) _reopened_ the\nmarket.\n\n![a photo](x.jpg)\n\n```\ncode\n```\n\n"
        "<div>html</div>\n\n> “We agree,” he said.\n\n- One item\n- Another item\n\nA <b>bold</b> end."
    )
    assert draft.paragraphs == (
        "Kenya and Ethiopia reopened the market.",
        "“We agree,” he said.",
        "One item",
        "Another item",
        "A bold end.",
    )


@pytest.mark.parametrize("front", ["title: [unclosed", "a: b: c", "\tbad"])
def test_front_matter_that_is_no_yaml_is_refused(front: str) -> None:
    with pytest.raises(ReadError, match="front matter") as caught:
        markdown(f"---\n{front}\n---\n{BODY}")
    assert caught.value.reason == "damaged"


def test_front_matter_that_would_grow_without_end_is_cut_back() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: Plain title\n"
    assert markdown(f"---\n{bomb}---\n{BODY}").title == "Plain title"
    deep = "x: " + "[" * 5000 + "]" * 5000
    assert markdown(f"---\ntitle: Plain title\n{deep}\n---\n{BODY}").title == "Plain title"


def test_rules_around_text_are_no_front_matter() -> None:
    draft = markdown(f"---\njust words\n---\n\n{BODY}")
    assert (draft.title, draft.paragraphs) == ("just words", (BODY,))
    assert markdown(f"---\n\n{BODY}").paragraphs == (BODY,)


def test_deep_nesting_is_read_safely() -> None:
    assert BODY in markdown(f"# T\n\n{BODY}\n\n{'> ' * 10_000}deep").paragraphs
