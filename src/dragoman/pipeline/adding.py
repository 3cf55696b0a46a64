"""Writes what was read and coded into the record, a batch in a commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from dragoman.pipeline.merge import marked_report, remerge
from dragoman.pipeline.takedowns import taken_down
from dragoman.record import Store, document_row, refusal_row, rows_with
from dragoman.records import Document, Mention, Refusal

Progress = Callable[["AddSummary"], None]
Heard = Callable[[str, Document | Refusal, bool], None]
"""What is told of every outcome: the input's name, the document or refusal, and whether the document was known."""


@dataclass(slots=True)
class AddSummary:
    """What adding did; `seconds` is wall-clock time, `inputs_total` is known once all inputs were found."""

    added: int = 0
    known: int = 0
    refused: int = 0
    mentions: int = 0
    inputs_done: int = 0
    inputs_total: int | None = None
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """What goes into one commit; `marks` are the signatures of its documents."""

    documents: list[Document] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    marks: dict[str, bytes | None] = field(default_factory=dict)


def write(store: Store, batch: Batch, summary: AddSummary) -> None:
    """One commit; documents that another process has added meanwhile are left out."""
    if not batch.documents and not batch.refusals:
        return
    marks = batch.marks
    with store.begin("add") as transaction:
        base = transaction.base
        there = {row["id"] for row in rows_with(base, "documents", "id", [d.id for d in batch.documents], ["id"])}
        taken = taken_down(base)
        gone = [document.id for document in batch.documents if document.id in taken]
        documents = {one.id: one for one in batch.documents if one.id not in there and one.id not in taken}
        mentions = [mention for mention in batch.mentions if mention.document_id in documents]
        refusals = [r for r in batch.refusals if r.document_id is None or r.document_id in documents]
        known = {row["id"] for row in rows_with(base, "refusals", "id", [refusal.id for refusal in refusals])}
        transaction.insert("documents", (document_row(d, marks[d.id]) for d in documents.values()))
        transaction.insert("refusals", (refusal_row(r) for r in refusals if r.id not in known))
        homes = {m.id: documents[m.document_id] for m in mentions}
        remerge(
            transaction,
            {m.id: (marked_report(m, homes[m.id], marks[m.document_id]), homes[m.id]) for m in mentions},
        )
    summary.added += len(documents)
    for key in gone:  # taken down by another process while this one read it
        summary.refused += 1
        summary.reasons[taken[key].reason] += 1
        summary.refusals.append(taken[key])
    summary.known += len(there.difference(taken))
    summary.mentions += len(mentions)
