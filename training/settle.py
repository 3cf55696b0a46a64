"""Fits how likely a report settles a promise: the weights of `relate.likening`, on `corpora/ledger/`.

`python -m training.settle`, a minute; writes `relate/data/likening.json` and `commonness.json`. Beside the labelled
pairs it learns from transplanted ones: a promise beside what settled another promise, told of its own parties. In a
record most later deeds are such, and between the same two.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from dragoman.coding import gazetteer
from dragoman.evaluate.ledger import LedgerPair, load_ledger_pairs
from dragoman.relate.alike import content_words
from dragoman.relate.likening import NONE, SETTLED, signs
from dragoman.relate.settling import Verdict, bar, rule_match
from dragoman.relate.told import tell
from training.markup import load

ROOT = Path(__file__).parents[1]
PAIRS = ROOT / "corpora" / "ledger"
DATA = ROOT / "src" / "dragoman" / "relate" / "data"
CLASSES = (NONE, *SETTLED)
SEED, FOREIGN, FOREIGN_WEIGHT, SOFTNESS = 1, 2, 0.3, 0.3
LEAST_COMMON = 20
THRESHOLD = 0.25
"""Chosen by cross validation on `corpora/ledger/`: where F1 is level between 0.2 and 0.3."""

Signs = dict[str, float]


def main() -> int:
    """Fit, tell the cross-validated scores, write the weights."""
    write_commonness()
    pairs = [pair for path in sorted(PAIRS.glob("*.jsonl")) for pair in load_ledger_pairs(path)]
    foreign = list(transplanted(pairs))
    rows = [(pair, found, 1.0) for pair in pairs if (found := signs_of(pair)) is not None]
    rows += [(pair, found, FOREIGN_WEIGHT) for pair in foreign if (found := signs_of(pair)) is not None]
    names = sorted({name for _, found, _ in rows for name in found})
    matrix = np.array([[found.get(name, 0.0) for name in names] for _, found, _ in rows])
    labels = np.array([pair.label.value for pair, _, _ in rows])
    weights = np.array([weight for _, _, weight in rows])
    groups = [hash_of(pair.pledge) for pair, _, _ in rows]
    shares = np.zeros((len(rows), len(CLASSES)))
    for train, test in GroupKFold(8).split(matrix, labels, groups):
        shares[test] = _shares(_fit(matrix[train], labels[train], weights[train]), matrix[test])
    own = weights == 1
    report = scores(labels[own], shares[own])
    sys.stderr.write(f"{len(pairs)} pairs, {len(rows) - int(own.sum())} transplanted; cross-validated: {report}\n")
    model = _fit(matrix, labels, weights)
    order = [list(model.classes_).index(name) for name in CLASSES]
    bearing = float((weights * (labels != NONE)).sum() / weights.sum())
    (DATA / "likening.json").write_text(
        json.dumps(
            {
                "classes": CLASSES,
                "constants": [round(float(value), 4) for value in model.intercept_[order]],
                "signs": {
                    name: [round(float(value), 4) for value in model.coef_[order, place]]
                    for place, name in enumerate(names)
                },
                "threshold": THRESHOLD,
                "prior": round(bearing, 4),
                "fitted_on": len(pairs),
                "cross_validated": report,
            },
            indent=1,
        )
        + "\n",
        "utf-8",
    )
    return 0


def signs_of(pair: LedgerPair) -> Signs | None:
    """The signs of a pair; None where the rules bar it whatever it says."""
    pledge, deed = tell(pair.pledge_happening()), tell(pair.deed_happening())
    if bar(pledge, deed) or deed.standing not in ("confirmed", "reported"):
        return None
    return signs(pledge, deed, rule_match(pledge, deed).score)


def transplanted(pairs: Sequence[LedgerPair]) -> Iterator[LedgerPair]:
    """Each pledge beside what settled others, told of its own parties: some of any domain, as many of its own."""
    chance = random.Random(SEED)
    settled = [pair for pair in pairs if pair.label is not Verdict.NONE]
    for pledge in {pair.pledge: pair for pair in reversed(pairs)}.values():
        others = [p for p in settled if p.pledge != pledge.pledge and _is_threat(p) is _is_threat(pledge)]
        near = [p for p in others if p.deed_domain is not None and p.deed_domain is pledge.pledge_domain]
        for pool in (others, near):
            for other in chance.sample(pool, min(FOREIGN, len(pool))):
                yield _moved(pledge, other)


def _moved(pledge: LedgerPair, other: LedgerPair) -> LedgerPair:
    back = other.deed_source == other.target
    source, target = (pledge.target, pledge.source) if back else (pledge.source, pledge.target)
    deed = other.deed.replace(_name(other.source), _name(pledge.source)).replace(
        _name(other.target), _name(pledge.target)
    )
    lag = max(2, (other.deed_date - other.pledge_date).days)
    return dataclasses.replace(
        pledge,
        id=f"{pledge.id} beside {other.id}",
        deed=deed,
        deed_date=pledge.pledge_date + timedelta(days=lag),
        deed_source=source,
        deed_target=target if other.deed_target else "",
        deed_type=other.deed_type,
        deed_domain=other.deed_domain,
        deed_factuality=other.deed_factuality,
        deed_claimant=None,
        label=Verdict.NONE,
    )


def _is_threat(pair: LedgerPair) -> bool:
    return not tell(pair.pledge_happening()).happening.is_cooperation


def _name(label: str) -> str:
    state = gazetteer().states.get(label)
    return state.name if state is not None else label


def hash_of(text: str) -> int:
    """A number for a text that is the same in every process."""
    return int.from_bytes(text.encode()[-8:], "big") + len(text)


def scores(labels: np.ndarray, shares: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 of pair against none, and the accuracy of the label of what is a pair."""
    told = 1 - shares[:, 0] >= THRESHOLD
    wanted = labels != NONE
    both = told & wanted
    named = np.array(SETTLED)[shares[both, 1:].argmax(1)]
    return {
        "precision": round(float(both.sum() / told.sum()), 3),
        "recall": round(float(both.sum() / wanted.sum()), 3),
        "f1": round(float(2 * both.sum() / (told.sum() + wanted.sum())), 3),
        "label_accuracy": round(float((named == labels[both]).mean()), 3),
    }


def _fit(matrix: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=SOFTNESS, max_iter=5000).fit(matrix, labels, sample_weight=weights)


def _shares(model: LogisticRegression, matrix: np.ndarray) -> np.ndarray:
    order = [list(model.classes_).index(name) for name in CLASSES]
    return np.asarray(model.predict_proba(matrix))[:, order]


def write_commonness() -> None:
    """Count in how many sentences of the coding corpus each stem stands, and keep the frequent ones."""
    counts: Counter[str] = Counter()
    number = 0
    for sentence in load(ROOT / "corpora" / "coding"):
        counts.update(content_words(sentence.text))
        number += 1
    kept = {
        stem: round(count / number, 5) for stem, count in sorted(counts.items()) if count >= LEAST_COMMON * number / 1e4
    }
    (DATA / "commonness.json").write_text(json.dumps(kept, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
