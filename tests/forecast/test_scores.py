from __future__ import annotations

import numpy as np
import pytest

from dragoman.forecast.estimative import estimative
from dragoman.forecast.scores import brier, calibration_error, reliability, score, skill


def test_scores_of_a_worked_example() -> None:
    odds, outcomes = np.array([0.9, 0.8, 0.1, 0.4]), np.array([1.0, 1.0, 0.0, 1.0])
    assert brier(odds, outcomes) == pytest.approx((0.01 + 0.04 + 0.01 + 0.36) / 4)
    assert [(own.count, own.share) for own in reliability(odds, outcomes, 2)] == [(2, 0.5), (2, 1.0)]
    assert calibration_error(odds, outcomes, 2) == pytest.approx((2 * 0.25 + 2 * 0.15) / 4)
    assert score(odds, outcomes, {}, np.arange(4)).few


def test_skill_is_0_against_itself_and_1_when_perfect_and_seeded() -> None:
    draw = np.random.default_rng(1)
    outcomes = (draw.random(500) < 0.3).astype(float)
    flat, blocks = np.full(500, 0.3), np.arange(500) // 10
    assert skill(flat, flat, outcomes, blocks).value == 0
    perfect = skill(outcomes, flat, outcomes, blocks)
    assert (perfect.value, perfect.low, perfect.high) == (1, 1, 1)
    better = np.clip(flat + 0.2 * (outcomes - 0.3), 0, 1)
    found = skill(better, flat, outcomes, blocks)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.value < found.high
    assert skill(better, flat, outcomes, blocks * 0).low is None
    assert str(skill(better, flat, outcomes, blocks * 0)).endswith("no interval)")
    assert found == skill(better, flat, outcomes, blocks)


@pytest.mark.parametrize(
    ("odds", "word"),
    [(0.0, "almost no chance"), (0.05, "very unlikely"), (0.5, "roughly even chance"), (1.0, "almost certain")],
)
def test_odds_have_the_word_of_their_band(odds: float, word: str) -> None:
    assert estimative(odds) == word
