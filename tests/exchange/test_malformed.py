"""What is wrong with a file never stops an import, and never puts a value in a wrong column."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from dragoman.exchange import acled, gdelt, icews, polecat, ucdp
from dragoman.pipeline import Record
from provided import ACLED, GDELT, ICEWS, POLECAT, UCDP, line

Table = tuple[str, ModuleType, Mapping[str, str], str, str, str]
TABLES: tuple[Table, ...] = (
    ("gdelt", gdelt, GDELT, "\t", "GLOBALEVENTID", "ActionGeo_FullName"),
    ("icews", icews, ICEWS, "\t", "Event ID", "City"),
    ("polecat", polecat, POLECAT, "\t", "Event ID", "City"),
    ("acled", acled, ACLED, ",", "event_id_cnty", "location"),
    ("ucdp", ucdp, UCDP, ",", "id", "where_coordinates"),
)
tables = pytest.mark.parametrize("table", TABLES, ids=[table[0] for table in TABLES])


def row(table: Table, number: int, place: str = "Gao") -> str:
    _, module, values, mark, key, where = table
    return line(module.COLUMNS, {**values, key: str(number), where: place}, mark)


def cells(text: str, mark: str) -> list[str]:
    return text.split(mark)


def head(table: Table) -> list[str]:
    name, module, _, mark, _, _ = table
    return [] if name == "gdelt" else [mark.join(module.COLUMNS)]


def flat(table: Table) -> Table:
    """The table with no cell that holds its own mark or a line end, so that a line may be cut at will."""
    name, module, values, mark, key, where = table
    return name, module, {k: v for k, v in values.items() if k not in ("notes", "source_headline")}, mark, key, where


@tables
def test_wrong_counts_headers_in_the_middle_and_latin_bytes(table: Table, empty_record: Record, tmp_path: Path) -> None:
    name, _, _, mark, key, _ = table = flat(table)
    good = row(table, 1)
    parts = cells(row(table, 2), mark)
    extra = mark.join([*parts[:3], "odd", *parts[3:]])
    short = mark.join(cells(row(table, 3), mark)[:9])
    lines = [*head(table), good, extra, short, *head(table), row(table, 5)]
    latin = row(table, 4, "Bogotá").encode("latin-1")
    path = tmp_path / "a.tab"
    path.write_bytes("\n".join(lines).encode() + b"\n" + latin + b"\n")
    summary = empty_record.import_events(name, path)
    assert (summary.events, dict(summary.reasons)) == (3, {"wrong-columns": 2})
    assert sorted(event["place"] for event in empty_record.events()) == ["Bogotá", "Gao", "Gao"]
    kept = [one["row"] for one in empty_record.store().snapshot().rows("imported")]
    ids = {one.split("\t")[0] if name == "gdelt" else json.loads(one)[key] for one in kept}
    assert ids == {"1", "4", "5"}
    assert empty_record.verify() == []


@tables
def test_a_row_with_a_cell_too_many_and_one_too_few_is_taken_for_shifted(
    table: Table, empty_record: Record, tmp_path: Path
) -> None:
    name, _, _, mark, _, _ = table = flat(table)
    parts = cells(row(table, 2), mark)
    for place in (1, 2, 4):
        shifted = mark.join([*parts[:place], "odd", *parts[place:-1]])
        path = tmp_path / f"{place}.tab"
        path.write_text("\n".join([*head(table), row(table, 1), shifted]) + "\n", "utf-8")
        summary = empty_record.import_events(name, path)
        assert summary.reasons.total() == 1, place
        assert summary.reasons.keys() <= {"bad-value", "unknown-code"}, place
    assert len(empty_record.events()) == 1


@tables
def test_archives_that_break_off_lose_their_end_only(table: Table, empty_record: Record, tmp_path: Path) -> None:
    name, folder = table[0], tmp_path / "files"
    folder.mkdir()
    text = "\n".join([*head(table), *(row(table, number) for number in range(500))]) + "\n"
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("a.CSV", text)
    (folder / "a.zip").write_bytes((folder / "a.zip").read_bytes()[:-40])
    packed = gzip.compress(text.encode())
    (folder / "b.gz").write_bytes(packed[: len(packed) // 2])
    (folder / "c.tab").write_text("\n".join([*head(table), row(table, 9000)]) + "\n", "utf-8")
    summary = empty_record.import_events(name, folder)
    assert dict(summary.reasons).keys() <= {"damaged", "wrong-columns"}
    assert summary.reasons["damaged"] == 2
    assert 1 <= summary.events < 500
    assert "9000" in {one["row_id"] for one in empty_record.store().snapshot().rows("imported")}
