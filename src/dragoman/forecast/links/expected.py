"""Features of the learned vectors: whom they expect, and how near subject and candidate lie."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.links.embedding import Embedding
from dragoman.forecast.links.protocol import Floats
from dragoman.forecast.links.view import Columns, DayView, Picked, Proposal


class Expected:
    """Whom the learned vectors expect."""

    def __init__(self, view: DayView, embedding: Embedding) -> None:
        self.view, self.embedding = view, embedding
        scores = embedding.scores(view.queries)
        scores -= scores.max(1, keepdims=True)
        self.share = np.exp(scores)
        total = self.share.sum(1, keepdims=True)
        self.log_share = scores - np.log(total)

    def proposals(self) -> list[Proposal]:
        """The most expected."""
        return [Proposal(self.share, 60)]

    def columns(self, picked: Picked) -> Columns:
        """Log of the share that the vectors give, its place, cosines of the vectors, the candidate's own bias."""
        view, cell = self.view, (picked.subject_row, picked.entity)
        log_share = self.log_share[picked.row, picked.entity].astype(np.float64)
        return {
            "expected": log_share,
            "expected_place": picked.rank(log_share),
            "expected_cosine": _cosines(self.embedding.objects.value, view)[cell],
            "subject_cosine": _cosines(self.embedding.subjects.value, view)[cell],
            "expected_bias": self.embedding.bias.value[picked.entity],
        }


def _cosines(vectors: Floats, view: DayView) -> Floats:
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    found: Floats = unit[view.subjects] @ unit.T
    return found
