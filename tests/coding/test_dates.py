from __future__ import annotations

from datetime import date

import pytest

from dragoman.coding.dates import expressions

THURSDAY = date(2024, 6, 20)


def read(text: str, published: date | None = THURSDAY, future: bool = False) -> list[str]:
    return [str(when.period) for when in expressions(text, 0, len(text), published, future)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Tuesday", "2024-06-18"),
        ("on Thursday", "2024-06-20"),
        ("last Thursday", "2024-06-13"),
        ("yesterday", "2024-06-19"),
        ("on June 19", "2024-06-19"),
        ("on 19 June 2023", "2023-06-19"),
        ("on December 31", "2023-12-31"),
        ("in March", "2024-03"),
        ("in November", "2023-11"),
        ("in March 2022", "2022-03"),
        ("in 2022", "2022"),
        ("last week", "week of 2024-06-10"),
        ("last month", "2024-05"),
        ("this year", "2024"),
        ("three days ago", "2024-06-17"),
        ("two weeks ago", "week of 2024-06-03"),
        ("13 months ago", "2023-05"),
        ("2024-06-01", "2024-06-01"),
        ("between 3 and 5 June", "week of 2024-06-03"),
        ("on June 7-12", "2024-06"),
        ("from 3 to 5 May 2022", "week of 2022-05-02"),
        ("last summer", "2023"),
        ("last spring", "2024"),
        ("this autumn", "2024"),
    ],
)
def test_words_for_the_past_are_read(text: str, expected: str) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("on Friday", "2024-06-21"), ("next month", "2024-07"), ("on June 19", "2025-06-19"), ("in March", "2025-03")],
)
def test_words_for_the_future_are_read_forward(text: str, expected: str) -> None:
    assert read(text, future=True) == [expected]


@pytest.mark.parametrize("text", ["on Tuesday", "yesterday", "last month", "on June 19", "in March"])
def test_without_a_publication_date_nothing_is_guessed(text: str) -> None:
    assert read(text, published=None) == []


@pytest.mark.parametrize(
    "text", ["on June 31", "on 30 February 2024", "several days ago", "soon", "May said", "last winter", "5 to 3 June"]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert read(text) == []


def test_several_expressions_come_in_the_order_of_the_text() -> None:
    assert read("on Tuesday, after talks on 3 May 2024") == ["2024-06-18", "2024-05-03"]
