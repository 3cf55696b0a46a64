"""A record written by the first version of the tables, kept so that every later one can be tested to open it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dragoman.pipeline import Record
from dragoman.record import FORMAT

KEPT = Path(__file__).with_name("first_version")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(shutil.copytree(KEPT, tmp_path / "record"))


def test_the_first_version_opens_and_holds_together(record: Record) -> None:
    snapshot = record.store().snapshot()
    assert (snapshot.commit["format"], len(snapshot.ids("documents"))) == (1, 10)
    assert record.verify() == []


def test_the_first_version_can_be_asked_and_briefed(record: Record) -> None:
    events = record.events("PRK", "RUS")
    assert events
    statements = [s for section in record.dyad("PRK", "RUS").brief().sections for s in section.statements]
    assert all(statement.citations for statement in statements)
    assert statements


def test_the_first_version_can_be_added_to(record: Record, tmp_path: Path) -> None:
    page = tmp_path / "new.txt"
    page.write_text(
        "North Korea condemned Japan\n\nNorth Korea condemned Japan on 3 May 2024 for its plans to rearm.\n", "utf-8"
    )
    assert record.add(page).added == 1
    assert record.verify() == []


def test_a_version_of_the_old_layout_can_be_restored_and_is_migrated_again(record: Record) -> None:
    last = record.store().snapshot().version
    before = record.events()
    record.compact()
    record.restore(last)
    assert record.store().snapshot().commit["format"] == 1
    assert record.events() == before
    record.compact()
    assert record.store().snapshot().commit["format"] == FORMAT
    assert record.verify() == []
