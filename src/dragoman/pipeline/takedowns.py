"""Documents that were taken down: each leaves a refusal under its id, by which it is known when it comes again."""

from __future__ import annotations

from dragoman.record import Snapshot, refusal_from
from dragoman.records import Refusal
from dragoman.terms import RefusalReason, RefusalStage


def tombstone(document_id: str, why: str) -> Refusal:
    """What stays of a document that is taken down: its id, which tells nothing of its text, and why."""
    return Refusal(
        RefusalStage.READ,
        RefusalReason.TAKEN_DOWN,
        f"The document was taken down ({' '.join(why.split())[:300]}); it is not added again.",
        content=document_id,
    )


def taken_down(snapshot: Snapshot) -> dict[str, Refusal]:
    """The documents that were taken down, by id, each with its refusal."""
    refusals = snapshot.table("refusals")
    rows = snapshot.rows("refusals", refusals.filter(refusals.reason == RefusalReason.TAKEN_DOWN.value))
    return {str(row["content"]): refusal_from(row) for row in rows}
