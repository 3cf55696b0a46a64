"""What the commands share: the record of the context, days, and writing results."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from dragoman.errors import UsageError
from dragoman.periods import parse_day
from dragoman.pipeline import Record
from dragoman.settings import Settings


class Context(Protocol):
    """What a command needs of Typer's context."""

    obj: Settings


def open_context(context: Context) -> Record:
    """The record that the common options name."""
    return Record(context.obj.record, context.obj)


def day(text: str | None) -> date | None:
    """A day given on the command line, or None."""
    return parse_day(text) if text else None


def split_dyad(text: str, option: str) -> tuple[str, str]:
    """A relation written FIRST/SECOND."""
    first, sign, second = text.partition("/")
    if not (first and sign and second):
        raise UsageError(f"{option} {text!r} is not FIRST/SECOND; write for instance {option} PRK/RUS.")
    return first, second


def write(text: str) -> None:
    """The result, to standard output."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def note(text: str) -> None:
    """Progress and warnings, to standard error."""
    sys.stderr.write(f"{text}\n")


def write_json(rows: Sequence[dict[str, Any]], lines: bool) -> None:
    """One array, or one object a line."""
    if lines:
        for row in rows:
            write(json.dumps(row, ensure_ascii=False))
    else:
        write(json.dumps(list(rows), ensure_ascii=False, indent=1))
