"""Temporal knowledge graphs made of ICEWS: `source relation target time` by number, with the names in files beside.

Relation names are CAMEO's, entities are states, `Sector_(State)` and persons. Times are hours (every one a multiple of
24) or days since a first day, which the files do not tell: it is the first of January of the year that the folder's
name gives (icews14, icews05-15), or what the caller says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from dragoman.exchange.coded import Coded, mapped
from dragoman.exchange.codes import Facts, cameo, cameo_by_label, plain
from dragoman.exchange.columns import Rejected, Rows, clean
from dragoman.exchange.countries import plain_name
from dragoman.exchange.files import Source, blocks, refusal
from dragoman.exchange.parties import UNSPECIFIED, Parties
from dragoman.records import Actor, Refusal
from dragoman.terms import RefusalReason

HOURS = 24
ALLOWED = (4, 5)
"""Cells of a row: source, relation, target, time, and one more or none. A file's rows are alike in that."""
HOURLY, DAILY = 0.9, 0.5
"""Where at least so many of a file's times are multiples of 24 they are hours, and the others no times; where at most
so many are, they are days, of which one in 24 is such a multiple by chance."""
LONGEST_TIME = 9
"""Digits of a time, at most; longer ones lie beyond the calendar."""
NAMES = ("source", "relation", "target", "date")
_ENTITIES, _RELATIONS = "entity2id.txt", "relation2id.txt"


class Tkg:
    """A folder of a temporal knowledge graph."""

    name = "tkg"

    def __init__(self, parties: Parties, start: date | None = None) -> None:
        self._parties = parties
        self._start = start

    def rows(self, source: Source) -> Iterator[Rows | Refusal]:
        """The quadruples of a file with their names; the files of names, and notes, hold none."""
        if source.path is None:
            detail = (
                "A graph is read from a folder, since its names lie in files beside; unpack it and give the folder."
            )
            yield refusal(RefusalReason.WRONG_FORMAT, detail, source.name)
            return
        if source.path.name in (_ENTITIES, _RELATIONS, "stat.txt"):
            return
        found = self._beside(source.path)
        if isinstance(found, str):
            yield refusal(RefusalReason.MISSING, found, source.name)
            return
        entities, relations, start = found
        parts = list(blocks(source))
        texts = [clean(part.data).decode("utf-8") for part in parts if not isinstance(part, Refusal)]
        yield _quadruples("".join(texts).split("\n"), entities, relations, start)
        yield from (part for part in parts if isinstance(part, Refusal))

    def code(self, rows: Rows) -> Coded:
        """What the quadruples mean."""

        def column(name: str) -> pa.Array:
            return rows.table[name].combine_chunks()

        return Coded(
            rows,
            code=mapped(column("relation"), lambda name: cameo_by_label().get(plain(name), name), pa.string()),
            facts=_facts,
            days=mapped(column("date"), date.fromisoformat, pa.date32()),
            source=column("source"),
            target=column("target"),
            solve=self._solve,
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        name = key.replace("_", " ")
        if plain_name(name) in UNSPECIFIED:
            return ()
        actor = self._parties.icews(name, "", "", day)
        return (actor,) if actor else None

    def _beside(self, path: Path) -> tuple[dict[str, str], dict[str, str], date] | str:
        """The names of entities and relations, and the first day; or what is missing."""
        names = []
        for file in (_ENTITIES, _RELATIONS):
            try:
                text = clean((path.parent / file).read_bytes()).decode("utf-8")
            except OSError as error:
                return f"{file} cannot be read beside it ({error.strerror or error}); it holds the names."
            names.append(_names(text.split("\n")))
        start = self._start or _first_day(path.absolute().parent.name)
        if start is None:
            return (
                f"The first day of the times is not known: the folder's name {path.parent.name!r} gives no year. Name "
                "it like icews14, or say --start YYYY-MM-DD."
            )
        return names[0], names[1], start


def _names(lines: Iterable[str]) -> dict[str, str]:
    """The name of each number; a number with two names, as where a line is cut, has none that could be trusted."""
    told: dict[str, set[str]] = {}
    for line in lines:
        cells = [cell.strip() for cell in line.strip().split("\t")]
        if len(cells) == 2 and cells[0]:
            told.setdefault(cells[1], set()).add(cells[0])
    return {number: names.pop() for number, names in told.items() if len(names) == 1}


def _first_day(folder: str) -> date | None:
    found = re.search(r"icews[_-]?(?:(?P<full>(?:19|20)\d\d)|(?P<short>\d\d))(?!\d)", folder.casefold())
    if found is None:
        return None
    return date(int(found["full"] or f"20{found['short']}"), 1, 1)


def _facts(code: str) -> Facts | None:
    return cameo().get(code)


@dataclass(frozen=True, slots=True)
class _Graph:
    """What the numbers of a file's rows mean: how many cells a row has, and the steps of time."""

    entities: Mapping[str, str]
    relations: Mapping[str, str]
    start: date
    cells: int
    step: int | None

    def read(self, cells: Sequence[str]) -> tuple[str, str, str, str] | str:
        """Source, relation, target and day of a row; or what is wrong with it."""
        if len(cells) != self.cells:
            return (
                f"The row has {len(cells)} cells, and most of the file's have {self.cells}; source, relation, target, "
                "time and at most one more are allowed."
            )
        source, relation, target, time = cells[:4]
        if not _is_number(time):
            return f"The time is {time!r}; a whole number is allowed."
        if self.step is None:
            return "The times of this file are neither hours that make whole days nor days; they mean no day."
        if int(time) % self.step:
            return f"The time {time} is no whole day, and nearly all others of the file are hours that make one."
        named = self.entities.get(source), self.relations.get(relation), self.entities.get(target)
        if named[0] is None or named[1] is None or named[2] is None:
            return f"One of the numbers {source}, {relation}, {target} has no name, or two, in the files beside."
        try:
            day = self.start + timedelta(days=int(time) // self.step)
        except OverflowError:
            return f"The time {time} lies beyond the calendar."
        return named[0], named[1], named[2], day.isoformat()


def _quadruples(lines: Sequence[str], entities: Mapping[str, str], relations: Mapping[str, str], start: date) -> Rows:
    split = [(number, _cells(line)) for number, line in enumerate(lines, start=1) if line.strip()]
    counts = Counter(len(cells) for _, cells in split if len(cells) in ALLOWED)
    usual = counts.most_common(1)[0][0] if counts else min(ALLOWED)
    whole = [cells for _, cells in split if len(cells) == usual and _is_number(cells[3])]
    times = [int(c[3]) for c in whole if c[0] in entities and c[1] in relations and c[2] in entities]
    graph = _Graph(entities, relations, start, usual, _step(times))
    columns: list[list[str]] = [[] for _ in NAMES]
    numbers: list[int] = []
    rejected: list[Rejected] = []
    for number, cells in split:
        told = graph.read(cells)
        if isinstance(told, str):
            wrong = RefusalReason.BAD_VALUE if len(cells) == usual else RefusalReason.WRONG_COLUMNS
            rejected.append(Rejected(number, wrong, told, lines[number - 1].strip()))
            continue
        numbers.append(number)
        for column, value in zip(columns, told, strict=True):
            column.append(value)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=list(NAMES))
    return Rows(table, np.array(numbers, dtype=np.int64), rejected)


def _cells(line: str) -> list[str]:
    """The cells of a line, between tabs or single spaces; an empty one in the middle is one, and shifts none."""
    text = line.rstrip()
    return [cell.strip() for cell in text.split("\t")] if "\t" in text else text.split(" ")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_TIME


def _step(times: Sequence[int]) -> int | None:
    """How many steps of time make a day; None where the times tell neither hours nor days."""
    whole = sum(time % HOURS == 0 for time in times) / max(len(times), 1)
    return HOURS if whole >= HOURLY else 1 if whole <= DAILY else None
