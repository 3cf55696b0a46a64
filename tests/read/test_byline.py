from __future__ import annotations

import pytest

from dragoman.read.byline import clean_author, read_byline


@pytest.mark.parametrize(
    ("text", "author", "agency"),
    [
        ("By Jane Doe", "Jane Doe", None),
        ("By Jane Doe, Reuters", "Jane Doe", "Reuters"),
        ("By JANE DOE | Associated Press", "JANE DOE", "Associated Press"),
        ("Jane Doe in Kyiv and Tom Oakes", "Jane Doe", None),
        ("By: Juan de la Cruz (AFP)", "Juan de la Cruz", "AFP"),
        ("Written by Anna Zielinska and Tom Oakes", "Anna Zielinska and Tom Oakes", None),
        ("Reuters", "Reuters", "Reuters"),
        ("jane@paper.example (Jane Doe)", "Jane Doe", None),
        ("Ministry of Foreign Affairs", "Ministry of Foreign Affairs", None),
        ("admin", None, None),
        ("Staff Reporter", None, None),
        ("Our Correspondent", None, None),
        ("By Jean-Pierre O’Neil 3 min read", "Jean-Pierre O’Neil", None),
        ("", None, None),
    ],
)
def test_clean_author_keeps_the_name_and_parts_off_the_agency(
    text: str, author: str | None, agency: str | None
) -> None:
    assert clean_author(text) == (author, agency)


@pytest.mark.parametrize(
    ("line", "author", "words"),
    [
        ("By Omar Said HaddadPublished 25 days ago 3 min read", "Omar Said Haddad", "Published 25 days ago"),
        ("By Carla ReyesUpdated 2 hours agoPublished 2 weeks ago 5 min read", "Carla Reyes", "Published 2 weeks ago"),
        ("19 June 2024", None, "19 June 2024"),
        ("Doha, 19 June 2024", None, "19 June 2024"),
        ("Published on March 12, 2024 at 10:30 GMT", None, "Published on March 12, 2024 at 10:30 GMT"),
        ("By Jane Doe | Reuters | 12 March 2024, 10:30 am IST", "Jane Doe", "12 March 2024, 10:30 am IST"),
        ("By Staff Writer - 12 March 2024", None, "12 March 2024"),
    ],
)
def test_read_byline_reads_author_and_date(line: str, author: str | None, words: str) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert byline.author == author
    assert byline.dating is not None
    assert byline.dating.text == words


@pytest.mark.parametrize(
    "line",
    [
        "By Tuesday the talks had failed.",
        "By the end of the year both will sign.",
        "The treaty was signed on 19 June 2024.",
        "Russia and North Korea signed the treaty on 19 June 2024",
        "Putin visited two weeks ago",
        "What happened today",
        "Kim Jong Un sent a message",
    ],
)
def test_a_sentence_is_no_byline(line: str) -> None:
    assert read_byline(line) is None
