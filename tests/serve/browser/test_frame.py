from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


def test_an_unknown_address_says_so(look: Look) -> None:
    window = look()
    page = window.visit("/nowhere", status=404)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    assert window.barriers() == []


def test_a_slash_goes_to_the_search_field(look: Look) -> None:
    page = look().visit("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()


def test_the_first_step_of_the_keyboard_skips_to_the_content(look: Look) -> None:
    page = look().visit("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


FOREIGN = "() => document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"


def test_a_script_that_is_not_of_the_desk_is_blocked_and_noticed(look: Look) -> None:
    window = look()
    page = window.visit("/")
    page.evaluate(FOREIGN)
    assert page.evaluate("window.ran") is None
    assert any("blocked: script-src" in trouble for trouble in window.troubles)
    window.troubles.clear()
