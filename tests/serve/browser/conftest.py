"""A running desk on a small record, and a browser that complains of what a reader would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deskmaking import add_people, add_writings, make_record, serving
from dragoman.database import WatchedDyad
from dragoman.serve import Desk, Role
from dragoman.serve.sampling import publish_sample
from dragoman.settings import Settings
from serve.browser.looking import Looking

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
# Busy machines answer late; what never comes fails all the same.
expect.set_options(timeout=30_000)

SCREENSHOTS = Path(__file__).parents[3] / "build" / "screenshots"


@dataclass(frozen=True)
class Running:
    """A desk that runs: its address, what it works on, the cookie of an account of each role."""

    address: str
    desk: Desk
    cookies: dict[Role, str]
    slug: str
    """The address of a brief that the author has published, after /briefs/."""


@pytest.fixture(scope="session")
def shown_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the record that is shown, made once."""
    folder = tmp_path_factory.mktemp("shown")
    make_record(folder)
    return folder / "record"


@pytest.fixture(scope="session")
def running(shown_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk on a copy of that record, for all tests that only read or do not mind each other."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(shown_record, folder / "record")
    desk = Desk.open(Settings.load({"DRAGOMAN_SERVE_SIGN_UP": "open"}, record=str(folder / "record")))
    people = add_people(desk.database)
    with desk.database.session() as session:
        session.add_all([WatchedDyad(first="PRK", second="RUS"), WatchedDyad(first="KOR", second="PRK")])
    add_writings(desk)
    slug = publish_sample(desk, "a-author", "PRK", "RUS").removeprefix("/briefs/")
    with serving(desk) as address:
        yield Running(address, desk, {role: cookie for role, (cookie, _) in people.items()}, slug)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as DRAGOMAN_TEST_BROWSER names it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=os.environ["DRAGOMAN_TEST_BROWSER"], args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder that keeps the pictures of pages."""
    folder = Path(os.environ.get("DRAGOMAN_SCREENSHOTS") or SCREENSHOTS)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def look(browser: Browser, running: Running) -> Iterator[Callable[..., Looking]]:
    """Opens a window of the browser, signed in as a role or not; what went wrong in one fails the test."""
    opened: list[Looking] = []

    def open_window(role: Role | None = None, *, width: int = 1440, script: bool = True, dark: bool = False) -> Looking:
        context = browser.new_context(
            base_url=running.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        if role is not None:
            cookie = {"name": "desk_session", "value": running.cookies[role], "url": running.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        found = Looking(context.new_page())
        opened.append(found)
        return found

    yield open_window
    troubles = [trouble for window in opened for trouble in window.troubles]
    for window in opened:
        window.page.context.close()
    assert troubles == []


@pytest.fixture
def page(look: Callable[..., Looking]) -> Page:
    """A window of somebody who is not signed in."""
    return look().page
