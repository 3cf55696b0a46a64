"""Equal tables on Spark and DuckDB: the sample, coded by both, through every view.

No rounding anywhere: floats are summed in the same order in all views, as those that sum do it in Python over sorted
rows. The one sum that an engine makes, the intensity of all dyads by week, is compared to twelve digits.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import ibis
import pytest

from dragoman.pipeline import Record, View, Wish, answers, view_rows, wider
from dragoman.pipeline.comparing import Compared, compare_records
from dragoman.pipeline.remembered import forget
from dragoman.record import TABLES, SparkEngine, coverage, joined_lists, open_engine, public_events, sentences
from dragoman.record.housekeeping import sorted_table
from dragoman.records import Correction
from dragoman.relate.series import Step, all_dyads_by_week
from dragoman.terms import CorrectionKind, Domain, EventType
from questions import QUICK, Asking, differing

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpora" / "dispatches"
FIRST_VERSION = ROOT / "tests" / "record" / "first_version"
RELATIONS = [
    ("PRK", "RUS"),
    ("RUS", "UKR"),
    ("CHN", "TWN"),
    ("ISR", "IRN"),
    ("ARM", "AZE"),
    ("COD", "RWA"),
    ("SDN", "RSF"),
    ("SRB", "KOS"),
    ("KHM", "THA"),
    ("JPN", "KOR"),
    ("IND", "PAK"),
    ("ETH", "SOM"),
    ("IRN", "SAU"),
    ("GRC", "TUR"),
    ("VEN", "GUY"),
]
"""The relations that the sample tells of. Spark goes through the views of `THROUGH`; each takes it five seconds."""
THROUGH = RELATIONS[:2]
OFTEN = 5
"""Events of a pair from which its reports are asked for too."""
BACK = date(2024, 10, 1)


def content(record: Record) -> dict[str, list[dict[str, Any]]]:
    snapshot = record.store().snapshot()
    return {name: sorted(snapshot.rows(name), key=lambda row: row["id"]) for name in TABLES}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The sample in a record that DuckDB answers for, with something said against the machine."""
    made = Record(tmp_path_factory.mktemp("sample") / "record")
    made.add(SAMPLES)
    return made


@pytest.fixture(scope="module")
def there(here: Record, spark_master: str) -> Record:
    """The same record, and Spark answers."""
    return Record(here.location, replace(here.settings, engine=spark_master))


def on_spark(record: Record, master: str) -> Record:
    return Record(record.location, replace(record.settings, engine=master))


def test_documents_coded_on_the_cluster_make_the_same_record(here: Record, spark_master: str, tmp_path: Path) -> None:
    made = Record(tmp_path / "record")
    summary = made.code(SAMPLES, engine=spark_master)
    assert (summary.added, summary.known, summary.refused) == (342, 0, 0)
    assert content(made) == content(here)
    assert made.verify() == []


@pytest.mark.parametrize("relation", THROUGH, ids="-".join)
def test_every_view_of_a_relation_is_the_same(here: Record, there: Record, relation: tuple[str, str]) -> None:
    one, other = here.dyad(*relation), there.dyad(*relation)
    found = {view: view_rows(one, view, Wish()) for view in View}
    assert found[View.EVENTS]
    for view in View:
        assert view_rows(other, view, Wish()) == found[view], view
    assert other.kept_rates() == one.kept_rates()


@pytest.fixture(scope="module")
def spark(spark_master: str) -> SparkEngine:
    """The session, begun before much memory is held: Java is started from a copy of this process."""
    engine = open_engine(spark_master)
    assert isinstance(engine, SparkEngine)
    return engine


@pytest.fixture
def asking(spark: SparkEngine, here: Record, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """What DuckDB is asked while it answers for the sample."""
    forget()
    found = Asking()
    monkeypatch.setattr(Record, "_engine", lambda _record, _name: found)
    return found


def compared(asking: Asking, spark: SparkEngine, what: str) -> int:
    """How many questions were put to Spark too; all answers must be the same."""
    for name, value in QUICK.items():
        spark.session.conf.set(name, value)
    try:
        assert differing(asking, spark) == []
    finally:
        for name in QUICK:
            spark.session.conf.unset(name)
    sys.stderr.write(f"\n{len(asking.asked)} questions compared: {what}\n")
    return len(asking.asked)


def test_what_all_views_of_all_relations_ask_has_the_same_answers(
    here: Record, asking: Asking, spark: SparkEngine
) -> None:
    """Of the fifteen relations all that any view asks; of every other pair of states its events, often with reports."""
    for relation in RELATIONS:
        dyad = here.dyad(*relation)
        assert all(view_rows(dyad, view, Wish()) for view in (View.EVENTS, View.SERIES)), relation
        for view in (View.LEDGER, View.RESPONSES, View.WORDING, View.NETWORK):
            view_rows(dyad, view, Wish())
        dyad.response_matrix()
        # What is left asks nothing that was not asked before.
        known = len(asking.asked)
        for view in (View.ERAS, View.INDICATORS, View.RITUAL):
            view_rows(dyad, view, Wish())
        for step in Step:
            view_rows(dyad, View.SERIES, Wish(step=step))
        dyad.kept_rates()
        assert len(asking.asked) == known
    pairs = Counter(
        tuple(sorted(pair))
        for event in here.events()
        for pair in {*product(event["source"], event["target"])}
        if None not in pair and pair[0] != pair[1]
    )
    assert len(pairs) > 150
    for (first, second), events in sorted(pairs.items()):
        assert here.dyad(first, second).events()
        if events >= OFTEN:
            assert here.dyad(first, second).series()
    assert compared(asking, spark, f"all views, {len(pairs)} pairs of states") > len(pairs) + 3 * len(RELATIONS)


OPTIONS: dict[str, tuple[int, dict[str, Any]]] = {
    "days": (15, {}),
    "providers": (15, {"providers": ("dragoman",)}),
    "look-back": (15, {"as_of": BACK}),
    "look-back-of-a-provider": (5, {"as_of": BACK, "providers": ("dragoman", "icews")}),
    "version": (5, {"version": 1}),
}
"""What changes which rows are read: of how many relations it is asked, and how."""


@pytest.mark.parametrize("name", OPTIONS)
def test_what_views_ask_under_every_option_that_changes_the_scan_has_the_same_answers(
    here: Record, asking: Asking, spark: SparkEngine, name: str
) -> None:
    days = [(None, None), (date(2023, 1, 1), None), (None, date(2024, 9, 30)), (date(2023, 1, 1), date(2024, 9, 30))]
    count, options = OPTIONS[name]
    for number, relation in enumerate(RELATIONS[:count]):
        dyad = here.dyad(*relation, **options)
        for view in View if number == 0 else (View.EVENTS, View.SERIES, View.LEDGER):
            for since, until in days if view is View.EVENTS or number == 0 else days[:1]:
                view_rows(dyad, view, Wish(since=since, until=until))
        for directed in (False, True):
            dyad.events(directed=directed)
    assert compared(asking, spark, f"{name}, {count} relations") > 4 * count


def test_every_view_as_it_was_known_on_a_day_is_the_same(here: Record, there: Record) -> None:
    wish = Wish(since=date(2023, 1, 1), until=date(2024, 9, 30))
    one, other = (of.dyad("PRK", "RUS", as_of=date(2024, 10, 1)) for of in (here, there))
    for view in View:
        found = view_rows(one, view, wish)
        assert found
        assert view_rows(other, view, wish) == found, view


def test_the_bounded_views_of_a_large_record_are_the_same(
    here: Record, there: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wider, "LARGE", 10)
    one, other = here.dyad("PRK", "RUS"), there.dyad("PRK", "RUS")
    since = date(2020, 1, 1)
    assert other.network() == one.network() != []
    assert other.response_matrix() == one.response_matrix() != []
    assert other.responses() == one.responses() != []
    monkeypatch.setattr(answers, "ASKED", 1_000)
    assert other.responses(since=since) == one.responses(since=since)


FILTERS: list[dict[str, Any]] = [
    {},
    {"since": date(2024, 1, 1), "until": date(2024, 12, 31)},
    {"types": (EventType.AGREE, EventType.ACCUSE)},
    {"domains": (Domain.ARMS, Domain.TREATY), "providers": ("dragoman",)},
]
PARTIES: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    ((), {}),
    (("NATO",), {}),
    (("RUS",), {"directed": True}),
    (("PRK", "RUS"), {"as_of": date(2024, 7, 1)}),
]


@pytest.mark.parametrize("wanted", FILTERS)
def test_events_that_a_filter_names_are_the_same(here: Record, there: Record, wanted: dict[str, Any]) -> None:
    for parties, more in PARTIES:
        assert there.events(*parties, **wanted, **more) == here.events(*parties, **wanted, **more)


def agreement(record: Record) -> Any:
    """What two versions have in common; their units are a bag."""
    found = compare_records(Compared(record, version=2), Compared(record))
    a, b = (replace(side, units=sorted(side.units)) for side in (found.a, found.b))
    return replace(found, a=a, b=b)


def some_event(record: Record) -> Any:
    return record.event(min(record.store().snapshot().ids("events")))


ASKED: dict[str, Callable[[Record], Any]] = {
    "coverage": lambda record: coverage(record.store().snapshot()),
    "sentences": lambda record: sentences(record.store().snapshot(), 300),
    "today": lambda record: record.today(),
    "verify": lambda record: record.verify(),
    "tables": content,
    "arrow": lambda record: record.to_arrow(),
    "brief": lambda record: record.brief(("PRK", "RUS"), ("RUS", "UKR")),
    "event": some_event,
    "agreement": agreement,
}


@pytest.mark.parametrize("name", ASKED)
def test_what_else_is_asked_of_a_record_is_the_same(here: Record, there: Record, name: str) -> None:
    assert ASKED[name](there) == ASKED[name](here)


def as_text(events: ibis.Table) -> ibis.Table:
    return joined_lists(public_events(events))


def test_tables_written_out_are_the_same(here: Record, there: Record) -> None:
    for write in (public_events, as_text):
        tables = []
        for record in (here, there):
            snapshot = record.store().snapshot()
            tables.append(snapshot.batches("events", write(snapshot.table("events")).order_by("id")).read_all())
        assert tables[0].to_pylist() == tables[1].to_pylist()


@pytest.mark.parametrize("name", ["documents", "mentions", "events"])
def test_compacting_sorts_alike(here: Record, there: Record, name: str) -> None:
    ids = []
    for record in (here, there):
        snapshot = record.store().snapshot()
        ids.append([row["id"] for row in snapshot.rows(name, sorted_table(snapshot, name).select("id"))])
    assert ids[0] == ids[1]


def test_all_dyads_by_week_are_the_same(here: Record, there: Record) -> None:
    found = []
    for record in (here, there):
        snapshot = record.store().snapshot()
        weeks = all_dyads_by_week(snapshot.table("events")).order_by(["source", "target", "week"])
        rows = snapshot.rows("events", weeks)
        found.append([{**row, "intensity": pytest.approx(row["intensity"], rel=1e-12)} for row in rows])
    assert len(found[0]) > 500
    assert found[0] == [{**row, "intensity": row["intensity"].expected} for row in found[1]]


def test_a_record_of_the_first_layout_is_the_same(spark_master: str, tmp_path: Path) -> None:
    here = Record(shutil.copytree(FIRST_VERSION, tmp_path / "record"))
    there = on_spark(here, spark_master)
    assert content(there) == content(here)
    for view in View:
        assert view_rows(there.dyad("PRK", "RUS"), view, Wish()) == view_rows(here.dyad("PRK", "RUS"), view, Wish())


def test_what_a_person_said_is_heard_alike(here: Record, spark_master: str, tmp_path: Path) -> None:
    one = Record(shutil.copytree(here.location, tmp_path / "record"))
    first, second = (event["id"] for event in one.events("PRK", "RUS")[:2])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    one.correct(Correction(CorrectionKind.DISMISS, first, "a reader", at))
    one.correct(Correction(CorrectionKind.SET, second, "a reader", at, field="domain", value="arms"))
    other = on_spark(one, spark_master)
    assert other.events("PRK", "RUS") == one.events("PRK", "RUS")
    assert first not in {event["id"] for event in other.events("PRK", "RUS")}
    before = one.store().snapshot().version - 1
    assert other.events("PRK", "RUS", version=before) == one.events("PRK", "RUS", version=before)
