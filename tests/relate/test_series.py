from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.record.rows import event_row
from dragoman.record.schemas import EVENTS
from dragoman.records import Actor, Event
from dragoman.relate.event import make_event
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.series import SeriesRow, Step, Tally, all_dyads_by_week, placed_on, series, undated
from dragoman.terms import Domain, EventType, Factuality
from making import KOR, NATO, PRK, RUS, make_document, make_mention


def happening(number: int, day: Period | None, reported: date = date(2024, 6, 20), **changes: object) -> Happening:
    mention = make_mention(make_document(url=f"https://x.example/{number}"), date=day)
    report = Report(mention, "Meridian Wire", reported, "North Korea shipped shells.")
    return Happening(replace(make_event([report]), **changes), (report,))  # type: ignore[arg-type]


def on(year: int, month: int, day: int) -> Period:
    return Period(date(year, month, day))


def counted(row: SeriesRow) -> Tally:
    assert row.tally is not None
    return row.tally


JULY = date(2024, 7, 1)
WORD: dict[str, Any] = {"type": EventType.ACCUSE, "quad": 3, "intensity": -3.0}


def test_words_deeds_cooperation_and_conflict_are_counted_apart() -> None:
    events = [
        happening(1, on(2024, 6, 3)),
        happening(2, on(2024, 6, 4), **WORD),
        happening(3, on(2024, 6, 5), factuality=Factuality.PLEDGED),
        happening(4, on(2024, 6, 6), type=EventType.ASSAULT, quad=4, intensity=-9.0),
    ]
    (row,) = series(events, "PRK", "RUS", Step.WEEK)
    assert (row.start, row.end) == (date(2024, 6, 3), date(2024, 6, 9))
    assert [(cell.count, cell.intensity) for cell in counted(row).cells] == [(1, 10.0), (1, -3.0), (1, 10.0), (1, -9.0)]


def test_what_is_possible_or_denied_is_no_word_and_no_deed() -> None:
    events = [
        happening(1, on(2024, 6, 3), factuality=Factuality.POSSIBLE),
        happening(2, on(2024, 6, 3), factuality=Factuality.DENIED),
    ]
    (row,) = series(events, "PRK", "RUS", Step.DAY)
    assert (counted(row).count, counted(row).possible, counted(row).denied) == (0, 1, 1)


def test_only_the_asked_direction_is_counted() -> None:
    back = happening(1, on(2024, 6, 3), source=(RUS,), target=(PRK,))
    assert series([back], "PRK", "RUS", Step.WEEK) == []
    assert len(series([back], "RUS", "PRK", Step.WEEK)) == 1


def test_a_dismissed_event_is_not_counted() -> None:
    assert series([happening(1, on(2024, 6, 3), dismissed=True)], "PRK", "RUS", Step.WEEK) == []


def test_a_quiet_period_that_was_read_is_zero_and_one_that_was_not_is_unknown() -> None:
    coverage = {("Meridian Wire", date(2024, 4, 9)): 3, ("Harbour Post", date(2024, 4, 30)): 1, (None, JULY): 0}
    rows = series([], "PRK", "RUS", Step.MONTH, coverage=coverage, until=date(2024, 5, 31))
    assert [(row.covered, row.documents, row.tally and row.tally.count) for row in rows] == [
        (True, 4, 0),
        (False, 0, None),
    ]
    assert rows[1].row()["words_conflict"] is None


def test_what_later_documents_tell_of_an_unread_period_stays_visible_but_is_no_count() -> None:
    event = happening(1, on(2024, 5, 3))
    (row, _) = series([event], "PRK", "RUS", Step.MONTH, coverage={("Meridian Wire", date(2024, 6, 20)): 1})
    assert (row.covered, row.tally, row.events) == (False, None, (event.event.id,))


def test_without_coverage_it_is_unknown_whether_anything_was_read() -> None:
    (row,) = series([happening(1, on(2024, 6, 3))], "PRK", "RUS", Step.QUARTER)
    assert (row.covered, row.documents, row.start, row.end) == (None, None, date(2024, 4, 1), date(2024, 6, 30))


def test_a_year_stands_in_the_week_of_its_first_report_only_if_that_lies_in_the_year() -> None:
    year = Period(date(2024, 1, 1), Precision.YEAR)
    within, after = happening(1, year), happening(2, year, reported=date(2025, 3, 1))
    assert placed_on(within, Step.WEEK) == date(2024, 6, 20)
    (row,) = series([within, after], "PRK", "RUS", Step.WEEK)
    assert (row.events, counted(row).by_report) == ((within.event.id,), 1)
    (missing,) = undated([within, after], "PRK", "RUS", Step.WEEK)
    assert missing.event == after.event.id
    assert "2024" in missing.reason
    assert "first reported on 2025-03-01" in missing.reason


def test_a_month_is_fine_enough_for_months_and_too_coarse_for_weeks() -> None:
    month = happening(1, Period(date(2024, 5, 1), Precision.MONTH))
    assert placed_on(month, Step.MONTH) == date(2024, 5, 1)
    assert placed_on(month, Step.WEEK) is None


def test_an_event_without_any_date_is_undated() -> None:
    event = happening(1, None, first_reported=None)
    assert [u.reason for u in undated([event], "PRK", "RUS", Step.DAY)] == [
        "neither its date nor that of a report is known"
    ]


def test_origins_are_shared_among_reports_and_domains_counted() -> None:
    first = happening(1, on(2024, 6, 3))
    events = [replace(first, reports=first.reports * 4), happening(2, on(2024, 6, 3), domain=None)]
    (row,) = series(events, "PRK", "RUS", Step.WEEK)
    assert (counted(row).reports, counted(row).origins, counted(row).origin_share) == (5, 2, 0.4)
    assert row.row()["domains"] == {"arms": 1, "unknown": 1}


def test_an_empty_period_has_no_share_and_no_mean() -> None:
    (row,) = series([], "PRK", "RUS", Step.MONTH, since=date(2024, 6, 1), until=date(2024, 6, 30))
    assert (counted(row).origin_share, counted(row).deeds_conflict.mean) == (None, None)


def test_since_and_until_widen_to_whole_periods_and_leave_no_gap() -> None:
    rows = series([], "PRK", "RUS", Step.WEEK, since=date(2024, 12, 25), until=date(2025, 1, 6))
    assert [row.start for row in rows] == [date(2024, 12, 23), date(2024, 12, 30), date(2025, 1, 6)]


def test_a_series_cannot_end_before_it_starts() -> None:
    with pytest.raises(UsageError, match="swap"):
        series([], "PRK", "RUS", Step.DAY, since=date(2024, 2, 1), until=date(2024, 1, 1))


@given(st.sampled_from(Step), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_the_periods_of_a_step_part_time_without_gap_or_overlap(step: Step, day: date) -> None:
    start = step.start(day)
    assert start <= day <= step.end(start)
    assert step.start(step.end(start)) == start
    assert step.start(step.following(start)) == step.following(start)


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 90), min_size=1, max_size=12))
def test_the_order_of_events_changes_nothing(shuffle: random.Random, days: list[int]) -> None:
    events = [happening(n, Period(date.fromordinal(738000 + d)), intensity=0.1 * (n + d)) for n, d in enumerate(days)]
    rows = series(events, "PRK", "RUS", Step.WEEK)
    shuffle.shuffle(events)
    assert series(events, "PRK", "RUS", Step.WEEK) == rows
    assert sum(counted(row).count for row in rows) == len(days)


def by_week(events: Sequence[Event]) -> list[dict[str, object]]:
    table = ibis.memtable(pa.Table.from_pylist([event_row(event) for event in events], schema=EVENTS))
    expression = all_dyads_by_week(table).order_by("source", "target", "week")
    rows: list[dict[str, object]] = expression.to_pyarrow().to_pylist()
    return rows


def test_all_dyads_by_week_counts_as_the_series_does() -> None:
    happenings = [
        happening(1, on(2024, 6, 3)),
        happening(2, on(2024, 6, 9), **WORD),
        happening(3, None, factuality=Factuality.PLEDGED, domain=Domain.TREATY),
        happening(4, Period(date(2024, 1, 1), Precision.YEAR), reported=date(2025, 3, 1)),
        happening(5, on(2024, 6, 3), factuality=Factuality.DENIED),
        happening(6, on(2024, 6, 3), dismissed=True),
    ]
    found = [
        (r["week"], r["words"], r["deeds"], r["conflict"], r["intensity"])
        for r in by_week([h.event for h in happenings])
    ]
    told = [
        (r.start, counted(r).words, counted(r).deeds, counted(r).words_conflict.count, counted(r).intensity)
        for r in series(happenings, "PRK", "RUS", Step.WEEK)
        if counted(r).count
    ]
    assert found == told == [(date(2024, 6, 3), 1, 1, 1, 7.0), (date(2024, 6, 17), 1, 0, 0, 10.0)]


def test_all_dyads_count_a_compound_event_once_for_each_pair_and_call_bodies_by_name() -> None:
    minister = Actor("KOR", "Cho Tae-yul", "GOV")
    event = happening(1, on(2024, 6, 3), source=(KOR, minister, NATO), target=(PRK, KOR)).event
    assert [(row["source"], row["target"], row["deeds"]) for row in by_week([event])] == [
        ("KOR", "PRK", 1),
        ("NATO", "KOR", 1),
        ("NATO", "PRK", 1),
    ]
