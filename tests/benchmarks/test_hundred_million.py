"""The benchmark of large records, at a small size: ours and DuckDB by hand tell the same. Time is not looked at."""

from __future__ import annotations

import pytest
from benchmarks.hundred_million import ByHand, first_time, monthly, told, told_apart, told_by_hand, weekly
from benchmarks.made_large import fill

from dragoman.pipeline import wider
from dragoman.pipeline.record import open_record
from dragoman.pipeline.remembered import forget
from dragoman.record import Store, compact

EVENTS = 30_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("large") / "record")
    assert fill(place, EVENTS) == 2 * 121
    return place


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of which the engine counts."""
    monkeypatch.setattr(wider, "LARGE", 0)
    forget()


def test_a_dyad_by_week_is_what_duckdb_counts_by_hand(made: str, large: None) -> None:
    by_hand = ByHand(Store.open(made).snapshot().table_files("events"))
    read = by_hand.read()
    for first, second in (("USA", "RUS"), ("CHN", "UKR"), ("POL", "SAU")):
        ours = told(weekly(open_record(made), first, second), first)
        assert ours == told_by_hand(by_hand.weekly(first, second), read)
        assert ours


def test_all_dyads_by_month_are_what_duckdb_counts_by_hand(made: str) -> None:
    ours, theirs = monthly(made), ByHand(Store.open(made).snapshot().table_files("events")).monthly()
    assert told_apart(ours, theirs) == 0
    assert ours.num_rows > EVENTS // 4
    assert told_apart(ours.slice(1), theirs) == 2


def test_the_engine_counts_the_weeks_as_the_objects_do(made: str, large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for first, second in (("USA", "RUS"), ("POL", "SAU"), ("NATO", "USA")):
        counted = weekly(open_record(made), first, second)
        monkeypatch.setattr(wider, "LARGE", EVENTS)
        forget()
        assert weekly(open_record(made), first, second) == counted
        monkeypatch.setattr(wider, "LARGE", 0)


def test_cut_by_month_or_whole_every_answer_is_the_same(made: str, large: None) -> None:
    store = Store.open(made)
    weeks, months = first_time(made, "USA", "RUS"), monthly(made)
    assert compact(store, parted=False).files["events"] == (242, 1)
    assert first_time(made, "USA", "RUS") == weeks
    assert told_apart(monthly(made), months) == 0
