"""What authors, readers and moderators do: compose, publish, comment, dispute a sentence, report, hide."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dragoman.serve import Role
from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


def test_a_brief_is_composed_published_discussed_and_moderated(look: Look) -> None:
    author = look(Role.AUTHOR).visit("/briefs/new")
    author.get_by_label("Relations").fill("KOR PRK")
    author.get_by_label("Title").fill("Seoul and Pyongyang, for the tests")
    author.get_by_role("button", name="Compose").click()
    author.wait_for_url("**/edit")
    text = author.get_by_label("Text", exact=True)
    assert "[1" in text.input_value()
    author.get_by_label("Topic").fill("peninsula")
    author.get_by_role("button", name="Save").click()
    expect(author.get_by_role("status").first).to_contain_text("Saved")
    tick = author.get_by_label(re.compile("Publish with unsupported"))
    if tick.count():
        tick.check()
    author.get_by_role("button", name="Publish", exact=True).click()
    author.wait_for_url(re.compile(r"/briefs/seoul-and-pyongyang[^/]*$"))
    address = author.url

    reader = look(Role.READER)
    page = reader.visit(address)
    page.get_by_label("Your comment").fill("Worth <b>reading</b>. <script>window.stolen=1</script>")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment")).to_contain_text("Worth")
    assert page.evaluate("window.stolen") is None
    page.locator("#insights details summary").last.click()
    page.get_by_label("I dispute a sentence").check()
    page.get_by_label("The sentence, if you dispute one").select_option(index=1)
    page.get_by_label("Why", exact=True).fill("The date is another.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#insights")).to_contain_text("The date is another.")
    assert reader.barriers() == []

    somebody = look(Role.REVIEWER).visit(address)
    somebody.locator(".comment details.report summary").click()
    report = somebody.locator(".comment details.report")
    report.get_by_label("What is wrong with it?").fill("It is no comment on the brief.")
    report.get_by_role("button", name="Report to the moderators").click()

    window = look(Role.MODERATOR)
    moderator = window.visit("/moderation")
    expect(moderator.locator(".card")).to_contain_text("It is no comment on the brief.")
    assert window.barriers() == []
    moderator.get_by_role("button", name="Hide it").click()
    page = reader.visit(address)
    assert "Worth" not in page.locator("#comments").inner_text()


def test_a_citation_of_a_brief_opens_its_source(look: Look, running: object) -> None:
    page = look().visit(f"/briefs/{running.slug}")  # type: ignore[attr-defined]
    page.locator("main a.cite, main .cite a").first.click()
    source = page.locator("main :target, main [id^=source]").first
    expect(source).to_be_visible()
    page.locator("main a[href^='/documents/'], main a[href^='/events/']").first.click()
    page.wait_for_url(re.compile("/(documents|events)/"))
