"""What the views of a relation read: reports, and events together with the reports that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from dragoman.periods import Precision
from dragoman.records import Event, Mention
from dragoman.terms import EventType, Factuality

MATERIAL = (2, 4)
"""PLOVER's quads of material cooperation and material conflict."""

COOPERATION = (1, 2)
"""PLOVER's quads of cooperation."""


@dataclass(frozen=True, slots=True)
class Report:
    """A mention with what merging and the views need of its document.

    `sentence` is the reporting sentence, `quotes` the words quoted in it for this event, `credit` the agency that the
    sentence or document credits ("Yonhap"), `signature` the document's MinHash.
    """

    mention: Mention
    outlet: str | None
    available: date | None
    sentence: str
    quotes: tuple[str, ...] = ()
    credit: str | None = None
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event and its reports, sorted by mention id."""

    event: Event
    reports: tuple[Report, ...]
    day: date | None = field(init=False, repr=False, compare=False)
    """The day by which it is placed in time: its own where known to a week, else that of its first report."""
    is_deed: bool = field(init=False, repr=False, compare=False)
    """A material event that is actual."""
    is_word: bool = field(init=False, repr=False, compare=False)
    """A verbal event that is actual, or a pledged one."""
    is_cooperation: bool = field(init=False, repr=False, compare=False)
    """Whether it counts for cooperation, by its quad."""

    def __post_init__(self) -> None:
        event = self.event
        material, actual = event.quad in MATERIAL, event.factuality is Factuality.ACTUAL
        object.__setattr__(self, "day", _day_of(event))
        object.__setattr__(self, "is_deed", material and actual)
        object.__setattr__(self, "is_word", event.factuality is Factuality.PLEDGED or (actual and not material))
        object.__setattr__(self, "is_cooperation", event.quad in COOPERATION)

    @property
    def is_only_claimed(self) -> bool:
        """Whether nobody but outsiders stands behind it: neither an article itself nor the one who did it."""
        doers = {actor.label for actor in self.event.source}
        return bool(self.event.claimants) and not set(self.event.claimants) & doers

    @property
    def is_talk(self) -> bool:
        """Whether it is a meeting, visit or call."""
        return self.event.type is EventType.CONSULT

    def best_report(self) -> Report:
        """The report to show: one that agrees with the event's factuality, quotes, and stands in a body."""
        if len(self.reports) == 1:
            return self.reports[0]
        return min(
            self.reports,
            key=lambda r: (
                r.mention.factuality is not self.event.factuality,
                not r.quotes,
                r.mention.sentence.part != "body",
                r.available or date.max,
                r.mention.id,
            ),
        )


def _day_of(event: Event) -> date | None:
    period = event.date
    if period is None:
        return event.first_reported
    return placed_day(period.start, period.end, period.precision, event.first_reported)


def placed_day(start: date | None, end: date | None, precision: str | None, reported: date | None) -> date | None:
    """The day by which an event is placed in time, from the ends of its date and the day of its first report."""
    if start is None or end is None:
        return reported
    if precision in (Precision.DAY, Precision.WEEK) or reported is None or not start <= reported <= end:
        return start
    return reported


def acts(happening: Happening, source: str, target: str) -> bool:
    """Whether the first acts on the second in it; both are codes, or names of bodies and groups."""
    return any(source in (a.code, a.name) for a in happening.event.source) and any(
        target in (a.code, a.name) for a in happening.event.target
    )


def between(happenings: Iterator[Happening] | list[Happening], first: str, second: str) -> list[Happening]:
    """Those in which one of the two acts on the other."""
    return [h for h in happenings if acts(h, first, second) or acts(h, second, first)]
