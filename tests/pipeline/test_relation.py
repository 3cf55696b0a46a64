"""The sample relation as an informed reader knows it, through the views that the command shows."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from evals.relate_page import PAGE, blocks, with_blocks

from dragoman.cli.telling import tell
from dragoman.errors import UsageError
from dragoman.pipeline import Dyad, Record, View, Wish, answers, view_chart, view_rows, wider
from dragoman.read import ReadOptions
from dragoman.record import coverage, read_by_day, sentences
from dragoman.relate.bearing import Rarity, place, words_told
from dragoman.relate.charts import to_svg
from dragoman.relate.network import networks
from dragoman.relate.responses import answers_to

SAMPLES = Path(__file__).parents[2] / "corpora" / "dispatches"
TREATY = date(2024, 6, 19)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    made = Record(tmp_path_factory.mktemp("relation") / "record")
    made.add(SAMPLES)
    return made


@pytest.fixture(scope="module")
def dyad(record: Record) -> Dyad:
    return record.dyad("PRK", "RUS")


def test_the_page_shows_what_the_command_prints(record: Record) -> None:
    page = PAGE.read_text("utf-8")
    assert with_blocks(page, blocks(record)) == page, "run python -m evals.relate_page --write"


@pytest.mark.parametrize("view", list(View))
def test_every_view_is_plain_data_and_text(dyad: Dyad, view: View) -> None:
    rows = view_rows(dyad, view, Wish())
    assert rows
    assert json.loads(json.dumps(rows)) == rows
    assert tell(view, rows).strip()


@pytest.mark.parametrize("view", [View.SERIES, View.ERAS, View.LEDGER, View.INDICATORS, View.WORDING, View.NETWORK])
def test_a_view_is_drawn(dyad: Dyad, view: View) -> None:
    wish = Wish()
    assert to_svg(view_chart(dyad, view, view_rows(dyad, view, wish), wish)).startswith(b"<svg")


def test_a_view_without_a_chart_says_which_have_one(dyad: Dyad) -> None:
    with pytest.raises(UsageError, match="series, eras, ledger"):
        view_chart(dyad, View.RITUAL, view_rows(dyad, View.RITUAL, Wish()), Wish())


def test_every_entry_of_the_ledger_has_evidence_that_is_there(record: Record, dyad: Dyad) -> None:
    known = record.store().snapshot().ids("mentions")
    entries = view_rows(dyad, View.LEDGER, Wish())
    assert all(entry["evidence"] and set(entry["evidence"]) <= known for entry in entries)


def test_the_treaty_of_june_2024_is_seen(dyad: Dyad) -> None:
    signed = [h for h in dyad.happenings if h.day == TREATY and h.event.domain == "treaty"]
    assert any(h.event.type == "SUPPORT" and h.event.factuality == "actual" for h in signed)
    (treaty,) = (row for row in dyad.indicators() if "treaty" in row.key)
    assert treaty.state in ("confirmed", "reported")


def test_troops_are_claimed_first_and_confirmed_later(dyad: Dyad) -> None:
    (troops,) = (row for row in dyad.indicators() if "troops" in row.key)
    steps = {str(step.state): step for step in troops.finding.steps}
    assert troops.state == "confirmed"
    claimed, confirmed = steps["claimed"].first_said, steps["confirmed"].first_said
    assert claimed is not None
    assert confirmed is not None
    assert claimed < confirmed
    assert confirmed.year == 2025


def test_yearly_greetings_are_ritual(dyad: Dyad) -> None:
    verdicts = [row.verdict for row in dyad.ritual() if row.occasion]
    assert any(verdict.startswith("yearly ritual") for verdict in verdicts)


def test_a_day_outside_the_wished_ones_is_not_shown(dyad: Dyad) -> None:
    wish = Wish(since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert {row["made"][:4] for row in view_rows(dyad, View.LEDGER, wish)} <= {"2025"}


def test_swapped_days_are_wrong_use(dyad: Dyad) -> None:
    with pytest.raises(UsageError, match="swap"):
        view_rows(dyad, View.LEDGER, Wish(since=date(2025, 1, 1), until=date(2024, 1, 1)))


def test_no_view_of_a_day_changes_when_later_documents_come(dyad: Dyad, record: Record, tmp_path: Path) -> None:
    later = Record(shutil.copytree(record.location, tmp_path / "record"))
    page = tmp_path / "late.md"
    page.write_text(
        "---\ntitle: Troops\npublisher: Late Post\ndate: 2025-07-03\n---\n\nNorth Korea sent troops to Russia "
        "on 20 May 2025. Russia thanked North Korea on Wednesday for the shells.\n",
        "utf-8",
    )
    assert later.add(page).mentions
    as_of = date(2025, 6, 1)
    before, after = (of.dyad("PRK", "RUS", as_of=as_of) for of in (record, later))
    for view in View:
        assert view_rows(after, view, Wish()) == view_rows(before, view, Wish()), view


@pytest.mark.eval_data
def test_the_new_year_message_is_placed_against_earlier_years(eval_data: Path, record: Record, tmp_path: Path) -> None:
    later = Record(shutil.copytree(record.location, tmp_path / "record"))
    (article,) = (eval_data / "seed").glob("*.txt")
    known = later.store().snapshot().ids("documents")
    assert later.add(article, options=ReadOptions(retrieved=datetime(2026, 1, 27, tzinfo=UTC))).added == 1
    (document,) = later.store().snapshot().ids("documents") - known
    dyad = later.dyad("PRK", "RUS")
    own = {r.mention.id for h in dyad.happenings for r in h.reports if r.mention.document_id == document}
    rows = [row for row in dyad.ritual() if own & set(row.mention_ids) and row.occasion == "New Year"]
    assert rows
    assert all(row.counterparts and max(row.years) < 2026 for row in rows)
    named = {phrase.phrase for row in rows for phrase in row.new_phrases if phrase.quoted}
    assert {"blood bond", "beacon of resistance", "unflinching commitment to sovereignty"} <= named
    asked = {row.key: row for row in dyad.indicators()}
    for key in ("arms-transfers", "joint-exercises", "intelligence-sharing"):
        assert not own & set(asked[key].row()["evidence"]), key  # type: ignore[call-overload]
    assert asked["arms-transfers"].row()["evidence"]


def test_the_net_of_a_large_record_is_that_of_its_last_years(dyad: Dyad, monkeypatch: pytest.MonkeyPatch) -> None:
    every = dyad.network()
    monkeypatch.setattr(wider, "LARGE", 10)
    assert dyad.network() == every[-2:]
    middle = (every[2].since or date.min, every[2].until or date.max)
    assert dyad.network([middle]) == every[2:3]


@pytest.mark.parametrize("as_of", [None, date(2020, 1, 1), date(1800, 1, 1)])
def test_what_was_read_by_day_is_the_coverage_of_all_outlets(record: Record, as_of: date | None) -> None:
    snapshot = record.store().snapshot()
    by_outlet: Counter[date] = Counter()
    for (_, day), documents in coverage(snapshot, as_of).items():
        by_outlet[day] += documents
    read = read_by_day(snapshot, as_of)
    assert read == by_outlet
    assert min(read, default=None) == min((day for _, day in coverage(snapshot, as_of)), default=None)


def test_the_net_is_the_same_from_columns_and_from_objects(dyad: Dyad) -> None:
    periods = [(net.since or date.min, net.until or date.max) for net in dyad.network()]
    assert dyad.network() == networks(dyad.around, periods)


def test_in_a_large_record_nothing_that_answers_is_left_out(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = record.dyad("PRK", "RUS")
    asked = [h for h in whole.happenings[::-1] if place(h) is not None]
    rarity = Rarity(map(words_told, sentences(record.store().snapshot(), answers.SAMPLE)))
    expected = zip(asked, answers_to(whole.around, asked, rarity=rarity), strict=True)
    monkeypatch.setattr(wider, "LARGE", 10)
    monkeypatch.setattr(answers, "ASKED", 1_000)
    found = record.dyad("PRK", "RUS").responses(since=date(1990, 1, 1))
    assert found == [(h, responses) for h, responses in expected if responses]
    assert len(found) > 50


def test_of_a_large_record_the_most_telling_events_of_the_last_year_are_asked_about(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wider, "LARGE", 10)
    monkeypatch.setattr(answers, "ASKED", 5)
    dyad = record.dyad("PRK", "RUS")
    found = dyad.responses()
    days = [h.day for h, _ in found if h.day is not None]
    assert 0 < len(found) <= 5
    assert days == sorted(days, reverse=True)
    assert min(days) >= dyad.today - timedelta(days=answers.LAST_DAYS)
    treaty = next(h for h in dyad.happenings if h.day == TREATY and h.event.domain == "treaty")
    assert [h.event.id for h, _ in dyad.responses(treaty.event.id)] == [treaty.event.id]


def test_of_a_large_record_the_newest_events_of_the_two_make_the_matrix(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {(row.actor, row.responder) for row in record.dyad("PRK", "RUS").response_matrix()}
    monkeypatch.setattr(wider, "LARGE", 10)
    assert {(row.actor, row.responder) for row in record.dyad("PRK", "RUS").response_matrix()} <= every


def test_answers_are_told_newest_event_first_and_within_the_days(record: Record) -> None:
    dyad = record.dyad("PRK", "RUS")
    days = [h.day for h, _ in dyad.responses() if h.day is not None]
    assert days == sorted(days, reverse=True)
    rows = view_rows(dyad, View.RESPONSES, Wish(since=TREATY, until=date(2024, 12, 31)))
    every = view_rows(dyad, View.RESPONSES, Wish())
    assert rows == [row for row in every if "2024-06-19" <= row["date"] <= "2024-12-31"]
