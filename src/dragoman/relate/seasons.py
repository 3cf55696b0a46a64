"""Which statements of one season are worded alike, found for all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from scipy import sparse

SPAN = 10
"""Days of the year whose statements are compared together."""

SHIFT = 2
"""By how much the days of two years may be numbered apart: a leap day, and the turn of a year of 365 days."""


def alike_in_season(
    days: Sequence[date], words: Sequence[Collection[str]], apart: int, likeness: float, enough: int
) -> list[list[int]]:
    """For each statement those of its day or before that are worded alike, by their places, the earliest first.

    They lie no more than `apart` days from the same day of some year, give or take `SHIFT`, have `enough` words, and
    the cosine of the two sets of words is at least `likeness`. How many words two sets share is told by a product of
    matrices, which is far quicker than to take each two sets.
    """
    found: list[list[int]] = [[] for _ in days]
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(word, len(numbers)) for own in words for word in own]
    bounds = np.append(0, np.cumsum([len(own) for own in words], dtype=np.int64))
    table = sparse.csr_array((np.ones(len(places), np.int32), places, bounds), (len(days), len(numbers)))
    sizes = np.diff(bounds)
    ordinals = np.array([day.toordinal() for day in days], np.int64)
    of_year = np.array([day.timetuple().tm_yday for day in days], np.int64)
    for first in range(1, 367, SPAN):
        ones = np.flatnonzero((of_year >= first) & (of_year < first + SPAN))
        # Days before the first of January lie at the end of the year, and those after its last day at the beginning.
        after = (of_year - (first - apart - SHIFT)) % 366
        others = np.flatnonzero(after < SPAN + 2 * (apart + SHIFT))
        shared = (table[ones] @ table[others].T).tocoo()
        one, other = ones[shared.coords[0]], others[shared.coords[1]]
        alike = shared.data / np.sqrt(sizes[one] * sizes[other]) >= likeness
        alike &= np.minimum(sizes[one], sizes[other]) >= enough
        alike &= (ordinals[other] <= ordinals[one]) & (one != other)
        for place, near in sorted(zip(one[alike].tolist(), other[alike].tolist(), strict=True)):
            found[place].append(near)
    return found
