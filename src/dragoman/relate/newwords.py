"""The words of statements that are the speaker's own, and which phrases of them are new.

A view of a busy relation reads very many sentences, so that words are weighed in columns, all statements at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from dragoman.relate.evidence import Report
from dragoman.relate.occasions import greets
from dragoman.relate.phrases import (
    is_loose_word,
    is_slight_word,
    is_telling,
    phrase_key,
    quoted_stretches,
    tokens,
    word_key,
)
from dragoman.relate.texts import Marks, Numbers, Texts, standing
from dragoman.terms import Part

STEM = 6
"""Letters of a word by which wordings are compared."""

LONGEST = 4
"""Words of a phrase in an article's own words, and of the parts of a quotation of which one must be new."""

ADJECTIVES = frozenset("shared armed united unprecedented sacred unlimited".split())
"""Participles that belong to the noun after them."""


@dataclass(frozen=True, slots=True)
class NewPhrase:
    """Words that a speaker uses for the first time in the record about this target.

    `quoted` tells that they stand in quotation marks; others are the reporting article's words.
    """

    phrase: str
    quoted: bool
    mention_id: str

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {"phrase": self.phrase, "quoted": self.quoted, "mention_id": self.mention_id}


class OwnWords:
    """Which words of the sentences of a relation are a speaker's own: no stop words, names, or words of the newsroom.

    A capital at the head of a sentence is a name unless the word is seen in small letters too.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.texts = texts = Texts(sentences)
        small = {word_key(word) for word in texts.vocabulary if not word[0].isupper()}
        names = texts.marked(lambda word: word[0].isupper())
        names &= ~(texts.opens & texts.marked(lambda word: word_key(word) in small))
        self.are_own: Marks = ~names & texts.marked(lambda word: not is_loose_word(word) and not is_slight_word(word))
        self.tell: Marks = self.are_own & texts.marked(_tells)

    def sets(self, statements: Sequence[Sequence[Report]]) -> list[frozenset[str]]:
        """The words of each statement, cut to six letters, without numbers and the words of any greeting."""
        flat = _Flat(self.texts, statements)
        telling = self.tell[flat.words]
        limits = np.append(0, np.cumsum(telling))[flat.limits].tolist()
        stems = [self.texts.keys[key][:STEM] for key in self.texts.key[flat.words[telling]].tolist()]
        return [frozenset(stems[start:end]) for start, end in pairwise(limits)]

    def new_phrases(self, statements: Sequence[Sequence[Report]], days: Sequence[date]) -> list[list[NewPhrase]]:
        """The phrases that each statement, these being sorted by day, is the first to use; quoted words come first.

        Quoted words are new if a part of them is, in the words of up to four.
        """
        flat = _Flat(self.texts, statements)
        spans = self._spans(flat)
        quoted = [_quoted(reports) for reports in statements]
        wanted = {flat.phrase(start, end) for _, start, end in spans}
        wanted.update(key for found in quoted for _, keys in found.values() for key in keys)
        first: dict[str, date] = {}
        for place, key in standing(wanted, self.texts.keys, self.texts.key[flat.words], flat.report):
            if key not in first:
                first[key] = days[flat.of_statement[flat.report[place]]]
        new: list[dict[str, NewPhrase]] = [
            {key: phrase for key, (phrase, keys) in found.items() if any(first.get(k, date.max) >= day for k in keys)}
            for found, day in zip(quoted, days, strict=True)
        ]
        for place, start, end in spans:
            key, number = flat.phrase(start, end), flat.of_statement[place]
            if first[key] >= days[number] and key not in quoted[number] and key not in new[number]:
                report = flat.reports[place]
                new[number][key] = NewPhrase(flat.text(place, start, end), False, report.mention.id)
        return [list(found.values()) for found in new]

    def _spans(self, flat: _Flat) -> list[tuple[int, int, int]]:
        """The longest stretches of 2 to 4 own words outside quotations and titles: report, first word, last word.

        Adverbs and participles at their ends, which seldom belong to the noun, are left out.
        """
        texts, words = self.texts, flat.words
        if not len(words):
            return []
        own = self.are_own[words] & ~flat.are_quoted & ~flat.are_titles
        run = texts.run[words]
        apart = (np.diff(run, prepend=-1) != 0) | (np.diff(flat.report, prepend=-1) != 0)
        starts = own & (apart | ~np.append(False, own[:-1]))
        ends = own & np.append(apart[1:] | ~own[1:], True)
        # The word that ends a stretch, and the one that begins it, once those to be left out are.
        last = _last_where(~texts.marked(_is_bent)[words])[ends]
        next_ = (len(words) - 1 - _last_where(~texts.marked(_opens_bent)[words[::-1]]))[::-1][starts]
        kept = np.flatnonzero((last >= np.flatnonzero(starts)) & (last > next_))
        first = np.maximum(next_[kept], last[kept] - LONGEST + 1)
        return list(zip(flat.report[first].tolist(), first.tolist(), last[kept].tolist(), strict=True))


class _Flat:
    """The words of the reports of statements, one after another.

    `report` is that of each word, `of_statement` the statement of each report; `limits` bound the statements' words.
    """

    def __init__(self, texts: Texts, statements: Sequence[Sequence[Report]]) -> None:
        self.texts = texts
        self.reports = [report for reports in statements for report in reports]
        self.of_statement = [place for place, reports in enumerate(statements) for _ in reports]
        self.words, self.bounds = texts.places([report.sentence for report in self.reports])
        self.report: Numbers = np.repeat(np.arange(len(self.reports)), np.diff(self.bounds))
        self.limits = self.bounds[np.append(0, np.cumsum([len(reports) for reports in statements], dtype=np.int64))]
        self.keys = [texts.keys[key] for key in texts.key[self.words].tolist()]

    @property
    def are_quoted(self) -> Marks:
        """Which words stand in quoted words of their report."""
        found = np.zeros(len(self.words), np.bool_)
        for place, report in enumerate(self.reports):
            for start, end in quoted_stretches(report) if report.quotes else ():
                own = slice(self.bounds[place], self.bounds[place + 1])
                begins = self.texts.start[self.words[own]]
                found[own] |= (start <= begins) & (begins < end)
        return found

    @property
    def are_titles(self) -> Marks:
        """Which words stand in a title."""
        titles = [report.mention.sentence.part is Part.TITLE for report in self.reports]
        return np.repeat(np.array(titles, np.bool_), np.diff(self.bounds))

    def phrase(self, first: int, last: int) -> str:
        """What makes these words the same phrase as others."""
        return " ".join(self.keys[first : last + 1])

    def text(self, place: int, first: int, last: int) -> str:
        """These words as the report has them."""
        start, end = self.texts.start[self.words[first]], self.texts.start[self.words[last]]
        length = len(self.texts.vocabulary[self.texts.word[self.words[last]]])
        return self.reports[place].sentence[start : end + length]


def _quoted(reports: Sequence[Report]) -> dict[str, tuple[NewPhrase, tuple[str, ...]]]:
    """The quoted words of a statement by their keys, with the keys of which one must be new."""
    found: dict[str, tuple[NewPhrase, tuple[str, ...]]] = {}
    for report in reports:
        for quote in report.quotes:
            words = tokens(quote)
            key = phrase_key(words)
            if is_telling(words) and key not in found:
                text = quote.strip().rstrip(",.;:")
                parts = tuple(_grams(key.split(), min(LONGEST, len(words))))
                found[key] = NewPhrase(text, True, report.mention.id), parts
    return found


def _grams(keys: Sequence[str], size: int) -> Iterator[str]:
    """The phrases of so many words, from the keys of the words."""
    return (" ".join(keys[i : i + size]) for i in range(len(keys) - size + 1))


def _last_where(marks: Marks) -> Numbers:
    """For each place the last one up to it that is marked; -1 before the first."""
    return np.maximum.accumulate(np.where(marks, np.arange(len(marks)), -1))


def _tells(word: str) -> bool:
    return len(word_key(word)) > 2 and not greets(word)


def _is_bent(word: str) -> bool:
    """Whether it is an adverb or participle by its ending."""
    return word_key(word).endswith(("ly", "ed"))


def _opens_bent(word: str) -> bool:
    """As `_is_bent`, but for participles that belong to the noun after them."""
    return _is_bent(word) and word_key(word) not in ADJECTIVES
