# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

import pytest

from dragoman.read.furniture import article_lines, begins_box, ends_article, is_furniture, is_prose, named_topics

PROSE = "Kenya and Ethiopia reopened the border market at Moyale on Monday, two years after fighting had closed it."


@pytest.mark.parametrize(
    "line",
    [
        "3 min read",
        "Advertisement",
        "Share",
        "Facebook Twitter WhatsApp Email",
        "Share this article",
        "Follow us on Facebook and Twitter",
        "Sign in to comment",
        "Subscribe now for unlimited access",
        "Skip to main content",
        "• Privacy Policy",
        "• Terms of Use",
        "About us · Contact · Privacy Policy · Terms of Use",
        "© 2026 Creatd, Inc. All Rights Reserved.",
        "Copyright 2024 Ministry. All rights reserved",
        "Read more: Ethiopia lifts ban",
        "Also read: Drought returns",
        "There are no comments for this story",
        "Be the first to respond and start the conversation.",
        "How does it work?",
        "Add your insights",
        "Photo: M. Abdi",
        "(Reporting by Anna Zielinska and Tom Oakes; Editing by Jo March)",
        "Our Standards: The Meridian Principles.",
        "The post Kenya reopens market appeared first on Savanna Daily.",
        "We use cookies to improve your experience on this site.",
        "* * *",
        "12 comments",
        "(END)",
        "-0-",
        "- 30 -",
        "Editor: Duty Desk",
        "(Web editors: Li Na, Park Min)",
        "ADVERTISEMENT - SCROLL TO CONTINUE",
        "Scroll to continue",
        "The day's top stories, delivered to your inbox every weekday.",
        "Home World Politics Business Sport",
    ],
)
def test_furniture_is_known(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "Support for Ukraine",
        "Support for Ukraine will continue, the chancellor said.",
        "Press freedom groups condemned the arrest.",
        "Home minister resigns",
        "Contact between the two militaries was restored on Monday.",
        "Live fire was heard along the border.",
        "Sanctions",
        "Search teams found no survivors, the ministry said.",
        "Close ties with Moscow",
        "The end of the talks",
        "Editor: the arrested reporter is free, her paper says.",
        "Home ministry condemns attack",
        "Advertisement rules for campaigns were tightened.",
        "Legal experts doubt that the treaty binds Ankara.",
        "Next week both sides will meet again in Doha.",
        "More than forty states signed the declaration.",
        "Watch officers saw two ships cross the line.",
        "Register of arms transfers opened to inspectors from both states after months of talks, the UN said on Monday.",
        "Jobs for migrants: Rome and Tunis sign labour accord",
        "Editing by the censors changed the text of the treaty, according to two officials who had read both versions.",
        "Source: Moscow ready for talks",
    ],
)
def test_news_is_not_furniture(line: str) -> None:
    assert not is_furniture(line)
    assert article_lines([PROSE, line])[-1] == line


def test_heads_of_what_follows_an_article_are_known() -> None:
    assert all(
        map(ends_article, ("About the Creator", "About the author", "Reader insights", "Comments (3)", "3 Comments"))
    )
    assert all(map(begins_box, ("Related stories", "Most read", "Sign up for our daily newsletter", "Trending now")))
    assert not any(map(ends_article, ("Comments by Lavrov", "About the treaty")))
    assert not any(
        map(begins_box, ("Related parties to the treaty met in Rome.", "Top general visits Kyiv", "News of a truce"))
    )


def test_article_lines_end_at_the_comments_and_skip_boxes() -> None:
    lines = [
        "Comments",
        PROSE,
        "Related stories",
        "A title of another story",
        PROSE,
        "About the Creator",
        "Daniel",
        PROSE,
    ]
    assert article_lines(lines) == [PROSE, PROSE]


def test_named_topics_are_split() -> None:
    assert named_topics(["Tags: Kenya, Ethiopia | trade", "Filed under: borders", PROSE]) == (
        "Kenya",
        "Ethiopia",
        "trade",
        "borders",
    )


def test_prose_is_long_and_closed() -> None:
    assert is_prose(PROSE)
    assert not is_prose("Kenya and Ethiopia reopen border market")
