from __future__ import annotations

import datetime
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.database import Account, SignIn, WatchedDyad
from dragoman.pipeline import View, Wish, view_rows
from dragoman.serve import Desk, Role
from dragoman.serve.person import SESSION_COOKIE
from dragoman.serve.relations import TABS
from dragoman.serve.tokens import hashed

HERE = "/dyads/PRK/RUS"


def sign_in(desk: Desk, client: TestClient, role: Role) -> None:
    """Let the client's browser be that of a new account."""
    with desk.database.session() as session:
        account = Account(name="kim", display_name="Kim", password_hash="-", role=role.value)
        session.add(account)
        session.flush()
        expires = desk.now() + datetime.timedelta(days=1)
        session.add(SignIn(token_hash=hashed("cookie"), account_id=account.id, expires=expires))
    client.cookies.set(SESSION_COOKIE, "cookie")


def csrf(client: TestClient) -> str:
    return client.get(HERE).text.split('name="csrf" value="')[1].split('"')[0]


@pytest.mark.parametrize("end", [end for end, _ in TABS])
def test_every_page_of_a_relation_is_there_as_html_and_as_json(client: TestClient, end: str) -> None:
    place = f"{HERE}/{end}" if end else HERE
    page, data = client.get(place), client.get(f"{place}.json")
    assert (page.status_code, data.status_code) == (200, 200)
    assert "North Korea" in page.text
    assert data.json()["head"]["first"] == "PRK"


@pytest.mark.parametrize(
    ("end", "view"),
    [
        ("indicators", View.INDICATORS),
        ("wording", View.WORDING),
        ("responses", View.RESPONSES),
        ("ledger", View.LEDGER),
    ],
)
def test_a_view_holds_what_the_command_prints(client: TestClient, desk: Desk, end: str, view: View) -> None:
    expected = view_rows(desk.record.dyad("PRK", "RUS"), view, Wish())
    rows = client.get(f"{HERE}/{end}.json").json()["rows"]
    assert sorted(map(repr, rows)) == sorted(map(repr, expected))


def test_every_number_of_the_timeline_opens_to_as_many_events(client: TestClient) -> None:
    rows = client.get(f"{HERE}/timeline.json").json()["rows"]
    told = [
        (row["links"][f"{nature}s_{tone}"], row[f"{nature}s_{tone}"]["count"])
        for row in rows
        for nature in ("word", "deed")
        for tone in ("cooperation", "conflict")
        if row["words_cooperation"] is not None
    ]
    assert sum(count for _, count in told) > 5
    for place, count in told:
        if count:
            assert client.get(place.replace("/events?", "/events.json?")).json()["total"] == count


def test_the_numbers_of_the_summary_open_to_as_many_events(client: TestClient) -> None:
    parts = [part for sentence in client.get(f"{HERE}.json").json()["summary"] for part in sentence]
    numbers = [part for part in parts if part["address"].startswith("/events?")]
    assert len(numbers) >= 3
    for part in numbers:
        data = client.get(part["address"].replace("/events?", "/events.json?")).json()
        assert str(data["total"]) == part["words"].split()[0]


def test_a_look_back_knows_no_later_event(client: TestClient, desk: Desk) -> None:
    day = date(2023, 9, 10)
    data = client.get(f"{HERE}.json", params={"as_of": day.isoformat()}).json()
    assert data["head"]["as_of"] == "2023-09-10"
    known = {event["id"] for event in desk.record.events("PRK", "RUS", as_of=day)}
    assert {line["id"] for line in data["latest"]} == known
    assert "as_of=2023-09-10" in data["head"]["tabs"][1]["address"]


def test_before_the_first_report_nothing_is_known(client: TestClient) -> None:
    for end, _ in TABS:
        answer = client.get(f"{HERE}/{end}" if end else HERE, params={"as_of": "1990-01-01"})
        assert answer.status_code == 200


def test_days_and_provider_are_heard(client: TestClient) -> None:
    query: dict[str, Any] = {"since": "2023-09-01", "until": "2023-09-30", "provider": "dragoman"}
    data = client.get(f"{HERE}.json", params=query).json()
    assert data["latest"]
    assert all("2023-09-01" <= line["date"] <= "2023-09-30" for line in data["latest"])
    assert client.get(HERE, params={"provider": "gdelt"}).status_code == 200


@pytest.mark.parametrize("drawn", ["series", "eras", "ledger", "indicators", "wording", "network"])
def test_charts_are_images_of_their_own(client: TestClient, drawn: str) -> None:
    answer = client.get(f"{HERE}/{drawn}.svg")
    if answer.status_code == 400:
        assert "nothing to draw" in answer.text.lower()
        return
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_a_chart_may_be_kept_for_as_long_as_the_record_is_the_same(client: TestClient, desk: Desk) -> None:
    version = desk.record.newest().version
    assert "immutable" in client.get(f"{HERE}/series.svg?v={version}").headers["cache-control"]
    assert client.get(f"{HERE}/series.svg?v={version + 1}").headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("pair", ["PRK/XXX", "PRK/PRK", "PRK/North Korea", "PRK/%00", "%20/RUS"])
def test_a_relation_that_is_none_is_not_found(client: TestClient, pair: str) -> None:
    assert client.get(f"/dyads/{pair}").status_code in (400, 404)


@pytest.mark.parametrize(
    "query", ["as_of=soon", "since=2025-01-01&until=2024-01-01", "provider=nobody", "as_of=2024-02-31"]
)
def test_what_cannot_be_asked_is_said(client: TestClient, query: str) -> None:
    assert client.get(f"{HERE}?{query}").status_code == 400


def test_who_is_signed_in_may_watch_a_relation_and_stop(client: TestClient, desk: Desk) -> None:
    sign_in(desk, client, Role.READER)
    token = csrf(client)
    for watch in ("true", "true", "false"):
        answer = client.post(f"{HERE}/watch", data={"csrf": token, "watch": watch})
        assert (answer.status_code, answer.headers["location"]) == (303, HERE)
        assert client.get(f"{HERE}.json").json()["head"]["watched"] == (watch == "true")
        with desk.database.session() as session:
            assert session.query(WatchedDyad).count() == (watch == "true")


def test_only_an_administrator_puts_a_relation_on_everybodys_list(client: TestClient, desk: Desk) -> None:
    sign_in(desk, client, Role.MODERATOR)
    data = {"csrf": csrf(client), "watch": "true"}
    assert client.post(f"{HERE}/watch-for-all", data=data).status_code == 403
    with desk.database.session() as session:
        session.query(Account).update({"role": Role.ADMIN.value})
    assert client.post(f"{HERE}/watch-for-all", data=data).status_code == 303
    assert client.get(f"{HERE}.json").json()["head"]["watched_by_all"]


def test_who_is_not_signed_in_watches_nothing(client: TestClient) -> None:
    client.get(HERE)
    assert client.post(f"{HERE}/watch", data={"watch": "true"}).status_code in (401, 403)
