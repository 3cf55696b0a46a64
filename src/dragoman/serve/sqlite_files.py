"""The files of an SQLite database that may be made anew at any time."""

from __future__ import annotations

from pathlib import Path


def remove_database(path: Path) -> None:
    """Take a database's file away, if it is there, with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
