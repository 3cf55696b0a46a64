"""The stretches of 2 to 4 words in sentences that may be a phrase, in columns."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from dragoman.relate.phrases import LINKS, LONGEST_PHRASE, is_loose_word, is_slight_word, word_key
from dragoman.relate.texts import Marks, Numbers, Texts, standing


class Phrases:
    """The phrases of sentences that hold no name of a party and are seen without a capital letter somewhere.

    One never seen so is a name or a title. Each begins and ends with a word that is neither a stop word nor has a
    digit; a link such as "of" may stand once within it. `code` is the same for the same phrase; `slight` tells that a
    word of it is slight.
    """

    def __init__(self, texts: Texts, names: frozenset[str]) -> None:
        self._texts = texts
        capital = texts.marked(lambda word: word[0].isupper())
        parts = [self._of_size(size) for size in range(2, LONGEST_PHRASE + 1)]
        first = np.concatenate([starts for starts, _ in parts])
        last = np.concatenate([starts + size - 1 for (starts, _), size in zip(parts, _SIZES, strict=True)])
        # Phrases of different sizes are told apart by the remainder.
        code = np.concatenate([codes * len(_SIZES) + place for place, (_, codes) in enumerate(parts)])
        small = np.unique(code[~_hold(capital, first, last)])
        party = capital & texts.marked(lambda word: word_key(word) in names)
        kept = np.isin(code, small) & ~_hold(party, first, last)
        order = np.argsort(first[kept], kind="stable")
        self._first, self._last, self.code = first[kept][order], last[kept][order], code[kept][order]
        self.slight: Marks = _hold(texts.marked(is_slight_word), self._first, self._last)
        self._bounds = np.searchsorted(self._first, texts.bounds)

    def _of_size(self, size: int) -> tuple[Numbers, Numbers]:
        """Where the phrases of so many words begin, and numbers that are the same for the same phrases."""
        texts = self._texts
        count = max(0, len(texts.word) - size + 1)
        loose = texts.marked(is_loose_word)
        links = loose & texts.marked(lambda word: word.casefold() in LINKS)
        bent = texts.marked(lambda word: word_key(word).endswith(("ly", "ed")))
        found = (~loose)[:count] & (~loose & ~bent)[size - 1 :] & (texts.run[:count] == texts.run[size - 1 :])
        inside = range(1, size - 1)
        linked = np.zeros(count, np.int64)
        for place in inside:
            within = slice(place, place + count)
            found &= ~loose[within] | links[within]
            linked += links[within]
        starts = np.flatnonzero(found & (linked < 2))
        codes = texts.key[starts]
        for place in range(1, size):
            # Numbered anew each time, so that they stay small.
            codes = np.unique(codes * len(texts.keys) + texts.key[starts + place], return_inverse=True)[1]
        return starts, codes

    def of_sentences(self, sentences: Numbers) -> tuple[Numbers, Numbers]:
        """The phrases of these sentences, one after another: the place of the sentence, and the phrase."""
        begins = self._bounds[sentences]
        sizes = self._bounds[sentences + 1] - begins
        which = np.repeat(np.arange(len(sentences)), sizes)
        return which, np.arange(len(which)) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)

    def codes(self, keys: Collection[str]) -> Numbers:
        """The codes of phrases with these keys."""
        texts = self._texts
        wanted = {place for place, _ in standing(keys, texts.keys, texts.key, texts.sentence)} if keys else set()
        return self.code[np.isin(self._first, sorted(wanted))]

    def key(self, phrase: int) -> str:
        """The key of a phrase; see `phrases.phrase_key`."""
        words = self._texts.key[self._first[phrase] : self._last[phrase] + 1].tolist()
        return " ".join([self._texts.keys[word] for word in words])

    def extent(self, phrase: int) -> tuple[int, int, int]:
        """Where in its sentence a phrase begins, where its last word does, and where it ends."""
        texts, last = self._texts, self._last[phrase]
        start, begins = int(texts.start[self._first[phrase]]), int(texts.start[last])
        return start, begins, begins + len(texts.vocabulary[texts.word[last]])


_SIZES = range(2, LONGEST_PHRASE + 1)


def _hold(marks: Marks, first: Numbers, last: Numbers) -> Marks:
    """Whether a word from the first to the last is marked."""
    count = np.append(0, np.cumsum(marks))
    found: Marks = count[last + 1] > count[first]
    return found
