from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.pipeline import Record
from dragoman.pipeline.lookup import document_by_id, event_by_id, mentions_by_event
from dragoman.record import addresses, document_from, event_from, mention_from, rows_with


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, ten_pages: Path) -> Record:
    found = Record(tmp_path_factory.mktemp("lookup") / "record")
    pages = sorted(ten_pages.iterdir())
    found.add(*pages[:5])
    found.add(*pages[5:])
    return found


@pytest.mark.parametrize("compacted", [False, True])
def test_what_is_looked_up_is_what_a_scan_finds(record: Record, compacted: bool) -> None:
    if compacted:
        record.compact()
    snapshot = record.store().snapshot()
    assert addresses(snapshot, "events", "id") is not None
    for row in snapshot.rows("events"):
        assert event_by_id(snapshot, row["id"]) == event_from(row)
        mentions = rows_with(snapshot, "mentions", "event_id", [row["id"]])
        assert mentions_by_event(snapshot, row["id"]) == list(map(mention_from, mentions))
    for row in snapshot.rows("documents"):
        assert document_by_id(snapshot, row["id"]) == document_from(row)


def test_what_is_not_there_is_not_found(record: Record) -> None:
    snapshot = record.store().snapshot()
    assert event_by_id(snapshot, "e00000000000000000000") is None
    assert document_by_id(snapshot, "nothing") is None
    assert mentions_by_event(snapshot, "") == []
