from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient

from dragoman.serve.routes.network import in_parts

WIDE = {"since": "2022-01-01", "until": "2023-12-31"}


def test_periods_hold_every_day_once() -> None:
    assert in_parts(date(2024, 1, 1), date(2024, 1, 10), 3) == [
        (date(2024, 1, 1), date(2024, 1, 3)),
        (date(2024, 1, 4), date(2024, 1, 6)),
        (date(2024, 1, 7), date(2024, 1, 10)),
    ]
    assert in_parts(date(2024, 1, 1), date(2024, 1, 1), 4) == [(date(2024, 1, 1), date(2024, 1, 1))]
    assert in_parts(date.max, date.max, 2) == [(date.max, date.max)]


def test_its_ties_lead_to_their_relation_and_its_evidence_to_events(client: TestClient) -> None:
    page = client.get("/network.json", params=WIDE | {"parts": "1"}).json()
    (period,) = page["periods"]
    tie = next(tie for tie in period["ties"] if {tie["first"]["key"], tie["second"]["key"]} == {"PRK", "RUS"})
    assert tie["address"] == "/dyads/PRK/RUS"
    assert tie["events"] >= len(tie["evidence"]) > 0
    for event in tie["evidence"]:
        assert client.get(f"/events/{event}").status_code == 200


def test_its_chart_is_a_picture_that_asks_the_same(client: TestClient) -> None:
    page = client.get("/network.json", params=WIDE).json()
    answer = client.get(page["chart"])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert ">PRK<" in answer.text


def test_days_without_events_have_no_chart(client: TestClient) -> None:
    page = client.get("/network", params={"since": "1990-01-01", "until": "1990-12-31"})
    assert page.status_code == 200
    assert "No tie of these days" in page.text
    assert client.get("/network/chart.svg", params={"since": "1990-01-01", "until": "1990-12-31"}).status_code == 400


@pytest.mark.parametrize(("query", "status"), [({"parts": "9"}, 422), ({"parts": "x"}, 422), ({"since": "2024"}, 400)])
def test_what_cannot_be_asked_is_refused(client: TestClient, query: dict[str, str], status: int) -> None:
    assert client.get("/network", params=query).status_code == status


def test_the_last_day_may_be_the_first_of_the_calendar(client: TestClient) -> None:
    assert client.get("/network", params={"until": "0001-01-01"}).status_code == 200
