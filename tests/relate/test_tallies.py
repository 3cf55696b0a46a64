from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest

from dragoman.periods import Period, Precision
from dragoman.record import event_row
from dragoman.record.schemas import EVENTS
from dragoman.records import Actor, content_id
from dragoman.relate import Happening, make_event, tallies
from dragoman.relate.columns import day_of
from dragoman.relate.network import make_network, network, shape_of
from dragoman.relate.tallies import COLUMNS, Tallies, tally
from dragoman.relate.ties import FIRM, names_of, ties_of
from dragoman.terms import Factuality
from making import make_mention, make_report

FIRST = date(2024, 1, 1)
ACTORS = (
    Actor("PRK", "North Korea"),
    Actor("PRK", "Kim Jong Un", "GOV"),
    Actor("RUS", "Russia"),
    Actor("USA", "United States"),
    Actor("USA", "army (United States)", "MIL"),
    Actor("IGO", "NATO"),
    Actor("IGO", "United Nations", "GOV"),
    Actor("YEM", "Houthis", "REB"),
)
QUADS = ((1, 5.0), (2, 8.0), (3, -3.5), (4, -10.0), (4, 10.0))


def made(count: int, seed: int = 1) -> list[Happening]:
    """So many events of every kind: several actors, claimants, vague days, and often the same merit."""
    random_ = random.Random(seed)
    report = make_report(make_mention())
    found = []
    for number in range(count):
        day = FIRST + timedelta(days=random_.randrange(60))
        precision = random_.choice((Precision.DAY, Precision.DAY, Precision.WEEK, Precision.MONTH))
        quad, intensity = random_.choice(QUADS)
        first = random_.choice((None, day, day + timedelta(days=40)))
        event = replace(
            make_event([report]),
            id=content_id("e", str(number)) if seed % 2 else f"e{number}",
            source=tuple(random_.sample(ACTORS, random_.choice((1, 1, 2)))),
            target=tuple(random_.sample(ACTORS, random_.choice((0, 1, 1, 3)))),
            quad=quad,
            intensity=intensity,
            factuality=random_.choice(tuple(Factuality)),
            contested=random_.random() < 0.2,
            claimants=random_.choice(((), ("RUS",), ("NATO", "official"), ("USA", "PRK"))),
            origins=random_.randrange(1, 4),
            date=random_.choice((None, Period(day.replace(day=1) if precision is Precision.MONTH else day, precision))),
            first_reported=first,
        )
        found.append(Happening(event, (report,)))
    return found


def table_of(happenings: list[Happening]) -> pa.Table:
    return pa.Table.from_pylist([event_row(h.event) for h in happenings], schema=EVENTS)


def counted(happenings: list[Happening]) -> Tallies:
    table = ibis.memtable(table_of(happenings))
    return tally(table.mutate(day=day_of(table)).select(*COLUMNS).to_pyarrow())


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_columns_give_the_ties_that_objects_give(seed: int) -> None:
    events = made(600, seed)
    since, until = date(2024, 1, 10), date(2024, 2, 20)
    expected = network(events, since=since, until=until)
    columns = counted(events)
    found = make_network(columns.ties(since, until), columns.names, since=since, until=until, undated=columns.undated)
    assert found == expected
    assert expected.ties


def test_without_days_all_dated_events_count() -> None:
    events = made(300)
    assert counted(events).ties(None, None) == ties_of([h for h in events if h.day is not None])


def test_names_are_the_same() -> None:
    events = made(300)
    assert counted(events).names == names_of(events)


def test_an_empty_table_has_no_ties() -> None:
    columns = counted([])
    assert (columns.ties(None, None), columns.names, columns.undated) == ([], {}, 0)


def test_of_many_ties_the_firm_ones_and_those_of_the_two_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MANY", 3)
    columns = counted(made(12, 4))
    every = ties_of([h for h in made(12, 4) if h.day is not None])
    shown = columns.ties(None, None, ("NATO", "PRK"))
    assert shown == [t for t in every if t.weight >= FIRM or {t.first, t.second} & {"IGO:NATO", "PRK"}]
    assert len(shown) < len(every)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_ties_that_are_shown_for_somebody_shape_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MANY", 3)
    columns = counted(made(60, seed))
    plain, around = columns.ties(None, None), columns.ties(None, None, ("NATO", "PRK"))
    shape = shape_of(plain, columns.names)
    assert len(plain) < len(around)
    assert shape.modularity is not None
    given = make_network(around, columns.names, since=None, until=None, shape=shape)
    assert given == make_network(around, columns.names, since=None, until=None)


def test_ids_that_begin_alike_are_told_apart() -> None:
    events = [replace(h, event=replace(h.event, id=f"e{'0' * 12}{n:08d}")) for n, h in enumerate(made(200))]
    random.Random(5).shuffle(events)
    assert counted(events).ties(None, None) == ties_of([h for h in events if h.day is not None])


def test_the_day_of_a_row_is_that_of_its_happening() -> None:
    events = made(200)
    rows = (
        ibis.memtable(table_of(events))
        .pipe(lambda table: table.mutate(day=day_of(table)))
        .select("id", "day")
        .to_pyarrow()
        .to_pylist()
    )
    assert {row["id"]: row["day"] for row in rows} == {h.event.id: h.day for h in events}
