"""The commands forecast and backtest, as a person runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from running import KEPT, run


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT, tmp_path / "record"))


def test_two_actors_are_forecast_kept_settled_and_scored(record: Path) -> None:
    code, told, _ = run("--record", record, "forecast", "PRK", "RUS", "--as", "json")
    rows = json.loads(told)
    assert (code, len(rows) >= 5) == (0, True)
    assert {"question", "odds", "low", "high", "words", "base_rate", "rule", "reasons", "notes"} <= set(rows[0])
    code, told, notes = run("--record", record, "forecast", "settle")
    assert (code, len(told.splitlines())) == (0, len(rows))
    assert "0 of" in notes
    code, told, _ = run("--record", record, "forecast", "score", "--json")
    assert (code, json.loads(told)["open"]) == (0, len(rows))
    assert "open" in run("--record", record, "forecast", "score")[1]


def test_a_question_of_one_s_own_is_told_in_words_and_nothing_kept_with_look(record: Path) -> None:
    code, told, _ = run("--record", record, "forecast", "ask", "PRK>RUS deed:arms 90d", "--look")
    assert (code, told.startswith("PRK>RUS deed:arms 90d")) == (0, True)
    assert "base rate" in told
    assert "too small" in told
    code, _, notes = run("--record", record, "forecast", "settle")
    assert (code, "no forecast" in notes) == (1, True)


def test_a_question_that_cannot_be_read_is_wrong_use(record: Path) -> None:
    code, told, notes = run("--record", record, "forecast", "ask", "PRK to RUS soon")
    assert (code, told) == (2, "")
    assert "SOURCE>TARGET CLASS" in notes


def test_a_backtest_says_what_it_needs(record: Path, tmp_path: Path) -> None:
    words = ("--record", record, "backtest", "--since", "2023-08-01", "--until", "2023-10-01")
    code, _, notes = run(*words)
    assert (code, "at least 4 are needed" in notes) == (2, True)
    code, _, notes = run(*words, "--chart", tmp_path / "chart.pdf")
    assert (code, ".svg or .png" in notes) == (2, True)
