from __future__ import annotations

from fastapi.testclient import TestClient

from dragoman.coding.ontology import ontology
from dragoman.database import Account, Review
from dragoman.evaluate.measured import measured
from dragoman.serve import Desk
from dragoman.terms import EventType


def test_the_scores_are_those_that_the_gate_measured(client: TestClient) -> None:
    page = client.get("/method.json").json()
    own = {figure["name"]: figure["value"] for figure in page["figures"]}
    assert (own["precision"], own["recall"], own["F1"]) == (measured().precision, measured().recall, measured().f1)
    assert page["texts"] == measured().texts


def test_every_type_is_told_with_its_events_which_can_be_opened(client: TestClient, desk: Desk) -> None:
    page = client.get("/method.json").json()
    assert [row["type"] for row in page["types"]] == [kind.value for kind in EventType]
    assert sum(row["events"] for row in page["types"]) == len(desk.record.events())
    for row in page["types"]:
        assert row["score"] == ontology()[EventType(row["type"])].score
        assert row["meaning"]
        if row["events"]:
            listed = client.get(row["address"].replace("/events?", "/events.json?")).json()
            assert listed["total"] == row["events"]


def test_it_tells_what_the_record_holds(client: TestClient, desk: Desk) -> None:
    holdings = client.get("/method.json").json()["holdings"]
    counts = {row["name"]: row["count"] for row in holdings["counts"]}
    snapshot = desk.record.store().snapshot()
    assert counts["documents"] == len(snapshot.rows("documents"))
    assert counts["reports of events"] == len(snapshot.rows("mentions"))
    assert counts["events"] == len(desk.record.events())
    assert holdings["version"] == snapshot.version
    assert sum(row["count"] for row in holdings["refusals"]) <= len(snapshot.rows("refusals"))


def test_the_page_names_its_sources_and_their_terms(client: TestClient) -> None:
    text = client.get("/method").text
    for name in ("PLOVER", "Natural Earth", "GeoNames", "Apache"):
        assert name in text


def test_what_reviewers_found_in_random_samples_is_told_by_type(client: TestClient, desk: Desk) -> None:
    assert "Nobody has judged" in client.get("/method").text
    with desk.database.session() as session:
        account = Account(name="ann", display_name="Ann", email=None, password_hash="none", role="reviewer")
        session.add(account)
        session.flush()
        for number, decision in enumerate(("accept", "accept", "reject")):
            session.add(
                Review(
                    account_id=account.id,
                    mention_id=f"m{number}",
                    event_id="e1",
                    decision=decision,
                    coded_type="AID",
                    queue="random",
                    coder_version="1",
                )
            )
    (row,) = client.get("/method.json").json()["reviewed"]
    assert (row["type"], row["judged"], row["right"]) == ("AID", 3, 2)
    assert "67 %" in client.get("/method").text
