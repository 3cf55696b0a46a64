from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from dragoman.serve import Desk
from dragoman.serve.activity import activity_of


def total(client: TestClient, address: str) -> int:
    return int(client.get(address.replace("/events?", "/events.json?")).json()["total"])


def test_every_number_of_an_actor_opens_to_as_many_events(client: TestClient) -> None:
    data = client.get("/actors/PRK.json").json()
    assert total(client, data["all_events"]) == data["events"] > 0
    for line in (*data["types"], *data["years"]):
        assert total(client, line["address"]) == line["number"]
    for partner in data["partners"]:
        assert total(client, partner["all_events"]) == partner["events"]
        assert total(client, f"{partner['all_events']}&what=word") == partner["words"]
        assert total(client, f"{partner['all_events']}&what=deed") == partner["deeds"]
        assert total(client, f"{partner['all_events']}&tone=cooperation") == partner["cooperation"]


def test_the_busiest_relations_stand_first(desk: Desk) -> None:
    pairs = activity_of(desk.record).pairs
    assert {pairs[0].first, pairs[0].second} == {"PRK", "RUS"}
    assert [pair.events for pair in pairs] == sorted((pair.events for pair in pairs), reverse=True)


def test_a_known_state_without_events_has_a_page(client: TestClient) -> None:
    data = client.get("/actors/NRU.json").json()
    assert (data["title"], data["kind"], data["events"]) == ("Nauru", "state", 0)


def test_a_body_goes_by_its_abbreviation(client: TestClient) -> None:
    assert client.get("/actors/NATO.json").json()["kind"] == "body"


@pytest.mark.parametrize("code", ["XQZ", "%00", "%20"])
def test_an_actor_that_nobody_knows_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/actors/{code}").status_code in (400, 404)
