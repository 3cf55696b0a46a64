"""An event as the ledger reads it: its best report, what each report says, and its parties, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dragoman.records import Event
from dragoman.relate.alike import content_words
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.origins import origins
from dragoman.relate.promises import Reading, lexicon, read_report
from dragoman.terms import Factuality

Standing = Literal["confirmed", "reported", "claimed", "denied"]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event with its readings, best first; `stems` begin the words that name its parties.

    `standing` tells who stands behind it: a party to it, articles in their own voice, or outsiders only.
    """

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
    standing: Standing

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
        standing=standing_of(happening),
    )


def standing_of(happening: Happening) -> Standing:
    """Who stands behind an event: a party to it, articles in their own voice, or outsiders only."""
    event = happening.event
    if event.factuality is not Factuality.ACTUAL:
        return "denied" if event.factuality is Factuality.DENIED else "claimed"
    telling = [r for r in happening.reports if r.mention.factuality is Factuality.ACTUAL]
    parties = {actor.code for actor in (*event.source, *event.target)}
    speakers = {c.actor.code for r in telling for c in r.mention.claimants[-1:] if c.actor is not None}
    if speakers & parties:
        return "confirmed"
    own = [report for report in telling if not report.mention.claimants]
    if not own:
        return "claimed"
    disputed = event.contested or bool(event.deniers)
    return "claimed" if disputed and len(origins(own)) < lexicon().thresholds["origins"] else "reported"
