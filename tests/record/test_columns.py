"""What is made of whole columns is what is made row by row."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from dragoman.periods import Period, Precision
from dragoman.record import (
    TABLES,
    event_from,
    event_row,
    events_from,
    mention_from,
    mentions_from,
    public_event,
    public_rows,
)
from dragoman.record.columns import values
from dragoman.records import Place, Span
from dragoman.relate import make_event
from dragoman.terms import Part
from making import JUNE, KOR, claimed_by, make_document, make_mention, make_mention_row, make_report

DOCUMENT = make_document()
FULL = make_mention(
    claimants=claimed_by(KOR),
    date_span=Span(Part.BODY, 40, 49),
    place=Place("Rason", "PRK", Span(Part.BODY, 0, 5), 2044757, 42.25, 130.3),
    quotes=(Span(Part.BODY, 0, 5), Span(Part.BODY, 7, 9)),
    mode="visit",
    confidence=0.5,
    vector=b"\x01\xff",
)
BARE = make_mention(date=None, domain=None, target=(), contexts=(), rules=())
COARSE = make_mention(date=Period(JUNE.start.replace(day=1), Precision.MONTH), place=Place("Asia", "PRK", None))
MENTIONS = [FULL, BARE, COARSE, FULL]


def test_mentions_are_the_same_by_columns() -> None:
    table = pa.Table.from_pylist([make_mention_row(m, DOCUMENT) for m in MENTIONS], schema=TABLES["mentions"])
    assert mentions_from(table) == [mention_from(row) for row in table.to_pylist()] == MENTIONS
    assert mentions_from(table.slice(1, 2)) == MENTIONS[1:3]
    assert [m.id for m in mentions_from(table)] == [m.id for m in MENTIONS]
    assert mentions_from(table.slice(0, 0)) == []


def test_events_are_the_same_by_columns() -> None:
    events = [make_event([make_report(mention)]) for mention in MENTIONS]
    events.append(replace(events[0], outlets=(), first_reported=None, last_reported=None, deniers=("KOR", "media")))
    table = pa.Table.from_pylist(list(map(event_row, events)), schema=TABLES["events"])
    assert events_from(table) == [event_from(row) for row in table.to_pylist()] == events
    assert public_rows(table) == [public_event(row) for row in table.to_pylist()]


def test_columns_of_several_chunks_are_read_through() -> None:
    table = pa.Table.from_pylist([make_mention_row(m, DOCUMENT) for m in MENTIONS], schema=TABLES["mentions"])
    chunked = pa.concat_tables([table.slice(2), table, table.slice(0, 1)])
    assert mentions_from(chunked) == [*MENTIONS[2:], *MENTIONS, MENTIONS[0]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (pa.array([["a"], None, [], ["b", None]]), [("a",), None, (), ("b", None)]),
        (pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "x"}]), [(1, "x"), None, (None, "x")]),
        (pa.array([[{"a": 1}, None], []], pa.list_(pa.struct([("a", pa.int32())]))), [((1,), None), ()]),
        (pa.array([[], []], pa.list_(pa.string())), [(), ()]),
        (pa.array(["a", None, "a"]), ["a", None, "a"]),
        (pa.array([], pa.string()), []),
    ],
)
def test_values_of_a_column(given: pa.Array, expected: list[object]) -> None:
    assert values(given) == expected
    assert values(pa.chunked_array([given[:1], given[1:]])) == expected
