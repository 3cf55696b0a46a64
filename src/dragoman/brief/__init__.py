"""Findings to cited prose."""

from dragoman.brief.compose import Brief, Section, make_brief
from dragoman.brief.render import render_brief
from dragoman.brief.statement import Citation, Citations, Statement

__all__ = ["Brief", "Citation", "Citations", "Section", "Statement", "make_brief", "render_brief"]
