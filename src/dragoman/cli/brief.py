"""`dragoman brief`: a cited brief on one or several pairs of actors."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dragoman.brief import render_brief
from dragoman.cli.common import day, note, open_context, split_dyad, write
from dragoman.errors import UsageError


class Form(StrEnum):
    """How a brief is written."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    JSON = "json"


def brief(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="An actor: code, name or abbreviation.")],
    second: Annotated[str, typer.Argument(help="The other actor.")],
    also: Annotated[
        list[str] | None, typer.Option("--with", help="A further relation, FIRST/SECOND; repeat for several.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Add what was reported for the first time from this day on.")
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="md, html, pdf, docx or json.")] = Form.MD,
    as_of: Annotated[str | None, typer.Option(help="Only what was published by this day.")] = None,
    version: Annotated[int | None, typer.Option(help="The record as it was at this version.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; default standard output.")] = None,
) -> None:
    """Write what the record knows of a relation; every sentence ends in a citation that resolves."""
    dyads = [(first, second), *(split_dyad(text, "--with") for text in also or ())]
    made = open_context(context).brief(*dyads, as_of=day(as_of), version=version, since=day(since))
    content = render_brief(made, form.value)
    if out is None:
        if form not in (Form.PDF, Form.DOCX):
            write(content.decode())
            return
        if sys.stdout.isatty():
            raise UsageError(f"A brief as {form.value} is no text for a terminal; give --out FILE, or send it on.")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    out.write_bytes(content)
    note(f"written to {out}")
    write(str(out))
