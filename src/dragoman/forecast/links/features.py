"""All features of the candidates of some questions, from what is known on their day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links.expected import Expected
from dragoman.forecast.links.facts import Ints
from dragoman.forecast.links.naming import Naming
from dragoman.forecast.links.neighbours import Neighbours
from dragoman.forecast.links.protocol import Floats, Queries
from dragoman.forecast.links.recurrence import Recurrence, RuleMatches
from dragoman.forecast.links.standing import Question, Standing
from dragoman.forecast.links.view import EVER, Columns, DayView, LinkState, Picked, Proposal


class FeatureGroup(Protocol):
    """Some features of one kind; built for a day's questions."""

    def proposals(self) -> list[Proposal]:
        """Maps by which this group proposes candidates."""
        ...

    def columns(self, picked: Picked) -> Columns:
        """A value for every candidate, by name of the feature."""
        ...


@dataclass(frozen=True, slots=True)
class Featured:
    """Candidates with their features: row of the question and entity, candidates x names, and a score for the rest."""

    row: Ints
    entity: Ints
    values: Floats
    names: tuple[str, ...]
    rest: NDArray[np.floating]


def features_of(state: LinkState, queries: Queries) -> Featured:
    """Candidates and features of some questions of one day; entities that nobody proposes are ordered by activity."""
    view = DayView(state, queries)
    groups: list[FeatureGroup] = [
        Recurrence(view),
        RuleMatches(view),
        Standing(view),
        Question(view),
        Neighbours(view),
        Naming(view),
    ]
    if state.embedding is not None:
        groups.append(Expected(view, state.embedding))
    picked = Picked(view, [proposal for group in groups for proposal in group.proposals()])
    columns: Columns = {}
    for group in groups:
        columns |= group.columns(picked)
    values = np.empty((len(picked), len(columns)), dtype=np.float32)
    for i, column in enumerate(columns.values()):
        values[:, i] = column
    rest = view.activity[30.0] + 0.01 * view.activity[EVER]
    return Featured(picked.row, picked.entity, values, tuple(columns), rest)
