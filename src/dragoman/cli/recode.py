"""`dragoman recode`: code the record's documents again after a change of coder."""

from __future__ import annotations

import typer

from dragoman.cli.common import note, open_context


def recode(context: typer.Context) -> None:
    """Code every document again that another version of the coder coded; nothing changes where it did not."""
    summary = open_context(context).recode()
    note(f"{summary.documents} documents coded again; {summary.gone} mentions went, {summary.came} came")
