from __future__ import annotations

import time

import pytest

from dragoman.watch.robots import LONGEST_DELAY, Robots

SITE = "https://harbour.example"
TEXT = """
# for everybody
User-agent: *
Disallow: /private/
Disallow: /*.pdf$
Disallow: /search?
Allow: /private/open
Crawl-delay: 7

User-agent: Dragoman/0.1
User-agent: other
Disallow: /drafts/
Crawl-delay: 2.5
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/plan", False),
        ("/private/open/1", True),
        ("/papers/a.pdf", False),
        ("/papers/a.pdf?x=1", True),
        ("/search?q=a", False),
        ("/search", True),
        ("/%70rivate/plan", True),
        ("/drafts/1", True),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_that_fits_decides(path: str, allowed: bool) -> None:
    assert Robots(TEXT, "Somebody").allows(SITE + path) is allowed


def test_a_group_that_names_the_robot_stands_in_place_of_the_one_for_all() -> None:
    own = Robots(TEXT, "Dragoman")
    assert own.delay == 2.5
    assert not own.allows(f"{SITE}/drafts/1")
    assert own.allows(f"{SITE}/private/plan")
    assert Robots(TEXT, "Somebody").delay == 7


@pytest.mark.parametrize("text", ["", "<html>not found</html>", "Disallow: /", "User-agent: *\nDisallow:"])
def test_without_rules_all_is_allowed(text: str) -> None:
    assert Robots(text, "Dragoman").allows(f"{SITE}/any")
    assert Robots(text, "Dragoman").delay is None


def test_of_two_rules_of_one_length_the_one_that_allows_decides() -> None:
    assert Robots("User-agent: *\nDisallow: /a\nAllow: /a", "Dragoman").allows(f"{SITE}/a")


def test_all_may_be_disallowed_and_a_delay_is_bounded() -> None:
    found = Robots("user-agent: *\ndisallow: /\ncrawl-delay: 999999999\ncrawl-delay: soon", "Dragoman")
    assert not found.allows(SITE)
    assert found.delay == LONGEST_DELAY


def test_a_hostile_file_is_read_in_time() -> None:
    hostile = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 40}{number}\n" for number in range(20_000))
    started = time.monotonic()
    found = Robots(hostile, "Dragoman")
    assert found.allows(f"{SITE}/{'a' * 3000}")
    assert time.monotonic() - started < 10
