from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.exchange.exporting import Layout, form_of
from dragoman.exchange.exporting.own import COLUMNS
from dragoman.pipeline import Record
from dragoman.record import PUBLIC
from dragoman.terms import Domain, EventType

HEADED = {Layout.CSV: ",", Layout.EDGES: ",", Layout.POLECAT: "\t", Layout.ICEWS: "\t"}


@pytest.mark.parametrize("layout", list(Layout))
def test_every_layout_writes_a_codebook_of_its_columns(record: Record, tmp_path: Path, layout: Layout) -> None:
    done = record.export(tmp_path / f"out.{layout}", layout=layout)
    text = done.codebook.read_text("utf-8")
    form = form_of(layout)
    assert done.codebook.name == "out.codebook.md"
    assert text.startswith(f"# {form.title}: codebook\n")
    for column in form.columns:
        assert f"| `{column.name}` |" in text
        assert column.meaning
    assert all(f"- {item}" in text for item in (*form.lost, *form.left_out))
    assert f"{done.events} events" in text
    if layout in HEADED:
        header = done.path.read_text("utf-8").splitlines()[0].replace('"', "").split(HEADED[layout])
        assert header == [column.name for column in form.columns]


def test_the_codebook_lists_the_vocabularies(record: Record, tmp_path: Path) -> None:
    text = record.export(tmp_path / "e.csv").codebook.read_text("utf-8")
    assert all(f"- {kind}: " in text for kind in EventType)
    assert all(f"- {domain}\n" in text for domain in Domain)
    assert "- 3: verbal conflict" in text


def test_our_own_columns_are_those_of_the_record() -> None:
    assert [column.name for column in COLUMNS] == PUBLIC.names
    assert all(column.meaning for column in COLUMNS)
