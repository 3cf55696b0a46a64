from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.forecast.issuing import Forecast
from dragoman.serve import Desk

ASKED = ("PRK>RUS quad:1 60d", "RUS>PRK quad:1 60d", "PRK>RUS deed:arms 90d")


@pytest.fixture
def issued(desk: Desk) -> list[Forecast]:
    """Forecasts of a day from which later events of the record settle some."""
    found = desk.record.forecast(*ASKED, as_of=date(2023, 8, 1))
    desk.record.settle()
    desk.record.forecast(ASKED[2])
    return found


def page_of(client: TestClient, **query: str) -> Any:
    return client.get("/questions.json", params=query).json()


def test_every_forecast_is_shown_as_it_was_issued(client: TestClient, issued: list[Forecast]) -> None:
    rows = {row["id"]: row for row in page_of(client)["rows"]}
    assert len(rows) == 4
    for own in issued:
        row = rows[own.id]
        assert (row["odds"], row["low"], row["high"], row["base_rate"]) == (own.odds, own.low, own.high, own.base_rate)
        assert (row["words"], row["asked"]) == (own.words, "2023-08-01")


def test_the_scoreboard_is_the_record_s(client: TestClient, desk: Desk, issued: list[Forecast]) -> None:
    page, board = page_of(client), desk.record.scoreboard()
    assert (page["open"], page["settled"], page["unknown"]) == (board.open, board.settled, board.unknown)
    assert page["settled"] > 0
    assert board.all is not None
    assert page["scores"][0]["brier"] == round(board.all.brier, 4)
    assert sum(row["count"] for row in page["calibration"]) == page["settled"]


def test_open_and_settled_questions_part_the_list(client: TestClient, issued: list[Forecast]) -> None:
    ids = {state: {row["id"] for row in page_of(client, state=state)["rows"]} for state in ("all", "open", "settled")}
    assert ids["open"]
    assert ids["settled"]
    assert ids["all"] == ids["open"] | ids["settled"]
    assert not ids["open"] & ids["settled"]
    assert page_of(client, party="USA")["rows"] == []
    assert len(page_of(client, party="Russia", other="DPRK")["rows"]) == 4


def test_a_question_tells_its_rule_its_reasons_and_what_came_of_it(client: TestClient, issued: list[Forecast]) -> None:
    row = next(row for row in page_of(client, state="settled")["rows"] if row["outcome"] == "yes")
    page = client.get(f"/questions/{row['id']}.json").json()
    own = next(forecast for forecast in issued if forecast.id == row["id"])
    assert page["rule"] == own.question.rule
    assert [reason["words"] for reason in page["reasons"]] == [reason.words for reason in own.reasons]
    assert page["settled_by"]
    for event in page["settled_by"]:
        assert client.get(f"/events/{event}").status_code == 200
    assert client.get(f"/questions/{row['id']}").status_code == 200


def test_other_days_of_the_same_question_are_told(client: TestClient, issued: list[Forecast]) -> None:
    first = next(own for own in issued if str(own.question) == ASKED[2])
    others = client.get(f"/questions/{first.id}.json").json()["others"]
    assert [row["question"] for row in others] == [ASKED[2]]
    assert others[0]["id"] != first.id


def test_the_diagram_is_there_once_something_is_settled(client: TestClient, issued: list[Forecast]) -> None:
    assert page_of(client)["chart"] == "/questions/reliability.svg"
    assert client.get("/questions/reliability.svg").text.startswith("<svg")


def test_a_record_without_forecasts_says_so(client: TestClient) -> None:
    page = client.get("/questions")
    assert page.status_code == 200
    assert "No forecast is in the record yet" in page.text
    assert page_of(client)["scores"] == []
    assert client.get("/questions/reliability.svg").status_code == 404


@pytest.mark.parametrize("identity", ["f0", "x" * 24, "%27", "%F0%9F%A4%96"])
def test_an_unknown_question_is_not_found(client: TestClient, identity: str) -> None:
    assert client.get(f"/questions/{identity}").status_code == 404
