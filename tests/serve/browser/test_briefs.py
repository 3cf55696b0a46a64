"""A brief from composing to moderation, as people do it in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dragoman.serve import Role
from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


def test_compose_edit_publish_comment_dispute_and_moderate(look: Look) -> None:
    author = look(Role.AUTHOR).visit("/briefs/new")
    author.get_by_label("Relations").fill("PRK RUS")
    author.get_by_label("Title").fill("Seen in a browser")
    author.get_by_text("A short brief").click()
    author.get_by_role("button", name="Compose").click()
    author.wait_for_url(re.compile(r"/briefs/seen-in-a-browser(-\d+)?/edit$"), timeout=60_000)

    author.get_by_role("button", name="Edit as blocks").click()
    rows = author.locator(".block-row")
    first = rows.nth(1).locator("textarea").input_value()
    author.get_by_role("button", name="Move down block 2", exact=True).click()
    assert rows.nth(2).locator("textarea").input_value() == first
    chips = rows.nth(2).locator("button.chip").count()
    rows.nth(2).locator("button.chip").first.click()
    expect(rows.nth(2).locator("button.chip")).to_have_count(chips - 1)
    author.get_by_role("button", name="Add a paragraph after block 1", exact=True).click()
    rows.nth(1).locator("textarea").fill("Nobody knows what comes next.")
    author.get_by_role("button", name="Edit as text").click()
    assert "Nobody knows what comes next." in author.locator("#text").input_value()
    author.get_by_role("button", name="Save").click()
    expect(author.locator(".lacking")).to_contain_text("Nobody knows what comes next.")
    author.get_by_label("Publish with unsupported sentences").check()
    author.get_by_role("button", name="Publish", exact=True).click()
    author.wait_for_url(re.compile(r"/briefs/seen-in-a-browser(-\d+)?$"))
    expect(author.locator(".unsupported").first).to_be_visible()
    address = re.sub(r"^https?://[^/]+", "", author.url)

    stranger = look().visit(address)
    stranger.locator(".cite").first.click()
    expect(stranger.locator("li:target mark")).to_be_visible()
    assert stranger.locator("li:target").locator("xpath=../../h3/a").get_attribute("href") != ""
    expect(stranger.get_by_role("link", name="Sign in to comment")).to_be_visible()

    reader = look(Role.READER).visit(address)
    reader.get_by_label("Your comment").fill("Where does this come from?")
    reader.get_by_role("button", name="Comment", exact=True).click()
    expect(reader.locator(".comment")).to_contain_text("Where does this come from?")
    reader.get_by_text("Add your insight").click()
    reader.get_by_label("I dispute a sentence").check()
    reader.get_by_label("The sentence, if you dispute one").select_option(index=1)
    reader.get_by_label("Why").fill("It is not known.")
    reader.get_by_role("button", name="Send").click()
    expect(reader.locator(".insight.disputes")).to_contain_text("It is not known.")

    other = look(Role.REVIEWER).visit(address)
    other.locator(".comment summary", has_text="Report").click()
    other.locator(".comment").get_by_label("What is wrong with it?").fill("Off the subject.")
    other.locator(".comment").get_by_role("button", name="Report to the moderators").click()
    expect(other.locator(".note-bar")).to_contain_text("Reported")

    moderator = look(Role.MODERATOR).visit("/moderation")
    card = moderator.locator(".card", has_text="Off the subject.")
    card.get_by_role("button", name="Hide it").click()
    expect(moderator.locator(".note-bar")).to_contain_text("Settled")
    expect(look().visit(address).locator("#comments")).to_contain_text("Nobody has commented yet")
