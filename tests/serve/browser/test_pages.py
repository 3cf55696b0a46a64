from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from serve.browser.addresses import Shown, page_routes, shown_pages, values_of
from serve.browser.conftest import Running
from serve.browser.looking import COLOURS, Looking

pytestmark = pytest.mark.browser

Look = Callable[..., Looking]


@pytest.fixture(scope="session")
def pages(running: Running) -> list[Shown]:
    return shown_pages(values_of(running.desk.record, running.slug))


@pytest.fixture(params=[route.path for route in page_routes()])
def shown(request: pytest.FixtureRequest, pages: list[Shown]) -> list[Shown]:
    return [page for page in pages if page.route == request.param]


def test_a_page_reads_fits_and_has_no_barrier(shown: list[Shown], look: Look, screenshots: Path) -> None:
    """At 1440 and 360 pixels, in the dark, and without scripts; errors and what is blocked fail the window itself."""
    found: list[str] = []
    for page in shown:
        window = look(page.role)
        window.visit(page.address)
        found += [f"{page.address} at 1440 px: {one}" for one in (*window.barriers(), *window.too_wide())]
        window.keep(screenshots, f"{page.name}-1440")
        # Only colours are others in the dark, only places are others where the window is narrow.
        window.page.emulate_media(color_scheme="dark")
        found += [f"{page.address} in the dark: {one}" for one in window.barriers(of=COLOURS)]
        window.keep(screenshots, f"{page.name}-dark")
        window.page.emulate_media(color_scheme="light")
        window.page.set_viewport_size({"width": 360, "height": 900})
        found += [f"{page.address} at 360 px: {one}" for one in (*window.barriers(), *window.too_wide())]
        window.keep(screenshots, f"{page.name}-360")
        plain = look(page.role, script=False).visit(page.address)
        if plain.locator("h1").count() != 1 or len(plain.locator("main").inner_text()) <= 20:
            found.append(f"{page.address} without scripts: no heading, or hardly a word")
    assert found == []


def test_every_local_link_of_a_page_leads_somewhere(pages: list[Shown], look: Look) -> None:
    # Pages are the same without scripts, so their links stand in what is sent.
    request = look().page.context.request
    found: dict[str, str] = {}
    for shown in pages:
        if shown.role is None:
            sent = html.fromstring(request.get(shown.address, timeout=120_000).text())
            found |= {str(link).split("#")[0]: shown.address for link in sent.xpath("//a/@href[starts-with(., '/')]")}
    assert len(found) > 100
    broken = {
        f"{link} (on {on}): {answer.status}"
        for link, on in sorted(found.items())[:400]
        if (answer := request.get(link, timeout=120_000)).status >= 400
    }
    assert broken == set()
