from __future__ import annotations

import pytest

from dragoman.records import Document
from dragoman.relate.readings import Reading, readings, sentence_spans
from dragoman.terms import ClaimantKind
from making import make_document

NAMES = frozenset({"Russia", "North Korea", "Kim"})


def read(*bodies: str) -> list[Reading]:
    documents = [make_document(body, url=f"https://x.example/{n}") for n, body in enumerate(bodies)]
    return readings(documents, {document.id: NAMES for document in documents})


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Some analysts in Seoul argue that Kim has crossed from breaking rules to dismantling them.", "Some analysts"),
        ("The letter, according to Western observers, was meant for Beijing rather than for Kim.", "Western observers"),
        ("Lee Han-sol, a researcher at an institute in Busan, said Kim would want more.", "Lee Han-sol"),
        ("Sanctions on Russia have lost their sting, experts say.", "experts"),
    ],
)
def test_an_outsider_s_view_is_told_of_its_claimant(text: str, who: str) -> None:
    (found,) = read(text)
    assert (found.kind, found.who) == (ClaimantKind.ANALYST, who)


@pytest.mark.parametrize(
    "text",
    [
        "The visit signals that Kim expects to be paid in kind.",
        "For Russia the message serves multiple purposes.",
        "Abroad, it demonstrates that Russia is not alone.",
    ],
)
def test_a_meaning_that_nobody_else_is_named_for_is_the_article_s_own(text: str) -> None:
    (found,) = read(text)
    assert (found.kind, found.who) == (ClaimantKind.MEDIA, "Meridian Wire")


@pytest.mark.parametrize(
    "text",
    [
        "North Korea shipped shells to Russia on Wednesday.",
        "The minister said the treaty marks a turn for Russia and North Korea.",
        "Russia reinforced its troops near the border with North Korea.",
        "Kim told him: “This message signals that we stand by Russia.”",
        "The panel of experts on North Korea will cease to exist after April 30.",
    ],
)
def test_reports_and_words_of_others_are_no_interpretation(text: str) -> None:
    assert read(text) == []


def test_a_paragraph_that_names_neither_party_is_left_out() -> None:
    assert read("Analysts suggest that the drought will last.") == []


def test_it_says_for_whom_it_counts_and_whether_it_is_held_possible() -> None:
    at_home, abroad = read(
        "Domestically, the message reinforces the story that Russia spreads.\n\n"
        "Abroad, this may be meant to frighten those who arm the foes of Russia."
    )
    assert (at_home.aspect, at_home.hedged) == ("at home", False)
    assert (abroad.aspect, abroad.hedged) == ("abroad", True)


def test_its_place_is_that_of_the_sentence_and_of_the_telling_words() -> None:
    document: Document = make_document("Kim wrote on Monday. The letter signals that Russia has a friend.")
    (found,) = readings([document], {document.id: NAMES})
    assert document.slice(found.span) == found.text == "The letter signals that Russia has a friend."
    assert document.slice(found.word) == "signals"


def test_abbreviations_and_initials_do_not_end_a_sentence() -> None:
    text = "Gen. J. Park met Mr. Lee. “It went well.” Then he left…\nA new line ends one too"
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "Gen. J. Park met Mr. Lee.",
        "“It went well.”",
        "Then he left…",
        "A new line ends one too",
    ]
