from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import AuditEntry, Review
from dragoman.serve import Desk, Role
from signing import Signed, signed_in


@pytest.fixture
def eve(client: TestClient, desk: Desk) -> Signed:
    desk.record.correct()  # Brings the record of the first version to today's layout, which makes its events anew.
    return signed_in(client, desk, Role.REVIEWER, "eve")


def waiting(client: TestClient, query: str = "") -> dict[str, Any]:
    item = client.get(f"/review.json{query}").json()["item"]
    assert isinstance(item, dict)
    return item


def mention_of(client: TestClient, query: str = "") -> str:
    return str(waiting(client, query)["report"]["id"])


def test_the_queue_shows_a_report_with_its_words_and_its_coding(client: TestClient, eve: Signed) -> None:
    item = waiting(client)
    text = client.get("/review").text
    assert item["report"]["sentence"][:20] in re.sub("<[^>]*>", "", text).replace("&#39;", "'").replace("\n", "")
    assert f"Is this {item['coded']['type']}?" in text
    assert set(item["coded"]) == {"type", "source", "target", "factuality", "date", "domain"}


def test_what_was_decided_comes_no_more_and_the_next_does(client: TestClient, eve: Signed) -> None:
    seen = []
    for number in range(4):
        mention = mention_of(client)
        assert mention not in seen
        seen.append(mention)
        done = eve.post(
            f"/review/mentions/{mention}", decision="accept", queue="uncertain", next="/review?queue=uncertain"
        )
        assert (done.status_code, done.headers["location"]) == (303, "/review?queue=uncertain")
        assert client.get("/review.json").json()["decided"] == number + 1


def test_another_reviewer_gets_the_same_reports(client: TestClient, desk: Desk, eve: Signed) -> None:
    mention = mention_of(client)
    eve.post(f"/review/mentions/{mention}", decision="accept")
    signed_in(client, desk, Role.REVIEWER, "ann")
    assert mention_of(client) == mention


def test_later_leaves_a_report_out_for_now_but_not_in_a_sample(client: TestClient, eve: Signed) -> None:
    first = client.get("/review.json").json()
    second = client.get(first["later"].replace("/review?", "/review.json?")).json()
    assert second["item"]["report"]["id"] != first["item"]["report"]["id"]
    sample = client.get("/review.json?queue=random&skip=3").json()
    assert (sample["later"], sample["skip"]) == ("", 0)


def test_a_correction_reaches_every_view_at_once_and_the_machine_s_coding_is_kept(
    client: TestClient, desk: Desk, eve: Signed
) -> None:
    item = waiting(client, "?type=CONSULT")
    mention, event = item["report"]["id"], item["event"]["id"]
    told = item["coded"] | {"type": "ACCUSE", "target": "China", "date": "2023-08", "domain": "trade"}
    done = eve.post(f"/review/mentions/{mention}", decision="correct", note="Read <b>again</b>.", **told)
    assert done.status_code == 303
    data = client.get(f"/events/{event}.json").json()["event"]
    assert (data["type"], data["target"], data["date"], data["domain"]) == ("ACCUSE", ["CHN"], "2023-08-01", "trade")
    assert event in [row["id"] for row in client.get("/events.json?a=CHN").json()["rows"]]
    shown = client.get(f"/review/events/{event}.json").json()["items"][0]
    assert (shown["coded"]["type"], shown["own"]["values"]["type"]) == ("CONSULT", "ACCUSE")
    assert "Read &lt;b&gt;again&lt;/b&gt;." in client.get(f"/review/events/{event}").text
    with desk.database.session() as session:
        review = session.scalars(select(Review)).one()
        entry = session.scalars(select(AuditEntry)).one()
    assert sorted(review.wrong) == ["date", "domain", "target", "type"]
    assert (review.recorded, review.pending) == (True, [])
    assert entry.detail["values"]["target"] == "CHN:China"
    said = desk.record.newest().rows("corrections")
    assert {(row["by"], row["field"]) for row in said} == {("eve", f) for f in ("date", "domain", "target", "type")}
    assert desk.record.verify() == []


def test_a_rejected_report_counts_no_more_and_can_be_taken_back(client: TestClient, eve: Signed) -> None:
    item = waiting(client, "?type=CONSULT")
    mention, event = item["report"]["id"], item["event"]["id"]
    before = client.get("/events.json").json()["total"]
    eve.post(f"/review/mentions/{mention}", decision="reject")
    assert client.get("/events.json").json()["total"] == before - 1
    assert client.get(f"/events/{event}.json").json()["dismissed"] is True
    eve.post(f"/review/mentions/{mention}", decision="accept")
    assert client.get("/events.json").json()["total"] == before


def test_events_are_merged_and_reports_set_apart(client: TestClient, eve: Signed) -> None:
    rows = client.get("/events.json?a=PRK&b=RUS&type=CONSULT").json()["rows"]
    one, other = [row for row in rows if len(row["mentions"]) == 1][:2]
    eve.post(f"/review/mentions/{one['mentions'][0]}", decision="merge", other=other["id"])
    joined = client.get(f"/review/events/{one['id']}.json").json()
    assert len(joined["items"]) == 2
    assert joined["event"]["id"] == client.get(f"/events/{other['id']}.json").json()["event"]["id"]


def test_a_report_is_set_apart_from_its_event(client: TestClient, desk: Desk, eve: Signed) -> None:
    event = next(row for row in desk.record.events() if len(row["mentions"]) > 1)
    eve.post(f"/review/mentions/{event['mentions'][0]}", decision="split")
    parts = {desk.record.event(f"e{mention[1:]}")["id"] for mention in event["mentions"]}
    assert len(parts) == 2


@pytest.mark.parametrize(
    ("told", "status", "said"),
    [
        ({"decision": "correct"}, 400, "Nothing differs"),
        ({"decision": "correct", "type": "SING"}, 400, "is no type"),
        ({"decision": "correct", "type": "AGREE", "factuality": "actual"}, 400, "commits the future"),
        ({"decision": "correct", "domain": "magic"}, 400, "is no domain"),
        ({"decision": "correct", "date": "yesterday"}, 400, "is not a date"),
        ({"decision": "correct", "source": "Atlantis"}, 400, "is not known"),
        ({"decision": "correct", "source": ""}, 400, "somebody on either side"),
        ({"decision": "merge"}, 400, "Name another event"),
        ({"decision": "merge", "other": "e00000000000000000000"}, 400, "no event"),
        ({"decision": "praise"}, 422, "decision"),
        ({}, 422, "decision"),
        ({"decision": "accept", "note": "x" * 1001}, 422, "note"),
        ({"decision": "accept", "seed": str(2**31)}, 422, "seed"),
    ],
)
def test_a_decision_that_cannot_be_leaves_nothing(
    client: TestClient, desk: Desk, eve: Signed, told: dict[str, str], status: int, said: str
) -> None:
    answer = eve.ask(f"/review/mentions/{mention_of(client)}", **told)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    with desk.database.session() as session:
        assert session.scalars(select(Review)).all() == []
    assert desk.record.newest().rows("corrections") == []


def test_a_report_that_is_not_there_cannot_be_decided(client: TestClient, eve: Signed) -> None:
    assert eve.post("/review/mentions/m00000000000000000000", decision="accept").status_code == 400
    assert eve.post("/review/mentions/nothing", decision="accept").status_code == 422
    assert client.get("/review/events/e00000000000000000000").status_code == 404


def test_one_goes_on_within_the_desk_only(client: TestClient, eve: Signed) -> None:
    done = eve.post(f"/review/mentions/{mention_of(client)}", decision="accept", next="https://evil.example/")
    assert done.headers["location"] == "/review"


def test_decisions_are_listed_by_everybody_and_by_one(client: TestClient, desk: Desk, eve: Signed) -> None:
    mention = mention_of(client)
    eve.post(f"/review/mentions/{mention}", decision="accept", queue="random", seed="7")
    ann = signed_in(client, desk, Role.REVIEWER, "ann")
    ann.post(f"/review/mentions/{mention}", decision="reject")
    rows = client.get("/review/decisions.json").json()["rows"]
    assert [(row["by"], row["decision"], row["queue"]) for row in rows] == [
        ("ann", "reject", "chosen"),
        ("eve", "accept", "random"),
    ]
    assert [row["by"] for row in client.get("/review/decisions.json?by=eve").json()["rows"]] == ["eve"]
    assert "/review/decisions?by=ann" in client.get("/review/decisions").text


def test_agreement_and_precision_are_shown(client: TestClient, desk: Desk, eve: Signed) -> None:
    assert "No random sample was judged yet" in client.get("/review/agreement").text
    mention = mention_of(client, "?queue=random")
    eve.post(f"/review/mentions/{mention}", decision="accept", queue="random", seed="1")
    ann = signed_in(client, desk, Role.REVIEWER, "ann")
    ann.post(f"/review/mentions/{mention}", decision="reject", queue="random", seed="1")
    data = client.get("/review/agreement.json").json()
    assert data["agreement"]["reports"] == 1
    assert data["agreement"]["disputes"][0]["mention_id"] == mention
    assert (data["precision"][0]["judged"], data["precision"][0]["right"]) == (1, 0)
    assert mention in client.get("/review/agreement").text


def test_a_ledger_is_overruled(client: TestClient, desk: Desk, eve: Signed) -> None:
    entries = client.get("/review/ledger/PRK/RUS.json").json()["entries"]
    deed = desk.record.events("PRK", "RUS")[-1]["id"]
    entry = entries[0]["id"]
    done = eve.post("/review/ledger/PRK/RUS", entry=entry, deed=deed, state="kept", note="Seen.")
    assert done.status_code == 303
    after = {row["id"]: row for row in client.get("/review/ledger/PRK/RUS.json").json()["entries"]}[entry]
    assert (after["state"], after["decided_by"], deed in after["deeds"]) == ("kept", "eve", True)
    assert "decided by eve" in client.get("/review/ledger/PRK/RUS").text
    eve.post("/review/ledger/PRK/RUS", entry=entry, deed=deed, state="unsettled")
    after = {row["id"]: row for row in client.get("/review/ledger/PRK/RUS.json").json()["entries"]}[entry]
    assert deed not in after["deeds"]


@pytest.mark.parametrize(
    "told",
    [
        {"entry": "l00000000000000000000", "deed": "e00000000000000000000", "state": "kept"},
        {"entry": "FIRST", "deed": "e00000000000000000000", "state": "kept"},
        {"entry": "FIRST", "deed": "DEED", "state": "glorious"},
    ],
)
def test_a_ledger_is_not_overruled_by_what_is_not_there(
    client: TestClient, desk: Desk, eve: Signed, told: dict[str, str]
) -> None:
    first = client.get("/review/ledger/PRK/RUS.json").json()["entries"][0]["id"]
    deed = desk.record.events("PRK", "RUS")[-1]["id"]
    filled = {name: {"FIRST": first, "DEED": deed}.get(value, value) for name, value in told.items()}
    assert eve.post("/review/ledger/PRK/RUS", **filled).status_code == 400
    assert desk.record.newest().rows("corrections") == []


def test_two_who_are_strangers_have_no_ledger(client: TestClient, eve: Signed) -> None:
    assert client.get("/review/ledger/FRA/BOL.json").json()["entries"] == []
    assert "promised and threatened nothing" in client.get("/review/ledger/FRA/BOL").text
