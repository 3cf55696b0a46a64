"""Where a series of words and deeds changes its level, and how surely.

The cost of a stretch is minus twice the log likelihood of its best constant course: Poisson for the counts of words and
of deeds, with the length of each period as exposure (McCullagh and Nelder 1989, chapter 6), and normal for the
intensities. Where counts vary more than Poisson counts do, their cost is divided by that dispersion (quasi-likelihood,
chapter 9 there). Intensities are measured from the mean of all words or of all deeds, so that a deed for a word is
counted once. Changes
are placed by PELT (Killick, Fearnhead and Eckley 2012) as `ruptures` has it, at a penalty in the form of the Bayesian
information criterion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import ruptures

PENALTY = 2.9
"""What one more change costs, in units of the logarithm of the number of periods.

Calibrated on constant Poisson series of 20 to 100 periods with 0.5 to 10 events a period, three in ten of them deeds,
and intensities of ten mixed scores: at most 0.4 false changes in 100 periods.
"""

SHORTEST = 50
"""A shorter series pays the penalty of one this long; without it, short ones show several times more false ones."""

RESAMPLES = 400
"""Bootstrap samples for the interval of a change."""

SEED = 2024
"""Of the bootstrap; fixed, so that the same events give the same interval."""

LEAST_VARIANCE = 1.0
"""Of intensities, in squared PLOVER points; PLOVER's scores lie half a point to several points apart."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """A series by period: words, deeds, days observed (more than none), and how intense the events were.

    `intensities` are summed by period, each event's measured from the mean of all words or of all deeds; `variance` is
    that of the single events about those means, in squared PLOVER points.
    """

    words: Sequence[int]
    deeds: Sequence[int]
    days: Sequence[float]
    intensities: Sequence[float]
    variance: float

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Noticeable:
    """How much must change for a change: the rate by a ratio, the share of deeds, or the points of mean intensity."""

    ratio: float
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """The first period of a new course, and the 90% interval of its place; indices of periods, from 0."""

    place: int
    low: int
    high: int


class CourseCost(ruptures.base.BaseCost):  # type: ignore[misc]
    """Minus twice the log likelihood of constant rates and a constant intensity, but for a constant."""

    model = "words, deeds and intensity"

    def __init__(self, course: Course, min_size: int) -> None:
        columns = np.column_stack((course.words, course.deeds, course.days, course.intensities)).astype(float)
        self.sums: Numbers = np.vstack((np.zeros((1, 4)), columns.cumsum(axis=0)))
        self.words_dispersion, self.deeds_dispersion = dispersions(course)
        self.variance = intensity_variance(course)
        self.min_size = min_size

    def fit(self, signal: Numbers) -> CourseCost:
        """Takes the signal for its length only; the sums are known already."""
        self.signal = signal
        return self

    def error(self, start: int, end: int) -> float:
        """The cost of the periods from `start` to `end` (exclusive)."""
        words, deeds, days, intensity = (self.sums[end] - self.sums[start]).tolist()
        cost = -2 * words * math.log(words / days) / self.words_dispersion if words > 0 else 0.0
        cost -= 2 * deeds * math.log(deeds / days) / self.deeds_dispersion if deeds > 0 else 0.0
        return float(cost - intensity**2 / (words + deeds) / self.variance if words + deeds > 0 else cost)

    def of(self, sums: Numbers) -> Numbers:
        """The costs of stretches whose words, deeds, days and intensities stand in the last axis."""
        words, deeds = np.maximum(sums[..., 0], 1e-12), np.maximum(sums[..., 1], 1e-12)
        days, intensity = sums[..., 2], sums[..., 3]
        cost = -2 * words * np.log(words / days) / self.words_dispersion
        cost = cost - 2 * deeds * np.log(deeds / days) / self.deeds_dispersion
        return np.asarray(cost - intensity**2 / (words + deeds) / self.variance, dtype=np.float64)


def find_changes(course: Course, shortest: int, noticeable: Noticeable) -> list[Change]:
    """The changes of the course, in order; no stretch between them has fewer than `shortest` periods."""
    if len(course) < 2 * shortest:
        return []
    cost = CourseCost(course, shortest)
    search = ruptures.Pelt(custom_cost=cost, min_size=shortest, jump=1).fit(np.zeros(len(course)))
    places = search.predict(pen=PENALTY * math.log(max(len(course), SHORTEST)))[:-1]
    places = _keep_noticeable(cost.sums, [int(place) for place in places], noticeable)
    edges = [0, *places, len(course)]
    generator = np.random.default_rng(SEED)
    return [Change(place, *_interval(cost, edges[i], place, edges[i + 2], generator)) for i, place in enumerate(places)]


def dispersions(course: Course) -> tuple[float, float]:
    """By what factor words and deeds vary more than Poisson counts would, each at least 1.

    Where the two swell and ebb together, both are the larger by their correlation, as they then say the same twice.
    """
    days = np.array(course.days, float)
    words, deeds = (_jumps(np.array(counts, float), days) for counts in (course.words, course.deeds))
    together = 0.0
    if words.any() and deeds.any():
        together = float((words * deeds).sum() / math.sqrt((words**2).sum() * (deeds**2).sum()))
    common = 1 + max(0.0, together - math.sqrt(1.5 / len(words)))
    return common * _dispersion(words, course.words), common * _dispersion(deeds, course.deeds)


def _jumps(counts: Numbers, days: Numbers) -> Numbers:
    """The differences of neighbouring periods, in standard deviations times the root of the pair's sum.

    Given their sum, two Poisson counts of equal rates are binomial.
    """
    share = days[:-1] / (days[:-1] + days[1:])
    return np.asarray((counts[:-1] - (counts[:-1] + counts[1:]) * share) / np.sqrt(share * (1 - share)))


def _dispersion(jumps: Numbers, counts: Sequence[int]) -> float:
    """From the jumps, so that few changes of level count for little; less what its own standard error can explain."""
    pairs = np.array(counts[:-1], float) + np.array(counts[1:], float)
    some = int((pairs > 0).sum())
    return max(1.0, float((jumps**2).sum() / pairs.sum()) - math.sqrt(3 / some)) if some else 1.0


def intensity_variance(course: Course) -> float:
    """The variance of an event's intensity about its period's level, in squared points.

    The larger of the variance over all events and what the differences of neighbouring periods' means amount to, so
    that events which come in like-minded clusters do not pass for a change.
    """
    counts = np.array(course.words, float) + np.array(course.deeds, float)
    some = counts > 0
    means, weights = np.array(course.intensities, float)[some] / counts[some], 1 / counts[some]
    between = np.diff(means) ** 2 / (weights[:-1] + weights[1:])
    return max(LEAST_VARIANCE, course.variance, float(between.mean()) if len(between) > 1 else 0.0)


def _keep_noticeable(sums: Numbers, places: list[int], noticeable: Noticeable) -> list[int]:
    """Takes out the least change, again and again, until every one left is noticeable."""
    while places:
        edges = [0, *places, len(sums) - 1]
        sizes = [_size(sums, edges[i], edges[i + 1], edges[i + 2], noticeable) for i in range(len(places))]
        least = min(range(len(places)), key=sizes.__getitem__)
        if sizes[least] >= 1:
            return places
        places = places[:least] + places[least + 1 :]
    return places


def _size(sums: Numbers, start: int, place: int, end: int, noticeable: Noticeable) -> float:
    """How large a change is, 1 being just noticeable."""
    before, after = sums[place] - sums[start], sums[end] - sums[place]
    earlier, later = before[0] + before[1], after[0] + after[1]
    if earlier == 0 or later == 0:
        return math.inf
    ratio = abs(math.log(later / after[2]) - math.log(earlier / before[2]))
    share = abs(after[1] / later - before[1] / earlier)
    points = abs(after[3] / later - before[3] / earlier)
    return float(max(ratio / math.log(noticeable.ratio), share / noticeable.share, points / noticeable.points))


def _interval(cost: CourseCost, start: int, place: int, end: int, generator: np.random.Generator) -> tuple[int, int]:
    """The 90% interval of the place, from series drawn anew from the periods on either side of it."""
    periods = np.diff(cost.sums, axis=0)
    before = periods[generator.integers(start, place, (RESAMPLES, place - start))]
    after = periods[generator.integers(place, end, (RESAMPLES, end - place))]
    sums = np.concatenate((before, after), axis=1).cumsum(axis=1)
    whole = sums[:, -1:]
    inner = slice(cost.min_size - 1, sums.shape[1] - cost.min_size)
    costs = cost.of(sums[:, inner]) + cost.of(whole - sums[:, inner])
    found = costs.argmin(axis=1) + start + cost.min_size
    low, high = np.quantile(found, (0.05, 0.95), method="nearest")
    return min(int(low), place), max(int(high), place)
