"""Learning rows of pairs between which nothing goes on are alike; a few of them stand for the rest."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.samples import Samples

QUIET = 0.05
"""The faded count of all events of a pair (half-life 90 days), both ways, below which it is quiet."""

ONE_IN = 8
"""One of so many quiet rows without the event is kept, and stands for all of them."""


def thinned(samples: Samples, rows: Ints, outcomes: Floats) -> tuple[Ints, Floats]:
    """Places in `rows` that are kept, and how many rows each stands for."""
    going_on = samples.column("any_90")[rows] + samples.column("any_back_90")[rows]
    quiet = (going_on < QUIET) & (samples.column("own_ever")[rows] == 0) & (outcomes == 0)
    number = np.cumsum(quiet)
    kept = np.flatnonzero(~quiet | (number % ONE_IN == 1))
    share = quiet.sum() / max(1, int((quiet[kept]).sum()))
    return kept, np.where(quiet[kept], share, 1.0)
