# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

from datetime import date

from dragoman.periods import Period
from dragoman.read.text import read_text

BODY = [
    "Japan and the Philippines signed a pact on Thursday that lets their coast guards train together, officials said.",
    "China’s foreign ministry criticised the pact and said that outside powers should not stir up the sea.",
]


def test_title_standfirst_and_byline_above_the_body() -> None:
    draft = read_text(
        "\n\n".join(["World", "Two States Sign a Pact", "Fleets train together", "By Carla Reyes | 2 May 2024", *BODY])
    )
    assert (draft.section, draft.title, draft.standfirst) == (
        "World",
        "Two States Sign a Pact",
        "Fleets train together",
    )
    assert draft.author == "Carla Reyes"
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 5, 2))
    assert draft.paragraphs == tuple(BODY)


def test_a_date_line_above_the_title() -> None:
    draft = read_text("\n\n".join(["Press release", "19 June 2024", "Statement on the ceasefire", *BODY]))
    assert draft.title == "Statement on the ceasefire"
    assert draft.section == "Press release"
    assert draft.paragraphs == tuple(BODY)


def test_a_logo_is_the_publisher_only_where_the_copyright_line_says_so() -> None:
    lines = ["Harbour Post logo", "Two States Sign a Pact", "By Carla Reyes", *BODY]
    assert read_text("\n\n".join(lines)).section == "Harbour Post"
    draft = read_text("\n\n".join([*lines, "© 2026 Harbour Post. All rights reserved."]))
    assert (draft.section, draft.publisher) == (None, "Harbour Post")


def test_without_layout_a_first_short_line_is_the_title() -> None:
    draft = read_text(f"Two states sign a pact\n\n{BODY[0]}\n\n{BODY[1]}")
    assert draft.title == "Two states sign a pact"
    assert draft.paragraphs == tuple(BODY)


def test_without_layout_a_first_sentence_is_no_title() -> None:
    draft = read_text(f"Kim met Putin on Monday.\n\n{BODY[0]}")
    assert draft.title is None
    assert draft.paragraphs == ("Kim met Putin on Monday.", BODY[0])


def test_wrapped_lines_are_joined_and_single_lines_kept() -> None:
    wrapped = "Two states sign a pact\n\nJapan and the Philippines signed a pact on Thursday that lets\ntheir coast guards train together, officials of both countries\nsaid in Manila."
    assert read_text(wrapped).paragraphs == (
        "Japan and the Philippines signed a pact on Thursday that lets their coast guards train together, officials of "
        "both countries said in Manila.",
    )
    assert read_text(f"Two states sign a pact\n\n{BODY[0]}\n{BODY[1]}").paragraphs == tuple(BODY)


def test_fields_at_the_top_are_read() -> None:
    text = f"Title: Two states sign\nDate: 19 June 2024\nSource: Harbour Post\nURL: https://h.example/a\nTags: sea, law\n\n{BODY[0]}"
    draft = read_text(text)
    assert (draft.title, draft.publisher, draft.url) == ("Two states sign", "Harbour Post", "https://h.example/a")
    assert draft.topics == ("sea", "law")
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 6, 19))
    assert draft.paragraphs == (BODY[0],)


def test_one_field_alone_is_text() -> None:
    draft = read_text(f"Source: Moscow ready for talks\n\n{BODY[0]}")
    assert draft.title == "Source: Moscow ready for talks"


def test_a_date_in_the_prose_is_not_the_date_of_publication() -> None:
    draft = read_text(f"Two states sign a pact\n\n{BODY[0]} It was agreed on 19 June 2024.\n\n{BODY[1]}")
    assert draft.published is None


def test_topics_stand_under_the_article_only() -> None:
    tail = ["politics", "World", "About the Author", "Carla Reyes", BODY[1]]
    draft = read_text("\n\n".join(["Two States Sign a Pact", "By Carla Reyes", BODY[0], *tail]))
    assert draft.topics == ("politics", "World")
    assert draft.paragraphs == (BODY[0],)
    draft = read_text("\n\n".join(["Two States Sign a Pact", BODY[0], "Tags: sea, law"]))
    assert draft.topics == ("sea", "law")
    assert draft.paragraphs == (BODY[0],)


def test_a_subheading_in_the_body_is_kept() -> None:
    draft = read_text("\n\n".join(["Two States Sign a Pact", "By Carla Reyes", BODY[0], "What comes next", BODY[1]]))
    assert draft.paragraphs == (BODY[0], "What comes next", BODY[1])


def test_a_title_alone_is_a_draft_with_an_empty_body() -> None:
    draft = read_text("Putin and Kim to meet in Vladivostok")
    assert (draft.title, draft.paragraphs) == ("Putin and Kim to meet in Vladivostok", ())
