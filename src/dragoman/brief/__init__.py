"""Findings to cited prose."""

from dragoman.brief.beyond import Answered
from dragoman.brief.compose import Brief, Findings, Relation, make_brief
from dragoman.brief.development import Development
from dragoman.brief.render import render_brief
from dragoman.brief.statement import Citation, Citations, Section, Statement

__all__ = [
    "Answered",
    "Brief",
    "Citation",
    "Citations",
    "Development",
    "Findings",
    "Relation",
    "Section",
    "Statement",
    "make_brief",
    "render_brief",
]
