"""The words of many sentences in columns: what `phrases.tokens` tells of one, for all of them at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.phrases import BREAKS, WORD, word_key

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]

_PARTS = re.compile(f"({WORD})")
_LETTERS = re.compile(r"[^\W_]+")
_DOTS = str.maketrans("İı", "ii")


class Texts:
    """Sentences, each once, and their words one after another.

    `word` numbers the words in `vocabulary`, `key` their keys in `keys`; `start` is where each begins in its sentence,
    `run` counts the stretches between marks, and `opens` tells that a word begins one. The words of sentence n are
    those from `bounds[n]` to `bounds[n + 1]`.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.number = {sentence: place for place, sentence in enumerate(dict.fromkeys(sentences))}
        # No word goes on beyond a line, so that one search finds the words of all sentences; it is far quicker.
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
        sentence = self.sentence
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

    @cached_property
    def sentence(self) -> Numbers:
        """The number of each word's sentence."""
        return np.repeat(np.arange(len(self.number)), np.diff(self.bounds))

    def marked(self, holds: Callable[[str], bool]) -> Marks:
        """Of which words something holds that is asked once of each word of the vocabulary."""
        return np.fromiter(map(holds, self.vocabulary), np.bool_, len(self.vocabulary))[self.word]

    def may_hold(self, phrases: Iterable[str]) -> frozenset[str]:
        """The sentences in which one of the phrases may stand: they have the word of it that is rarest here."""
        parts = [_letters(word) for word in self.vocabulary]
        counts: Counter[str] = Counter()
        for own, count in zip(parts, np.bincount(self.word, minlength=len(parts)).tolist(), strict=True):
            counts.update(dict.fromkeys(own, count))
        rarest = {min(_letters(phrase), key=lambda part: (counts[part], part)) for phrase in phrases}
        marks = np.array([not rarest.isdisjoint(own) for own in parts], np.bool_)
        count = np.append(0, np.cumsum(marks[self.word]))[self.bounds]
        return frozenset(sentence for sentence, some in zip(self.number, np.diff(count).tolist(), strict=True) if some)

    def places(self, sentences: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Where the words of these sentences stand, one sentence after another, and the bounds of each among them."""
        numbers = np.fromiter(map(self.number.__getitem__, sentences), np.int64, len(sentences))
        sizes = self.bounds[numbers + 1] - self.bounds[numbers]
        bounds = np.append(0, np.cumsum(sizes))
        return np.repeat(self.bounds[numbers] - bounds[:-1], sizes) + np.arange(bounds[-1]), bounds


def standing(phrases: Collection[str], keys: Sequence[str], key: Numbers, within: Numbers) -> Iterator[tuple[int, str]]:
    """Where each of these phrases stands among words, by the keys of the words; those of one size in their order.

    `key` numbers the `keys` of the words, and a phrase stands `within` one text. Only stretches that begin and end
    like one of the phrases are looked at as words.
    """
    numbers = {name: place for place, name in enumerate(keys)}
    sized: dict[int, set[str]] = defaultdict(set)
    for phrase in phrases:
        if phrase:
            sized[phrase.count(" ") + 1].add(phrase)
    for size, wanted in sized.items():
        heads, tails = np.zeros((2, len(numbers)), np.bool_)
        for words in map(str.split, wanted):
            if words[0] in numbers and words[-1] in numbers:
                heads[numbers[words[0]]] = tails[numbers[words[-1]]] = True
        count = max(0, len(key) - size + 1)
        marked = heads[key[:count]] & tails[key[size - 1 :]] & (within[:count] == within[size - 1 :])
        places = np.flatnonzero(marked)
        for place, *words in np.column_stack([places, *(key[places + i] for i in range(size))]).tolist():
            phrase = " ".join([keys[word] for word in words])
            if phrase in wanted:
                yield place, phrase


def _letters(text: str) -> frozenset[str]:
    """The stretches of letters and digits, in small letters as a search that ignores capitals has them."""
    return frozenset(_LETTERS.findall(text.translate(_DOTS).casefold()))
