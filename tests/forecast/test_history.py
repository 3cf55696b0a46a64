from __future__ import annotations

import pytest

from chronicle import FIRST, happened, make_history, on
from dragoman.forecast.history import Answer, most_active, with_answers
from dragoman.forecast.questions import EventClass

ROWS = (
    happened(1),
    happened(2, type="AID", quad=2, domain="arms"),
    happened(3, type="AGREE", factuality="pledged", domain="arms"),
    happened(4, type="ASSAULT", quad=4),
    happened(5, type="AID", quad=2, domain="arms", firm=False),
    happened(6, type="AID", quad=2, domain="arms", factuality="possible"),
    happened(7, target="AAA"),
    happened(8, day=None),
)


@pytest.mark.parametrize(
    ("event_class", "count"),
    [("any", 4), ("word", 2), ("deed", 2), ("deed:arms", 1), ("word:arms", 1), ("quad:4", 1), ("type:AID", 1),
     ("domain:arms", 2), ("indicator:arms", 0)],
)  # fmt: skip
def test_a_class_holds_what_counts_for_a_question(event_class: str, count: int) -> None:
    history = make_history(*ROWS)
    assert history.of(EventClass.parse(event_class)).sum() == count


def test_what_is_possible_or_without_a_day_is_left_out() -> None:
    assert len(make_history(*ROWS)) == 6


def test_an_event_stands_no_later_than_its_report() -> None:
    history = make_history(happened(30, known=FIRST))
    assert history.day.tolist() == history.known.tolist() == [on(0)]


def test_answers_are_rows_of_their_own_that_no_other_class_holds() -> None:
    history = make_history(*ROWS)
    event = ROWS[0]["id"]
    found = with_answers(history, [Answer("arms", event, "BBB", "AAA"), Answer("arms", "elsewhere", "BBB", "AAA")])
    rows = found.of(EventClass.parse("indicator:arms"))
    assert (len(found), rows.sum()) == (len(history) + 1, 1)
    assert found.parties[found.source[rows][0]] == "BBB"
    assert found.of(EventClass.parse("any")).sum() == history.of(EventClass.parse("any")).sum()


def test_the_most_active_do_most_abroad() -> None:
    history = make_history(*(happened(day, "CCC", "CCC") for day in range(9)), *ROWS)
    assert most_active(history, 1, ["CCC", "AAA", "ZZZ"]) == ("AAA",)
