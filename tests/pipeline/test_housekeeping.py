from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dragoman.pipeline import Record, View, Wish, view_rows

KEPT = Path(__file__).parents[1] / "record" / "first_version"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = Record(shutil.copytree(KEPT, tmp_path / "record"))
    found.compact()
    document = sorted(found.store().snapshot().ids("documents"))[0]
    found.remove(document)
    return found


def test_no_view_changes_when_a_record_is_compacted_and_vacuumed(record: Record) -> None:
    before = {view: view_rows(record.dyad("PRK", "RUS"), view, Wish()) for view in View}
    assert before[View.EVENTS]
    assert record.compact().version is not None
    assert record.vacuum(versions=1).files > 0
    assert {view: view_rows(record.dyad("PRK", "RUS"), view, Wish()) for view in View} == before
    assert record.verify() == []


def test_a_removed_document_comes_back_with_its_version(record: Record) -> None:
    whole = record.store().snapshot().version - 1
    wanted = record.events(version=whole)
    assert record.events() != wanted
    record.restore(whole)
    assert record.events() == wanted
    assert record.verify() == []
