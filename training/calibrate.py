"""Fits the confidence of pairs on training text that the encoder was not fitted on, through the coder's own code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from dragoman.coding import Coder
from dragoman.coding.candidates import Candidate
from dragoman.coding.weighing import FEATURES, Pair
from dragoman.evaluate import expected_calibration_error
from dragoman.records import Document
from training.markup import NONE, Labelled, Spanned


@dataclass(frozen=True, slots=True)
class Rated:
    """A pair that the coder put forward, and whether the labels bear it out."""

    pair: Pair
    right: bool


def rated_pairs(sentences: Sequence[Labelled], coder: Coder) -> Iterator[Rated]:
    """Every pair of every sentence, right if an event of its type has a source and target that overlap its own."""
    for labelled in sentences:
        document = Document(None, None, labelled.text)
        for work, sentence in coder.sentences(document):
            phrases, pairs, _ = work.pairs(sentence, work.deeds(sentence, []))
            offset = work.paragraph.offset
            for pair in pairs:
                yield Rated(pair, _is_right(pair, phrases, labelled, sentence.start, work, offset))


def _is_right(
    pair: Pair, phrases: Sequence[Candidate], labelled: Labelled, first: int, work: object, offset: int
) -> bool:
    doc = work.paragraph.doc  # type: ignore[attr-defined]

    def covers(index: int, marked: Sequence[Spanned]) -> bool:
        phrase = phrases[index].phrase
        head = doc[first + phrase.head]
        start = doc[first + phrase.start].idx + offset
        end = doc[first + phrase.end - 1].idx + len(doc[first + phrase.end - 1]) + offset
        at = head.idx + offset
        return any(m.start <= at < m.end or (start < m.end and m.start < end and m.end - m.start < 40) for m in marked)

    word = doc[first + pair.trigger]
    place = (word.idx + offset, word.idx + len(word) + offset)
    for event in labelled.events:
        if event.type == NONE or event.type != pair.kind or not covers(pair.source, event.sources):
            continue
        same_kind = [e for e in labelled.events if e.type == event.type]
        if len(same_kind) > 1 and event.predicate and not _near(place, event.predicate):
            continue
        if pair.target is None and not event.targets:
            return True
        if pair.target is not None and covers(pair.target, event.targets):
            return True
    return False


def _near(place: tuple[int, int], marked: Spanned) -> bool:
    return place[0] < marked.end + 12 and marked.start - 12 < place[1]


def fit_weights(rated: Sequence[Rated], path: Path, accept: float) -> dict[str, float]:
    """Fit the logistic function, store it, and give its expected calibration error on the same pairs by halves."""
    features = np.array([r.pair.features for r in rated])
    right = np.array([r.right for r in rated])
    model = LogisticRegression(C=0.5, max_iter=2000).fit(features, right)
    values = dict(zip(FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    stored = {"intercept": round(float(model.intercept_[0]), 4), "weights": values, "accept": accept}
    path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    crossed = np.zeros(len(right))
    for half in (0, 1):
        inside = np.arange(len(right)) % 2 == half
        part = LogisticRegression(C=0.5, max_iter=2000).fit(features[~inside], right[~inside])
        crossed[inside] = part.predict_proba(features[inside])[:, 1]
    return {
        "pairs": len(right),
        "right": int(right.sum()),
        "ece": expected_calibration_error(crossed.tolist(), right.tolist()) or 0.0,
    }
