from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from dragoman.periods import Period, Precision
from dragoman.record import (
    Store,
    correction_from,
    correction_row,
    document_from,
    document_row,
    event_from,
    event_row,
    mention_from,
)
from dragoman.records import Correction, Place, Span
from dragoman.relate import Report, merge_mentions
from dragoman.terms import CorrectionKind, Part
from making import KOR, claimed_by, make_document, make_mention, make_mention_row

FULL = make_document(
    standfirst="A deck",
    author="A. Writer",
    section="World",
    topics=("arms", "korea"),
    published=Period(date(2024, 6, 1), Precision.MONTH),
    retrieved=datetime(2024, 7, 1, 12, 30, tzinfo=UTC),
    quotes=(Span(Part.BODY, 0, 5),),
    reader="page",
)
MENTION = make_mention(
    FULL,
    claimants=claimed_by(KOR),
    date_span=Span(Part.BODY, 40, 49),
    place=Place("Rason", "PRK", Span(Part.BODY, 0, 5), 2044757, 42.25, 130.3),
    quotes=(Span(Part.BODY, 0, 5),),
    mode=None,
    confidence=0.5,
    vector=b"\x01\xff",
)


def test_a_document_survives_the_tables(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "r", create=True)
    with store.begin("add") as transaction:
        transaction.insert("documents", [document_row(FULL, b"sig")])
    assert [document_from(row) for row in store.snapshot().rows("documents")] == [FULL]


def test_a_mention_survives_the_tables(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "r", create=True)
    bare = replace(MENTION, date=None, date_span=None, place=None, domain=None, target=(), claimants=(), quotes=())
    with store.begin("add") as transaction:
        transaction.insert("mentions", [make_mention_row(m, FULL) for m in (MENTION, bare)])
    assert {mention_from(row) for row in store.snapshot().rows("mentions")} == {MENTION, bare}


def test_an_event_keeps_place_and_parties(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "r", create=True)
    (event,) = merge_mentions([Report(MENTION, "Meridian Wire", date(2024, 6, 30), "s")])
    with store.begin("add") as transaction:
        transaction.insert("events", [event_row(event)])
    (row,) = store.snapshot().rows("events")
    assert (row["place"]["name"], row["source"][0]["code"], row["mentions"]) == ("Rason", "PRK", [MENTION.id])
    assert event_from(row) == event


def test_a_correction_survives_the_tables(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "r", create=True)
    said = Correction(CorrectionKind.SET, "e1", "analyst", datetime(2025, 1, 1, tzinfo=UTC), None, "type", "AID", "why")
    with store.begin("correct") as transaction:
        transaction.insert("corrections", [correction_row(said)])
    assert [correction_from(row) for row in store.snapshot().rows("corrections")] == [said]
