"""An event as the ledger reads it: its best report, what each report says, and its parties, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dragoman.records import Event
from dragoman.relate.alike import content_words
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.promises import Reading, read_report


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event with its readings, best first; `stems` begin the words that name its parties."""

    happening: Happening
    event: Event
    day: date | None
    best: Report
    readings: tuple[Reading, ...]
    sources: frozenset[str]
    targets: frozenset[str]
    stems: frozenset[str]
    documents: frozenset[str]
    sentences: frozenset[tuple[str, str, int]]

    @property
    def reading(self) -> Reading:
        """What the best report says."""
        return self.readings[0]

    @property
    def reports(self) -> tuple[Report, ...]:
        """All reports of the event."""
        return self.happening.reports

    @property
    def course(self) -> str:
        """Whether its words would be a "threat" (conflict) or a "pledge"."""
        return "pledge" if self.happening.is_cooperation else "threat"


def tell(happening: Happening) -> Told:
    """The event as the ledger reads it: only reports that agree with it are read, each wording once."""
    event, best = happening.event, happening.best_report()
    agreeing = [r for r in happening.reports if r.mention.factuality is event.factuality]
    spans = [(r.mention.document_id, r.mention.sentence) for r in happening.reports]
    names = " ".join(actor.name for actor in (*event.source, *event.target))
    return Told(
        happening=happening,
        event=event,
        day=happening.day,
        best=best,
        readings=tuple(dict.fromkeys(read_report(report) for report in (best, *agreeing))),
        sources=frozenset(actor.key for actor in event.source),
        targets=frozenset(actor.key for actor in event.target),
        stems=frozenset(word[:4] for word in content_words(names)),
        documents=frozenset(document for document, _ in spans),
        sentences=frozenset((document, span.part.value, span.start) for document, span in spans),
    )
