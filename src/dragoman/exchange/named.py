"""Whom other providers name and the coder's gazetteer leaves out: governors, party leaders, captives, firms, news.

`data/named.csv` was written for this project. A line states facts of one or several actors: `kind` is person or body;
`sector` is PLOVER's and holds `from` to `until` (as precise as known; out of these days a person is of the former
elite); `names` are parted by “;”, spellings of one name by “|”; `what` says who it is, for who checks the line. A name
that may mean several actors of different states, or that is no name at all (“Shura Council”), is left out on purpose.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from dragoman.coding.gazetteer import Entry, NameKind, Term
from dragoman.errors import DataError, UsageError
from dragoman.periods import parse_period
from dragoman.records import Actor
from dragoman.terms import NON_STATE_CODES

_KINDS = {"person": NameKind.PERSON, "body": NameKind.BODY}
_EVER = "1800"
"""Where a term begins of which only the end is known."""
UNKNOWN_SECTOR = "UNK"
"""PLOVER's sector of an actor of a known state whose sector is not known."""


@cache
def named_actors() -> tuple[Entry, ...]:
    """The entries of `data/named.csv`; a wrong line is a `DataError` that shows it."""
    text = files("dragoman.exchange").joinpath("data/named.csv").read_text("utf-8")
    return tuple(entry for row in csv.DictReader(text.splitlines()) for entry in _entries(row))


def _entries(row: Mapping[str, str]) -> Iterator[Entry]:
    try:
        kind, terms = _KINDS[row["kind"]], _terms(row)
    except (KeyError, UsageError) as error:
        raise DataError(f"named.csv: the line {dict(row)!r} is not as it must be: {error}.") from error
    code = row["code"]
    sector = row["sector"] or (None if code in NON_STATE_CODES or code in ("UNO", "EUR") else UNKNOWN_SECTOR)
    for group in row["names"].split(";"):
        names = group.split("|")
        for name in names:
            yield Entry(name, kind, Actor(code, names[0], sector), terms=terms)


def _terms(row: Mapping[str, str]) -> tuple[Term, ...]:
    if not (row["from"] or row["until"]):
        return ()
    last = parse_period(row["until"]) if row["until"] else None
    return (Term(row["what"], parse_period(row["from"] or _EVER), last),)
