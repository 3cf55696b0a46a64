"""Statements alike in season are those that comparing every two finds."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from dragoman.relate.occasions import in_year
from dragoman.relate.ritual import wording_likeness
from dragoman.relate.seasons import alike_in_season


@pytest.mark.parametrize("seed", range(4))
def test_all_of_a_season_are_found_whatever_the_year(seed: int) -> None:
    chance = random.Random(seed)
    turns = [date(year, 12, 31) for year in range(2019, 2026)] + [date(2020, 2, 29), date(2024, 2, 29)]
    days = sorted(chance.choice(turns) + timedelta(days=chance.randint(-40, 40)) for _ in range(150))
    words = [frozenset(chance.sample("abcdefgh", chance.randint(2, 6))) for _ in days]
    found = alike_in_season(days, words, 10, 0.4, 4)
    for place, day in enumerate(days):
        for other, known in enumerate(days):
            years = [in_year(day, year) for year in range(2017, day.year)]
            near = known <= day and any(abs((known - middle).days) <= 10 for middle in years)
            if near and (wording_likeness(words[place], words[other]) or 0) >= 0.4:
                assert other in found[place]
        assert found[place] == sorted(set(found[place]))
        assert all(days[other] <= day for other in found[place])
        assert all((wording_likeness(words[place], words[other]) or 0) >= 0.4 for other in found[place])


def test_no_statement_is_like_none() -> None:
    assert alike_in_season([], [], 10, 0.4, 4) == []
