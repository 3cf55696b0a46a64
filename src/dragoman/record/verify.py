"""Checks that the record holds together: every reference, offset and hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dragoman.coding.ontology import ontology
from dragoman.errors import RecordDamaged
from dragoman.periods import Period, Precision
from dragoman.record.places import is_there
from dragoman.record.rows import Row, correction_from, document_from, mention_from, refusal_from
from dragoman.record.schemas import FORMAT, TABLES
from dragoman.record.sides import KEYS, keys_beside, side_key
from dragoman.record.store import Snapshot, Store
from dragoman.record.withheld import is_without_text
from dragoman.records import Actor, Document, content_id
from dragoman.terms import Domain, EventType, Factuality, RefusalReason, RefusalStage


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    table: str
    id: str
    problem: str


def verify(snapshot: Snapshot) -> list[Finding]:
    """Everything wrong in this version of the record, sorted; an empty list means it holds together.

    Where files are lost nothing else can be read, and the findings name these alone. A lost table is a `RecordDamaged`.
    """
    lost = [finding for name in _kept(snapshot) for finding in _files(snapshot, name)]
    if lost:
        return lost
    documents = {row["id"]: row for row in snapshot.rows("documents")}
    mentions = {row["id"]: row for row in snapshot.rows("mentions")}
    findings = [
        *_duplicates(snapshot),
        *_documents(documents, _taken_down(snapshot)),
        *_mentions(mentions, documents),
        *_events(snapshot, mentions),
        *_refusals(_stream(snapshot, "refusals"), documents),
        *_corrections(snapshot, mentions),
        *_imported(snapshot),
    ]
    return sorted(findings, key=lambda finding: (finding.table, finding.id, finding.problem))


def verify_versions(store: Store) -> list[Finding]:
    """What is wrong with the list of versions: numbers out of order, and tables or files that a version lacks."""
    findings = []
    before = None
    for commit in store.versions():
        version = commit["version"]
        if before is not None and version <= before:
            findings.append(Finding("commits", str(version), f"stands after version {before}; numbers must rise"))
        before = version
        snapshot = store.snapshot(version)
        for name in _kept(snapshot):
            try:
                lost = [finding.problem for finding in _files(snapshot, name)]
            except RecordDamaged as error:
                lost = [str(error)]
            findings += [Finding("commits", str(version), f"of its table {name} {problem}") for problem in lost]
    return findings


def _kept(snapshot: Snapshot) -> list[str]:
    """The tables that this version has; an older layout had fewer."""
    return [name for name in TABLES if snapshot.commit.get(name) is not None]


def _files(snapshot: Snapshot, name: str) -> Iterator[Finding]:
    for place in sorted(snapshot.delta(name).file_uris()):
        if not is_there(place):
            yield Finding(name, place.rsplit("/", 1)[-1], "the file is lost")


def _stream(snapshot: Snapshot, name: str) -> Iterator[Row]:
    for batch in snapshot.batches(name):
        yield from batch.to_pylist()


def _duplicates(snapshot: Snapshot) -> Iterator[Finding]:
    for name in TABLES:
        table = snapshot.table(name)
        counted = table.group_by("id").aggregate(times=table.count())
        for row in snapshot.rows(name, counted.filter(counted.times > 1)):
            yield Finding(name, row["id"], f"stands {row['times']} times; an id may stand once")


def _taken_down(snapshot: Snapshot) -> set[str]:
    """The documents that were taken down; of those that are still there the codings stay, and no word."""
    refusals = snapshot.table("refusals")
    rows = snapshot.rows("refusals", refusals.filter(refusals.reason == RefusalReason.TAKEN_DOWN.value))
    return {row["content"] for row in rows}


def _documents(documents: Mapping[str, Row], taken_down: Collection[str]) -> Iterator[Finding]:
    for key, row in documents.items():
        document = document_from(row)
        if key in taken_down:
            if not is_without_text(row):
                yield Finding("documents", key, "it was taken down, and words of it are still there")
        elif document.id != key:
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
        yield from _values("mentions", row)
        spans = {"the sentence": row["sentence"], "the predicate": row["predicate"]}
        spans |= {"the date": row["date_span"]} if row["date_span"] else {}
        spans |= {"the place": row["place"]} if row["place"] else {}
        for side in ("source", "target", "claimants", "quotes"):
            spans |= {f"{side} {number}": span for number, span in enumerate(row[side], start=1)}
        for what, span in spans.items():
            yield from _offsets("mentions", key, what, span, document)
        if not _inside(row["predicate"], row["sentence"]):
            yield Finding("mentions", key, "the predicate lies outside its sentence")


def _events(snapshot: Snapshot, mentions: Mapping[str, Row]) -> Iterator[Finding]:
    covered: set[str] = set()
    for row in _stream(snapshot, "events"):
        keys = side_key(_actors(row["source"])), side_key(_actors(row["target"]))
        for name, key in zip(KEYS, keys, strict=True):
            if row[name] is not None and row[name] != key:
                yield Finding("events", row["id"], f"its {name} is {row[name]!r}; its actors give {key!r}")
        for mention in row["mentions"]:
            covered.add(mention)
            if mention not in mentions:
                yield Finding("events", row["id"], f"its mention {mention} is not in the record")
            elif mentions[mention]["event_id"] != row["id"]:
                yield Finding("events", row["id"], f"its mention {mention} names {mentions[mention]['event_id']}")
            else:
                told = tuple(mentions[mention][name] for name in KEYS)
                source, target = (_actors(mentions[mention][side]) for side in ("source", "target"))
                if told not in ((None, None), keys_beside(source, target, keys)):
                    yield Finding("mentions", mention, f"its keys are {told}, which are not those of its event")
        if row["provider"] == "dragoman":
            if not row["mentions"]:
                yield Finding("events", row["id"], "it has no mention")
            elif snapshot.commit["format"] == FORMAT and f"m{row['id'][1:]}" not in row["mentions"]:
                yield Finding("events", row["id"], "it is named after a mention that it does not hold")
        yield from _values("events", row)
        first, last = row["first_reported"], row["last_reported"]
        if (first is None) != (last is None) or (first is not None and first > last):
            yield Finding("events", row["id"], f"first reported on {first}, last on {last}")
    for key, row in mentions.items():
        if key not in covered:
            yield Finding("mentions", key, f"no event holds it; it names {row['event_id']}")


def _actors(rows: Iterable[Row]) -> list[Actor]:
    return [Actor(row["code"], row["name"], row["sector"], row["wikidata"]) for row in rows]


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


def _values(table: str, row: Row) -> Iterator[Finding]:
    """What the closed vocabularies, PLOVER's scale and the calendar say of a mention or event."""
    for column, allowed in (("type", EventType), ("factuality", Factuality), ("domain", Domain)):
        if row[column] is not None and row[column] not in list(allowed):
            yield Finding(table, row["id"], f"its {column} is {row[column]!r}; {', '.join(allowed)} are allowed")
    if row["type"] in list(EventType) and row["quad"] != ontology()[EventType(row["type"])].quad:
        yield Finding(table, row["id"], f"its quad is {row['quad']}, which is not that of {row['type']}")
    if not -10 <= row["intensity"] <= 10:
        yield Finding(table, row["id"], f"its intensity is {row['intensity']}; -10 to 10 is allowed")
    if row["date"] is None:
        if row["date_precision"] is not None or row["date_end"] is not None:
            yield Finding(table, row["id"], "its date is unknown, but not its precision or end")
    elif row["date_precision"] not in list(Precision):
        yield Finding(
            table, row["id"], f"its precision is {row['date_precision']!r}; {', '.join(Precision)} are allowed"
        )
    else:
        period = Period(row["date"], Precision(row["date_precision"]))
        if period.end != row["date_end"] or Period.of(period.start, period.precision) != period:
            yield Finding(table, row["id"], f"{row['date']} to {row['date_end']} is no {row['date_precision']}")


def _refusals(refusals: Iterable[Row], documents: Mapping[str, Row]) -> Iterator[Finding]:
    for row in refusals:
        found = refusal_from(row).id
        # A row that an import refused is named after the provider and its row, as the event would have been.
        if found != row["id"] and row["stage"] != RefusalStage.IMPORT:
            yield Finding("refusals", row["id"], f"its content hashes to {found}")
        if row["document_id"] is None:
            continue
        if row["document_id"] not in documents:
            yield Finding("refusals", row["id"], f"its document {row['document_id']} is not in the record")
        elif row["span"]:
            yield from _offsets(
                "refusals", row["id"], "the words", row["span"], document_from(documents[row["document_id"]])
            )


def _corrections(snapshot: Snapshot, mentions: Mapping[str, Row]) -> Iterator[Finding]:
    rows = snapshot.rows("corrections")
    events = snapshot.ids("events") if rows else set()
    for row in rows:
        found = correction_from(row).id
        if found != row["id"]:
            yield Finding("corrections", row["id"], f"its content hashes to {found}")
        # An event's name leads, through the mention that it was named after, to the event that it was merged into;
        # entries of the ledger are made anew at every look and stand in no table.
        for about in (row["subject"], row["other"]):
            known = about is None or about.startswith("l") or about in events or f"m{about[1:]}" in mentions
            if not known:
                yield Finding("corrections", row["id"], f"{about}, which it is about, is not in the record")


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
