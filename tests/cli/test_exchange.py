"""The commands export, compare and record compact, vacuum, restore, as a person runs them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from dragoman.pipeline import Record
from running import KEPT, run


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT, tmp_path / "record"))


@pytest.mark.parametrize("layout", ["csv", "parquet", "jsonl", "plover", "polecat", "icews", "edges"])
def test_export_writes_a_file_and_its_codebook_and_prints_their_names(
    record: Path, tmp_path: Path, layout: str
) -> None:
    out = tmp_path / f"events.{layout}"
    code, told, notes = run("--record", record, "export", "PRK", "RUS", "--format", layout, "--out", out)
    assert (code, told.split()) == (0, [str(out), str(tmp_path / "events.codebook.md")])
    assert "events in" in notes
    assert out.stat().st_size > 0


def test_export_takes_the_filters_of_events_and_writes_the_same_csv(record: Path, tmp_path: Path) -> None:
    filters = ("PRK", "RUS", "--directed", "--since", "2023-01-01", "--until", "2023-09-30")
    run("--record", record, "export", *filters, "--out", tmp_path / "e.csv")
    _, told, _ = run("--record", record, "events", *filters, "--as", "csv")
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as lines:
        exported = list(csv.DictReader(lines))
    printed = list(csv.DictReader(io.StringIO(told)))
    assert [row["id"] for row in exported] == [row["id"] for row in printed]
    assert [row["source_names"] for row in exported] == [row["source_names"] for row in printed]
    assert exported


def test_export_to_a_folder_that_is_not_there_says_so(record: Path, tmp_path: Path) -> None:
    code, told, notes = run("--record", record, "export", "--out", tmp_path / "nowhere" / "e.csv")
    assert (code, told) == (1, "")
    assert "nowhere" in notes


def test_compare_prints_a_table_json_and_csv(record: Path) -> None:
    document = sorted(Record(record).store().snapshot().ids("documents"))[0]
    Record(record).remove(document)
    code, told, _ = run("compare", KEPT, record)
    assert code == 0
    assert "Krippendorff's alpha" in told
    code, told, _ = run("compare", KEPT, record, "--json", "--reference", "a")
    summary = json.loads(told)
    assert (code, summary["reference"]) == (0, "a")
    assert summary["n_a"] == summary["same"] + summary["type_differs"] + summary["only_a"]
    code, told, _ = run("compare", KEPT, record, "--as", "csv")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["difference"] for row in rows] == [row["difference"] for row in summary["rows"]]


def test_compare_refuses_days_in_the_wrong_order() -> None:
    code, _, notes = run("compare", KEPT, KEPT, "--since", "2024-02-01", "--until", "2024-01-01")
    assert code == 2
    assert "swap them" in notes


def test_housekeeping_from_the_command_line(record: Path) -> None:
    code, told, notes = run("--record", record, "record", "compact")
    assert code == 0
    compacted = int(told)
    assert "files, now 1" in notes
    assert run("--record", record, "record", "compact")[1] == ""
    code, told, notes = run("--record", record, "record", "vacuum", "--keep", "1", "--dry-run")
    assert (code, told.split()) == (0, [str(number) for number in range(compacted)])
    assert "would go" in notes
    code, told, _ = run("--record", record, "record", "restore", compacted - 1)
    assert (code, int(told)) == (0, compacted + 1)
    code, told, _ = run("--record", record, "record", "vacuum", "--keep", "1", "--pin", compacted)
    assert str(compacted) not in told.split()
    code, _, notes = run("--record", record, "events", "--version", "0")
    assert code == 1
    assert "is gone" in notes


@pytest.mark.parametrize(
    ("keep", "message"), [("soon", "is no number"), ("0", "is not possible"), ("d", "is no number")]
)
def test_vacuum_refuses_what_it_cannot_keep(record: Path, keep: str, message: str) -> None:
    code, _, notes = run("--record", record, "record", "vacuum", "--keep", keep)
    assert code == 2
    assert message in notes
