from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.read.quotes import quoted_spans


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He praised the “blood bond” of the two.", ["blood bond"]),
        ('He praised the "blood bond" of the two.', ["blood bond"]),
        ("Bound in ‘Blood’ of War", ["Blood"]),
        ("Bound in 'Blood' of War", ["Blood"]),
        ("Pyongyang's envoy and Moscow’s envoy met.", []),
        ("They played rock 'n' roll and rock ’n’ roll and rock ‘n’ roll.", []),
        ("The ministers' meeting and the ministers’ meeting failed.", []),
        ("In the '90s and the ’90s, get 'em.", []),
        ("“We won’t,” he said. “They can't.”", ["We won’t,", "They can't."]),
        ("'We won't,' he said.", ["We won't,"]),
        ("‘The ministers’ meeting failed,’ he said.", ["The ministers’ meeting failed,"]),
        ("The ‘ships’ and the ministers’ meeting", ["ships"]),
        ("“He called it a ‘great day’ for all,” she said.", ["He called it a ‘great day’ for all,", "great day"]),
        ("‘He called it a “great day” for all,’ she said.", ["He called it a “great day” for all,", "great day"]),
        ("\"He called it a 'great day' for all,\" she said.", ["He called it a 'great day' for all,", "great day"]),
        ('The ("so-called") plan—"ours"—and "theirs".', ["so-called", "ours", "theirs"]),
        ("A «shared house» of Europe", ["shared house"]),
        ("An unclosed “quote is none.", []),
        ("A stray” mark is none, and 5'10\" is a height.", []),
        ("Empty “” and “ ” give none.", []),
        ("“ spaced ”", ["spaced"]),
        ("Kim Tells Putin in 'New Year' Note: 'Blood' Bond", ["New Year", "Blood"]),
        ("“First.” “Second.”", ["First.", "Second."]),
        ('"First." "Second."', ["First.", "Second."]),
    ],
)
def test_marks_are_told_from_apostrophes(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_a_quote_over_paragraphs_gives_a_span_for_each() -> None:
    text = "“We stand firm. \n\n“We will not move,” he said.\n\nHe left."
    assert quoted(text) == ["We stand firm.", "We will not move,"]
    straight = '"We stand firm.\n\n"We will not move," he said.'
    assert quoted(straight) == ["We stand firm.", "We will not move,"]


def test_an_unclosed_quote_does_not_swallow_the_next_paragraph() -> None:
    assert quoted("“We stand firm, he said.\n\nThe envoy “agreed” at once.") == ["agreed"]


def test_an_unclosed_quote_inside_a_paragraph_is_dropped() -> None:
    assert quoted("He said “no to them. She said “yes” to all.") == ["yes"]


@given(st.text(alphabet="ab s.,'’‘“”\"\n«»", max_size=60))
def test_spans_lie_in_the_text_and_exclude_their_marks(text: str) -> None:
    for start, end in quoted_spans(text):
        assert 0 < start < end <= len(text)
        assert text[start - 1] in "'‘“\"«" or text[start - 1].isspace()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
