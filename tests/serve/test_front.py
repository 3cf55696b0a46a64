from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.database import Account, Alert, SignIn, WatchedDyad
from dragoman.record import Store
from dragoman.serve import Desk, Role, create_app
from dragoman.serve.person import SESSION_COOKIE
from dragoman.serve.tokens import hashed
from dragoman.settings import Settings


@pytest.fixture
def account(desk: Desk, client: TestClient) -> int:
    """Somebody whose browser the client is."""
    with desk.database.session() as session:
        account = Account(name="kim", display_name="Kim", password_hash="-", role=Role.READER.value)
        session.add(account)
        session.flush()
        expires = desk.now() + datetime.timedelta(days=1)
        session.add(SignIn(token_hash=hashed("cookie"), account_id=account.id, expires=expires))
        number = account.id
    client.cookies.set(SESSION_COOKIE, "cookie")
    return number


def watch(desk: Desk, account: int | None, first: str, second: str) -> None:
    with desk.database.session() as session:
        session.add(WatchedDyad(account_id=account, first=first, second=second))


def test_where_nobody_watches_the_busiest_relations_stand(client: TestClient) -> None:
    data = client.get("/index.json").json()
    assert data["is_default"]
    assert {data["relations"][0]["first"], data["relations"][0]["second"]} == {"PRK", "RUS"}
    assert data["since"] == "in the last 30 days of the record"


def test_the_number_of_new_events_opens_to_as_many(client: TestClient) -> None:
    for relation in client.get("/index.json").json()["relations"]:
        changes = relation["changes"]
        answer = client.get(changes["events_address"].replace("/events?", "/events.json?")).json()
        assert answer["total"] == changes["events"] or not changes["events"]


def test_a_first_visit_reaches_a_cited_sentence_in_three_clicks(client: TestClient) -> None:
    page = client.get("/").text
    event = page.split('<a href="/events/e')[1].split('"')[0]
    report = client.get(f"/events/e{event}.json").json()["reports"][0]
    document = client.get(f"/documents/{report['document']}")
    assert document.status_code == 200
    assert f'id="{report["id"]}"' in document.text


def test_ones_own_and_everybodys_relations_are_shown_once(client: TestClient, desk: Desk, account: int) -> None:
    watch(desk, None, "RUS", "PRK")
    watch(desk, account, "PRK", "RUS")
    watch(desk, None, "KOR", "PRK")
    found = client.get("/index.json").json()["relations"]
    assert [(one["first"], one["second"], one["own"]) for one in found] == [("PRK", "RUS", True), ("KOR", "PRK", False)]


def test_what_others_watch_is_not_shown(client: TestClient, desk: Desk, account: int) -> None:
    watch(desk, account, "PRK", "RUS")
    client.cookies.clear()
    assert client.get("/index.json").json()["is_default"]


def test_what_came_since_the_last_visit_is_new(client: TestClient, desk: Desk, account: int) -> None:
    watch(desk, account, "PRK", "RUS")
    start = desk.now()
    desk.now = lambda: start
    assert "last 30 days" in client.get("/index.json").json()["since"]
    gone = desk.record.events("PRK", "RUS")[0]["id"]
    row = next(row for row in desk.record.newest().rows("events") if row["id"] == gone)
    store = Store.open(desk.record.location)
    with store.begin("test") as transaction:
        transaction.delete("events", [gone])
    desk.now = lambda: start + datetime.timedelta(hours=1)
    (found,) = client.get("/index.json").json()["relations"]
    assert found["changes"]["events"] == 0
    with store.begin("test") as transaction:
        transaction.insert("events", [row])
    desk.now = lambda: start + datetime.timedelta(hours=2)
    data = client.get("/index.json").json()
    assert data["since"].startswith("since your visit on")
    assert data["relations"][0]["changes"]["events"] == 1
    assert [line["id"] for line in data["relations"][0]["changes"]["latest"]] == [gone]
    desk.now = lambda: start + datetime.timedelta(hours=2, minutes=5)
    assert client.get("/index.json").json()["relations"][0]["changes"]["events"] == 1


def test_alerts_of_a_relation_stand_with_it(client: TestClient, desk: Desk, account: int) -> None:
    watch(desk, account, "PRK", "RUS")
    event = desk.record.events("PRK", "RUS")[0]["id"]
    evidence = [{"event": event, "mention": None, "document": None, "text": "x"}]
    with desk.database.session() as session:
        values = {"rule": "arms", "why": "A deed.", "record_version": 1}
        session.add(Alert(id="a1", title="Shells seen", evidence=evidence, dyad=["RUS", "PRK"], **values))
        session.add(Alert(id="a2", title="Other", evidence=[], dyad=["USA", "PRK"], **values))
    (found,) = client.get("/index.json").json()["relations"]
    assert [(alert["title"], alert["address"]) for alert in found["alerts"]] == [("Shells seen", f"/events/{event}")]


def test_a_desk_without_a_record_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings.load({}, record=str(tmp_path / "none"), database=f"sqlite:///{tmp_path}/desk.sqlite")
    with TestClient(create_app(Desk.open(settings))) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "dragoman add" in answer.text
