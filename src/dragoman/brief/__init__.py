"""Findings to cited prose."""

from dragoman.brief.beyond import Answered
from dragoman.brief.changes import Earlier
from dragoman.brief.compose import Brief, Findings, Relation, make_brief
from dragoman.brief.development import Development
from dragoman.brief.render import render_brief, render_sheet
from dragoman.brief.sheet import Sheet, sheet_of
from dragoman.brief.statement import Citation, Citations, Section, Statement

__all__ = [
    "Answered",
    "Brief",
    "Citation",
    "Citations",
    "Development",
    "Earlier",
    "Findings",
    "Relation",
    "Section",
    "Sheet",
    "Statement",
    "make_brief",
    "render_brief",
    "render_sheet",
    "sheet_of",
]
