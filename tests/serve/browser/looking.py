"""A window of the browser that notes what a reader must never meet: errors, blocked scripts, barriers, overflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

_AXE = Axe()
GRAVE = ("serious", "critical")
"""Impacts of axe-core that no page may have."""
COLOURS = "cat.color"
"""Axe-core's tag of the rules on colours."""

_BLOCKED = "document.addEventListener('securitypolicyviolation', e => console.error('blocked: ' + e.violatedDirective))"
_LOADED = """() => Promise.all([...document.images].map(image => {
  image.loading = 'eager';
  return image.complete ? null : new Promise(done => { image.onload = image.onerror = done; });
}))"""
_TOO_WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const inside = (e) => e.closest('.table-wrap, .scroll, pre');
  return [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > most + 1 && !inside(e.parentElement || e))
    .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + (e.textContent || '').trim().slice(0, 40));
}"""


class Looking:
    """A page of the browser, with the troubles that were seen on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.set_default_timeout(90_000)
        page.add_init_script(_BLOCKED)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("response", self._on_response)
        page.on("request", lambda r: self._on_request(r.url))

    def visit(self, path: str, status: int = 200) -> Page:
        """Go to an address of the desk, which must answer with this status without a redirect."""
        self._expected = status
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.request.redirected_from is None, f"{path} redirects"
        assert answer.status == status, f"{path} answers {answer.status}, not {status}"
        return self.page

    _expected = 200

    def expect(self, status: int) -> None:
        """Say which status the next answers have; another is a trouble."""
        self._expected = status

    def barriers(self, of: str | None = None) -> list[str]:
        """What axe-core finds grave on the page as it is; `of` names the tag of the rules that are tried alone."""
        rules = {"runOnly": [of]} if of else {}
        answer = _AXE.run(self.page, options={"resultTypes": ["violations"], **rules})
        found: list[dict[str, Any]] = answer.response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]}"
            for one in found
            if one["impact"] in GRAVE
            for node in one["nodes"][:3]
        ]

    def too_wide(self) -> list[str]:
        """What makes the page wider than the window; empty for a page that need not be scrolled sideways."""
        found: list[str] = self.page.evaluate(_TOO_WIDE)
        return found

    def keep(self, folder: Path, name: str) -> None:
        """Keep a picture of the whole page, with those that load only when they come into view."""
        self.page.evaluate(_LOADED)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True, timeout=60_000)

    def _on_console(self, message: ConsoleMessage) -> None:
        expected = self._expected >= 400 and f"status of {self._expected}" in message.text
        if message.type in ("error", "warning") and not expected:
            self.troubles.append(f"{self.page.url}: {message.type}: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not (
            response.status == self._expected and response.frame == self.page.main_frame
        ):
            self.troubles.append(f"{self.page.url}: {response.url} answers {response.status}")

    def _on_request(self, url: str) -> None:
        host = url.split("/", 3)[2] if "://" in url else ""
        if url.startswith(("http:", "https:", "ws:", "wss:")) and not host.startswith("127.0.0.1:"):
            self.troubles.append(f"{self.page.url} asks {url}, which is elsewhere")
