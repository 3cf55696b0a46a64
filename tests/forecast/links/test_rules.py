"""Temporal rules, counted on a record small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.forecast.links.facts import Facts, facts_of
from dragoman.forecast.links.kinds import kinds_of
from dragoman.forecast.links.rules import LAGS, Rule, Rules, bucket_of
from dragoman.forecast.links.view import LinkState

RELATIONS = ("Pledge_aid", "Provide_aid")


def counted(facts: Facts) -> Rules:
    state = LinkState(3, 2, kinds_of(["Aland", "Bland", "Cland"]))
    for day in np.unique(facts.day):
        state.observe(facts.of_days(int(day), int(day)))
    return state.rules


def test_support_and_chances_are_counted_by_lag() -> None:
    # 0 pledges to 1 on days 0 and 10 and helps on days 1 and 10; 0 pledges to 2 on day 9 and never helps.
    rules = counted(facts_of([0, 0, 0, 0, 0], [0, 0, 0, 1, 1], [1, 1, 2, 1, 1], [0, 10, 9, 1, 10]))
    day_later = rules.rule(0, 0, 1)
    assert (day_later.support, day_later.chances) == (1, 2)  # helped on day 1; day 10 was a chance after day 9
    assert rules.rule(4, 0, 1).support == 1  # ten days later, in the bucket of 8 to 14 days


def test_what_happens_on_the_same_day_is_no_follower() -> None:
    rules = counted(facts_of([0, 0], [0, 1], [1, 1], [5, 5]))
    assert rules.support.sum() == 0


def test_answers_in_the_other_direction_are_rules_too() -> None:
    rules = counted(facts_of([0, 1], [0, 1], [1, 0], [1, 3]))
    assert rules.rule(1, 2, 1).support == 1  # from 1's side: B pledges to A, then A helps B
    assert rules.rule(1, 0, 1).support == 0


def test_confidence_is_drawn_toward_the_rate_of_the_head() -> None:
    rules = counted(facts_of([0, 0], [0, 1], [1, 1], [1, 2]))
    table = rules.confidence[0]
    assert table[0, 1] == pytest.approx((1 + 20 * 0.5) / 21)  # 1 of 1; two bodies, one of each side: rate 1 in 2
    assert 0 <= table.min() <= table.max() <= 1


def test_listed_rules_are_the_surest_with_enough_support() -> None:
    rules = counted(facts_of([0] * 8, [0, 1] * 4, [1] * 8, [1, 2, 11, 12, 21, 22, 31, 32]))
    listed = rules.listed(least_support=3, most=2)
    assert [(rule.body, rule.head, rule.first_lag, rule.support, rule.chances) for rule in listed] == [
        (0, 1, 1, 4, 4),
        (2, 3, 1, 4, 4),
    ]


def test_a_rule_reads_as_a_sentence() -> None:
    assert Rule(2, 1, 5, 7, 12, 40).sentence(RELATIONS) == (
        "B Pledge aid A, then A Provide aid B 5 to 7 days later: seen 12 of 40 times"
    )
    assert "1 day later" in Rule(0, 1, 1, 1, 1, 2).sentence(RELATIONS)
    assert "241 or more days later" in Rule(0, 1, 241, None, 1, 2).sentence(RELATIONS)


def test_buckets_begin_at_their_first_lag() -> None:
    assert bucket_of(np.array(LAGS)).tolist() == list(range(len(LAGS)))
    assert bucket_of(np.array([2, 4, 400])).tolist() == [1, 2, len(LAGS) - 1]
