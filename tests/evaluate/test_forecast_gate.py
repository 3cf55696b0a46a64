"""The gate of the link forecasts tells what falls short."""

from __future__ import annotations

from evals.forecast_gate import shortfalls

FLOORS: dict[str, dict[str, float]] = {
    "links": {"mrr": 0.48, "hits10": 0.65},
    "costs": {"seconds": 900, "peak_mb": 8000},
}
GOOD = {"mrr": 0.49, "hits10": 0.69, "fit_seconds": 300.0, "predict_seconds": 60.0, "peak_mb": 1600.0}


def test_what_reaches_its_floors_is_let_through() -> None:
    assert shortfalls(GOOD, FLOORS) == []


def test_a_score_under_its_floor_is_named() -> None:
    assert shortfalls({**GOOD, "mrr": 0.4712}, FLOORS) == ["mrr is 0.4712, floor 0.48"]


def test_costs_are_judged_together() -> None:
    assert shortfalls({**GOOD, "fit_seconds": 870.0}, FLOORS) == ["seconds are 930, at most 900"]
