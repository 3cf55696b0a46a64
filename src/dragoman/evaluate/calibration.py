"""Whether confidences mean what they say: the gap between them and the share that is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

BINS = 10


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float | None:
    """The mean gap between confidence and share right over equal bins, weighted by size (0 to 1, lower is better).

    None without confidences. Source: Naeini, Cooper and Hauskrecht, AAAI 2015; ten bins as in Guo et al., ICML 2017.
    """
    if not confidences:
        return None
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in zip(confidences, right, strict=True):
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, hit))
    gaps = [abs(math.fsum(c for c, _ in group) - sum(hit for _, hit in group)) for group in groups.values()]
    return math.fsum(gaps) / len(confidences)
