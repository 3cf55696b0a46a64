"""Files of a folder that are new or have changed since they were read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from dragoman.read import Input, find_inputs

SETTLED = 2.0
"""A file is read when it has not changed for so many seconds, as somebody may still be writing it."""
_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp", "~")


def changed_files(
    folder: Path, known: Mapping[str, str | None], now: datetime.datetime, *, mail: bool
) -> list[tuple[Path, str]]:
    """The files to read with their state (size and time of change), in order; of a mailbox only `*.eml`."""
    found = []
    for item in find_inputs([str(folder)]):
        if not isinstance(item, Input) or item.path is None:
            continue
        path = item.path
        if path.name.endswith(_UNFINISHED) or (mail and path.suffix.lower() != ".eml"):
            continue
        try:
            stat = path.stat()
        except OSError:
            continue  # It was taken away between listing and looking.
        state = f"{stat.st_size}-{stat.st_mtime_ns}"
        age = now.timestamp() - stat.st_mtime
        if known.get(str(path)) != state and (age >= SETTLED or age < 0):
            found.append((path, state))
    return found
