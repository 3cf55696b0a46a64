"""Findings to cited prose."""

from dragoman.brief.compose import Brief, Findings, Relation, Section, make_brief
from dragoman.brief.render import render_brief
from dragoman.brief.statement import Citation, Citations, Statement

__all__ = [
    "Brief",
    "Citation",
    "Citations",
    "Findings",
    "Relation",
    "Section",
    "Statement",
    "make_brief",
    "render_brief",
]
