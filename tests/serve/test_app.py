from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from dragoman.serve import Permission
from dragoman.serve.guarding import MOST_BODY
from dragoman.serve.routes import PARTS

ROUTES = [route for pages in PARTS for route in pages.router.routes if isinstance(route, APIRoute)]


def test_every_route_states_its_permission() -> None:
    stated = {route.path: (route.openapi_extra or {}).get("x-permission") for route in ROUTES}
    assert stated
    assert [path for path, permission in stated.items() if permission not in set(Permission)] == []


def test_every_page_has_its_data() -> None:
    paths = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    pages = {route.path for route in ROUTES if route.response_class is HTMLResponse}
    assert pages
    assert [path for path in pages - {"/"} if f"{path}.json" not in paths] == []


def test_a_page_lets_nothing_foreign_run(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_unknown_address_is_told_as_a_page_and_as_json(client: TestClient) -> None:
    page, data = client.get("/nowhere"), client.get("/nowhere.json")
    assert (page.status_code, data.status_code) == (404, 404)
    assert page.headers["content-type"].startswith("text/html")
    assert data.json() == {"detail": "Not Found"}


def test_a_request_that_is_too_large_is_refused_by_what_it_says_and_by_what_it_sends(client: TestClient) -> None:
    assert client.post("/sign-in", content=b"x" * (MOST_BODY + 1)).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(MOST_BODY // 2**20 + 2):
            yield b"x" * 2**20

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=pieces(), headers=headers).status_code == 400


@pytest.mark.parametrize("path", ["/", "/index.json", "/openapi.json", "/static/desk.css", "/static/desk.js"])
def test_it_answers_without_redirect(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
