"""Krippendorff's alpha: how far coders agree beyond what chance would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def krippendorff_alpha(units: Iterable[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for nominal data; a unit holds each coder's value, None where one gave none.

    1 is perfect agreement, 0 what chance gives, below 0 systematic disagreement. None where it is not defined: fewer
    than two values can be paired, or all of them are the same, so that there is nothing to agree about.

    Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania: alpha is 1 minus
    the observed disagreement over the expected one, both from the matrix of coincidences, into which each pair of
    values of a unit enters with weight 1/(m-1), m being the number of the unit's values.
    """
    totals: Counter[Hashable] = Counter()
    agreeing = 0.0
    for unit in units:
        values = Counter(value for value in unit if value is not None)
        paired = values.total()
        if paired < 2:
            continue
        totals.update(values)
        agreeing += sum(count * (count - 1) for count in values.values()) / (paired - 1)
    total = totals.total()
    if total < 2:
        return None
    expected = 1 - sum(count * (count - 1) for count in totals.values()) / (total * (total - 1))
    if expected == 0:
        return None
    return 1 - (1 - agreeing / total) / expected
