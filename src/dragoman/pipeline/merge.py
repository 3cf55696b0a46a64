"""Merges what a change brings into the record, reading only the mentions that could be of the same events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.record import (
    SLACK,
    Placing,
    Snapshot,
    Transaction,
    columns_of,
    correction_from,
    document_from,
    document_row,
    event_from,
    event_row,
    keys_beside,
    mention_from,
    mention_row,
    mentions_in,
    mentions_in_windows,
    rows_with,
    side_keys,
    signatures,
)
from dragoman.record.rows import Row
from dragoman.records import Correction, Document, Event, Mention
from dragoman.relate import (
    PROVIDER,
    Report,
    block_of,
    correct,
    credit_of,
    merge_mentions,
    signature,
    window_of,
)


def report_of(mention: Mention, document: Document) -> Report:
    """A freshly coded mention with what merging needs of its document."""
    return marked_report(mention, document, signature(document))


def marked_report(mention: Mention, document: Document, mark: bytes | None) -> Report:
    """The same where the document's signature is known."""
    sentence = document.slice(mention.sentence)
    return Report(
        mention,
        document.publisher,
        document.available,
        sentence,
        quotes_of(mention, sentence),
        credit_of(document, sentence),
        mark,
    )


def stored_reports(snapshot: Snapshot, rows: Sequence[Row]) -> list[Report]:
    """Reports of stored mentions; documents are read for their signatures alone."""
    marks = signatures(snapshot, sorted({row["document_id"] for row in rows}))
    # A record of layout 1 keeps no text beside its mentions.
    bare = sorted({row["document_id"] for row in rows if row["text"] is None})
    documents = {row["id"]: document_from(row) for row in rows_with(snapshot, "documents", "id", bare)}
    told = [
        {**row, "text": documents[row["document_id"]].slice(mention_from(row).sentence)} if row["text"] is None else row
        for row in rows
    ]
    return [stored_report(row, marks.get(row["document_id"])) for row in told]


def reports_from(snapshot: Snapshot, mentions: pa.Table) -> list[Report]:
    """The same of rows of `mentions` as columns."""
    if mentions["text"].null_count:
        return stored_reports(snapshot, mentions.to_pylist())
    read = columns_of(mentions)
    marks = signatures(snapshot, sorted(set(read["document_id"])))
    told = (read[name] for name in ("document_id", "outlet", "available", "text", "credit"))
    return [
        Report(mention, outlet, available, text, quotes_of(mention, text), credit, marks.get(document))
        for mention, document, outlet, available, text, credit in zip(
            mentions_in(read, len(mentions)), *told, strict=True
        )
    ]


def stored_report(row: Row, mark: bytes | None) -> Report:
    """The report that a row of `mentions` holds."""
    mention = mention_from(row)
    return Report(
        mention,
        row["outlet"],
        row["available"],
        row["text"],
        quotes_of(mention, row["text"]),
        row["credit"],
        mark,
    )


def quotes_of(mention: Mention, sentence: str) -> tuple[str, ...]:
    """The quoted words of a mention, as far as they stand in its sentence."""
    if not mention.quotes:
        return ()
    found = (sentence[q.start - mention.sentence.start : q.end - mention.sentence.start] for q in mention.quotes)
    return tuple(words.strip(" ,.“”") for words in found if words.strip(" ,.“”"))


def corrections(snapshot: Snapshot) -> list[Correction]:
    """Everything that people have said against the machine, oldest first."""
    rows = snapshot.rows("corrections")
    return [correction_from(row) for row in sorted(rows, key=lambda row: (row["at"], row["id"]))]


def event_named(snapshot: Snapshot, identity: str) -> Row:
    """The row of the event of this id, or of the one that holds the mention it is named after; else a `UsageError`."""
    rows = rows_with(snapshot, "events", "id", [identity])
    if not rows:
        mentions = rows_with(snapshot, "mentions", "id", [f"m{identity[1:]}"])
        rows = rows_with(snapshot, "events", "id", [row["event_id"] for row in mentions])
    if not rows:
        raise UsageError(f"There is no event {identity!r} in the record; “dragoman events --as json” lists the ids.")
    return rows[0]


def remerge(
    transaction: Transaction,
    new: Mapping[str, tuple[Report, Document]],
    *,
    touched: Iterable[str] = (),
    gone: Collection[str] = (),
    said: Sequence[Correction] | None = None,
) -> None:
    """Write the events that change: with the `new` reports by mention id, without the mentions that are `gone`.

    `touched` are events to merge again in any case; `said` are corrections, if other than the stored.
    """
    base = transaction.base
    said = corrections(base) if said is None else said
    near = mentions_in_windows(base, _windows(report for report, _ in new.values()))
    old_ids = {*touched, *(row["event_id"] for row in near)}
    rows = {row["id"]: row for row in rows_with(base, "mentions", "event_id", sorted(old_ids))}
    known = {key: row for key, row in rows.items() if key not in gone and key not in new}
    reports = {report.mention.id: report for report in stored_reports(base, list(known.values()))}
    events = merge_mentions([*reports.values(), *(report for report, _ in new.values())], said)
    owner = {mention: event for event in events for mention in event.mentions}
    placed = {key: {**row, **_owned(reports[key].mention, owner[key])} for key, row in known.items()}
    moved = [key for key, row in known.items() if row != placed[key]]
    transaction.delete("mentions", moved)
    transaction.insert("mentions", (placed[key] for key in moved))
    transaction.insert("mentions", (new_row(report, document, owner[key]) for key, (report, document) in new.items()))
    before = {row["id"]: row for row in rows_with(base, "events", "id", sorted(old_ids))}
    imported = [event_from(row) for row in before.values() if row["provider"] != PROVIDER]
    after = {event.id: event_row(event) for event in (*events, *(correct(event, said) for event in imported))}
    transaction.delete("events", [key for key, row in before.items() if after.get(key) != row])
    transaction.insert("events", (row for key, row in after.items() if before.get(key) != row))


def rebuild(transaction: Transaction) -> None:
    """Make anew, from the documents and what the coder found in them, all that later stages add: for a new layout."""
    base = transaction.base
    documents = {row["id"]: document_from(row) for row in base.rows("documents")}
    rows = base.rows("mentions")
    transaction.delete("documents", documents)
    transaction.insert("documents", (document_row(d, signature(d)) for d in documents.values()))
    transaction.delete("mentions", [row["id"] for row in rows])
    transaction.delete("events", [row["id"] for row in base.rows("events") if row["provider"] == PROVIDER])
    reports = {
        m.id: report_of(m, documents[m.document_id]) for m in map(mention_from, rows) if m.document_id in documents
    }
    events = merge_mentions(reports.values(), corrections(base))
    owner = {mention: event for event in events for mention in event.mentions}
    transaction.insert(
        "mentions", (new_row(r, documents[r.mention.document_id], owner[key]) for key, r in reports.items())
    )
    transaction.insert("events", map(event_row, events))


def new_row(report: Report, document: Document, event: Event) -> Row:
    """The row of `mentions` for a freshly coded mention of this event."""
    keys = _keys(report.mention, event)
    placing = Placing(event.id, block_of(report.mention), window_of(report), report.credit, keys)
    return mention_row(report.mention, document, placing)


def _keys(mention: Mention, event: Event) -> tuple[str | None, str | None]:
    source, target = ([party.actor for party in side] for side in (mention.source, mention.target))
    return keys_beside(source, target, side_keys(event))


def _owned(mention: Mention, event: Event) -> Row:
    """What the row of a mention tells of its event."""
    source, target = _keys(mention, event)
    return {"event_id": event.id, "source_key": source, "target_key": target}


def _windows(reports: Iterable[Report]) -> list[tuple[str, date | None, date | None]]:
    """For every block the stretches of days from which its stored mentions could be merged with a new one."""
    open_: set[str] = set()
    known: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for report in reports:
        block, (low, high) = block_of(report.mention), window_of(report)
        if low is None or high is None:
            open_.add(block)
        else:
            known[block].append((low, high))
    found: list[tuple[str, date | None, date | None]] = [(block, None, None) for block in sorted(open_)]
    for block in sorted(known.keys() - open_):
        first, last = None, None
        for low, high in sorted(known[block]):
            if first is not None and last is not None and low <= last + 2 * SLACK:
                last = max(last, high)
                continue
            if first is not None:
                found.append((block, first, last))
            first, last = low, high
        found.append((block, first, last))
    return found


def merged_from(rows: Sequence[Row], snapshot: Snapshot) -> list[Event]:
    """The events that these stored mentions amount to, merged anew."""
    return merge_mentions(stored_reports(snapshot, rows), corrections(snapshot))
