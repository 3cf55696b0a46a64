"""Questions to an index: documents and events that hold the words and are as wanted, with the words marked."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dragoman.serve.search.rows import EVENT_SHOWN
from dragoman.serve.search.tables import first_number, tag
from dragoman.serve.search.words import Phrase, expression

RANKED = 1_000
"""Of more rows that fit, the newest are ranked; ranking all of a frequent word would take too long."""

COUNTED = 10_000
"""Rows that fit are counted up to here."""

_OPEN, _SHUT = "\x02", "\x03"

_LAST = (1 << 62) - 1

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: phrases, days (both included), and what the rows are, as kinds with values."""

    phrases: tuple[Phrase, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    kinds: tuple[tuple[str, str], ...] = ()
    newest_first: bool = False
    start: int = 0
    most: int = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; a marked one is what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that was found, with its title and the place in its text that fits best."""

    id: str
    title: list[Piece]
    outlet: str | None
    day: str | None
    text: list[Piece]


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event that was found; parties are pairs of what leads to their page and their name."""

    id: str
    day: str | None
    date: str | None
    precision: str | None
    source: list[list[str]]
    target: list[list[str]]
    type: str
    mode: str | None
    quad: int
    factuality: str
    contested: bool
    domain: str | None
    place: str | None
    provider: str
    text: list[Piece]


@dataclass(frozen=True, slots=True)
class Answer(Generic[Shown]):
    """What was found; `count` stops at `COUNTED`, `loose` says that only some of the words had to be there."""

    rows: list[Shown] = field(default_factory=list)
    count: int = 0
    loose: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is said to SQLite about one full-text table."""

    count: str
    newest: str
    ranked: str
    shown: str


_DOCUMENTS = _Questions(
    count="SELECT count(*) FROM (SELECT 1 FROM documents WHERE documents MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)",
    newest="SELECT rowid FROM documents WHERE documents MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC "
    "LIMIT ? OFFSET ?",
    ranked="SELECT number FROM (SELECT rowid AS number, bm25(documents, 6.0, 1.0, 0.0) AS rank FROM documents "
    "WHERE documents MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?) ORDER BY rank, number DESC "
    "LIMIT ? OFFSET ?",
    shown="SELECT shown, highlight(documents, 0, ?, ?), snippet(documents, 1, ?, ?, '…', 36) FROM documents "
    "WHERE documents MATCH ? AND rowid = ?",
)
_EVENTS = _Questions(
    count="SELECT count(*) FROM (SELECT 1 FROM events WHERE events MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)",
    newest="SELECT rowid FROM events WHERE events MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC "
    "LIMIT ? OFFSET ?",
    ranked="SELECT number FROM (SELECT rowid AS number, bm25(events, 2.0, 1.0, 0.0) AS rank FROM events "
    "WHERE events MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?) ORDER BY rank, number DESC "
    "LIMIT ? OFFSET ?",
    shown="SELECT shown, '', snippet(events, 1, ?, ?, '…', 48) FROM events WHERE events MATCH ? AND rowid = ?",
)


def find_documents(connection: sqlite3.Connection, wanted: Wanted) -> Answer[FoundDocument]:
    """The documents that fit, the best first, or the newest."""

    def made(shown: Sequence[Any], title: str, text: str) -> FoundDocument:
        identity, headline, outlet, day = shown
        # The first text holds the title, then the outlet and the author.
        whole = _pieces(title)
        return FoundDocument(identity, _cut(whole, len(headline or "")), outlet, day, _pieces(text))

    return _find(connection, _DOCUMENTS, wanted, made, parties=False, marks=4)


def find_events(connection: sqlite3.Connection, wanted: Wanted) -> Answer[FoundEvent]:
    """The events that fit, the best first, or the newest."""

    def made(shown: Sequence[Any], _: str, text: str) -> FoundEvent:
        return FoundEvent(**dict(zip(EVENT_SHOWN, shown, strict=True)), text=_pieces(text))

    return _find(connection, _EVENTS, wanted, made, parties=True, marks=2)


def count_events(connection: sqlite3.Connection, names: Sequence[str]) -> dict[str, int]:
    """In how many events of the record each actor stands."""
    sql = "SELECT events FROM actors WHERE name = ?"
    return {name: row[0] for name in names if (row := connection.execute(sql, (name,)).fetchone())}


def _find(
    connection: sqlite3.Connection,
    questions: _Questions,
    wanted: Wanted,
    made: Callable[[Sequence[Any], str, str], Shown],
    *,
    parties: bool,
    marks: int,
) -> Answer[Shown]:
    tags = [tag(kind, value) for kind, value in wanted.kinds]
    numbers = _numbers(wanted)
    words = [phrase for phrase in wanted.phrases if not phrase.without]
    for every in (True, False) if len(words) > 1 else (True,):
        match = expression(wanted.phrases, tags, parties=parties, every=every)
        (count,) = connection.execute(questions.count, (match, *numbers, COUNTED + 1)).fetchone()
        if count:
            break
    else:
        return Answer()
    if words and not wanted.newest_first:
        found = connection.execute(questions.ranked, (match, *numbers, RANKED, wanted.most, wanted.start))
    else:
        found = connection.execute(questions.newest, (match, *numbers, wanted.most, wanted.start))
    rows = []
    for (number,) in found.fetchall():
        told = connection.execute(questions.shown, (*([_OPEN, _SHUT] * (marks // 2)), match, number)).fetchone()
        if told is not None:
            rows.append(made(json.loads(told[0]), told[1], told[2]))
    return Answer(rows, count, loose=not every)


def _numbers(wanted: Wanted) -> tuple[int, int]:
    """The numbers between which the rows lie; what has no known day is left out where days are asked for."""
    first = first_number(wanted.since) if wanted.since else first_number(datetime.date.min) if wanted.until else 0
    last = first_number(wanted.until + datetime.timedelta(days=1)) - 1 if wanted.until and _has_next(wanted) else _LAST
    return first, last


def _has_next(wanted: Wanted) -> bool:
    return wanted.until != datetime.date.max


def _pieces(text: str) -> list[Piece]:
    """The text in pieces, those between the signs marked."""
    found = []
    for number, part in enumerate(text.replace(_SHUT, _OPEN).split(_OPEN)):
        if part:
            found.append(Piece(part, number % 2 == 1))
    return found


def _cut(pieces: Sequence[Piece], length: int) -> list[Piece]:
    """The pieces of the first so many letters."""
    found = []
    for piece in pieces:
        if length <= 0:
            break
        found.append(Piece(piece.text[:length].rstrip() if len(piece.text) > length else piece.text, piece.marked))
        length -= len(piece.text)
    return found
