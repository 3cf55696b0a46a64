from __future__ import annotations

import pyarrow as pa
import pytest

from dragoman.record import content_digits
from dragoman.records import content_id


@pytest.mark.parametrize(
    "texts", [["1", "22", "", "22", "x" * 300], ["Zürich", "平壤", "a\tb\nc"], ["9" * 64], ["\x00", "\x00\x00"]]
)
def test_digits_of_a_column_are_those_of_each_value(texts: list[str]) -> None:
    found = content_digits(("gdelt", "é"), pa.array(texts, pa.string()))
    assert [f"e{digits}" for digits in found.to_pylist()] == [content_id("e", "gdelt", "é", text) for text in texts]


def test_a_part_of_a_column_is_hashed_as_that_part() -> None:
    column = pa.array(["a", "bb", "ccc", "dddd"]).slice(1, 2)
    assert content_digits((), column).to_pylist() == [content_id("", text) for text in ("bb", "ccc")]


def test_no_values_have_no_digits() -> None:
    assert content_digits(("gdelt",), pa.array([], pa.string())).to_pylist() == []
