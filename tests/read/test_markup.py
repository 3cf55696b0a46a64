from __future__ import annotations

import pytest

from dragoman.errors import ReadError
from dragoman.read.markup import blocks, class_names, parse_html, parse_markup, words_of


def test_blocks_are_divided_at_block_elements_only() -> None:
    tree = parse_markup("<div>One <b>bold</b> word<p>Two<br>Three</p>tail<script>no()</script> end</div>")
    assert blocks(tree) == ["One bold word", "Two", "Three", "tail end"]


def test_class_names_are_small_and_hyphened() -> None:
    tree = parse_markup("<p class='authorBio post_meta' id='Comments'>x</p>")
    paragraph = next(tree.iter("p"))
    assert class_names(paragraph) == ["author-bio", "post-meta", "comments"]
    assert words_of(paragraph) == "x"
    assert words_of(None) == ""


def test_the_charset_comes_from_the_answer_then_the_page() -> None:
    page = "<html><head><meta charset='windows-1252'></head><body><p>René</p></body></html>"
    assert "René" in blocks(parse_html(page.encode("cp1252")))
    assert "Рене" in blocks(parse_html("<p>Рене</p>".encode("cp1251"), "windows-1251"))


def test_nothing_to_parse_is_no_text() -> None:
    with pytest.raises(ReadError) as caught:
        parse_html(b"   ")
    assert caught.value.reason == "no-text"
