"""What a fault came to, and how two records are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.pipeline import Record
from dragoman.record import TABLES


@dataclass(slots=True)
class Outcome:
    """One line of the table: a fault, how often it was tried, what was lost or wrong each time, and what was seen."""

    fault: str
    tried: int
    lost: list[str] = field(default_factory=list)
    seen: str = ""
    missed: int = 0
    """Of kills: how many came after the run had ended; they are not counted as tried."""

    def line(self) -> str:
        """The line as Markdown."""
        return f"| {self.fault} | {self.tried} | {'; '.join(self.lost) or 'nothing'} | {self.seen} |"


def digest(place: Path, without: Collection[str] = ()) -> str:
    """A hash of all rows of a record's current version, but for the list of versions, which tells the clock.

    Columns in `without` are left out.
    """
    snapshot = Record(place).store().snapshot()
    seen = hashlib.sha256()
    for name in TABLES:
        rows = sorted(
            ({key: value for key, value in row.items() if key not in without} for row in snapshot.rows(name)),
            key=lambda row: str(row["id"]),
        )
        seen.update(json.dumps([name, rows], sort_keys=True, default=str).encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


def state(place: Path, without: Collection[str] = ()) -> tuple[str, list[str]]:
    """The digest of a record, and what `dragoman record verify` finds wrong."""
    return digest(place, without), [f"{one.table} {one.id}: {one.problem}" for one in Record(place).verify()]


def compared(name: str, found: tuple[str, list[str]], wanted: str) -> list[str]:
    """What is wrong with a record beside an unbroken one's digest."""
    return [f"{name}: {one}" for one in found[1][:3]] + ([f"{name}: differs"] if found[0] != wanted else [])
