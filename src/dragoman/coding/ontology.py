"""PLOVER's facts: the quad and score of every event type and mode.

Source: PLOVER manual of 2024, kept as data in `data/plover.json`. Where the manual contradicts itself the choice is
recorded in docs/decisions/0003: SANCTION is material conflict, ACCUSE scores -3.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from dragoman.terms import EventType

QUADS = MappingProxyType(
    {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4}
)


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What PLOVER says of one event type; scores run from -10 to +10."""

    quad: int
    score: float
    needs_recipient: bool
    meaning: str
    modes: MappingProxyType[str, float | None]


@cache
def ontology() -> MappingProxyType[EventType, TypeFacts]:
    """The facts of all sixteen types."""
    data = json.loads(files("dragoman.coding").joinpath("data/plover.json").read_text("utf-8"))
    return MappingProxyType(
        {
            EventType(name): TypeFacts(
                quad=QUADS[facts["quad"]],
                score=float(facts["score"]),
                needs_recipient=bool(facts["recipient_required"]),
                meaning=facts["meaning"],
                modes=MappingProxyType({mode: score for mode, (_, score) in facts["modes"].items()}),
            )
            for name, facts in data["events"].items()
        }
    )


def intensity(kind: EventType, mode: str | None) -> float:
    """PLOVER's score of the mode, or of the type where the mode is unknown or has none (-10 to +10)."""
    facts = ontology()[kind]
    score = facts.modes.get(mode) if mode else None
    return facts.score if score is None else float(score)
