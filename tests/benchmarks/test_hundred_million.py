"""The benchmark of large records, at a small size: ours and DuckDB by hand tell the same. Time is not looked at."""

from __future__ import annotations

import pytest
from benchmarks.hundred_million import MONTHLY, WEEKLY, by_hand, monthly, totals, totals_by_hand, weekly
from benchmarks.made_large import fill

from dragoman.record import Store, compact

EVENTS = 30_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("large") / "record")
    assert fill(place, EVENTS) == 2 * 121
    return place


def test_a_dyad_by_week_is_what_duckdb_counts_by_hand(made: str) -> None:
    files = Store.open(made).snapshot().table_files("events")
    # No event of these two has several actors, which the question by hand does not see.
    for source, target in (("CHN", "UKR"), ("POL", "SAU")):
        by_week = totals_by_hand(by_hand(files, WEEKLY, source=source, target=target))
        ours = totals(weekly(made, source, target))
        assert all(ours[start] >= counts for start, counts in by_week.items())
        assert by_week


def test_all_dyads_by_month_are_what_duckdb_counts_by_hand_of_single_actors(made: str) -> None:
    files = Store.open(made).snapshot().table_files("events")
    ours = {(row["source"], row["target"], str(row["month"])[:10]): row for row in monthly(made).to_pylist()}
    theirs = by_hand(files, MONTHLY).to_pylist()
    assert len(theirs) > EVENTS // 4
    same = 0
    for row in theirs:
        found = ours[row["source"], row["target"].split(":")[-1], str(row["month"])[:10]]
        assert found["words"] >= row["words"]
        assert found["deeds"] >= row["deeds"]
        same += (found["words"], found["deeds"], round(found["intensity"], 3)) == (
            row["words"],
            row["deeds"],
            round(row["intensity"], 3),
        )
    assert same > 0.9 * len(theirs)


def test_cut_by_month_or_whole_every_answer_is_the_same(made: str) -> None:
    store = Store.open(made)
    before = weekly(made, "USA", "RUS"), sorted(map(str, monthly(made).to_pylist()))
    assert compact(store, parted=False).files["events"] == (242, 1)
    assert (weekly(made, "USA", "RUS"), sorted(map(str, monthly(made).to_pylist()))) == before
