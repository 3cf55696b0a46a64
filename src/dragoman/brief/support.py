"""Decides which sentences of a brief have support: a citation that is there, and quoted words that stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dragoman.brief.blocks import Block, Passage, Sentence

_QUOTED = re.compile(r"“([^”]{2,})”|\"([^\"]{2,})\"")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence without support: the block and its place in it, both counted from 0, and what is wrong."""

    block: int
    sentence: int
    text: str
    problem: str


def problem_of(sentence: Sentence, cited: Mapping[int, str]) -> str | None:
    """What keeps a sentence from being supported by the cited texts, by number; None where it is supported."""
    if not sentence.citations:
        return "it names no source"
    unknown = [number for number in sentence.citations if number not in cited]
    if unknown:
        return f"it cites [{unknown[0]}], which is not among the sources"
    texts = " ".join(_plain(cited[number]) for number in sentence.citations)
    for match in _QUOTED.finditer(sentence.text):
        words = _plain(match[1] or match[2])
        if f" {words} " not in f" {texts} ":
            return f"the quoted words “{match[1] or match[2]}” stand in none of its sources"
    return None


def problems(block: Block, cited: Mapping[int, str]) -> tuple[str | None, ...]:
    """For each sentence of a block what is wrong with it; what the record gave as it stands is right."""
    if not isinstance(block, Passage):
        return ()
    if block.composed:
        return tuple(None for _ in block.sentences)
    return tuple(problem_of(sentence, cited) for sentence in block.sentences)


def unsupported(blocks: Sequence[Block], cited: Mapping[int, str]) -> list[Unsupported]:
    """Every sentence without support, in order."""
    return [
        Unsupported(at, number, block.sentences[number].text, problem)
        for at, block in enumerate(blocks)
        if isinstance(block, Passage)
        for number, problem in enumerate(problems(block, cited))
        if problem is not None
    ]


def _plain(text: str) -> str:
    """The words alone, so that marks and spaces make no difference."""
    return " ".join(_WORDS.findall(text.casefold()))
