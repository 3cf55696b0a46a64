"""Counts beside a large record's events: they say what the events say, and are left alone where they could not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from dragoman.pipeline import wider
from dragoman.pipeline.record import Record, open_record
from dragoman.pipeline.remembered import forget
from dragoman.record import TABLES, Store, counts_by_day, event_row, keep_day_counts, read_by_day
from dragoman.record.day_counts import COVERED, FOLDER
from dragoman.record.rows import Row
from dragoman.records import Actor
from dragoman.relate.series import SeriesRow, Step
from dragoman.terms import Domain, EventType, Factuality
from making import make_told

PAIR = ("USA", "RUS")

SIDES = (
    (("USA",), ("RUS",)),
    (("RUS",), ("USA",)),
    (("GBR", "USA"), ("RUS",)),
    (("RUS",), ("FRA", "USA")),
    (("FRA",), ("RUS",)),
)
"""Who acts on whom."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A record that is cut by month, whose events the engine counts."""
    monkeypatch.setattr(wider, "LARGE", 0)
    forget()
    place = tmp_path / "record"
    Store.open(place, create=True)
    append(place, *(event(number) for number in range(240)))
    open_record(place).compact(parted=True)
    yield place
    forget()


def event(number: int) -> Row:
    """The row of an event: of four kinds, with one or two who act, over eight months and two providers."""
    kind = (EventType.AID, EventType.ASSAULT, EventType.SUPPORT, EventType.PROTEST)[number % 4]
    day = date(2021, 1, 1) + timedelta(days=number)
    factuality = Factuality.POSSIBLE if number % 7 == 0 else Factuality.ACTUAL
    sides = [[Actor(code=code, name=code) for code in side] for side in SIDES[number % len(SIDES)]]
    made = replace(
        make_told(f"Report {number}.", day, kind, factuality).event,
        id=f"e{number:020}",
        source=tuple(sides[0]),
        target=tuple(sides[1]),
        provider=("gdelt", "icews")[number % 5 == 0],
        domain=(None, Domain.ARMS)[number % 2],
        dismissed=number % 31 == 0,
    )
    return event_row(made)


def weeks(place: Path) -> list[SeriesRow]:
    forget()
    return open_record(place).dyad(*PAIR).series(Step.WEEK)


def counted(record: Record) -> bool:
    return counts_by_day(record.store().snapshot()) is not None


def append(place: Path, *rows: Row) -> None:
    with Store.open(place).begin("import") as transaction:
        transaction.append("events", pa.Table.from_pylist(rows, schema=TABLES["events"]))


def test_with_and_without_counts_the_course_is_the_same(place: Path) -> None:
    assert counted(open_record(place))
    with_counts, read = weeks(place), read_by_day(Store.open(place).snapshot())
    shutil.rmtree(place / FOLDER)
    assert not counted(open_record(place))
    assert weeks(place) == with_counts
    assert read_by_day(Store.open(place).snapshot()) == read
    assert sum(row.tally.count for row in with_counts if row.tally) > 100


def test_what_came_since_is_counted_too(place: Path) -> None:
    before = weeks(place)
    append(place, event(1_000))
    kept = counts_by_day(Store.open(place).snapshot())
    assert kept is not None
    assert kept.rest is not None
    after = weeks(place)
    shutil.rmtree(place / FOLDER)
    assert weeks(place) == after
    assert number(after) == number(before) + 1


def number(rows: list[SeriesRow]) -> int:
    return sum(row.tally.count for row in rows if row.tally)


def test_counts_of_files_that_are_gone_are_left_alone(place: Path) -> None:
    store = Store.open(place)
    one = store.snapshot().columns("events", store.snapshot().table("events").limit(1))["id"].to_pylist()
    with store.begin("remove") as transaction:
        transaction.delete("events", one)
    assert not counted(open_record(place))


def test_an_older_state_is_not_told_from_newer_counts(place: Path) -> None:
    store = Store.open(place)
    old = store.snapshot()
    with store.begin("remove") as transaction:
        transaction.delete("events", old.columns("events", old.table("events").limit(1))["id"].to_pylist())
    shutil.rmtree(place / FOLDER)
    assert keep_day_counts(store)
    assert counts_by_day(store.snapshot()) is not None
    assert counts_by_day(store.snapshot(old.version)) is None


def test_compacting_counts_again_and_twice_changes_nothing(place: Path) -> None:
    shutil.rmtree(place / FOLDER)
    record = open_record(place)
    record.compact()
    assert counted(record)
    assert not keep_day_counts(record.store())
    assert len(list((place / FOLDER).glob(f"*/{COVERED}"))) == 1


def test_chosen_providers_and_the_past_are_read_from_the_events(place: Path) -> None:
    record = open_record(place)
    whole = number(weeks(place))
    forget()
    own = number(record.dyad(*PAIR, providers=("gdelt",)).series(Step.WEEK))
    assert 0 < own < whole


def test_a_record_that_is_not_cut_keeps_no_counts(place: Path) -> None:
    record = open_record(place)
    shutil.rmtree(place / FOLDER)
    record.compact(parted=False)
    assert not counted(record)
    assert not (place / FOLDER).exists()


def test_an_event_without_a_key_forbids_counts(place: Path) -> None:
    shutil.rmtree(place / FOLDER)
    append(place, event(2_000) | {"source_key": None})
    assert not keep_day_counts(Store.open(place))


def test_counts_that_were_left_half_made_are_not_read(place: Path) -> None:
    for folder in (place / FOLDER).iterdir():
        (folder / COVERED).write_text('["in_month', "utf-8")
    assert not counted(open_record(place))


def test_however_few_are_counted_at_a_time_the_counts_agree(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = weeks(place)
    shutil.rmtree(place / FOLDER)
    monkeypatch.setattr("dragoman.record.day_counts.STRETCH", 15)
    assert keep_day_counts(Store.open(place))
    assert len(list((place / FOLDER).glob("*/events-*.parquet"))) > 3
    assert weeks(place) == whole
