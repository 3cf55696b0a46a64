"""Features of third parties: partners of partners, partners of similar subjects, entities like the partners so far."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from dragoman.forecast.links.history import Weights
from dragoman.forecast.links.view import Columns, DayView, Picked, Proposal, share

CLOSEST = 50
"""Similar subjects whose partners are looked at."""

ALIKE = 0.05
"""Cosine of partners from which two subjects count as alike under a relation."""


class Neighbours:
    """What others who are near the subject do."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        recent = view.once("recent", lambda: view.matrix(30.0))
        week = view.once("week", lambda: view.matrix(7.0))
        steps = view.once("steps", lambda: _scaled(recent, np.asarray(recent.sum(1)).ravel(), least=1.0))
        unit, turned = view.once("unit", lambda: _unit(view.matrix(120.0)))
        self.likeness = (unit[view.subjects] @ turned).toarray()
        self.likeness[np.arange(len(view.subjects)), view.subjects] = 0
        self.two_steps = (steps[view.subjects] @ steps).toarray()
        self.two_steps_week = (week[view.subjects] @ week).toarray()
        self.of_alike = (sparse.csr_matrix(_highest_only(self.likeness, CLOSEST)) @ recent).toarray()
        self.of_alike_same = self._of_alike_same()
        same = view.same
        shape = (len(view), view.entities)
        targets = sparse.csr_matrix(
            (view.decay(120.0)[same.event], (same.row, view.history.object[same.event])), shape=shape
        )
        self.like_targets = ((targets @ unit) @ turned).toarray()

    def proposals(self) -> list[Proposal]:
        """The nearest by each way."""
        rows = self.view.subject_row
        return [
            Proposal(self.of_alike_same, 60),
            Proposal(self.two_steps, 30, rows),
            Proposal(self.of_alike, 30, rows),
            Proposal(self.like_targets, 30),
        ]

    def columns(self, picked: Picked) -> Columns:
        """Scores by each way."""
        cell, own = (picked.subject_row, picked.entity), (picked.row, picked.entity)
        return {
            "two_steps_30": self.two_steps[cell],
            "two_steps_7": self.two_steps_week[cell],
            "likeness": self.likeness[cell],
            "of_alike": self.of_alike[cell],
            "of_alike_same": self.of_alike_same[own],
            "of_alike_same_share": share(self.of_alike_same[own], self.of_alike_same.sum(1)[picked.row]),
            "like_targets": self.like_targets[own],
        }

    def _of_alike_same(self) -> Weights:
        """What similar subjects did under the question's relation, questions x entities."""
        view, found = self.view, self.view.of_relation
        alike = sparse.csr_matrix(np.where(self.likeness > ALIKE, self.likeness, 0))
        weights = view.decay(120.0)
        scores = np.zeros((len(view), view.entities))
        ends = np.searchsorted(found.row, np.arange(len(view.relations) + 1))
        for i in range(len(view.relations)):
            events = found.event[ends[i] : ends[i + 1]]
            rows = np.flatnonzero(view.relation_row == i)
            did = sparse.csr_matrix(
                (weights[events], (view.history.subject[events], view.history.object[events])),
                shape=(view.entities, view.entities),
            )
            scores[rows] = (alike[view.subject_row[rows]] @ did).toarray()
        return scores


def _unit(matrix: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Logarithms of counts, each row of length 1; and the same turned around."""
    matrix.data = np.log1p(matrix.data)
    unit = _scaled(matrix, np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel()))
    return unit, sparse.csr_matrix(unit.T)


def _scaled(matrix: sparse.csr_matrix, sizes: Weights, least: float = 1e-9) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(sizes, least)) @ matrix)


def _highest_only(values: Weights, most: int) -> Weights:
    most = min(most, values.shape[1] - 1)
    cut = -np.partition(-values, most, axis=1)[:, most]
    return np.where(values < cut[:, None], 0, values)
