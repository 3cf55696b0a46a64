from __future__ import annotations

import datetime
from typing import Any

from dragoman.forecast.ledger import last_settlements, scoreboard, settlement_row
from dragoman.forecast.settling import Outcome, Settlement

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
DAY = NOW.date()


def row(key: str, odds: float, **more: Any) -> dict[str, Any]:
    own = {"id": key, "odds": odds, "recurrence": 0.5, "base_rate": 0.4, "model": "ensemble"}
    return own | {"source": "AAA", "target": "BBB"} | more


def test_an_open_question_leaves_no_row_and_an_outcome_one_only() -> None:
    forecast = row("f1", 0.7)
    open_ = Settlement(Outcome.OPEN, (), "it runs")
    yes = Settlement(Outcome.YES, ("e1",), "there")
    assert settlement_row(forecast, open_, None, DAY, 3, NOW) is None
    first = settlement_row(forecast, yes, None, DAY, 3, NOW)
    assert first is not None
    assert (first["number"], first["outcome"]) == (1, "yes")
    assert settlement_row(forecast, yes, first, DAY, 4, NOW) is None


def test_changed_evidence_settles_again_and_the_last_holds() -> None:
    forecast = row("f1", 0.7)
    first = settlement_row(forecast, Settlement(Outcome.NO, (), "none"), None, DAY, 3, NOW)
    second = settlement_row(forecast, Settlement(Outcome.YES, ("e1",), "there"), first, DAY, 4, NOW)
    assert first is not None
    assert second is not None
    assert (second["number"], second["id"] != first["id"]) == (2, True)
    assert last_settlements([second, first])["f1"] == second


def test_the_scoreboard_counts_what_is_settled() -> None:
    settlements = [
        {"forecast_id": "f1", "number": 1, "outcome": "yes"},
        {"forecast_id": "f2", "number": 1, "outcome": "no"},
        {"forecast_id": "f3", "number": 1, "outcome": "unknown"},
    ]
    board = scoreboard([row("f1", 0.9), row("f2", 0.2), row("f3", 0.5), row("f4", 0.5)], settlements)
    assert (board.settled, board.open, board.unknown) == (2, 1, 1)
    assert board.all is not None
    assert round(board.all.brier, 4) == round((0.01 + 0.04) / 2, 4)
    assert board.all.few
    assert board.row()["by_model"]
    assert scoreboard([], []).all is None
