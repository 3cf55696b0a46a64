"""The words of many sentences in columns: what `phrases.tokens` tells of one, for all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.phrases import BREAKS, WORD, word_key

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]

_PARTS = re.compile(f"({WORD})")


class Texts:
    """Sentences, each once, and their words one after another.

    `word` numbers the words in `vocabulary`, `key` their keys in `keys`; `start` is where each begins in its sentence,
    `run` counts the stretches between marks, and `opens` tells that a word begins one. The words of sentence n are
    those from `bounds[n]` to `bounds[n + 1]`.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.number = {sentence: place for place, sentence in enumerate(dict.fromkeys(sentences))}
        # No word goes on beyond a line, so that one search finds the words of all sentences.
        parts = _PARTS.split("\n".join(self.number))
        words, gaps = parts[1::2], parts[:-1:2]
        numbers = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self.vocabulary = tuple(numbers)
        self.word: Numbers = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        sizes = np.fromiter(map(len, self.number), np.int64, len(self.number)) + 1
        begins = np.cumsum(sizes) - sizes
        places = np.cumsum(lengths)[:-1:2]
        self.bounds: Numbers = np.append(np.searchsorted(places, begins), len(words))
        sentence = np.repeat(np.arange(len(self.number)), np.diff(self.bounds))
        self.start: Numbers = places - begins[sentence]
        first = np.diff(sentence, prepend=-1) > 0
        kinds = {gap: bool(gap.strip()) + 2 * any(mark in gap for mark in BREAKS) for gap in set(gaps)}
        told = np.fromiter(map(kinds.__getitem__, gaps), np.int64, len(gaps))
        self.run: Numbers = np.cumsum(first | (told & 1 > 0))
        self.opens: Marks = first | (told & 2 > 0)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the words, each once."""
        return tuple(dict.fromkeys(map(word_key, self.vocabulary)))

    @cached_property
    def key(self) -> Numbers:
        """The number of each word's key."""
        numbers = {key: place for place, key in enumerate(self.keys)}
        return np.array([numbers[word_key(word)] for word in self.vocabulary], np.int64)[self.word]

    def marked(self, holds: Callable[[str], bool]) -> Marks:
        """Of which words something holds that is asked once of each word of the vocabulary."""
        return np.fromiter(map(holds, self.vocabulary), np.bool_, len(self.vocabulary))[self.word]

    def naming(self, holds: Callable[[str], bool]) -> frozenset[str]:
        """The sentences that have a word of which something holds."""
        count = np.append(0, np.cumsum(self.marked(holds)))[self.bounds]
        return frozenset(sentence for sentence, some in zip(self.number, np.diff(count).tolist(), strict=True) if some)

    def places(self, sentences: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Where the words of these sentences stand, one sentence after another, and the bounds of each among them."""
        numbers = np.fromiter(map(self.number.__getitem__, sentences), np.int64, len(sentences))
        sizes = self.bounds[numbers + 1] - self.bounds[numbers]
        bounds = np.append(0, np.cumsum(sizes))
        return np.repeat(self.bounds[numbers] - bounds[:-1], sizes) + np.arange(bounds[-1]), bounds
