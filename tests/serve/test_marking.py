from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.serve.marking import Mark, paragraphs, pieces

TEXT = "Kim wrote to Putin."


def test_marks_that_overlap_share_the_piece_between_them() -> None:
    found = pieces(TEXT, [Mark(0, 9, "a", "1"), Mark(4, 19, "b", "2")])
    assert [(p.text, p.kinds, p.keys, p.first) for p in found] == [
        ("Kim ", ["a"], ["1"], ["1"]),
        ("wrote", ["a", "b"], ["1", "2"], ["2"]),
        (" to Putin.", ["b"], ["2"], []),
    ]


def test_a_mark_within_another_leaves_it_around_itself() -> None:
    found = pieces(TEXT, [Mark(0, 19, "a"), Mark(4, 9, "b")])
    assert [(p.text, p.kinds) for p in found] == [("Kim ", ["a"]), ("wrote", ["a", "b"]), (" to Putin.", ["a"])]


def test_two_equal_marks_stand_in_one_piece() -> None:
    mark = Mark(0, 3, "a", "1")
    assert [(p.text, p.kinds, p.keys) for p in pieces("Kim", [mark, mark])] == [("Kim", ["a"], ["1"])]


def test_marks_outside_the_text_are_cut() -> None:
    found = pieces(TEXT, [Mark(-5, 3, "a"), Mark(13, 99, "b"), Mark(40, 50, "c")])
    assert [(p.text, p.kinds) for p in found] == [("Kim", ["a"]), (" wrote to ", []), ("Putin.", ["b"])]


def test_paragraphs_are_parted_by_empty_lines() -> None:
    found = paragraphs("one\n\ntwo", [Mark(0, 8, "a", "1")])
    told = [(piece.text, piece.first) for paragraph in found for piece in paragraph.pieces]
    assert told == [("one", ["1"]), ("two", [])]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70), st.sampled_from("abc")), max_size=12),
)
def test_the_pieces_are_the_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = [Mark(low, high, kind, f"{number}") for number, (low, high, kind) in enumerate(spans)]
    found = pieces(text, marks)
    assert "".join(piece.text for piece in found) == text
    at = 0
    for piece in found:
        middle = at
        expected = {mark.key for mark in marks if mark.start <= middle < mark.end}
        assert set(piece.keys) == (expected if piece.text else set())
        at += len(piece.text)
