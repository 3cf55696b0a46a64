"""Scores the encoder's event types on sentences whose source and target are given: the field's event-pair task.

Columns are FORMATS': uid, sentence, source, target, gold_root, as quoted tab-separated values. Every row is answered; a
row without the spans in its sentence is read at the places that fit best.

The files are older than PLOVER's manual of 2024 and sort by CAMEO's codes as PLOVER's crosswalk of 2021 does. Where the
two differ, the answer is the file's: CONCEDE and RETREAT are YIELD; what is only meant to be yielded (035) is AGREE;
convictions (116) are ACCUSE; embargoes and sanctions (163) are COERCE. See decision 0007.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.coding.encoder import Encoder, Floats, Judgement, Phrase, best_mode, encoder
from dragoman.coding.labels import DOMAINS, FACTUALITIES, KINDS
from dragoman.coding.ontology import ontology
from dragoman.coding.parser import load_model
from dragoman.errors import DataError, UsageError
from dragoman.terms import Domain, EventType, Factuality

if TYPE_CHECKING:
    from spacy.tokens import Doc

COLUMNS = ("uid", "sentence", "source", "target", "gold_root")
YIELD = "YIELD"
NONE = "NONE"
YIELDING = frozenset({EventType.CONCEDE, EventType.RETREAT})
INTENT = 0.5
"""Probability of being pledged from which a concession is an intent."""

EVENT_KINDS = tuple(kind for kind in KINDS if kind is not None)
"""The types in the order of the encoder's outputs, without NONE."""

TRIGGERS = frozenset({"VERB", "NOUN", "ADJ", "AUX", "PROPN"})


@dataclass(frozen=True, slots=True)
class PairRow:
    """One labelled row."""

    uid: str
    sentence: str
    source: str
    target: str
    gold: str


def load_pairs(path: Path) -> list[PairRow]:
    """The rows of a file; a missing column or an unknown type is a `DataError` that names it."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}; name a file of tab-separated rows {', '.join(COLUMNS)}.")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise DataError(
                f"{path.name} lacks the columns {', '.join(sorted(missing))}; needed are {', '.join(COLUMNS)}."
            )
        rows = []
        for number, row in enumerate(reader, start=2):
            if row["gold_root"] not in {*EventType, YIELD}:
                raise DataError(
                    f"{path.name} line {number}: gold_root is {row['gold_root']!r}, which is no event type."
                )
            rows.append(PairRow(*(row[name] for name in COLUMNS)))
    return rows


def score_pairs(rows: Sequence[PairRow], model: Encoder | None = None) -> dict[str, Any]:
    """INTERFACE's keys: n, macro_f1, accuracy, quad_macro_f1, per_class (precision, recall, f1, n), seconds."""
    model = model or encoder()
    started = time.perf_counter()
    answers = [answer_of(doc, row, model) for row, doc in zip(rows, _parsed(rows), strict=True)]
    seconds = time.perf_counter() - started
    gold = [YIELD if row.gold in (EventType.CONCEDE, EventType.RETREAT) else row.gold for row in rows]
    per_class = {kind: _scores(kind, gold, answers) for kind in sorted(set(gold))}
    quads = [quad_of(kind) for kind in gold]
    answered = [quad_of(kind) for kind in answers]
    by_quad = [_scores(quad, quads, answered)["f1"] for quad in sorted(set(quads))]
    return {
        "n": len(rows),
        "macro_f1": _mean([scores["f1"] for scores in per_class.values()]),
        "accuracy": _mean([float(a == g) for a, g in zip(answers, gold, strict=True)]),
        "quad_macro_f1": _mean(by_quad),
        "per_class": per_class,
        "seconds": round(seconds, 3),
    }


def quad_of(kind: str) -> int:
    """PLOVER's quad of a type; YIELD is material cooperation, NONE is 0."""
    if kind == YIELD:
        return 2
    return ontology()[EventType(kind)].quad if kind in set(EventType) else 0


def answer_of(doc: Doc, row: PairRow, model: Encoder) -> str:
    """The likeliest type from source to target; NONE where the sentence has no words."""
    if not len(doc):
        return NONE
    shares, whole = pair_shares(doc, find_phrase(doc, row.source), find_phrase(doc, row.target), model)
    return filed_under(EVENT_KINDS[int(shares[1:].argmax())], whole)


def filed_under(kind: EventType, judged: Judgement) -> str:
    """The class under which the pair files sort an event of this type."""
    if kind in YIELDING:
        pledged = float(judged.factualities[0, FACTUALITIES.index(Factuality.PLEDGED)])
        return str(EventType.AGREE) if pledged > INTENT else YIELD
    if kind is EventType.SANCTION:
        if best_mode(judged.modes[0], kind) == "convict":
            return str(EventType.ACCUSE)
        if DOMAINS[int(judged.domains[0].argmax())] is Domain.SANCTIONS:
            return str(EventType.COERCE)
    return str(kind)


def pair_shares(doc: Doc, source: Phrase, target: Phrase, model: Encoder) -> tuple[Floats, Judgement]:
    """Probabilities of types from one phrase to another by three readings of the sentence, and how the first is judged.

    What attention finds between the two; what the triggers are, weighed by how surely the two are their source and
    target; and what the triples of those triggers are judged to be.
    """
    vectors = model.read([token.text for token in doc])
    phrases = [source, target]
    inside = {i for phrase in phrases for i in range(phrase.start, phrase.end)}
    words = [token.i for token in doc if token.pos_ in TRIGGERS and token.i not in inside]
    words = sorted(words, key=lambda i: (vectors.spots[i, 0], i))[:12]
    judged = vectors.judge(phrases, [(0, None, 1), *((0, word, 1) for word in words)])
    total = _without_none(judged.kinds[0])
    if words:
        roles = vectors.roles(phrases, [(word, side) for word in words for side in (0, 1)]).reshape(len(words), 2, 3)
        weight = (1 - vectors.spots[words, 0]) * roles[:, 0, 0] * roles[:, 1, 1]
        spotted = (vectors.spots[words] * weight[:, None]).sum(0)
        tripled = (judged.kinds[1:] * weight[:, None]).sum(0)
        total = total + float(weight.max()) * (_without_none(spotted) + _without_none(tripled))
    return _without_none(total), judged


def find_phrase(doc: Doc, words: str) -> Phrase:
    """Where a span stands in the sentence; one that is not there verbatim, at the longest stretch in common."""
    at = doc.text.lower().find(words.lower())
    size = len(words)
    if at < 0 or not words:
        common = SequenceMatcher(None, doc.text.lower(), words.lower(), autojunk=False).find_longest_match()
        at, size = common.a, max(1, common.size)
    span = doc.char_span(at, at + size, alignment_mode="expand")
    span = span if span is not None and len(span) else doc[:1]
    return Phrase(span.start, span.end, span.root.i)


def _parsed(rows: Sequence[PairRow]) -> list[Doc]:
    return list(load_model().pipe(row.sentence for row in rows))


def _without_none(shares: Floats) -> Floats:
    kept = shares.copy()
    kept[0] = 0
    scaled: Floats = kept / max(1e-9, float(kept.sum()))
    return scaled


def _scores(kind: object, gold: Sequence[object], answers: Sequence[object]) -> dict[str, float]:
    right = sum(g == a == kind for g, a in zip(gold, answers, strict=True))
    told, wanted = sum(a == kind for a in answers), sum(g == kind for g in gold)
    return {
        "precision": round(right / told, 4) if told else 0.0,
        "recall": round(right / wanted, 4) if wanted else 0.0,
        "f1": round(2 * right / (told + wanted), 4) if told + wanted else 0.0,
        "n": wanted,
    }


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0
