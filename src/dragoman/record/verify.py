"""Checks that the record holds together: every reference, offset and hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dragoman.record.rows import Row, document_from, mention_from
from dragoman.record.schemas import TABLES
from dragoman.record.store import Snapshot
from dragoman.records import Document, content_id


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    table: str
    id: str
    problem: str


def verify(snapshot: Snapshot) -> list[Finding]:
    """Everything wrong in this version of the record, sorted; an empty list means it holds together."""
    documents = {row["id"]: row for row in snapshot.rows("documents")}
    mentions = {row["id"]: row for row in snapshot.rows("mentions")}
    findings = [
        *_duplicates(snapshot),
        *_documents(documents),
        *_mentions(mentions, documents),
        *_events(snapshot.rows("events"), mentions),
        *_refusals(snapshot.rows("refusals"), documents),
        *_imported(snapshot),
    ]
    return sorted(findings, key=lambda finding: (finding.table, finding.id, finding.problem))


def _duplicates(snapshot: Snapshot) -> Iterator[Finding]:
    for table in TABLES:
        counts = Counter(row["id"] for row in snapshot.rows(table, snapshot.table(table).select("id")))
        for key, count in counts.items():
            if count > 1:
                yield Finding(table, key, f"stands {count} times; an id may stand once")


def _documents(documents: Mapping[str, Row]) -> Iterator[Finding]:
    for key, row in documents.items():
        document = document_from(row)
        if document.id != key:
            yield Finding("documents", key, f"its content hashes to {document.id}")
        if document.available != row["available"]:
            yield Finding("documents", key, f"available is {row['available']}; its dates give {document.available}")
        for quote in row["quotes"] or ():
            yield from _offsets("documents", key, "a quote", quote, document)


def _mentions(mentions: Mapping[str, Row], documents: Mapping[str, Row]) -> Iterator[Finding]:
    for key, row in mentions.items():
        if row["document_id"] not in documents:
            yield Finding("mentions", key, f"its document {row['document_id']} is not in the record")
            continue
        stored = documents[row["document_id"]]
        document = document_from(stored)
        found = mention_from(row).id
        if found != key:
            yield Finding("mentions", key, f"its content hashes to {found}")
        if row["available"] != stored["available"] or row["outlet"] != stored["publisher"]:
            yield Finding("mentions", key, "its outlet or day differs from its document's")
        if row["text"] is not None and document.slice(mention_from(row).sentence) != row["text"]:
            yield Finding("mentions", key, "its text is not what stands in its document")
        if not row["source"]:
            yield Finding("mentions", key, "it has no source")
        spans = {"the sentence": row["sentence"], "the predicate": row["predicate"]}
        spans |= {"the date": row["date_span"]} if row["date_span"] else {}
        spans |= {"the place": row["place"]} if row["place"] else {}
        for side in ("source", "target", "claimants", "quotes"):
            spans |= {f"{side} {number}": span for number, span in enumerate(row[side], start=1)}
        for what, span in spans.items():
            yield from _offsets("mentions", key, what, span, document)
        if not _inside(row["predicate"], row["sentence"]):
            yield Finding("mentions", key, "the predicate lies outside its sentence")


def _events(events: list[Row], mentions: Mapping[str, Row]) -> Iterator[Finding]:
    covered: set[str] = set()
    for row in events:
        for mention in row["mentions"]:
            covered.add(mention)
            if mention not in mentions:
                yield Finding("events", row["id"], f"its mention {mention} is not in the record")
            elif mentions[mention]["event_id"] != row["id"]:
                yield Finding("events", row["id"], f"its mention {mention} names {mentions[mention]['event_id']}")
        if not row["mentions"] and row["provider"] == "dragoman":
            yield Finding("events", row["id"], "it has no mention")
    for key, row in mentions.items():
        if key not in covered:
            yield Finding("mentions", key, f"no event holds it; it names {row['event_id']}")


def _imported(snapshot: Snapshot) -> Iterator[Finding]:
    """Every imported event has the row that it was made from, and every row hashes to its id."""
    events = snapshot.table("events").select("id", "provider")
    events = events.filter(events.provider != "dragoman").rename(event="id", of="provider")
    rows = snapshot.table("imported")
    lost = events.anti_join(rows, events.event == rows.event_id)
    for row in snapshot.rows("events", lost):
        yield Finding("events", row["event"], "it was imported, and the row that it was made from is not in the record")
    stray = rows.filter(rows.event_id.notnull()).anti_join(
        events, (rows.event_id == events.event) & (rows.provider == events.of)
    )
    for row in snapshot.rows("imported", stray.select("id", "event_id", "provider")):
        problem = f"its event {row['event_id']} of {row['provider']} is not in the record"
        yield Finding("imported", row["id"], problem)
    for row in snapshot.rows("imported"):
        found = content_id("i", row["provider"], row["row_id"] or row["row"])
        if found != row["id"]:
            yield Finding("imported", row["id"], f"its content hashes to {found}")
        if row["event_id"] not in (None, f"e{row['id'][1:]}"):
            yield Finding("imported", row["id"], f"it names {row['event_id']}; its event is e{row['id'][1:]}")


def _refusals(refusals: list[Row], documents: Mapping[str, Row]) -> Iterator[Finding]:
    for row in refusals:
        if row["document_id"] is None:
            continue
        if row["document_id"] not in documents:
            yield Finding("refusals", row["id"], f"its document {row['document_id']} is not in the record")
        elif row["span"]:
            yield from _offsets(
                "refusals", row["id"], "the words", row["span"], document_from(documents[row["document_id"]])
            )


def _offsets(table: str, key: str, what: str, span: Mapping[str, Any], document: Document) -> Iterator[Finding]:
    text = {"title": document.title or "", "standfirst": document.standfirst or "", "body": document.body}.get(
        span["part"]
    )
    if text is None:
        yield Finding(table, key, f"{what} names the part {span['part']!r}; title, standfirst and body are allowed")
    elif not 0 <= span["start"] < span["end"] <= len(text):
        yield Finding(table, key, f"{what} points at {span['start']}-{span['end']} of {len(text)} characters")


def _inside(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    return bool(inner["part"] == outer["part"] and outer["start"] <= inner["start"] and inner["end"] <= outer["end"])
