"""The promise of the changes: what is planted is found, and what is constant shows hardly any."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dragoman.relate.changes import Change, Course, Noticeable, dispersions, find_changes, intensity_variance

SHORTEST = 6
NOTICEABLE = Noticeable(ratio=1.4, share=0.15, points=1.0)
WORDS = ((2.5, 4.0, 5.0, -3.0, -3.5, 0.5), (0.3, 0.2, 0.2, 0.1, 0.1, 0.1))
DEEDS = ((10.0, 9.5, -6.0, -9.0), (0.4, 0.3, 0.2, 0.1))
NEAR = 2
"""A planted change is found within so many periods; a change further than this from every planted one is false."""


def drawn(generator: np.random.Generator, rates: list[float], deeds_share: float = 0.3) -> Course:
    """A series with Poisson counts of these rates and intensities of a mixed relation."""
    counts = generator.poisson(rates)
    deeds = generator.binomial(counts, deeds_share)
    sums = np.zeros(len(rates))
    every: list[float] = []
    for numbers, (scores, weights) in ((counts - deeds, WORDS), (deeds, DEEDS)):
        kind = [generator.choice(scores, int(number), p=weights) for number in numbers]
        level = float(np.concatenate(kind).mean()) if numbers.any() else 0.0
        sums += [float((period - level).sum()) for period in kind]
        every += [float(points - level) for period in kind for points in period]
    variance = float(np.var(every)) if every else 0.0
    return Course((counts - deeds).tolist(), deeds.tolist(), [7.0] * len(rates), sums.tolist(), variance)


def planted(generator: np.random.Generator, least: float, most: float) -> tuple[list[float], list[int]]:
    """Rates of 3 or more, changed by a factor between `least` and `most` after stretches of 26 to 52 periods."""
    rate = math.exp(generator.uniform(math.log(3), math.log(16)))
    rates, places = [rate] * int(generator.integers(26, 53)), []
    for _ in range(int(generator.integers(1, 5))):
        factor = generator.uniform(least, most)
        up = rate / factor < 3 or (rate * factor < 40 and generator.random() < 0.5)
        rate = rate * factor if up else rate / factor
        places.append(len(rates))
        rates += [rate] * int(generator.integers(26, 53))
    return rates, places


@pytest.mark.parametrize(("least", "most"), [(2.0, 2.0), (2.0, 4.0)])
def test_nine_of_ten_planted_changes_are_found_within_two_periods(least: float, most: float) -> None:
    generator = np.random.default_rng(5)
    near = all_planted = false = periods = 0
    for _ in range(60):
        rates, places = planted(generator, least, most)
        found = [change.place for change in find_changes(drawn(generator, rates), SHORTEST, NOTICEABLE)]
        near += sum(any(abs(place - other) <= NEAR for other in found) for place in places)
        false += sum(all(abs(place - other) > NEAR for place in places) for other in found)
        all_planted, periods = all_planted + len(places), periods + len(rates)
    assert near / all_planted >= 0.9
    assert false / periods * 100 <= 1


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0, 10.0])
def test_a_constant_course_shows_less_than_one_change_in_a_hundred_periods(rate: float) -> None:
    generator = np.random.default_rng(7)
    found = sum(len(find_changes(drawn(generator, [rate] * 60), SHORTEST, NOTICEABLE)) for _ in range(60))
    assert found / 36 <= 1


def test_the_interval_holds_the_planted_change_in_most_series() -> None:
    generator = np.random.default_rng(11)
    held = 0
    for _ in range(60):
        found = find_changes(drawn(generator, [3.0] * 30 + [7.0] * 30), SHORTEST, NOTICEABLE)
        held += any(change.low <= 30 <= change.high for change in found)
    assert held >= 48


def test_the_same_course_gives_the_same_changes_and_intervals() -> None:
    course = drawn(np.random.default_rng(1), [3.0] * 30 + [9.0] * 30)
    (first,) = find_changes(course, SHORTEST, NOTICEABLE)
    assert find_changes(course, SHORTEST, NOTICEABLE) == [first]
    assert first.low <= first.place <= first.high


def course_of(words: list[int], deeds: list[int] | None = None, intensities: list[float] | None = None) -> Course:
    zeros = [0] * len(words)
    return Course(words, deeds or zeros, [30.0] * len(words), intensities or [0.0] * len(words), 1.0)


def test_a_change_from_words_to_deeds_is_one_though_the_rate_stays() -> None:
    found = find_changes(course_of([4, 5, 3, 4] * 5 + [1, 0, 2, 1] * 5, [0] * 20 + [3, 4, 3, 3] * 5), 4, NOTICEABLE)
    assert [change.place for change in found] == [20]


def test_a_change_from_friendly_to_hostile_is_one_though_the_rate_stays() -> None:
    found = find_changes(course_of([3] * 40, None, [9.0] * 20 + [-9.0] * 20), 4, NOTICEABLE)
    assert found == [Change(20, 20, 20)]


def test_one_burst_is_no_change() -> None:
    assert find_changes(course_of([1, 2, 1, 1, 2, 1, 1, 14, 1, 2, 1, 1, 1, 2, 1, 1]), 4, NOTICEABLE) == []


def test_a_change_too_small_to_notice_is_none() -> None:
    assert find_changes(course_of([300] * 30 + [360] * 30), SHORTEST, NOTICEABLE) == []


def test_a_course_too_short_for_two_stretches_has_no_change() -> None:
    assert find_changes(course_of([0, 0, 0, 9, 9, 9, 9]), 4, NOTICEABLE) == []


def test_counts_that_come_in_bursts_are_dispersed_and_even_ones_are_not() -> None:
    bursts, even = dispersions(course_of([0, 9, 0, 0, 8, 0, 9, 0] * 4, [2] * 32))
    assert bursts > 3
    assert even == 1


def test_words_and_deeds_that_swell_together_count_as_more_dispersed() -> None:
    alone, _ = dispersions(course_of([0, 6, 0, 6, 0, 6, 0, 6]))
    together, _ = dispersions(course_of([0, 6, 0, 6, 0, 6, 0, 6], [0, 2, 0, 2, 0, 2, 0, 2]))
    assert together > alone


def test_intensities_never_seem_surer_than_the_scale_allows() -> None:
    assert intensity_variance(course_of([1, 1, 1])) == 1.0
