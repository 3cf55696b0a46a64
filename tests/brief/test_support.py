from __future__ import annotations

import pytest

from dragoman.brief.blocks import Block, Heading, Passage, Sentence
from dragoman.brief.support import problem_of, unsupported

CITED = {1: "Kim praised Russia’s “sacred struggle” on Monday.", 2: "Putin thanked him."}


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        (Sentence("Kim praised Russia.", (1,)), None),
        (Sentence("He spoke of a “sacred struggle”.", (1,)), None),
        (Sentence("He spoke of a “Sacred  Struggle,”", (2, 1)), None),
        (Sentence("Kim praised Russia."), "no source"),
        (Sentence("Kim praised Russia.", (1, 7)), r"\[7\]"),
        (Sentence("He spoke of a “holy war”.", (1, 2)), "holy war"),
        (Sentence('He spoke of a "holy war".', (1,)), "holy war"),
    ],
)
def test_a_sentence_needs_a_source_that_is_there_and_holds_what_it_quotes(
    sentence: Sentence, problem: str | None
) -> None:
    found = problem_of(sentence, CITED)
    assert (found is None) if problem is None else (problem.replace("\\", "") in (found or ""))


def test_every_sentence_without_support_is_found_with_its_place() -> None:
    blocks: list[Block] = [
        Heading("Kim will win"),
        Passage((Sentence("Kim praised Russia.", (1,)), Sentence("He will win."))),
        Passage((Sentence("It changed. It did.", (9,)),), composed=True),
        Passage((Sentence("Nobody knows."),), item=True),
    ]
    assert [(own.block, own.sentence, own.text) for own in unsupported(blocks, CITED)] == [
        (1, 1, "He will win."),
        (3, 0, "Nobody knows."),
    ]
