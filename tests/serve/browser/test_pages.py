from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from serve.browser.addresses import Shown, page_routes, shown_pages, values_of
from serve.browser.conftest import Running
from serve.browser.looking import Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


@pytest.fixture(scope="session")
def pages(running: Running) -> list[Shown]:
    return shown_pages(values_of(running.desk.record, running.slug))


@pytest.fixture(params=[route.path for route in page_routes()])
def shown(request: pytest.FixtureRequest, pages: list[Shown]) -> list[Shown]:
    return [page for page in pages if page.route == request.param]


def test_a_page_has_no_barrier_no_error_and_fits(shown: list[Shown], look: Look, screenshots: Path) -> None:
    for page in shown:
        wide = look(page.role)
        wide.visit(page.address)
        wide.keep(screenshots, f"{page.name}-1440")
        assert wide.barriers() == [], page.address
        assert wide.too_wide() == [], page.address
        narrow = look(page.role, width=360)
        narrow.visit(page.address)
        narrow.keep(screenshots, f"{page.name}-360")
        assert narrow.barriers() == [], page.address
        assert narrow.too_wide() == [], page.address


def test_a_page_has_no_barrier_in_the_dark(shown: list[Shown], look: Look, screenshots: Path) -> None:
    for page in shown:
        dark = look(page.role, dark=True)
        dark.visit(page.address)
        dark.keep(screenshots, f"{page.name}-dark")
        assert dark.barriers() == [], page.address


def test_a_page_reads_without_scripts(shown: list[Shown], look: Look) -> None:
    for page in shown:
        plain = look(page.role, script=False).visit(page.address)
        assert plain.locator("h1").count() == 1
        assert len(plain.locator("main").inner_text()) > 20


def test_every_local_link_of_a_page_leads_somewhere(pages: list[Shown], look: Look) -> None:
    window = look()
    found: dict[str, str] = {}
    for shown in pages:
        if shown.role is None:
            window.visit(shown.address)
            links = window.page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
            found |= {str(link).split("#")[0]: shown.address for link in links}
    request = window.page.context.request
    broken = {
        f"{link} (on {on}): {answer.status}"
        for link, on in sorted(found.items())[:400]
        if (answer := request.get(link, timeout=120_000)).status >= 400
    }
    assert broken == set()
