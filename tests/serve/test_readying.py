"""What readers ask for first is found before they ask, and a desk that starts again has it from its shelf."""

from __future__ import annotations

from pathlib import Path

from dragoman.pipeline import View
from dragoman.serve import Desk
from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.reading import ServedRecord
from dragoman.serve.readying import FIRST, Readier, ready_relation
from dragoman.serve.shelf import Shelf
from dragoman.serve.views import Look, view_key

TWO = Parties("PRK", "RUS")


def names() -> list[object]:
    return [view_key(Look(TWO, Outlook(), view, step)) for view, step in FIRST]


def test_the_first_pages_are_found_before_anybody_asks(desk: Desk) -> None:
    assert not any(desk.record.is_kept(name) for name in names())
    assert Readier(desk).ready() == desk.record.newest().version
    assert all(desk.record.is_kept(name) for name in names())
    assert desk.record.peek("activity") is not None


def test_a_desk_that_starts_again_finds_nothing_anew(desk: Desk, tmp_path: Path) -> None:
    shelf = tmp_path / "record.pages.sqlite"
    desk.record.keep_on(Shelf(shelf))
    ready_relation(desk.record, TWO, FIRST)
    again = ServedRecord(desk.record.location, desk.record.settings)
    again.keep_on(Shelf(shelf))
    assert all(again.is_kept(name) for name in names())
    ready_relation(again, TWO, FIRST)
    assert again.peek(view_key(Look(TWO, Outlook(), View.ERAS))) is None


def test_a_readier_that_is_stopped_begins_nothing_more(desk: Desk) -> None:
    readier = Readier(desk)
    readier.stop()
    readier.ready()
    assert not any(desk.record.is_kept(name) for name in names())
