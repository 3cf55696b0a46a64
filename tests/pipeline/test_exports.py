from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from dragoman.errors import UsageError
from dragoman.pipeline import Record
from dragoman.pipeline.exports import in_words
from dragoman.record import PUBLIC, EventFilter
from dragoman.terms import Domain, EventType

KEPT = Path(__file__).parents[1] / "record" / "first_version"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(shutil.copytree(KEPT, tmp_path / "record"))


def plain(table: pa.Table) -> list[dict[str, object]]:
    return [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in table.to_pylist()]


@pytest.mark.parametrize(
    "wanted",
    [{}, {"since": date(2024, 1, 1)}, {"types": (EventType.AID,)}, {"as_of": date(2024, 6, 30)}],
    ids=["all", "since", "type", "as of"],
)
def test_arrow_holds_what_events_gives(record: Record, wanted: dict[str, object]) -> None:
    table = record.to_arrow("PRK", "RUS", **wanted)  # type: ignore[arg-type]
    assert table.schema.equals(PUBLIC, check_metadata=True)
    assert plain(table) == record.events("PRK", "RUS", **wanted)  # type: ignore[arg-type]


def test_pandas_holds_what_events_gives(record: Record) -> None:
    frame = record.to_pandas("PRK", "RUS")
    assert list(frame["id"]) == [event["id"] for event in record.events("PRK", "RUS")]
    assert frame["date"].dtype.kind == "M"


def test_polars_is_asked_for_by_name_where_it_lacks(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(UsageError, match="pip install polars"):
        record.to_polars()


def test_polars_gets_the_arrow_table(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", SimpleNamespace(from_arrow=lambda table: table))
    assert record.to_polars("PRK").equals(record.to_arrow("PRK"))


def test_an_export_as_of_a_day_holds_what_was_known(record: Record, tmp_path: Path) -> None:
    known = record.events("PRK", "RUS", as_of=date(2024, 6, 30))
    done = record.export(tmp_path / "e.jsonl", "PRK", "RUS", layout="jsonl", as_of=date(2024, 6, 30))
    assert done.events == len(known)
    assert "as known on 2024-06-30" in done.codebook.read_text("utf-8")


def test_an_unknown_layout_says_which_there_are(record: Record, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no layout 'xlsx'; there are: csv, parquet"):
        record.export(tmp_path / "x", layout="xlsx")


def test_a_folder_is_no_file(record: Record, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        record.export(tmp_path)


def test_an_export_that_fails_leaves_nothing(record: Record, tmp_path: Path) -> None:
    for path in (tmp_path / "record" / "mentions").glob("*.parquet"):
        path.unlink()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Exception, match="mentions"):
        record.export(out / "p.txt", layout="plover")
    assert list(out.iterdir()) == []


def test_filters_in_words() -> None:
    wanted = EventFilter(
        ("PRK", "RUS"), True, (EventType.AID,), date(2024, 1, 1), date(2024, 2, 1), (Domain.ARMS,), ("icews",)
    )
    assert in_words(wanted) == (
        "events between PRK and RUS, from the first to the second only, of type AID, from 2024-01-01 on, "
        "until 2024-02-01, in the domain arms, by icews"
    )
    assert in_words(EventFilter()) == "all events"
