"""The coder's measured quality on texts that nobody tuned on, as the gate last wrote it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares between 0 and 1 over `texts` labelled texts; the set is named by the hash of its bytes."""

    texts: int
    precision: float
    recall: float
    f1: float
    factuality_accuracy: float
    claimant_accuracy: float
    false_events_on_empty: float
    heldout_sha256: str


@cache
def measured() -> Measured:
    """What `evals/gate.py --write` stored; a test holds that it is what the coder scores now."""
    text = files("dragoman.evaluate").joinpath("data/measured.toml").read_text("utf-8")
    return Measured(**tomllib.loads(text))
