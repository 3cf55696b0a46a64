from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.forecast.questions import EventClass, Kind, Question
from dragoman.terms import Domain, EventType

WITH_DOMAIN = [Kind.WORD, Kind.DEED, Kind.DOMAIN]
CLASSES = st.one_of(
    st.sampled_from([EventClass(Kind.ANY), EventClass(Kind.WORD), EventClass(Kind.DEED)]),
    st.builds(
        lambda kind, d: EventClass(kind, d.value),
        st.sampled_from([Kind.WORD, Kind.DEED, Kind.DOMAIN]),
        st.sampled_from(Domain),
    ),
    st.builds(lambda kind: EventClass(Kind.TYPE, kind.value), st.sampled_from(EventType)),
    st.builds(lambda quad: EventClass(Kind.QUAD, str(quad)), st.integers(1, 4)),
    st.just(EventClass(Kind.INDICATOR, "arms-transfers")),
)


@given(CLASSES, st.integers(1, 3660), st.integers(1, 99))
def test_what_is_printed_is_read_back_the_same(event_class: EventClass, days: int, times: int) -> None:
    question = Question("PRK", "Islamic State", event_class, days, times)
    assert Question.parse(str(question)) == question


def test_a_question_reads_as_people_write_it() -> None:
    question = Question.parse("  PRK>RUS   deed:arms x3  90d ")
    assert (question.source, question.target, question.days, question.times) == ("PRK", "RUS", 90, 3)
    assert (question.event_class.kind, question.event_class.domain) == (Kind.DEED, Domain.ARMS)
    assert str(question) == "PRK>RUS deed:arms x3 90d"
    assert "at least 3 events (deed in the domain arms) from PRK to RUS" in question.rule


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PRK RUS deed 90d", "SOURCE>TARGET CLASS"),
        ("PRK>RUS deed:guns 90d", "write one of arms"),
        ("PRK>RUS quad:5 90d", "write one of 1, 2, 3, 4"),
        ("PRK>RUS type:HUG 90d", "AGREE"),
        ("PRK>RUS quad 90d", "quad:2"),
        ("PRK>RUS any:arms 90d", "stands alone"),
        ("PRK>RUS peace 90d", "write one of any, word"),
        ("PRK>RUS indicator:No_Key 90d", "joined by hyphens"),
        ("PRK>PRK deed 90d", "two actors"),
        ("PRK>RUS deed 0d", "1 to 3660"),
        ("PRK>RUS deed x0 9d", "at least 1"),
    ],
)
def test_a_wrong_question_says_what_was_found_and_what_to_write(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Question.parse(text)
