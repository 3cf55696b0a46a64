from __future__ import annotations

from datetime import date, timedelta

import pytest

from chronicle import FIRST, happened, make_history
from dragoman.forecast.questions import Question
from dragoman.forecast.settling import Outcome, settle

ASKED = FIRST + timedelta(days=10)
EVERY_DAY = frozenset(FIRST + timedelta(days=day) for day in range(100))


def at(day: int) -> date:
    return FIRST + timedelta(days=day)


@pytest.mark.parametrize(
    ("days", "times", "today", "outcome"),
    [
        ((11,), 1, 12, Outcome.YES),
        ((20,), 1, 30, Outcome.YES),
        ((10,), 1, 30, Outcome.NO),
        ((21,), 1, 30, Outcome.NO),
        ((11,), 2, 30, Outcome.NO),
        ((11, 12), 2, 15, Outcome.YES),
        ((), 1, 20, Outcome.OPEN),
        ((25,), 1, 15, Outcome.OPEN),
    ],
)
def test_a_question_is_settled_by_its_rule(days: tuple[int, ...], times: int, today: int, outcome: Outcome) -> None:
    history = make_history(happened(0), *(happened(day) for day in days))
    found = settle(Question.parse(f"AAA>BBB quad:1 x{times} 10d"), ASKED, history, at(today), EVERY_DAY)
    assert found.outcome is outcome


def test_a_late_report_settles_only_once_it_is_known() -> None:
    history = make_history(happened(0), happened(15, known=at(40)))
    question = Question.parse("AAA>BBB quad:1 10d")
    assert settle(question, ASKED, history, at(30), EVERY_DAY).outcome is Outcome.NO
    later = settle(question, ASKED, history, at(40), EVERY_DAY)
    assert (later.outcome, len(later.events)) == (Outcome.YES, 1)


def test_silence_of_days_that_nobody_read_is_no_no() -> None:
    history = make_history(happened(0))
    question = Question.parse("AAA>BBB quad:1 10d")
    assert settle(question, ASKED, history, at(30), frozenset({at(0), at(30)})).outcome is Outcome.UNKNOWN
    assert settle(question, ASKED, history, at(30), frozenset({at(12)})).outcome is Outcome.OPEN
