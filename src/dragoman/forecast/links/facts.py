"""Dated facts (source, relation, target, day) as the files of temporal knowledge graphs hold them.

Every fact is kept in both directions: as source, relation, target and as target, relation + R, source, where R is the
number of relations. So the question "who did this to the target" has the same form as "to whom did the source do this".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import DataError, UsageError

Ints = NDArray[np.int64]

STEP_HOURS = 24
"""The files count time in hours; a day is one step of the protocol."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in columns of equal length, sorted by day; numbers of entities, relations and days."""

    source: Ints
    relation: Ints
    target: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.day)

    def of_days(self, first: int, last: int) -> Facts:
        """The facts from day `first` to day `last`, both included."""
        low, high = np.searchsorted(self.day, [first, last + 1])
        return Facts(self.source[low:high], self.relation[low:high], self.target[low:high], self.day[low:high])

    def both_ways(self, relations: int) -> Facts:
        """Each fact also as target, relation + `relations`, source; still sorted by day."""
        return facts_of(
            np.concatenate([self.source, self.target]),
            np.concatenate([self.relation, self.relation + relations]),
            np.concatenate([self.target, self.source]),
            np.concatenate([self.day, self.day]),
        )


@dataclass(frozen=True, slots=True)
class Names:
    """The names of entities and relations, each at its number."""

    entities: tuple[str, ...]
    relations: tuple[str, ...]


def facts_of(
    source: Sequence[int] | Ints,
    relation: Sequence[int] | Ints,
    target: Sequence[int] | Ints,
    day: Sequence[int] | Ints,
) -> Facts:
    """Facts from columns in any order, sorted by day (stable)."""
    columns = [np.asarray(column, dtype=np.int64).reshape(-1) for column in (source, relation, target, day)]
    order = np.argsort(columns[3], kind="stable")
    return Facts(*(column[order] for column in columns))


def together(*parts: Facts) -> Facts:
    """All facts of the parts as one."""
    return facts_of(
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.relation for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.day for part in parts]),
    )


def load_facts(path: Path, names: Names) -> Facts:
    """The facts of a file: source, relation, target, time in hours on a line, further columns ignored.

    A line that is short, no whole number, or a number without a name is a `DataError` that names the line.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}; name a file of lines: source relation target time.")
    rows: list[tuple[int, int, int, int]] = []
    limits = (len(names.entities), len(names.relations), len(names.entities))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            source, relation, target, hours = (int(word) for word in line.split()[:4])
        except ValueError as error:
            raise DataError(
                f"{path.name} line {number} is {line[:60]!r}; needed are whole numbers: source relation target time."
            ) from error
        for value, limit in zip((source, relation, target), limits, strict=True):
            if not 0 <= value < limit:
                raise DataError(
                    f"{path.name} line {number} has the number {value}, but the names end at {limit - 1}; "
                    "take the entity2id.txt and relation2id.txt that belong to the file."
                )
        rows.append((source, relation, target, hours // STEP_HOURS))
    if not rows:
        raise DataError(f"{path.name} holds no facts; needed are lines: source relation target time.")
    columns = np.array(rows, dtype=np.int64).T
    return facts_of(columns[0], columns[1], columns[2], columns[3])


def load_names(folder: Path) -> Names:
    """The names in entity2id.txt and relation2id.txt of a folder: name, tab, number on a line."""
    return Names(_names(folder / "entity2id.txt"), _names(folder / "relation2id.txt"))


def _names(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        raise UsageError(f"There is no file {path}; it must lie beside the train file and give each number's name.")
    found: dict[int, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        words = line.rstrip().rsplit(maxsplit=1)
        if len(words) != 2 or not words[1].isdigit():
            if number == 1 and words[0].isdigit():
                continue  # some files begin with a count
            raise DataError(f"{path.name} line {number} is {line[:60]!r}; needed are a name, a tab and its number.")
        found[int(words[1])] = words[0]
    return tuple(found.get(i, f"#{i}") for i in range(max(found, default=-1) + 1))
