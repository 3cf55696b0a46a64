from __future__ import annotations

import pytest

from dragoman.exchange.columns import clean, filled, misplaced, split_quoted, split_tabs
from dragoman.exchange.files import Block
from dragoman.terms import RefusalReason

NAMES = ("day", "name", "last")


def tabs(text: str | bytes) -> tuple[list[dict[str, str | None]], list[int], list[int]]:
    data = text if isinstance(text, bytes) else text.encode()
    rows = split_tabs(Block(data, 10), NAMES)
    return rows.table.to_pylist(), rows.lines.tolist(), [one.line for one in rows.rejected]


def test_lines_become_columns_with_null_for_empty() -> None:
    table, lines, rejected = tabs('1\tA\t\n2\t"B\tx')
    assert table == [{"day": "1", "name": "A", "last": None}, {"day": "2", "name": '"B', "last": "x"}]
    assert (lines, rejected) == ([10, 11], [])


def test_a_wrong_count_is_rejected_with_its_line_and_the_rest_is_kept() -> None:
    table, lines, rejected = tabs("1\tA\tx\n2\tB\n3\tC\tx\ty\n4\tD\tx\n")
    assert [row["day"] for row in table] == ["1", "4"]
    assert (lines, rejected) == ([10, 13], [11, 12])


def test_further_empty_cells_are_allowed_only_behind_a_filled_last_one() -> None:
    table, lines, rejected = tabs("1\tA\tx\t\t\n2\tB\t\t\n3\tC\tx\n")
    assert sorted((row["day"], line) for row, line in zip(table, lines, strict=True)) == [("1", 10), ("3", 12)]
    assert rejected == [11]


def test_empty_lines_are_passed_over() -> None:
    table, lines, rejected = tabs("1\tA\tx\n\n2\tB\tx\n")
    assert ([row["day"] for row in table], lines, rejected) == (["1", "2"], [10, 12], [])


def test_latin_and_windows_bytes_are_read_line_by_line() -> None:
    table, _, _ = tabs("1\tSão\tx\n".encode() + "2\tBogotá\tx\n".encode("latin-1") + b"3\t\x93q\x94\tx\n")
    assert [row["name"] for row in table] == ["São", "Bogotá", "“q”"]


def test_null_and_control_bytes_go_and_windows_line_ends_are_line_ends() -> None:
    assert clean(b"\xef\xbb\xbfa\x00b\x01c\r\nd\re\tf") == b"ab c\nd e\tf"


@pytest.mark.parametrize(
    "text", ['1\tA\t\n2\t"B\\\t\n', '1\tA\tx\n2\t"B\\\ty\nshort\n', "\n1\tA\tx\n\n\t\t\n2\tB\ty\n\n", "1\tA\tx"]
)
def test_the_lines_of_rows_hold_what_the_columns_hold(text: str) -> None:
    rows = split_tabs(Block(text.encode(), 1), NAMES, texts=True)
    assert rows.texts is not None
    assert [line.split("\t") for line in rows.texts.to_pylist()] == [
        [value or "" for value in row.values()] for row in rows.table.to_pylist()
    ]
    assert [text.split("\n")[number - 1] for number in rows.lines.tolist()] == rows.texts.to_pylist()


def test_a_row_with_further_empty_cells_keeps_its_line_as_it_came() -> None:
    rows = split_tabs(Block(b"1\tA\tx\t\t\n2\tB\ty\n", 1), NAMES, texts=True)
    assert rows.texts is not None
    assert sorted(rows.texts.to_pylist()) == ["1\tA\tx\t\t", "2\tB\ty"]


@pytest.mark.parametrize("text", [b"1\tA\tx\n2\tB\ty\n", b"1\tA\tx\nshort\n2\tB\ty\n"])
def test_only_the_columns_that_are_wanted_are_made(text: bytes) -> None:
    rows = split_tabs(Block(text, 1), NAMES, wanted=("last", "day"))
    assert rows.table.to_pylist() == [{"last": "x", "day": "1"}, {"last": "y", "day": "2"}]


def test_a_shifted_row_is_told_as_the_line_that_it_was() -> None:
    rows = split_tabs(Block(b"A\t1\tx\n", 1), NAMES, texts=True, wanted=("day",))
    _, (rejected,) = misplaced(rows, {"day": r"\d+"})
    assert rejected.text == "A\t1\tx"


def test_quoted_cells_may_hold_commas_and_lines() -> None:
    rows = split_quoted(['1,"A, b",x', '2,"B', 'c",y', '3,"say ""no""",z'], 5, NAMES)
    assert [row["name"] for row in rows.table.to_pylist()] == ["A, b", "B\nc", 'say "no"']
    assert rows.lines.tolist() == [5, 6, 8]


def test_a_lost_quote_costs_one_row() -> None:
    rows = split_quoted(['1,"A,x', *(f"{number},B,y" for number in range(2, 60))], 1, NAMES)
    assert rows.lines.tolist() == list(range(2, 60))
    assert [(one.line, one.reason) for one in rows.rejected] == [(1, RefusalReason.WRONG_COLUMNS)]


def test_a_value_that_cannot_stand_in_its_column_rejects_the_row() -> None:
    rows = split_tabs(Block(b"1\tA\tx\nB\t1\ty\n", 1), NAMES)
    bad, rejected = misplaced(rows, {"day": r"\d+"})
    assert bad.tolist() == [False, True]
    assert [(one.line, one.reason) for one in rejected] == [(2, RefusalReason.BAD_VALUE)]


def test_words_for_nothing_are_null() -> None:
    rows = split_tabs(Block(b"1\t NA \tx\n", 1), NAMES)
    assert filled(rows.table["name"], "NA").to_pylist() == [None]
