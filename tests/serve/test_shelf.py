"""The shelf of pages: what was found is there after a new start, of that state alone; nothing rests on it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from dragoman.serve.shelf import Form, Shelf, shelf_beside

FORM: Form[list[int]] = Form(lambda found: json.dumps(found).encode(), json.loads)
STATE, LATER = ("record", 1), ("record", 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.pages.sqlite"


def opened(path: Path, state: tuple[str, int] = STATE, most: int = 10_000) -> Shelf:
    shelf = Shelf(path, most=most)
    shelf.open_for(state)
    return shelf


def test_what_was_kept_is_there_after_a_new_start(path: Path) -> None:
    shelf = opened(path)
    shelf.put(STATE, ("view", "PRK"), [1, 2], FORM)
    shelf.close()
    again = opened(path)
    assert again.has(("view", "PRK"))
    assert again.get(STATE, ("view", "PRK"), FORM) == [1, 2]
    assert again.get(STATE, ("view", "RUS"), FORM) is None


def test_a_newer_state_begins_an_empty_shelf_and_leaves_nothing_in_the_file(path: Path) -> None:
    shelf = opened(path)
    shelf.put(STATE, "words", [123456789], Form(lambda _: b"taken down " * 3, json.loads))
    shelf.open_for(LATER)
    assert not shelf.has("words")
    assert shelf.get(LATER, "words", FORM) is None
    shelf.close()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_what_was_found_of_an_older_state_is_not_kept_for_the_newer(path: Path) -> None:
    shelf = opened(path)
    shelf.open_for(LATER)
    shelf.put(STATE, "late", [1], FORM)
    assert not shelf.has("late")
    assert shelf.get(LATER, "late", FORM) is None


def test_two_desks_share_one_shelf(path: Path) -> None:
    one, other = opened(path), opened(path)
    one.put(STATE, "name", [3], FORM)
    assert other.get(STATE, "name", FORM) == [3]


def test_what_was_not_asked_for_the_longest_goes_first(path: Path) -> None:
    shelf = opened(path, most=300)
    for number in range(40):
        shelf.put(STATE, number, [number] * 3, FORM)
        assert shelf.get(STATE, 0, FORM) == [0, 0, 0]
    assert not shelf.has(1)
    assert shelf.has(39)


def test_a_file_that_is_no_shelf_is_made_anew(path: Path) -> None:
    path.write_bytes(b"no database at all, but some text " * 50)
    shelf = opened(path)
    shelf.put(STATE, "name", [4], FORM)
    assert shelf.get(STATE, "name", FORM) == [4]


def test_a_value_that_cannot_be_read_is_found_anew(path: Path) -> None:
    shelf = opened(path)
    shelf.put(STATE, "name", [5], Form(lambda _: b"{", json.loads))
    assert shelf.get(STATE, "name", FORM) is None


def test_what_cannot_be_written_down_is_not_kept(path: Path) -> None:
    shelf = opened(path)
    shelf.put(STATE, "name", object(), Form(lambda found: json.dumps(found).encode(), json.loads))
    assert not shelf.has("name")


def test_a_folder_that_cannot_be_written_keeps_nothing_and_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    shelf = opened(tmp_path / "file" / "record.pages.sqlite")
    shelf.put(STATE, "name", [6], FORM)
    assert shelf.get(STATE, "name", FORM) is None
    assert not shelf.has("name")


def test_the_shelf_lies_beside_the_index_of_search(tmp_path: Path) -> None:
    shelf = shelf_beside(tmp_path / "record.search.sqlite", "")
    shelf.open_for(STATE)
    assert (tmp_path / "record.pages.sqlite").exists()
