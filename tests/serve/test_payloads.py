"""Text from documents can never run: the usual payloads, in every field of a document, on every page that shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from deskmaking import PAYLOADS, hostile_document
from dragoman.pipeline import open_record
from dragoman.serve import Desk, create_app
from dragoman.settings import Settings


class Running(HTMLParser):
    """Notes everything in a page that could run, load or lead to something that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not re.fullmatch(r"/static/[\w.-]+\.js", values.get("src", "")):
            self.found.append(f"<script {values}>")
        if tag in ("iframe", "object", "embed", "base", "style"):
            self.found.append(f"<{tag}>")
        for name, value in values.items():
            runs = value.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
            if name.startswith("on") or name in ("style", "srcdoc") or (runs and name in ("href", "src", "action")):
                self.found.append(f"<{tag} {name}={value!r}>")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Desk]]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    (folder / "texts.jsonl").write_text(json.dumps(hostile_document()), "utf-8")
    place = str(folder / "record")
    open_record(place, Settings.load({})).add(folder / "texts.jsonl")
    desk = Desk.open(Settings.load({"DRAGOMAN_SERVE_LIMITS": "off"}, record=place))
    with TestClient(create_app(desk), base_url="http://desk.example", follow_redirects=False) as client:
        yield client, desk


def addresses(desk: Desk) -> list[str]:
    """Pages that show the document or what was made of it."""
    events = desk.record.events()
    _, document = desk.record.mention(events[0]["mentions"][0])
    paths = [f"/events/{event['id']}" for event in events]
    paths += [
        f"/documents/{document.id}",
        "/actors/PRK",
        "/dyads/PRK/RUS",
        "/events",
        "/",
        "/map",
        "/network",
        "/method",
    ]
    return [*paths, "/search?q=shells", "/search?q=script", "/search?outlet=Meridian&q=ministry"]


def test_the_document_was_read_with_its_payloads_and_coded(hostile: tuple[TestClient, Desk]) -> None:
    _, desk = hostile
    _, document = desk.record.mention(desk.record.events()[0]["mentions"][0])
    told = " ".join(map(str, (document.title, document.standfirst, document.body, document.author, document.url)))
    assert sum(payload in told for payload in PAYLOADS) >= 6


def test_no_page_lets_anything_of_it_run(hostile: tuple[TestClient, Desk]) -> None:
    client, desk = hostile
    assert desk.search.follow(patience=60)
    seen = 0
    for address in addresses(desk):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = Running()
        page.feed(answer.text)
        assert page.found == [], address
        assert str(7919 * 7907) not in answer.text, f"{address} evaluates what it should show"
        assert "unsafe" not in answer.headers["content-security-policy"]
        seen += "window.stolen" in answer.text
    assert seen >= 4


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_is_shown_and_never_run(hostile: tuple[TestClient, Desk], payload: str) -> None:
    client, _ = hostile
    for address in ("/search", "/map", "/network", "/questions", "/events", "/sign-in", "/nowhere"):
        for name in ("q", "since", "party", "a", "next"):
            answer = client.get(address, params={name: payload})
            assert answer.status_code < 500
            page = Running()
            page.feed(answer.text)
            assert page.found == [], (address, name)
    answer = client.get(f"/actors/{payload.replace('/', '')}")
    page = Running()
    page.feed(answer.text)
    assert page.found == []
