"""Words of estimative probability, as the United States' Intelligence Community Directive 203 (2015) defines them."""

from __future__ import annotations

BANDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)
"""The odds below which each word stands."""


def estimative(odds: float) -> str:
    """The word for odds from 0 to 1."""
    return next(word for below, word in BANDS if odds < below)
