"""`dragoman backup` and `dragoman restore`: record and SQL database at one moment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.common import note, write
from dragoman.pipeline import back_up, bring_back


def backup(
    context: typer.Context,
    place: Annotated[Path, typer.Argument(help="A new folder, or an archive that ends in .tar or .tar.gz.")],
) -> None:
    """Write the record, with all its versions, and the SQL database as they are at one moment."""
    done = back_up(context.obj, place)
    note(f"version {done.version} of the record and {done.rows} rows of the database.")
    write(str(done.place))


def restore(
    context: typer.Context,
    place: Annotated[Path, typer.Argument(help="A backup: the folder or the archive.")],
) -> None:
    """Make the record and the database that --record and --database name from a backup; neither may be there yet."""
    done = bring_back(context.obj, place)
    note(f"version {done.version} of the record and {done.rows} rows of the database are back; the record verifies.")
