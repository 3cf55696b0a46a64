"""Temporal knowledge graphs made of ICEWS: `source relation target time` by number, with the names in files beside.

Relation names are CAMEO's, entities are states, `Sector_(State)` and persons. Times are hours (every one a multiple of
24) or days since a first day, which the files do not tell: it is the first of January of the year that the folder's
name gives (icews14, icews05-15), or what the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
            rows = (line.rsplit("\t", 1) for line in text.split("\n"))
            names.append({row[1].strip(): row[0].strip() for row in rows if len(row) == 2})
        start = self._start or _first_day(path.absolute().parent.name)
        if start is None:
            return (
                f"The first day of the times is not known: the folder's name {path.parent.name!r} gives no year. Name "
                "it like icews14, or say --start YYYY-MM-DD."
            )
        return names[0], names[1], start


def _first_day(folder: str) -> date | None:
    found = re.search(r"icews[_-]?(?:(?P<full>(?:19|20)\d\d)|(?P<short>\d\d))(?!\d)", folder.casefold())
    if found is None:
        return None
    return date(int(found["full"] or f"20{found['short']}"), 1, 1)


def _facts(code: str) -> Facts | None:
    return cameo().get(code)


def _quadruples(lines: list[str], entities: dict[str, str], relations: dict[str, str], start: date) -> Rows:
    columns: list[list[str]] = [[] for _ in NAMES]
    numbers: list[int] = []
    rejected: list[Rejected] = []
    split = [(number, line.split()) for number, line in enumerate(lines, start=1) if line.strip()]
    times = [int(cells[3]) for _, cells in split if len(cells) in (4, 5) and cells[3].isascii() and cells[3].isdigit()]
    step = HOURS if all(time % HOURS == 0 for time in times) else 1
    for number, cells in split:
        told = _named(cells, entities, relations)
        day = None if isinstance(told, str) else _day(start, int(cells[3]) // step)
        if isinstance(told, str) or day is None:
            detail = told if isinstance(told, str) else f"The time {cells[3]} lies beyond the calendar."
            wrong = RefusalReason.WRONG_COLUMNS if len(cells) not in (4, 5) else RefusalReason.BAD_VALUE
            rejected.append(Rejected(number, wrong, detail, " ".join(cells)))
            continue
        numbers.append(number)
        for column, value in zip(columns, (*told, day), strict=True):
            column.append(value)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=list(NAMES))
    return Rows(table, np.array(numbers, dtype=np.int64), rejected)


def _named(cells: list[str], entities: dict[str, str], relations: dict[str, str]) -> tuple[str, str, str] | str:
    """The names of a quadruple's parts; or what is wrong with it."""
    if len(cells) not in (4, 5):
        return f"The row has {len(cells)} cells; source, relation, target, time and at most one more are allowed."
    if not (cells[3].isascii() and cells[3].isdigit()):
        return f"The time is {cells[3]!r}; a whole number is allowed."
    source, relation, target = entities.get(cells[0]), relations.get(cells[1]), entities.get(cells[2])
    if source is None or relation is None or target is None:
        return f"One of the numbers {cells[0]}, {cells[1]}, {cells[2]} has no name in the files beside."
    return source, relation, target


def _day(start: date, steps: int) -> str | None:
    try:
        return (start + timedelta(days=steps)).isoformat()
    except OverflowError:
        return None
