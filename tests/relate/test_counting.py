"""The engine counts what the objects count, but for the ids of events."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import ibis
import pytest

from dragoman.periods import Period, Precision
from dragoman.record import event_row, event_table
from dragoman.relate import Happening
from dragoman.relate.counting import counted, counted_series
from dragoman.relate.series import Coverage, Step, series
from dragoman.terms import Domain, EventType, Factuality
from making import make_told

KINDS = ((EventType.AID, 2), (EventType.SUPPORT, 1), (EventType.ACCUSE, 3), (EventType.ASSAULT, 4))


def happenings() -> list[Happening]:
    """Events of every quad, factuality and precision over half a year, some without a date or a day of report."""
    found = []
    choices = itertools.product(KINDS, Factuality, (*Precision, None), (0, 40))
    for number, ((kind, quad), factuality, precision, later) in enumerate(choices):
        day = date(2024, 1, 3) + timedelta(days=number % 170)
        told = make_told(f"Report {number}.", day, kind, factuality)
        event = replace(
            told.event,
            id=f"e{number:020}",
            quad=quad,
            intensity=0.1 * (number % 90),
            domain=(None, Domain.ARMS, Domain.TRADE)[number % 3],
            origins=1 + number % 4,
            date=Period.of(day, precision) if precision else None,
            first_reported=None if number % 11 == 0 else day + timedelta(days=later),
            last_reported=None if number % 11 == 0 else day + timedelta(days=later),
        )
        found.append(Happening(event, told.reports))
    return found


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("covered", [False, True])
def test_the_engine_counts_as_the_objects_do(step: Step, covered: bool) -> None:
    told = happenings()
    coverage: Coverage | None = None
    if covered:
        coverage = {("o", date(2024, 1, 1) + timedelta(days=n)): 1 for n in range(0, 200, 9)}
    table = event_table(event_row(h.event) for h in told)
    rows = ibis.duckdb.connect().to_pyarrow(counted(table, step))
    found = counted_series(rows, "PRK", "RUS", step, coverage=coverage)
    expected = series(told, "PRK", "RUS", step, coverage=coverage)
    assert found == [replace(row, events=()) for row in expected]
    ids = {row.start: row.events[::-1] for row in expected}
    assert counted_series(rows, "PRK", "RUS", step, coverage=coverage, events=ids) == expected
    assert sum(rows["events"].to_pylist()) == sum(len(row.events) for row in expected)
    assert sum(row.tally.count for row in found if row.tally) >= 5


def test_a_domain_that_several_rows_tell_is_counted_once_for_each() -> None:
    told = [happening for happening in happenings() if happening.event.domain is Domain.ARMS]
    table = event_table(event_row(h.event) for h in told).mutate(half=ibis.row_number() % 2)
    rows = ibis.duckdb.connect().to_pyarrow(counted(table, Step.QUARTER, ["half"]))
    assert set(rows["half"].to_pylist()) == {0, 1}
    found = counted_series(rows, "PRK", "RUS", Step.QUARTER)
    assert found == [replace(row, events=()) for row in series(told, "PRK", "RUS", Step.QUARTER)]
