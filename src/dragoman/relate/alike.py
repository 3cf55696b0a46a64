"""How alike two reports are worded: by the words that they share and by what the encoder makes of their sentences."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.evidence import Report

STOP = frozenset(
    "a about after against all also an and any are as at be been before being between both but by can could did "
    "do does during each for from had has have he her his how i if in into is it its may more most no not of off "
    "on one or other our out over own said same say says she should so some such than that the their them then "
    "there these they this those through to too told under until up very was we were what when where which while "
    "who will with would you year years day days week month monday tuesday wednesday thursday friday saturday "
    "sunday january february march april june july august september october november december according reported "
    "earlier later new two three".split()
)
"""Words that say nothing of what happened."""

VECTOR_SHARE = 0.35
"""How much the encoder's vectors count beside the words; chosen on evals/relate/happenings_dev.jsonl."""


@lru_cache(maxsize=65536)
def content_words(text: str) -> frozenset[str]:
    """The words that say what happened, cut to six letters so that "shipments" and "shipment" are one."""
    return frozenset(word[:6] for word in re.findall(r"[^\W_]+", text.casefold()) if word not in STOP and len(word) > 1)


def shared_words(one: str, other: str) -> float:
    """The share of the shorter text's content words that the longer one has too, damped for very short ones, 0 to 1."""
    first, second = content_words(one), content_words(other)
    least = min(len(first), len(second))
    return len(first & second) / max(4, least) if least else 0.0


def cosine(one: bytes, other: bytes) -> float:
    """The cosine of two stored vectors, -1 to 1."""
    (first, length), (second, other_length) = _numbers(one), _numbers(other)
    scale = float(length * other_length)
    return float(first @ second) / scale if scale else 0.0


@lru_cache(maxsize=16384)
def _numbers(vector: bytes) -> tuple[NDArray[np.float32], np.float32]:
    """A stored vector and its length."""
    numbers = np.frombuffer(vector, np.int8).astype(np.float32)
    return numbers, np.linalg.norm(numbers)


def alike(one: Report, other: Report) -> float:
    """How alike two reports are, 0 to 1; by their words alone where one has no vector.

    Where one has no words, as its text was taken down, by their vectors alone.
    """
    words = shared_words(one.sentence, other.sentence)
    if one.mention.vector is None or other.mention.vector is None:
        return words
    vectors = max(0.0, cosine(one.mention.vector, other.mention.vector))
    if not (content_words(one.sentence) and content_words(other.sentence)):
        return vectors
    return (1 - VECTOR_SHARE) * words + VECTOR_SHARE * vectors
