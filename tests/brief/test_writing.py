from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.brief.blocks import (
    Block,
    Chart,
    Figures,
    Heading,
    Passage,
    Picture,
    Remark,
    Sentence,
    block_data,
    block_from,
)
from dragoman.brief.writing import format_text, parse_text, sentences_of
from dragoman.errors import BriefError, UsageError

STATEMENT = Passage(
    (Sentence("It changed in May. It was first. “Yes [1].” he said", (2, 1)),), item=True, composed=True
)
CHART = Chart(("PRK", "RUS"), "Words", ({"week": "2024-01-01", "kind": "words", "events": 2},))
BLOCKS: tuple[Block, ...] = (
    Heading("North Korea and Russia", 1),
    Heading("In brief"),
    Remark("None of this counts."),
    STATEMENT,
    Passage(
        (
            Sentence("By hand.", (3,)),
            Sentence("Without."),
        ),
        item=True,
    ),
    Passage((Sentence("One.", (1,)), Sentence("Two."))),
    Passage((Sentence("- no item but a paragraph.", (1,)),)),
    CHART,
    Figures(("PRK", "RUS"), (("deeds", 3),)),
    Picture(3, "A port", "Rason, 2025"),
)


def test_text_and_blocks_lead_to_each_other() -> None:
    assert parse_text(format_text(BLOCKS), BLOCKS) == BLOCKS


def test_data_and_blocks_lead_to_each_other() -> None:
    assert tuple(block_from(block_data(block)) for block in BLOCKS) == BLOCKS


@pytest.mark.parametrize("data", [{}, {"kind": "script"}, {"kind": "text", "sentences": [{}], "composed": False}])
def test_data_of_no_block_is_told(data: dict[str, object]) -> None:
    with pytest.raises(BriefError, match="block"):
        block_from(data)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kim left. [3] He came back.", [("Kim left.", (3,)), ("He came back.", ())]),
        ("Kim left [3]. He came back [4, 5] [6].", [("Kim left.", (3,)), ("He came back.", (4, 5, 6))]),
        ("Kim left.[3][3]", [("Kim left.", (3,))]),
        (r"A list \[1] of things.", [("A list [1] of things.", ())]),
        ("[7] Kim left.", [("Kim left.", (7,))]),
    ],
)
def test_a_citation_belongs_to_the_sentence_in_or_behind_which_it_stands(
    text: str, found: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(own.text, own.citations) for own in sentences_of(text)] == found


def test_a_composed_statement_that_was_changed_is_split_into_its_sentences() -> None:
    text = format_text([STATEMENT]).replace("first.", "second.")
    (block,) = parse_text(text, [STATEMENT])
    assert isinstance(block, Passage)
    assert not block.composed
    assert [own.citations for own in block.sentences][:2] == [(), ()]


def test_a_composed_statement_with_a_foreign_source_is_composed_no_more() -> None:
    (block,) = parse_text(f"{format_text([STATEMENT])}[9]", [STATEMENT])
    assert isinstance(block, Passage)
    assert not block.composed


def test_a_remark_that_nobody_composed_is_a_sentence_like_any_other() -> None:
    (block,) = parse_text("> Kim will win.", BLOCKS)
    assert block == Passage((Sentence("Kim will win."),))


@pytest.mark.parametrize(
    "text",
    ["[[chart USA/CHN]]", "[[figures PRK]]", "[[picture x | y]]", "[[picture 3]]", "a" * 400_001, "# a\n" * 2001],
)
def test_what_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_text(text, BLOCKS)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_then_stays_as_it_is(text: str) -> None:
    try:
        blocks = parse_text(text, BLOCKS)
    except UsageError:
        return
    assert parse_text(format_text(blocks), blocks) == blocks
