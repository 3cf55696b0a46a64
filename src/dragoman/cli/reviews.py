"""`dragoman reviews …`: what reviewers decided at the desk, from the command line."""

from __future__ import annotations

import json

import typer

from dragoman.cli.common import note, open_context, write
from dragoman.database import open_database
from dragoman.serve.reviewing.training_text import Left, training_lines

app = typer.Typer(help="What reviewers decided at the desk.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def reviews() -> None:
    """What reviewers decided at the desk."""


@app.command()
def export(context: typer.Context) -> None:
    """Print reviewed sentences as training text: JSON Lines in the markup of corpora/coding."""
    database = open_database(context.obj)
    left = Left()
    count = 0
    for line in training_lines(open_context(context), database, left):
        write(json.dumps(line, ensure_ascii=False))
        count += 1
    database.close()
    note(f"{count} sentences.")
    for reason, number in sorted(left.reasons.items()):
        note(f"left out: {number}, as {reason}.")
