"""What is kept in the process is of one state of the record, and no more than is allowed."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from dragoman.pipeline import Dyad, Record, View, Wish, happenings, view_rows
from dragoman.pipeline.remembered import Remembered, remembered

VIEWS = [view for view in View if view is not View.EVENTS]


def told(dyad: Dyad) -> dict[View, object]:
    return {view: view_rows(dyad, view, Wish()) for view in VIEWS}


def test_what_is_kept_is_not_looked_for_again() -> None:
    kept, asked = Remembered(), []

    def find() -> str:
        asked.append("once")
        return "found"

    assert [kept.get("now", "key", find, len) for _ in range(2)] == ["found", "found"]
    assert asked == ["once"]


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept = Remembered(most=10)
    kept.get("now", "a", lambda: "aaaa", len)
    kept.get("now", "b", lambda: "bbbb", len)
    kept.get("now", "a", lambda: "other", len)
    kept.get("now", "c", lambda: "cccc", len)
    assert kept.get("now", "a", lambda: "new", len) == "aaaa"
    assert kept.get("now", "b", lambda: "new", len) == "new"


def test_what_is_larger_than_all_that_may_be_kept_is_given_and_not_kept() -> None:
    kept = Remembered(most=3)
    assert kept.get("now", "a", lambda: "long", len) == "long"
    assert kept.get("now", "a", lambda: "new", len) == "new"


def test_of_states_that_nobody_asks_for_any_more_nothing_is_kept() -> None:
    kept = Remembered(most=100, most_states=2)
    for state in (1, 2):
        kept.get(state, "a", lambda: "aaaa", len)
        kept.get(state, "b", lambda: "bbbb", len)
    kept.get(1, "a", lambda: "new", len)
    kept.get(3, "a", lambda: "cccc", len)
    assert kept.get(1, "b", lambda: "new", len) == "bbbb"
    assert kept.get(3, "a", lambda: "new", len) == "cccc"
    assert [kept.get(2, what, lambda: "new", len) for what in ("a", "b")] == ["new", "new"]


def test_what_is_forgotten_is_looked_for_again() -> None:
    kept = Remembered(most=4)
    kept.get("now", "a", lambda: "aaaa", len)
    kept.forget()
    assert [kept.get("now", "a", lambda: "anew", len) for _ in range(2)] == ["anew", "anew"]


def test_nothing_is_kept_of_a_search_that_failed() -> None:
    kept = Remembered()
    with contextlib.suppress(IndexError):
        kept.get("now", "a", lambda: "found"[9], len)
    assert kept.get("now", "a", lambda: "new", len) == "new"


def test_a_new_document_is_seen_by_every_view_and_an_old_version_stays_as_it_was(
    tmp_path: Path, ten_pages: Path
) -> None:
    pages = sorted(ten_pages.iterdir())
    record = Record(tmp_path / "record")
    record.add(*pages[:6])
    before, version = told(record.dyad("PRK", "RUS")), record.store().snapshot().version
    record.add(*pages[6:])
    after = told(record.dyad("PRK", "RUS"))
    anew = Record(tmp_path / "copy" / "record")
    shutil.copytree(tmp_path / "record", tmp_path / "copy" / "record")
    assert after == told(anew.dyad("PRK", "RUS"))
    assert after[View.SERIES] != before[View.SERIES]
    assert told(record.dyad("PRK", "RUS", version=version)) == before


def test_another_record_at_the_same_place_is_another(tmp_path: Path, ten_pages: Path) -> None:
    found = []
    for pages in (sorted(ten_pages.iterdir())[:2], sorted(ten_pages.iterdir())[2:6]):
        shutil.rmtree(tmp_path / "record", ignore_errors=True)
        record = Record(tmp_path / "record")
        record.add(*pages)
        found.append({h.event.id for h in record.dyad("PRK", "RUS").happenings})
    assert found[0] != found[1]


def test_a_list_of_events_is_the_callers_own(tmp_path: Path, ten_pages: Path) -> None:
    record = Record(tmp_path / "record")
    record.add(ten_pages)
    snapshot = record.store().snapshot()
    first = happenings.load_happenings(snapshot, ("PRK", "RUS"))
    number = len(first)
    first.clear()
    assert len(happenings.load_happenings(snapshot, ("PRK", "RUS"))) == number > 0
    assert remembered(snapshot, "a name", lambda: 1) == remembered(snapshot, "a name", lambda: 2) == 1
