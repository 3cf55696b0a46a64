"""PLOVER JSON records: one object a line, or one array; of today's form and of the older one with source and target."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from dragoman.exchange.coded import GLUE, Coded, glued, iso_days
from dragoman.exchange.codes import Facts, plover
from dragoman.exchange.columns import Rejected, Rows, clean
from dragoman.exchange.files import Source, blocks
from dragoman.exchange.parties import Parties
from dragoman.records import Actor, Refusal
from dragoman.terms import RefusalReason

NAMES = ("id", "date", "event", "mode", "context", "source", "target", "publication", "version", "record")
_BETWEEN = "\x1e"
"""Parts the actors of one side."""
_BETWEEN_RECORDS = " \t\n\r[],"
"""What may stand around records, of one array or none."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_DECODER = json.JSONDecoder(strict=False)
"""Takes tabs as they are inside a text, which many writers leave there."""
MOST_LINES = 10_000
"""Lines of a record, text and all; one that has not ended by then never does."""


class Plover:
    """Records as the PLOVER project writes them."""

    name = "plover"

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    def rows(self, source: Source) -> Iterator[Rows | Refusal]:
        """The rows of a file; a record may run over lines."""
        rest: list[str] = []
        line = 1
        for block in blocks(source):
            if isinstance(block, Refusal):
                yield block
                continue
            lines = clean(block.data).decode("utf-8").split("\n")
            found, rest, line = _records([*rest, *lines[: len(lines) - (not lines[-1])]], line)
            yield found
        if rest:
            left: tuple[list[tuple[int, Mapping[str, Any]]], list[Rejected]] = ([], [])
            _settle(line, rest, *left)
            yield _rows(*left)

    def code(self, rows: Rows) -> Coded:
        """What the rows mean."""

        def column(name: str) -> pa.Array:
            return rows.table[name].combine_chunks()

        return Coded(
            Rows(rows.table.select(["record"]), rows.lines, rows.rejected),
            code=glued(column("event"), column("mode"), column("context")),
            facts=_facts,
            days=iso_days(column("date")),
            source=column("source"),
            target=column("target"),
            solve=self._solve,
            row_id=column("id"),
            outlet=column("publication"),
            version=column("version"),
            shown=lambda key: " ".join(key.split(GLUE)[:2]).strip(),
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        if not key:
            return ()
        found = []
        for part in key.split(_BETWEEN):
            code, sector, name = part.split(GLUE)
            actor = self._parties.plover(code, sector, name, day)
            if actor is None:
                return None
            found.append(actor)
        return tuple(dict.fromkeys(found))


def _facts(key: str) -> Facts | None:
    kind, mode, contexts = key.split(GLUE)
    return plover(kind, mode, contexts)


def _records(lines: list[str], first: int) -> tuple[Rows, list[str], int]:
    """The records of the lines, the lines of an unfinished one, and the number of its first line.

    A record ends where its braces do. A line that begins one no deeper than the record before shows that this one
    never ended, and a line between records that begins none is refused alone.
    """
    found: list[tuple[int, Mapping[str, Any]]] = []
    rejected: list[Rejected] = []
    start, depth = 0, 0
    for at, text in enumerate(lines):
        begins = text.lstrip(" \t[,").startswith("{")
        if at > start and ((begins and _depth(text) <= _depth(lines[start])) or at - start >= MOST_LINES):
            _settle(first + start, lines[start:at], found, rejected)
            start, depth = at, 0
        if at == start and not begins:
            if text.strip(" \t[],"):
                rejected.append(_broken(first + at, text))
            start = at + 1
            continue
        bare = _STRING.sub("", text)
        depth += bare.count("{") - bare.count("}")
        if depth <= 0:
            _settle(first + start, lines[start : at + 1], found, rejected)
            start, depth = at + 1, 0
    return _rows(found, rejected), lines[start:], first + start


def _settle(line: int, lines: list[str], found: list[tuple[int, Mapping[str, Any]]], rejected: list[Rejected]) -> None:
    """Count what these lines hold among the records, and what of them is none among the refused."""
    records, rest = _parsed("\n".join(lines))
    found.extend((line, record) for record in records)
    rejected.extend([_broken(line, rest)] if rest else [])


def _parsed(text: str) -> tuple[list[Mapping[str, Any]], str]:
    """The records that the text holds one after the other, and what of it is none."""
    found: list[Mapping[str, Any]] = []
    rest = text.strip(_BETWEEN_RECORDS)
    while rest:
        try:
            record, end = _DECODER.raw_decode(rest)
            # What an escape stands for may be half a character.
            json.dumps(record, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return found, rest
        if not isinstance(record, dict):
            return found, rest
        found.append(record)
        rest = rest[end:].strip(_BETWEEN_RECORDS)
    return found, ""


def _depth(line: str) -> int:
    """How far in a line begins."""
    return len(line) - len(line.lstrip(" \t"))


def _broken(line: int, text: str) -> Rejected:
    detail = "This is no JSON object; a PLOVER record is one, on one line or several."
    return Rejected(line, RefusalReason.BAD_VALUE, detail, text)


def _rows(records: list[tuple[int, Mapping[str, Any]]], rejected: list[Rejected]) -> Rows:
    columns: dict[str, list[str | None]] = {name: [] for name in NAMES}
    for _, record in records:
        for name, value in {
            "id": _text(record.get("id")),
            "date": _text(record.get("date")),
            "event": _text(record.get("event")),
            "mode": _text(record.get("mode")),
            "context": _text(record.get("context")),
            "source": _side(record.get("actor", record.get("source"))),
            "target": _side(record.get("recipient", record.get("target"))),
            "publication": _text(record.get("publication")),
            "version": _text(record.get("version")),
            "record": json.dumps(record, ensure_ascii=False, sort_keys=True),
        }.items():
            columns[name].append(value or None)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Rows(table, np.array([line for line, _ in records], dtype=np.int64), rejected)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(_text(part) for part in value)
    # An escape may stand for a sign that parts the values of a key.
    return "" if value is None or isinstance(value, dict) else _CONTROLS.sub(" ", str(value)).strip()


def _side(value: object) -> str:
    """The actors of a side as one key."""
    group = value if isinstance(value, list) else [value] if value else []
    parts = []
    for actor in group:
        if isinstance(actor, dict):
            name = actor.get("actorText") or actor.get("entity_text") or actor.get("text")
            sector = _text(actor.get("sector")).split(";")[0]
            parts.append(GLUE.join((_text(actor.get("code")), sector, _text(name))))
        elif actor:
            parts.append(GLUE.join((_text(actor), "", "")))
    return _BETWEEN.join(parts)
