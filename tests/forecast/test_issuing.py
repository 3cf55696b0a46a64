from __future__ import annotations

from datetime import date

import pytest

from chronicle import happened, make_history, make_world, on
from dragoman.errors import ForecastError
from dragoman.forecast.issuing import issue
from dragoman.forecast.questions import Question

DAY = date.fromordinal(on(400))


def test_a_question_is_carried_from_features_to_odds_with_reasons_that_resolve() -> None:
    history = make_world()
    (found,) = issue(history, [Question.parse("AAA>BBB quad:1 14d")], DAY, 7)
    assert (found.model, found.record_version) == ("ensemble", 7)
    assert found.low <= found.odds <= found.high
    assert found.odds > 0.5
    known = set(history.known_by(on(400)).ids.tolist())
    cited = {event for told in found.reasons for event in told.events}
    assert cited
    assert cited <= known


def test_the_same_seed_gives_the_same_forecast_and_id() -> None:
    asked = [Question.parse("AAA>BBB quad:4 7d")]
    first, second = (issue(make_world(), asked, DAY, 7)[0] for _ in range(2))
    assert (first, first.id) == (second, second.id)


def test_later_events_change_nothing() -> None:
    asked = [Question.parse("AAA>BBB quad:4 7d")]
    history = make_world()
    early = date.fromordinal(on(300))
    assert issue(history, asked, early, 1) == issue(history.known_by(on(300)), asked, early, 1)


def test_a_small_record_says_so_and_falls_back_on_the_base_rate() -> None:
    history = make_history(*(happened(day) for day in range(0, 400, 40)))
    common, rare = issue(
        history, [Question.parse("AAA>BBB quad:1 14d"), Question.parse("BBB>AAA deed:arms 14d")], DAY, 1
    )
    assert common.model == rare.model == "base rate"
    assert any("too small for a model" in text for text in common.notes)
    assert any("no such event" in text for text in rare.notes)


def test_an_unknown_actor_is_no_error_but_too_small_to_say() -> None:
    (found,) = issue(make_world(), [Question.parse("AAA>ZZZ quad:1 14d")], DAY, 1)
    assert (found.low, found.high, found.model) == (0, 1, "none")
    assert "too small" in found.notes[0]


def test_a_day_before_the_record_is_an_error() -> None:
    with pytest.raises(ForecastError, match="no event known by"):
        issue(make_world(), [Question.parse("AAA>BBB quad:1 14d")], date(1990, 1, 1), 1)
