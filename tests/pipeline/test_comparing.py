from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from dragoman.exchange.agreement import Reference
from dragoman.pipeline import Record
from dragoman.pipeline.comparing import Compared, compare_records

KEPT = Path(__file__).parents[1] / "record" / "first_version"


def test_a_record_agrees_with_itself() -> None:
    told = compare_records(Compared(Record(KEPT)), Compared(Record(KEPT)), reference=Reference.A).summary()
    assert (told["precision"], told["recall"], told["alpha"]) == (1, 1, 1)
    assert told["n_a"] == told["n_b"] > 0
    assert told["a"]["days"] == told["days_both"]


def test_versions_of_a_record_are_compared(tmp_path: Path) -> None:
    record = Record(shutil.copytree(KEPT, tmp_path / "record"))
    before = record.store().snapshot().version
    record.remove(sorted(record.store().snapshot().ids("documents"))[0])
    told = compare_records(Compared(record, version=before), Compared(record)).summary()
    assert told["a"]["record"].endswith(f"version {before}")
    assert told["only_b"] == 0
    assert told["n_a"] >= told["n_b"]


def test_a_provider_that_has_nothing_covers_nothing() -> None:
    told = compare_records(Compared(Record(KEPT)), Compared(Record(KEPT), providers=("icews",))).summary()
    assert (told["b"]["days"], told["days_both"], told["n_a"]) == (0, 0, 0)


def test_days_can_be_narrowed() -> None:
    narrowed = compare_records(
        Compared(Record(KEPT)), Compared(Record(KEPT)), since=date(2023, 9, 1), until=date(2023, 9, 30)
    )
    assert narrowed.days
    assert {day.month for day in narrowed.days} == {9}
    assert all(match.any.day in narrowed.days for match in narrowed.matches)
