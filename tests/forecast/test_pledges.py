from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from chronicle import happened, make_history, on
from dragoman.forecast.features import Pairs
from dragoman.forecast.known import Known
from dragoman.forecast.pledges import curve, open_words, pledge_columns


def test_the_curve_is_that_of_lifelines() -> None:
    draw = np.random.default_rng(0)
    waited, followed = draw.integers(1, 60, 80), draw.random(80) < 0.4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter

        fitted = KaplanMeierFitter().fit(waited, followed).survival_function_at_times([10, 30, 50]).to_numpy()
    own = curve(waited, followed)
    assert own.waiting[[10, 30, 50]] == pytest.approx(fitted)


def test_an_open_pledge_has_the_odds_of_those_that_waited_as_long() -> None:
    pledge: dict[str, Any] = {"type": "AGREE", "factuality": "pledged"}
    deed: dict[str, Any] = {"type": "AID", "quad": 2}
    history = make_history(
        happened(0, **pledge), happened(10, **deed), happened(100, "CCC", "AAA", **pledge),
        happened(130, "BBB", "AAA", **pledge),
    )  # fmt: skip
    numbers = history.numbers
    pairs = Pairs(np.array([numbers["BBB"], numbers["AAA"]]), np.array([numbers["AAA"], numbers["BBB"]]), 3)
    found = pledge_columns(Known(history, on(135)), pairs, (10,))
    assert found["pledges_open"].tolist() == [1, 0]
    # Three words have waited 10 days or not; one of the two that did was followed then.
    assert found["pledge_odds_10"][0] == pytest.approx(1 / 2)
    assert len(open_words(history, on(135), numbers["BBB"], numbers["AAA"], "pledge")) == 1
