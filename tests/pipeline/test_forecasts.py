"""Forecasts on a small record: issued, kept once, settled by their rule, settled again, scored."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.forecast.backtest import Schedule
from dragoman.pipeline import Record

KEPT = Path(__file__).parents[1] / "record" / "first_version"
NOTE = "---\ntitle: Talks\npublisher: Harbour Post\ndate: {day}\nurl: https://h.example/{day}\n---\n\n{text}\n"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = Record(shutil.copytree(KEPT, tmp_path / "record"))
    add(found, tmp_path, "2024-01-01", "Kim Jong Un met Vladimir Putin in Moscow on Monday for talks on trade.")
    return found


def add(record: Record, place: Path, day: str, text: str) -> None:
    page = place / f"{day}.md"
    page.write_text(NOTE.format(day=day, text=text), "utf-8")
    assert record.add(page).added == 1


def test_a_relation_proposes_at_least_five_questions_with_odds_and_says_where_it_is_small(record: Record) -> None:
    issued = record.forecast_dyad("PRK", "RUS")
    assert len(issued) >= 5
    known = {event["id"] for event in record.events()}
    for forecast in issued:
        assert 0 < forecast.odds < 1
        assert forecast.notes
        assert {event for told in forecast.reasons for event in told.events} <= known
    assert len(record.forecasts()) == len(issued)


def test_a_forecast_is_kept_once_and_not_at_all_if_only_looked_at(record: Record) -> None:
    record.forecast("North Korea>Russia quad:1 30d", keep=False)
    assert record.forecasts() == []
    first, again = (record.forecast("North Korea>Russia quad:1 30d")[0] for _ in range(2))
    assert first.id == again.id
    (row,) = record.forecasts()
    assert (row["question"], row["settlement"]) == ("PRK>RUS quad:1 30d", None)
    assert record.verify() == []


def test_a_forecast_is_settled_by_its_rule_and_again_when_evidence_changes(record: Record, tmp_path: Path) -> None:
    today = record.today()
    assert today is not None
    (issued,) = record.forecast("PRK>JPN quad:3 30d", as_of=date(2024, 1, 1))
    add(record, tmp_path, "2024-01-10", "South Korea condemned Japan on 9 January 2024 over the islands.")
    add(record, tmp_path, "2024-03-01", "Kim Jong Un met Vladimir Putin in Moscow on 28 February 2024.")
    (settled,) = record.settle()
    assert (settled.settlement.outcome, settled.new) == ("no", True)
    assert [own.new for own in record.settle()] == [False]
    add(record, tmp_path, "2024-03-05", "North Korea condemned Japan on 12 January 2024 for its plans to rearm.")
    (again,) = record.settle()
    assert (again.settlement.outcome, again.new) == ("yes", True)
    (row,) = record.forecasts()
    assert (row["id"], row["settlement"]["number"]) == (issued.id, 2)
    board = record.scoreboard()
    assert (board.settled, board.all is not None and board.all.few) == (1, True)


def test_restoring_an_older_version_leaves_the_ledger_and_a_vacuum_the_versions_it_names(record: Record) -> None:
    (issued,) = record.forecast("PRK>RUS quad:1 30d")
    record.restore(issued.record_version)
    assert [row["id"] for row in record.forecasts()] == [issued.id]
    assert issued.record_version in record.vacuum(versions=1).kept


def test_an_unknown_indicator_is_refused_with_those_that_are(record: Record) -> None:
    with pytest.raises(UsageError, match="arms-transfers"):
        record.forecast("PRK>RUS indicator:unheard-of 30d")


def test_the_outlook_of_a_brief_tells_what_was_forecast(record: Record) -> None:
    record.forecast("PRK>RUS quad:1 3000d", "RUS>PRK quad:1 3000d", as_of=date(2024, 1, 1))
    sections = {section.title: section for section in record.dyad("PRK", "RUS").brief().sections}
    assert "chance" in sections["Outlook"].statements[0].text or "likely" in sections["Outlook"].statements[0].text


def test_a_backtest_needs_a_past(record: Record) -> None:
    with pytest.raises(UsageError, match="at least 4"):
        record.backtest(Schedule(date(2023, 8, 1), date(2023, 12, 1)), actors=4)
