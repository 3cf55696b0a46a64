from __future__ import annotations

import shutil
from pathlib import Path

from fastapi.testclient import TestClient

from dragoman.serve import Desk, Permission, Role
from dragoman.serve.accounts import new_api_token
from signing import signed_in


def test_the_desk_says_that_it_runs_and_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_without_a_record_it_runs_but_is_not_ready(client: TestClient, desk: Desk) -> None:
    shutil.rmtree(Path(desk.record.location))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_figures_are_for_whoever_may_observe(client: TestClient, desk: Desk) -> None:
    assert client.get("/metrics").status_code == 401
    boss = signed_in(client, desk, Role.ADMIN)
    with desk.database.session() as session:
        token = new_api_token(session, boss.account_id, "scraper", frozenset({Permission.OBSERVE}), desk.now())
    client.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/metrics", headers=headers).status_code == 200
    assert client.get("/admin.json", headers=headers).status_code == 403


def test_figures_count_by_route_and_never_name_what_was_asked_for(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk, Role.ADMIN)
    client.get("/sign-in?next=/sesame")
    client.get("/nowhere/sesame")
    client.request("BREW", "/healthz")
    text = client.get("/metrics").text
    assert 'dragoman_requests_total{method="GET",route="/sign-in",status="200"} 1.0' in text
    assert 'dragoman_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'method="other"' in text
    assert 'dragoman_request_seconds_count{route="/sign-in"} 1.0' in text
    assert f"dragoman_record_version {desk.record.store().snapshot().version}.0" in text
    assert "sesame" not in text
