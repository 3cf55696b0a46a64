from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.serve import Desk


@pytest.fixture
def searched(client: TestClient, desk: Desk) -> TestClient:
    """A reader of a desk whose index is up to date."""
    assert desk.search.follow(patience=60)
    return client


def found(client: TestClient, **query: str) -> Any:
    answer = client.get("/search.json", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_actor_s_events_are_those_of_the_record_however_it_is_called(searched: TestClient, desk: Desk) -> None:
    wanted = {event["id"] for event in desk.record.events("PRK")}
    for name in ("DPRK", "prk", "North Korea"):
        page = found(searched, party=name, what="events", order="newest")
        assert page["event_count"] == len(wanted)
        assert {event["id"] for event in page["events"]} <= wanted
    both = found(searched, party="PRK", other="Russia", what="events")
    assert both["event_count"] >= len(desk.record.events("PRK", "RUS")) > 0


def test_all_kinds_are_found_and_lead_somewhere(searched: TestClient) -> None:
    page = found(searched, q="North Korea")
    assert (page["actors"][0]["key"], page["actors"][0]["events"] > 0) == ("PRK", True)
    assert page["events"]
    assert page["documents"]
    for address in (f"/events/{page['events'][0]['id']}", *(tab["address"] for tab in page["tabs"])):
        assert searched.get(address).status_code == 200, address


def test_the_words_are_marked_on_the_page(searched: TestClient) -> None:
    assert "<mark>Shoigu</mark>" in searched.get("/search", params={"q": "Shoigu"}).text


def test_pages_of_a_list_make_up_the_list(searched: TestClient) -> None:
    page = found(searched, party="PRK", what="events")
    seen = [event["id"] for event in page["events"]]
    while page["following"]:
        page = searched.get(page["following"].replace("/search?", "/search.json?")).json()
        seen += [event["id"] for event in page["events"]]
    assert len(seen) == len(set(seen)) == page["event_count"]


def test_the_newest_come_first_if_asked(searched: TestClient) -> None:
    days = [event["day"] for event in found(searched, q="Korea", what="events", order="newest")["events"]]
    known = [day for day in days if day]
    assert known == sorted(known, reverse=True)


def test_nothing_typed_shows_how_to_search(searched: TestClient) -> None:
    page = searched.get("/search")
    assert page.status_code == 200
    assert found(searched)["events"] == found(searched)["documents"] == []


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\x01\x7f", "\ud800".encode("utf-8", "surrogatepass"), "a" * 200, '"' * 50]
)
def test_anything_may_be_typed(searched: TestClient, text: str | bytes) -> None:
    answer = searched.get("/search", params={"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"type": "DANCE"}, 400),
        ({"domain": "weather"}, 400),
        ({"factuality": "true"}, 400),
        ({"what": "people"}, 400),
        ({"order": "oldest"}, 400),
        ({"since": "2024-13-01"}, 400),
        ({"since": "2024-02-01", "until": "2024-01-01"}, 400),
        ({"q": "x" * 201}, 422),
        ({"page": "0"}, 422),
        ({"page": "501"}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused(searched: TestClient, query: dict[str, str], status: int) -> None:
    assert searched.get("/search", params=query).status_code == status
