"""Questions about dyads on real events: the busiest states, two months. The full run is in docs/forecast.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.forecast.backtest import Schedule
from dragoman.pipeline import Record

pytestmark = pytest.mark.eval_data


def test_odds_beat_recurrence_and_mean_what_they_say(eval_data: Path, tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    record.import_events("tkg", eval_data / "eval" / "icews14")
    schedule = Schedule(date(2014, 11, 1), date(2014, 12, 31), refit=56)
    classes = ("quad:1", "quad:2", "quad:3", "quad:4")
    found = record.backtest(schedule, horizons=(7, 30), actors=14, classes=classes).score()
    assert found.against["recurrence"].value >= 0.05
    assert (found.against["recurrence"].low or 0) > 0
    assert found.against["tuned recurrence"].value > 0
    assert found.calibration_error <= 0.03
