from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.record import PUBLIC
from dragoman.serve import Desk
from dragoman.serve.evidence import reports_of
from dragoman.serve.listing import Nature, Tone, Wanted, count_events, page_of_events


def test_the_list_holds_what_the_command_prints(client: TestClient, desk: Desk) -> None:
    data = client.get("/events.json", params={"a": "PRK", "b": "RUS", "order": "oldest"}).json()
    assert data["rows"] == desk.record.events("PRK", "RUS")
    assert data["total"] == len(data["rows"])
    assert set(data["rows"][0]) == set(PUBLIC.names)


@pytest.mark.parametrize("party", ["North Korea", "prk", "PRK"])
def test_an_actor_may_be_named_as_people_do(client: TestClient, desk: Desk, party: str) -> None:
    assert client.get("/events.json", params={"a": party}).json()["total"] == len(desk.record.events("PRK"))


def test_the_newest_stand_first_and_what_has_no_date_last(client: TestClient) -> None:
    days = [row["date"] for row in client.get("/events.json").json()["rows"]]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert all(day is None for day in days[len(dated) :])


def test_words_and_deeds_and_tones_make_up_what_is_actual_or_pledged(desk: Desk) -> None:
    def ids(**more: Any) -> set[str]:
        return {row["id"] for row in page_of_events(desk.record, Wanted(**more), size=1000)}

    words, deeds = ids(nature=Nature.WORD), ids(nature=Nature.DEED)
    assert not words & deeds
    assert words | deeds == {row["id"] for row in desk.record.events() if row["factuality"] in ("actual", "pledged")}
    assert ids(tone=Tone.COOPERATION) == {row["id"] for row in desk.record.events() if row["quad"] <= 2}


def test_a_look_back_knows_no_later_report(client: TestClient, desk: Desk) -> None:
    known = desk.record.events("PRK", as_of=date(2023, 9, 1))
    data = client.get("/events.json", params={"a": "PRK", "as_of": "2023-09-01", "order": "oldest"}).json()
    assert data["rows"] == known != []


def test_pages_of_a_list_make_up_the_list(desk: Desk) -> None:
    wanted = Wanted()
    together = [row["id"] for n in (1, 2, 3) for row in page_of_events(desk.record, wanted, n, size=10)]
    assert together == [row["id"] for row in page_of_events(desk.record, wanted, size=30)]
    assert count_events(desk.record, wanted) == len(desk.record.events())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("type=FOO", "no type of event"),
        ("since=2024", "single day"),
        ("since=yesterday", "yesterday"),
        ("what=thing", "word, deed"),
        ("provider=nobody", "no provider"),
        ("since=2025-01-01&until=2024-01-01", "swap"),
    ],
)
def test_what_cannot_be_asked_is_said(client: TestClient, query: str, said: str) -> None:
    answer = client.get(f"/events.json?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("query", ["a=%00", "page=0", "page=x", "id=" + "x" * 30, "a=" + "x" * 200])
def test_malformed_questions_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/events?{query}").status_code in (400, 404, 422)


def test_empty_fields_of_a_form_ask_for_nothing(client: TestClient, desk: Desk) -> None:
    query = "a=&b=&directed=&type=&factuality=&domain=&what=&since=&until=&as_of=&order=newest"
    assert client.get(f"/events.json?{query}").json()["total"] == len(desk.record.events())


def test_an_event_opens_to_the_sentences_that_report_it(client: TestClient, desk: Desk) -> None:
    event = desk.record.events("PRK", "RUS")[0]
    data = client.get(f"/events/{event['id']}.json").json()
    assert data["event"] == event
    assert sorted(report["id"] for report in data["reports"]) == event["mentions"]
    for report in data["reports"]:
        assert report["sentence"] in "".join(piece["text"] for piece in report["context"])
        assert report["rules"]
    page = client.get(f"/events/{event['id']}").text
    assert f'href="/documents/{data["reports"][0]["document"]}#{data["reports"][0]["id"]}"' in page


def test_the_words_of_a_report_are_marked(desk: Desk) -> None:
    event = desk.record.events("PRK", "RUS")[0]
    (report, *_) = reports_of(desk.record, event["mentions"])
    marked = dict.fromkeys(("predicate", "source"), "")
    for piece in report.context:
        for kind in marked:
            marked[kind] += piece.text if kind in piece.kinds else ""
    assert marked["predicate"] == report.predicate
    assert report.source[0].words in marked["source"]


def test_the_id_of_a_report_that_was_merged_leads_to_the_event(client: TestClient, desk: Desk) -> None:
    event = next(event for event in desk.record.events() if len(event["mentions"]) > 1)
    other = next(key for key in event["mentions"] if key[1:] != event["id"][1:])
    answer = client.get(f"/events/e{other[1:]}.json")
    assert answer.status_code == 200
    assert answer.json()["asked_as"] == f"e{other[1:]}"
    assert answer.json()["event"]["id"] == event["id"]


@pytest.mark.parametrize("identity", ["e00000000000000000000", "x", "%F0%9F%98%80", "%00", "..%2f"])
def test_an_event_that_is_not_there_is_not_found(client: TestClient, identity: str) -> None:
    assert client.get(f"/events/{identity}").status_code in (400, 404)
