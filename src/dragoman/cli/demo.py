"""`dragoman demo`: the sample texts read, coded and briefed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import dragoman
from dragoman.brief import render_brief
from dragoman.cli.add import SOME_REFUSED, add
from dragoman.cli.common import note, open_context, split_dyad, write
from dragoman.errors import UsageError

FOLDERS = (Path(dragoman.__file__).parent / "samples", Path(dragoman.__file__).parents[2] / "corpora" / "dispatches")


def demo(
    context: typer.Context,
    samples: Annotated[
        Path | None, typer.Option(help="Folder with sample texts; default those that come along.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the briefs.")] = Path("demo"),
    parties: Annotated[str, typer.Option(help="The relation to brief, FIRST/SECOND.")] = "PRK/RUS",
) -> None:
    """Read the sample texts into the record, print a brief, and end with the path of its HTML form."""
    folder = sample_folder(samples)
    first, second = split_dyad(parties, "--parties")
    note(f"reading {folder}")
    refused = False
    try:
        add(context, [str(folder)])
    except typer.Exit as left:
        if left.exit_code != SOME_REFUSED:
            raise
        refused = True
    made = open_context(context).dyad(first, second).brief()
    out.mkdir(parents=True, exist_ok=True)
    for form in ("md", "html", "json"):
        (out / f"brief.{form}").write_bytes(render_brief(made, form))
    write(render_brief(made, "md").decode())
    write(str((out / "brief.html").resolve()))
    if refused:
        raise typer.Exit(SOME_REFUSED)


def sample_folder(named: Path | None) -> Path:
    """The folder with the sample texts: the one that is named, else that which comes along."""
    folder = named or next((path for path in FOLDERS if path.is_dir()), None)
    if folder is None:
        raise UsageError(f"No sample texts at {' or '.join(map(str, FOLDERS))}; name a folder with --samples.")
    return folder
