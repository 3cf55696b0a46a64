"""The pairs that the ledger's matcher is fitted on: valid, of every label, nothing from the checking data."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dragoman.evaluate.ledger import LedgerPair, load_ledger_pairs
from dragoman.relate.settling import Verdict

ROOT = Path(__file__).parents[2]
CHECKING = (ROOT / "evals" / "relate" / "ledger.jsonl", ROOT / "tests" / "relate" / "ledger_pairs.jsonl")


def pairs() -> list[LedgerPair]:
    return [pair for path in sorted((ROOT / "corpora" / "ledger").glob("*.jsonl")) for pair in load_ledger_pairs(path)]


def eights(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[i : i + 8]) for i in range(len(words) - 7))


def test_ids_are_unique() -> None:
    assert len({pair.id for pair in pairs()}) == len(pairs())


def test_every_label_has_forty_pairs() -> None:
    counts = Counter(pair.label for pair in pairs())
    assert all(counts[label] >= 40 for label in Verdict)


def test_nothing_comes_from_the_checking_data() -> None:
    rows = [json.loads(line) for path in CHECKING for line in path.read_text("utf-8").splitlines()]
    seen = {gram for row in rows for key in ("pledge", "deed") for gram in eights(row[key])}
    assert not [pair.id for pair in pairs() if seen & {*eights(pair.pledge), *eights(pair.deed)}]
