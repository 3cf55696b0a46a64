"""What a reader does: to a cited sentence in three clicks, back to a day, over the map and the network, by search."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deskmaking import PAYLOADS
from serve.browser.conftest import Running
from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_a_first_visit_comes_to_a_cited_sentence_in_three_clicks(look: Look, running: Running) -> None:
    page = look().visit("/")
    page.locator("main").get_by_role("link", name=re.compile("North Korea|PRK")).first.click()
    page.wait_for_url("**/dyads/PRK/RUS")
    page.locator("main a[href^='/events/']:visible").first.click()
    page.wait_for_url(re.compile(r"/events/e[0-9a-f]{20}$"))
    page.locator("main a[href^='/documents/']:visible").first.click()
    page.wait_for_url(re.compile(r"/documents/d[0-9a-f]{20}"))
    event = running.desk.record.events("PRK", "RUS")
    sentences = {running.desk.record.mention(key)[0] for own in event for key in own["mentions"]}
    shown = page.locator("main").inner_text()
    documents = {mention.document_id for mention in sentences}
    assert page.url.split("/documents/")[1][:21] in documents
    assert any(
        running.desk.record.mention(m.id)[1].slice(m.sentence)[:60] in shown
        for m in sentences
        if m.sentence.part == "body"
    )


def test_the_desk_goes_back_to_what_was_known_on_a_day(look: Look) -> None:
    page = look().visit("/dyads/PRK/RUS")
    newest = page.locator("main").inner_text()
    page.get_by_text("Look from another day").click()
    page.get_by_label("As known on").fill("2024-06-30")
    page.get_by_role("button", name="Look").click()
    page.wait_for_url(re.compile("as_of=2024-06-30"))
    then = page.locator("main").inner_text()
    assert then != newest
    assert "2025" not in re.sub(r"version \d+", "", " ".join(page.locator("main .events").all_inner_texts()))


def test_the_map_shows_a_period_and_leads_on(look: Look) -> None:
    page = look().visit("/map")
    page.get_by_label("From").fill("2024-01-01")
    page.get_by_label("to", exact=True).fill("2024-12-31")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("since=2024-01-01"))
    expect(page.locator("svg.world")).to_be_visible()
    assert page.locator("svg.world .land a").count() >= 3
    assert page.locator("svg.world .tie").count() >= 1
    page.locator("table a", has_text="North Korea and Russia").first.click()
    page.wait_for_url("**/dyads/PRK/RUS")
    page.go_back()
    count = page.locator("#who ~ .table-wrap td.number a").first
    told = int(count.inner_text().replace(",", ""))
    count.click()
    page.wait_for_url(re.compile("/search"))
    expect(page.locator(".tabs a[aria-current]")).to_have_text(re.compile(rf"Events\s+{told}"))


def test_a_state_on_the_map_is_a_link(look: Look) -> None:
    page = look().visit("/map?since=2024-01-01&until=2024-12-31")
    page.locator("svg.world .land a[href='/actors/RUS'] path").click(position={"x": 5, "y": 5}, force=True)
    page.locator("svg.world .land a[href='/actors/RUS']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/RUS")


def test_the_network_shows_periods_side_by_side(look: Look) -> None:
    page = look().visit("/network")
    page.get_by_label("From").fill("2023-01-01")
    page.get_by_label("in", exact=True).select_option("4")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("parts=4"))
    drawing = page.locator("img.chart")
    expect(drawing).to_be_visible()
    assert drawing.evaluate("img => img.decode().then(() => img.naturalWidth)") > 500
    assert page.get_by_role("heading", level=2).filter(has_text=re.compile(r"\d{4} to")).count() == 4
    page.locator("main a[href^='/events/']:visible").first.click()
    page.wait_for_url("**/events/**")


def test_search_finds_by_every_name_and_filters(look: Look) -> None:
    page = look().visit("/")
    box = page.get_by_role("searchbox", name="Search").first
    box.fill("DPRK")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q=DPRK"))
    expect(page.locator("section[aria-labelledby=actors] a").first).to_have_text("North Korea")
    page.get_by_role("link", name=re.compile("^Events")).first.click()
    page.get_by_text("Filters").click()
    page.get_by_label("Domain").select_option("arms")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile("domain=arms"))
    assert page.locator("ol.found > li").count() >= 1
    page.locator("ol.found > li a[href^='/events/']").first.click()
    page.wait_for_url("**/events/**")


def test_questions_tell_their_rule_and_their_reasons(look: Look) -> None:
    page = look().visit("/questions?state=settled")
    page.locator(".forecasts a[href^='/questions/']").first.click()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(page.get_by_text("Rule", exact=True)).to_be_visible()


def test_the_keyboard_alone_reaches_an_event(look: Look) -> None:
    page = look().visit("/search?q=Kim&what=events")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "/events/" in str(page.evaluate("document.activeElement.getAttribute('href') || ''")):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/**")


def test_a_document_s_text_never_runs(look: Look, running: Running) -> None:
    window = look()
    found = running.desk.record.store().snapshot().rows("documents")
    hostile = next(row for row in found if PAYLOADS[0] in (row["title"] or ""))
    events = [
        e["id"]
        for e in running.desk.record.events()
        if hostile["id"] in {running.desk.record.mention(m)[1].id for m in e["mentions"]}
    ]
    assert events
    for address in (
        f"/documents/{hostile['id']}",
        *(f"/events/{key}" for key in events[:2]),
        "/search?q=shells+delivered",
    ):
        page = window.visit(address)
        assert page.evaluate("window.stolen") is None, address
    assert "window.stolen=1" in page.locator("main").inner_text()


def test_signing_up_in_and_out(look: Look, running: Running) -> None:
    window = look()
    page = window.visit("/sign-up")
    page.get_by_label("Name", exact=True).fill("new-reader")
    page.get_by_label("Password", exact=True).fill("three quiet lanterns swim")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/sign-in")
    page.get_by_label("Name or address for mail").fill("new-reader")
    page.get_by_label("Password", exact=True).fill("a wrong one it is")
    window.expect(401)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    window.expect(200)
    page.get_by_label("Password", exact=True).fill("three quiet lanterns swim")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    assert page.context.request.get("/account").status == 401


def test_a_citation_of_a_brief_opens_its_source(look: Look, running: Running) -> None:
    page = look().visit(f"/briefs/{running.slug}")
    page.locator("main a.cite, main .cite a").first.click()
    source = page.locator("main :target, main [id^=source]").first
    expect(source).to_be_visible()
    page.locator("main a[href^='/documents/'], main a[href^='/events/']").first.click()
    page.wait_for_url(re.compile("/(documents|events)/"))
