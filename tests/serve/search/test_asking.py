from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dragoman.serve.search import Piece, Wanted, find_documents, find_events, phrases_of
from dragoman.serve.search.rows import document_of, event_of
from dragoman.serve.search.tables import first_number, number_for, open_index

PRK = {"code": "PRK", "name": "North Korea", "sector": None}
RUS = {"code": "RUS", "name": "Russia", "sector": None}
NATO = {"code": "IGO", "name": "NATO", "sector": None}


def event_row(number: int, day: date | None, text: str, **changes: object) -> tuple[dict[str, object], dict[str, str]]:
    row = {
        "id": f"e{number:020x}",
        "date": day,
        "date_precision": "day" if day else None,
        "date_end": day,
        "source": [PRK],
        "target": [RUS],
        "type": "AID",
        "mode": None,
        "quad": 2,
        "factuality": "actual",
        "contested": False,
        "domain": "arms",
        "place": None,
        "mentions": [f"m{number}"],
        "first_reported": None,
        "provider": "dragoman",
        "dismissed": False,
    }
    return row | changes, {f"m{number}": text}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_index(tmp_path / "search.sqlite")) as opened:
        events = [
            event_row(1, date(2024, 6, 1), "North Korea shipped shells."),
            event_row(2, date(2024, 7, 1), "Pyongyang sent troops.", domain="troops"),
            event_row(3, None, "It sent shells again.", source=[NATO], type="THREATEN", quad=3),
            event_row(4, date.max, "Shells, shells, shells.", target=[]),
        ]
        for row, texts in events:
            made = event_of(row, texts)
            assert made is not None
            values = (number_for(made.id, made.day), made.first, made.second, made.tags, made.shown)
            opened.execute("INSERT INTO events (rowid, parties, told, tags, shown) VALUES (?, ?, ?, ?, ?)", values)
        for number, (title, body) in enumerate(
            [("Shells on the way", "Trains."), (None, "About shells & <b>trains</b>")]
        ):
            document = document_of(
                {
                    "id": f"d{number:020x}",
                    "title": title,
                    "standfirst": None,
                    "body": body,
                    "publisher": "Meridian",
                    "author": "Shells Shelley",
                    "available": date(2024, 6, 2),
                }
            )
            values = (
                number_for(document.id, document.day, number),
                *(document.first, document.second, document.tags, document.shown),
            )
            opened.execute("INSERT INTO documents (rowid, title, body, tags, shown) VALUES (?, ?, ?, ?, ?)", values)
        yield opened


def ids(connection: sqlite3.Connection, text: str = "", **wanted: object) -> list[int]:
    found = find_events(connection, Wanted(tuple(phrases_of(text)), **wanted))  # type: ignore[arg-type]
    return [int(row.id[1:], 16) for row in found.rows]


def test_without_words_the_newest_come_first_and_the_undated_last(connection: sqlite3.Connection) -> None:
    assert ids(connection) == [4, 2, 1, 3]


def test_an_actor_is_found_however_the_text_calls_it(connection: sqlite3.Connection) -> None:
    assert sorted(ids(connection, "DPRK")) == [1, 2, 4]
    assert ids(connection, "nato") == [3]


def test_words_are_found_by_their_stem_and_ranked(connection: sqlite3.Connection) -> None:
    assert ids(connection, "shell")[0] == 4
    assert ids(connection, "shell", newest_first=True) == [4, 1, 3]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((("domain", "arms"),), [4, 1, 3]),
        ((("type", "AID"), ("party", "rus")), [2, 1]),
        ((("source", "RUS"),), []),
        ((("target", "RUS"), ("domain", "troops")), [2]),
        ((("party", "IGO"),), [3]),
        ((("domain", "unknown"),), []),
    ],
)
def test_filters_keep_what_is_as_they_say(
    connection: sqlite3.Connection, kinds: tuple[tuple[str, str], ...], found: list[int]
) -> None:
    assert ids(connection, kinds=kinds) == found


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2024, 6, 1), date(2024, 6, 1), [1]),
        (date(2024, 6, 2), None, [4, 2]),
        (None, date(2024, 7, 1), [2, 1]),
        (date.min, date.max, [4, 2, 1]),
    ],
)
def test_days_are_both_included_and_leave_the_undated_out(
    connection: sqlite3.Connection, since: date | None, until: date | None, found: list[int]
) -> None:
    assert ids(connection, since=since, until=until) == found


def test_if_nothing_holds_all_words_some_are_enough(connection: sqlite3.Connection) -> None:
    found = find_events(connection, Wanted(tuple(phrases_of("troops zeppelin"))))
    assert (found.loose, [int(row.id[1:], 16) for row in found.rows]) == (True, [2])
    assert find_events(connection, Wanted(tuple(phrases_of("zeppelin quagga")))).count == 0


def test_a_word_can_be_left_out(connection: sqlite3.Connection) -> None:
    assert sorted(ids(connection, "shells -again")) == [1, 4]


def test_a_list_goes_on_where_the_page_before_ended(connection: sqlite3.Connection) -> None:
    assert [ids(connection, start=start, most=2) for start in (0, 2, 4)] == [[4, 2], [1, 3], []]


def test_the_words_are_marked_in_title_and_text_and_nothing_of_it_is_html(connection: sqlite3.Connection) -> None:
    first, second = find_documents(connection, Wanted(tuple(phrases_of("shells")))).rows
    assert first.title == [Piece("Shells", True), Piece(" on the way", False)]
    assert second.title == []
    assert second.text == [Piece("About ", False), Piece("shells", True), Piece(" & <b>trains</b>", False)]


def test_a_later_day_has_higher_numbers() -> None:
    numbers = [first_number(day) for day in (None, date.min, date(2024, 6, 1), date(2024, 6, 2), date.max)]
    assert numbers == sorted(set(numbers))
    assert (
        first_number(date(2024, 6, 1)) <= number_for("e" + "f" * 20, date(2024, 6, 1)) < first_number(date(2024, 6, 2))
    )
