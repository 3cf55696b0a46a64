"""What the written training corpus must be: enough of everything, not templated, nothing from the checking data."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from training.markup import NONE, Labelled, load

from dragoman.terms import EventType

CORPUS = Path(__file__).parents[2] / "corpora" / "coding"
GOLD = Path(__file__).parents[2] / "evals" / "coding"


@cache
def corpus() -> tuple[Labelled, ...]:
    return tuple(load(CORPUS))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def masked(sentence: Labelled) -> list[str]:
    text = sentence.text
    for span in sorted(sentence.actors, key=lambda span: -span.start):
        text = f"{text[: span.start]} actor {text[span.end :]}"
    return words(text)


def grams(tokens: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}


def events(sentence: Labelled) -> Iterator[str]:
    return (event.type for event in sentence.events if event.type != NONE)


def test_ids_and_texts_are_unique() -> None:
    assert len({sentence.id for sentence in corpus()}) == len(corpus())
    assert len({sentence.text for sentence in corpus()}) == len(corpus())


def test_there_are_at_least_4000_sentences() -> None:
    assert len(corpus()) >= 4000


@pytest.mark.parametrize("kind", list(EventType))
def test_every_type_has_at_least_180_events(kind: EventType) -> None:
    assert sum(kind in list(events(sentence)) for sentence in corpus()) >= 180


def test_there_are_at_least_900_sentences_without_an_event() -> None:
    assert sum(not list(events(sentence)) for sentence in corpus()) >= 900


@pytest.mark.parametrize("factuality", ["pledged", "possible", "denied"])
def test_every_factuality_has_at_least_500_events(factuality: str) -> None:
    assert Counter(e.factuality for s in corpus() for e in s.events)[factuality] >= 500


def test_every_region_and_style_is_there() -> None:
    assert min(Counter(sentence.region for sentence in corpus()).values()) >= 40
    assert min(Counter(sentence.style for sentence in corpus()).values()) >= 40


def test_sentences_are_written_not_templated() -> None:
    """With actors masked, at most 5% share half or more of their 4-grams with another sentence."""
    where: dict[tuple[str, ...], list[int]] = {}
    own = [grams(masked(sentence), 4) for sentence in corpus()]
    for number, some in enumerate(own):
        for gram in some:
            where.setdefault(gram, []).append(number)
    alike = 0
    for number, some in enumerate(own):
        shared = Counter(other for gram in some for other in where[gram] if other != number)
        alike += bool(some and shared and 2 * max(shared.values()) >= len(some))
    assert alike <= 0.05 * len(own)


def test_nothing_is_shared_with_the_gold_sets() -> None:
    seen = {g for path in GOLD.glob("*.jsonl") for line in path.read_text("utf-8").splitlines() for g in eights(line)}
    assert shared_with(seen) == []


@pytest.mark.eval_data
def test_nothing_is_shared_with_the_checking_data() -> None:
    folder = Path(os.environ["DRAGOMAN_EVAL_DATA"])
    with (folder / "eval" / "pairs_dev.tsv").open(encoding="utf-8", newline="") as file:
        seen = {g for row in csv.DictReader(file, delimiter="\t") for g in eights(row["sentence"])}
    for path in (folder / "seed").glob("*.txt"):
        seen |= eights(path.read_text("utf-8"))
    assert shared_with(seen) == []


def eights(text: str) -> set[tuple[str, ...]]:
    return grams(words(text), 8)


def shared_with(seen: set[tuple[str, ...]]) -> list[str]:
    return [sentence.id for sentence in corpus() if eights(sentence.text) & seen]
