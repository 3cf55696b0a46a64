"""Numbers the citations of a brief in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dragoman.brief.statement import Citation, Section, Statement

Numbers = Mapping[int, Citation]
"""The citations under their new numbers, by their old ones."""


def in_order(sections: Iterable[Section], citations: Sequence[Citation]) -> dict[int, Citation]:
    """The citations that the sections use, by old number, numbered anew from 1 as they are met."""
    met = dict.fromkeys(
        citation.number for section in sections for statement in section.statements for citation in statement.citations
    )
    known = {citation.number: citation for citation in citations}
    return {old: replace(known[old], number=new) for new, old in enumerate(met, 1)}


def renumbered(section: Section, numbers: Numbers) -> Section:
    """The section with the new numbers."""
    return replace(section, statements=tuple(cited_anew(own, numbers) for own in section.statements))


def cited_anew(own: Statement, numbers: Numbers) -> Statement:
    """The statement with the new numbers."""
    return replace(own, citations=tuple(numbers[citation.number] for citation in own.citations))
