from __future__ import annotations

import pytest

from dragoman.brief import Citations, Statement
from dragoman.errors import UncitedError
from dragoman.records import Span
from dragoman.terms import Part
from making import make_document, make_mention

DOCUMENT = make_document()


def test_a_sentence_without_a_citation_cannot_be_made() -> None:
    with pytest.raises(UncitedError, match="no citation"):
        Statement("Russia gave arms.", (), "e1")


def test_the_same_sentence_keeps_its_number() -> None:
    citations = Citations({DOCUMENT.id: DOCUMENT})
    first, again = citations.cite(make_mention(DOCUMENT)), citations.cite(make_mention(DOCUMENT, domain=None))
    assert (first.number, again.number, len(citations.all())) == (1, 1, 1)


def test_a_citation_marks_the_predicate_in_its_sentence() -> None:
    citation = Citations({DOCUMENT.id: DOCUMENT}).cite(make_mention(DOCUMENT))
    start, end = citation.predicate
    assert citation.text[start:end] == "shipped"


def test_a_mention_of_a_missing_document_cannot_be_cited() -> None:
    with pytest.raises(UncitedError, match="points at no text"):
        Citations({}).cite(make_mention(DOCUMENT))


def test_a_span_beyond_the_text_cannot_be_cited() -> None:
    beyond = make_mention(DOCUMENT, sentence=Span(Part.BODY, 900, 950))
    with pytest.raises(UncitedError):
        Citations({DOCUMENT.id: DOCUMENT}).cite(beyond)
