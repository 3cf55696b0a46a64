from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dragoman.database import Review
from dragoman.serve import Role
from serve.browser.conftest import Running
from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


def test_ten_reports_are_reviewed_by_keyboard_alone(look: Look, running: Running) -> None:
    window = look(Role.REVIEWER)
    page = window.visit("/review?queue=uncertain")
    start = _decided(page)
    for number in range(8):
        # Some are left out by their number, so that every key is used; none is ever clicked.
        page.keyboard.press("r" if number % 4 == 3 else "a")
        expect(page.locator("#decided")).to_have_text(str(start + number + 1))
    page.keyboard.press("n")
    page.wait_for_url("**skip=1**")
    page.keyboard.press("c")
    kind = page.locator(".correction select[name=type]")
    expect(kind).to_be_focused()
    page.keyboard.press("Escape")
    expect(kind).to_be_hidden()
    page.keyboard.press("c")
    expect(kind).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".correction input[name=date]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("2021")
    page.keyboard.press("Enter")
    expect(page.locator("#decided")).to_have_text(str(start + 9))
    expect(page.get_by_role("status")).to_have_text("Corrected; every view shows it so.")
    page.keyboard.press("a")
    expect(page.locator("#decided")).to_have_text(str(start + 10))
    with running.desk.database.session() as session:
        decisions = session.scalars(select(Review.decision).order_by(Review.at.desc()).limit(10)).all()
    assert sorted(decisions) == ["accept"] * 7 + ["correct"] + ["reject"] * 2
    assert window.barriers() == []


def test_a_report_is_decided_without_scripts(look: Look) -> None:
    page = look(Role.REVIEWER, script=False).visit("/review")
    start = _decided(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#decided")).to_have_text(str(start + 1))


def _decided(page: Page) -> int:
    return int(page.locator("#decided").inner_text())
