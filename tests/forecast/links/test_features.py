"""Features of candidates: what they count, and that they know nothing of the day they are asked about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dragoman.forecast.links.embedding import Embedding
from dragoman.forecast.links.facts import Facts, facts_of, together
from dragoman.forecast.links.features import Featured, features_of
from dragoman.forecast.links.kinds import kinds_of
from dragoman.forecast.links.protocol import Queries
from dragoman.forecast.links.view import NEVER, LinkState, highest
from worlds import NAMES, regular_world

QUERIES = Queries(20, np.array([0, 10]), np.array([1, 2]))


def state_after(facts: Facts, embedding: bool = False) -> LinkState:
    entities, relations = len(NAMES.entities), len(NAMES.relations)
    vectors = Embedding(entities, relations) if embedding else None
    state = LinkState(entities, relations, kinds_of(NAMES.entities), vectors)
    for day in np.unique(facts.day):
        state.observe(facts.of_days(int(day), int(day)))
    return state


def value(featured: Featured, row: int, entity: int, name: str) -> float:
    at = np.flatnonzero((featured.row == row) & (featured.entity == entity))[0]
    return float(featured.values[at, featured.names.index(name)])


def test_recurrence_counts_what_was_done_and_how_long_ago() -> None:
    # Aland accused Bland on days 6 and 18; Bland accused Aland on day 13.
    featured = features_of(state_after(facts_of([0, 0, 1], [1, 1, 1], [1, 1, 0], [6, 18, 13])), QUERIES)
    assert value(featured, 0, 1, "same_inf") == 2
    assert value(featured, 0, 1, "pair_inf") == 3
    assert value(featured, 0, 1, "inverse_inf") == 1
    assert value(featured, 0, 1, "same_since") == 2
    assert value(featured, 0, 1, "inverse_since") == 7
    assert value(featured, 0, 1, "same_2") == pytest.approx(0.5 + 2**-7)
    assert value(featured, 0, 1, "same_share_inf") == 1


def test_what_never_happened_is_told_apart_from_long_ago() -> None:
    featured = features_of(state_after(facts_of([0, 2], [1, 1], [1, 3], [6, 7])), QUERIES)
    assert value(featured, 0, 3, "same_since") == NEVER


def test_partners_of_partners_are_two_steps_away() -> None:
    featured = features_of(state_after(facts_of([0, 1], [0, 0], [1, 2], [19, 19])), QUERIES)
    assert value(featured, 0, 2, "two_steps_30") > 0
    assert value(featured, 0, 1, "two_steps_30") == 0


def test_names_tell_country_and_sector_of_pairs_that_never_met() -> None:
    # Armies of Aland and Bland fight their own citizens; the army of Cland has done nothing yet.
    facts = facts_of([5, 6, 7], [2, 2, 0], [15, 16, 17], [6, 7, 8])
    featured = features_of(state_after(facts), Queries(20, np.array([7]), np.array([2])))
    own, foreign = (value(featured, 0, entity, "backoff") for entity in (17, 16))
    assert own > foreign
    assert value(featured, 0, 17, "bond") == 1
    assert value(featured, 0, 16, "bond") == 2


@pytest.mark.parametrize("embedding", [False, True])
def test_features_are_blind_to_the_day_itself_and_after(embedding: bool) -> None:
    past = regular_world(20)
    leak = facts_of([0], [3], [14], [20])
    before = features_of(state_after(past, embedding), QUERIES)
    # Features of the days before must not change when later days are among the facts of the file.
    again = features_of(state_after(together(past, leak).of_days(0, 19), embedding), QUERIES)
    assert (before.values == again.values).all()


def test_a_planted_event_of_the_same_day_is_refused() -> None:
    state = state_after(together(regular_world(20), facts_of([0], [3], [14], [20])))
    with pytest.raises(ValueError, match="day 20"):
        features_of(state, QUERIES)


def test_features_of_a_question_do_not_depend_on_the_others_of_its_day() -> None:
    state = state_after(regular_world(20), embedding=True)
    both = features_of(state, QUERIES)
    alone = features_of(state, replace(QUERIES, subject=QUERIES.subject[:1], relation=QUERIES.relation[:1]))
    mine = both.row == 0
    assert both.entity[mine].tolist() == alone.entity.tolist()
    np.testing.assert_allclose(both.values[mine], alone.values, rtol=1e-4, atol=1e-4)


def test_no_feature_is_undefined() -> None:
    featured = features_of(state_after(regular_world(20), embedding=True), QUERIES)
    assert np.isfinite(featured.values).all()
    assert len(set(featured.names)) == len(featured.names) == featured.values.shape[1]


def test_highest_takes_positive_scores_alone() -> None:
    rows, columns = highest(np.array([[0.0, 3.0, 1.0, 2.0], [0.0, 0.0, 5.0, 0.0]]), 2)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 2)]
