"""An event as the ledger reads it: its best report, what each report says, and its parties, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

from dragoman.records import Event
from dragoman.relate.alike import content_words
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.origins import origins
from dragoman.relate.promises import Reading, lexicon, read_report
from dragoman.terms import Factuality

Standing = Literal["confirmed", "reported", "claimed", "denied"]


@dataclass(frozen=True, eq=False)
class Told:
    """An event as the ledger reads it; what is not asked for is not worked out."""

    happening: Happening
    event: Event
    day: date | None
    sources: frozenset[str]
    targets: frozenset[str]

    @cached_property
    def best(self) -> Report:
        """The report to show."""
        return self.happening.best_report()

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What the reports say that agree with the event, each wording once, the best first."""
        best = self.best
        agreeing = [r for r in self.reports if r is not best and r.mention.factuality is self.event.factuality]
        return tuple(dict.fromkeys(read_report(report) for report in (best, *agreeing)))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the words that name its parties."""
        return _stems(" ".join(actor.name for actor in (*self.event.source, *self.event.target)))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The documents that tell of it."""
        return frozenset(report.mention.document_id for report in self.reports)

    @cached_property
    def sentences(self) -> frozenset[tuple[str, str, int]]:
        """The sentences that tell of it: document, part and first character."""
        spans = ((report.mention.document_id, report.mention.sentence) for report in self.reports)
        return frozenset((document, span.part.value, span.start) for document, span in spans)

    @cached_property
    def standing(self) -> Standing:
        """Who stands behind it: a party to it, articles in their own voice, or outsiders only."""
        return standing_of(self.happening)

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
    event = happening.event
    sources, targets = (frozenset(actor.key for actor in side) for side in (event.source, event.target))
    return Told(happening, event, happening.day, sources, targets)


@lru_cache(maxsize=16384)
def _stems(names: str) -> frozenset[str]:
    return frozenset(word[:4] for word in content_words(names))


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
