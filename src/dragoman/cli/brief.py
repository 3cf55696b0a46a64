"""`dragoman brief`: a cited brief on one or several pairs of actors."""

from __future__ import annotations

import json
import sys
from datetime import date
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
    previous: Annotated[Path | None, typer.Option(help="An earlier brief as JSON: tell what changed since.")] = None,
    form: Annotated[Form, typer.Option("--as", help="md, html, pdf, docx or json.")] = Form.MD,
    as_of: Annotated[str | None, typer.Option(help="Only what was published by this day.")] = None,
    version: Annotated[int | None, typer.Option(help="The record as it was at this version.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; default standard output.")] = None,
) -> None:
    """Write what the record knows of a relation; every sentence ends in a citation that resolves."""
    dyads = [(first, second), *(split_dyad(text, "--with") for text in also or ())]
    made = open_context(context).brief(
        *dyads, as_of=day(as_of), version=version, since=day(since), previous=_known(previous) if previous else None
    )
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


def _known(path: Path) -> tuple[int, date | None]:
    """The record version and the day of an earlier brief."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return int(found["version"]), day(found["as_of"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(
            f"--previous {path} cannot be read as a brief ({error}); give one that was written with --as json."
        ) from error
