"""The course of one directed dyad by day, week, month or quarter, and of all dyads by week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import ibis

from dragoman.errors import UsageError
from dragoman.periods import Precision
from dragoman.record.sides import is_joint, keys_in
from dragoman.relate.columns import party_of
from dragoman.relate.evidence import COOPERATION, MATERIAL, Happening, acts
from dragoman.terms import Factuality

Coverage = Mapping[tuple[str | None, date], int]
"""Documents read, by outlet and day of publication."""


class Step(StrEnum):
    """The length of a period of a series; a week starts on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    def start(self, day: date) -> date:
        """The first day of the period that holds `day`."""
        match self:
            case Step.DAY:
                return day
            case Step.WEEK:
                return day - timedelta(days=day.weekday())
            case Step.MONTH:
                return day.replace(day=1)
            case Step.QUARTER:
                return day.replace(month=day.month - (day.month - 1) % 3, day=1)

    def following(self, start: date) -> date:
        """The first day of the period after the one that starts at `start`."""
        match self:
            case Step.DAY:
                return start + timedelta(days=1)
            case Step.WEEK:
                return start + timedelta(days=7)
            case Step.MONTH:
                return self.start(start + timedelta(days=31))
            case Step.QUARTER:
                return self.start(start + timedelta(days=93))

    def end(self, start: date) -> date:
        """The last day of the period that starts at `start`."""
        return self.following(start) - timedelta(days=1)

    def starts(self, first: date, last: date) -> Iterator[date]:
        """The first days of all periods from the one that holds `first` to the one that holds `last`."""
        start = self.start(first)
        while start <= last:
            yield start
            start = self.following(start)


UNITS = {Step.DAY: "D", Step.WEEK: "W", Step.MONTH: "M", Step.QUARTER: "Q"}
"""What Ibis calls the length of a period."""

FINE_ENOUGH = {
    Step.DAY: (Precision.DAY,),
    Step.WEEK: (Precision.DAY, Precision.WEEK),
    Step.MONTH: (Precision.DAY, Precision.WEEK, Precision.MONTH),
    Step.QUARTER: (Precision.DAY, Precision.WEEK, Precision.MONTH),
}
"""The precisions of a date that tell in which period of a step an event lies."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One quarter of the events, such as deeds of cooperation; intensity is PLOVER's score, -10 to +10."""

    count: int
    intensity: float
    """Summed."""

    @property
    def mean(self) -> float | None:
        """The mean intensity of an event; None where there is none."""
        return round(self.intensity / self.count, 3) if self.count else None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {"count": self.count, "intensity_sum": self.intensity, "intensity_mean": self.mean}


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of a set of events: words and deeds; what is only possible or is denied stands apart."""

    words_cooperation: Cell
    words_conflict: Cell
    deeds_cooperation: Cell
    deeds_conflict: Cell
    possible: int
    denied: int
    domains: tuple[tuple[str | None, int], ...]
    """Words and deeds by domain, the most frequent first; None is unknown."""
    reports: int
    origins: int
    by_report: int
    """How many words and deeds stand in their period by the day of a report, as their own day is not known."""

    @property
    def count(self) -> int:
        """Words and deeds together."""
        return sum(cell.count for cell in self.cells)

    @property
    def words(self) -> int:
        """Verbal and pledged events."""
        return self.words_cooperation.count + self.words_conflict.count

    @property
    def deeds(self) -> int:
        """Actual material events."""
        return self.deeds_cooperation.count + self.deeds_conflict.count

    @property
    def intensity(self) -> float:
        """Summed over words and deeds."""
        return round(sum(cell.intensity for cell in self.cells), 3)

    @property
    def cells(self) -> tuple[Cell, Cell, Cell, Cell]:
        """The four quarters."""
        return self.words_cooperation, self.words_conflict, self.deeds_cooperation, self.deeds_conflict

    @property
    def origin_share(self) -> float | None:
        """Independent origins for each report, 0 to 1; None where there is no report."""
        return round(self.origins / self.reports, 3) if self.reports else None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "words_cooperation": self.words_cooperation.row(),
            "words_conflict": self.words_conflict.row(),
            "deeds_cooperation": self.deeds_cooperation.row(),
            "deeds_conflict": self.deeds_conflict.row(),
            "possible": self.possible,
            "denied": self.denied,
            "domains": {domain or "unknown": count for domain, count in self.domains},
            "reports": self.reports,
            "origins": self.origins,
            "origin_share": self.origin_share,
            "by_report": self.by_report,
        }


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One period of a directed dyad.

    `covered` is False, and `tally` None, where no document published in the period was read: nothing is known of it,
    and `events` are those that later documents look back on. `covered` is None where coverage was not stated.
    """

    source: str
    target: str
    start: date
    end: date
    covered: bool | None
    documents: int | None
    tally: Tally | None
    events: tuple[str, ...] = ()

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "source": self.source,
            "target": self.target,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "covered": self.covered,
            "documents": self.documents,
            **(self.tally.row() if self.tally else dict.fromkeys(tally((), Step.DAY).row())),
            "events": list(self.events),
        }


@dataclass(frozen=True, slots=True)
class Undated:
    """An event that no period of a series can hold, and why."""

    event: str
    reason: str

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {"event": self.event, "reason": self.reason}


def placed_on(happening: Happening, step: Step) -> date | None:
    """A day in the period that the event stands in; None where its date is too coarse to tell.

    An event of unknown date, or of one coarser than the step, stands where it was first reported, unless that lies
    outside its own dates.
    """
    period, first = happening.event.date, happening.event.first_reported
    if period is None:
        return first
    if period.precision in FINE_ENOUGH[step]:
        return period.start
    return first if first is not None and period.start <= first <= period.end else None


def series(
    happenings: Iterable[Happening],
    source: str,
    target: str,
    step: Step,
    *,
    coverage: Coverage | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[SeriesRow]:
    """Every period from `since` to `until` (widened to whole periods), counted; see `undated` for what has no place.

    Without `since` or `until` it runs from the first to the last day on which there is an event or a document read.
    """
    placed: dict[date, list[Happening]] = defaultdict(list)
    for happening in directed(happenings, source, target):
        day = placed_on(happening, step)
        if day is not None:
            placed[step.start(day)].append(happening)

    def count(start: date) -> tuple[Tally, tuple[str, ...]]:
        found = placed[start]
        return tally(found, step), tuple(happening.event.id for happening in found)

    return rows_by_period(source, target, step, placed, count, coverage=coverage, since=since, until=until)


def rows_by_period(
    source: str,
    target: str,
    step: Step,
    starts: Collection[date],
    count: Callable[[date], tuple[Tally, tuple[str, ...]]],
    *,
    coverage: Coverage | None,
    since: date | None,
    until: date | None,
) -> list[SeriesRow]:
    """The rows of a series whose events stand in the periods of these `starts`; `count` gives counts and ids of one.

    A period of which no document was read is marked so, and has no counts.
    """
    if since and until and since > until:
        raise UsageError(f"The series cannot start on {since} and end on {until}; swap the two.")
    documents = read_by_period(coverage, step) if coverage is not None else None
    days = [*starts, *(documents or ())]
    first, last = since or min(days, default=None), until or max(days, default=None)
    if first is None or last is None:
        return []
    found = []
    for start in step.starts(first, last):
        read = None if documents is None else documents.get(start, 0)
        covered = None if read is None else read > 0
        counts, events = count(start)
        counted = None if covered is False else counts
        found.append(SeriesRow(source, target, start, step.end(start), covered, read, counted, events))
    return found


def undated(happenings: Iterable[Happening], source: str, target: str, step: Step) -> list[Undated]:
    """The events of the dyad that stand in no period of its series, sorted by id."""
    missing = [h for h in directed(happenings, source, target) if placed_on(h, step) is None]
    return [Undated(h.event.id, why_undated(h, step)) for h in sorted(missing, key=lambda h: h.event.id)]


def why_undated(happening: Happening, step: Step) -> str:
    """Why the event stands in no period, for a reader."""
    period, first = happening.event.date, happening.event.first_reported
    if period is None:
        return "neither its date nor that of a report is known"
    reported = f"it was first reported on {first}" if first else "no date of a report is known"
    return f"its date is known only as {period}, too coarse for a {step}, and {reported}"


def directed(happenings: Iterable[Happening], source: str, target: str) -> list[Happening]:
    """The events in which the first acts on the second, sorted by id; dismissed ones are left out."""
    wanted = (h for h in happenings if not h.event.dismissed and acts(h, source, target))
    return sorted(wanted, key=lambda h: h.event.id)


def read_by_period(coverage: Coverage, step: Step) -> dict[date, int]:
    """Documents read by first day of the period, for every period with at least one."""
    by_day: Counter[date] = Counter()
    for (_, day), documents in coverage.items():
        if documents > 0:
            by_day[day] += documents
    read: Counter[date] = Counter()
    for day, documents in by_day.items():
        read[step.start(day)] += documents
    return dict(read)


def tally(happenings: Sequence[Happening], step: Step) -> Tally:
    """Counts these events; `step` tells which dates are too coarse to be the event's own place in time."""
    counted = [h for h in happenings if h.is_word or h.is_deed]
    domains = Counter(h.event.domain.value if h.event.domain else None for h in counted)
    return Tally(
        _cell(h for h in counted if h.is_word and h.is_cooperation),
        _cell(h for h in counted if h.is_word and not h.is_cooperation),
        _cell(h for h in counted if h.is_deed and h.is_cooperation),
        _cell(h for h in counted if h.is_deed and not h.is_cooperation),
        possible=sum(h.event.factuality is Factuality.POSSIBLE for h in happenings),
        denied=sum(h.event.factuality is Factuality.DENIED for h in happenings),
        domains=tuple(sorted(domains.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))),
        reports=sum(reports_of(h) for h in counted),
        origins=sum(h.event.origins for h in counted),
        by_report=sum(h.event.date is None or h.event.date.precision not in FINE_ENOUGH[step] for h in counted),
    )


def reports_of(happening: Happening) -> int:
    """How many reports an event has; an imported one may have but their ids."""
    return len(happening.reports) or len(happening.event.mentions)


def _cell(happenings: Iterable[Happening]) -> Cell:
    intensities = sorted(happening.event.intensity for happening in happenings)
    return Cell(len(intensities), round(sum(intensities, 0.0), 3))


def start_of(events: ibis.Table, step: Step) -> ibis.Value:
    """The first day of the period that each event stands in, as `placed_on` tells; null where it has no place."""
    fine = events.date_precision.isin([precision.value for precision in FINE_ENOUGH[step]])
    reported = events.date.isnull() | events.first_reported.between(events.date, events.date_end)
    day = ibis.ifelse(fine, events.date, ibis.ifelse(reported, events.first_reported, ibis.null("date")))
    return day if step is Step.DAY else day.truncate(UNITS[step])


def all_dyads(events: ibis.Table, step: Step, *, whole: bool = False) -> ibis.Table:
    """Words and deeds of every directed dyad by period, from the record's table of events.

    Columns: `source` and `target` (codes of states; names of bodies and groups), a column named by the step (the first
    day of the period), `words`, `deeds`, `cooperation`, `conflict` (events) and `intensity` (summed PLOVER scores). An
    event of several actors counts once for each pair of them. Placed in time as `placed_on` does; events that have no
    place, periods without an event, and what is dismissed, only possible or denied are left out. With `whole` every
    event is known to have both its keys, and no actors are looked at.
    """
    actual, pledged = (events.factuality == f.value for f in (Factuality.ACTUAL, Factuality.PLEDGED))
    counted = events.filter(~events.dismissed, actual | pledged).mutate(
        start=start_of(events, step),
        deed=events.quad.isin(MATERIAL) & actual,
        cooperating=events.quad.isin(COOPERATION),
    )
    counted = counted.filter(counted.start.notnull())
    measures = ("start", "intensity", "deed", "cooperating")
    one, other = counted.source_key, counted.target_key
    keyed = counted if whole else counted.filter(one.notnull(), other.notnull())
    # First by key, which leaves few rows to be told apart for each of several actors.
    summed = _summed(keyed.select(*measures, source="source_key", target="target_key"))
    joint = is_joint(summed.source) | is_joint(summed.target)
    simple = summed.filter(~joint, summed.source != "", summed.target != "", summed.source != summed.target)
    several = summed.filter(joint)
    several = several.mutate(source=_all_called(several.source), target=_all_called(several.target))
    several = several.mutate(source=several.source.unnest())
    several = several.mutate(target=several.target.unnest())
    several = several.filter(several.source != "", several.target != "", several.source != several.target)
    both = [simple.mutate(source=_called(simple.source), target=_called(simple.target)), several]
    if not whole:
        # Two questions, as a file's statistics answer each: who is read at all are few, and they lie together.
        others = [counted.filter(one.isnull()), counted.filter(one.notnull(), other.isnull())]
        told = [table.select("id", "target", *measures, acting=table.source.unnest()) for table in others]
        pairs = ibis.union(*told)
        pairs = pairs.mutate(acted_on=pairs.target.unnest()).drop("target")
        named = pairs.select("id", *measures, source=party_of(pairs.acting), target=party_of(pairs.acted_on))
        both.append(_summed(named.filter(named.source != named.target).distinct()))
    found = ibis.union(*both)
    found = found.group_by("source", "target", "start").aggregate(
        **{name: found[name].sum() for name in ("events", "deeds", "cooperation", "intensity")}
    )
    return found.select(
        "source",
        "target",
        found.start.name(step.value),
        words=found.events - found.deeds,
        deeds=found.deeds,
        cooperation=found.cooperation,
        conflict=found.events - found.cooperation,
        intensity=found.intensity,
    )


def all_dyads_by_week(events: ibis.Table, *, whole: bool = False) -> ibis.Table:
    """`all_dyads` by `week` (its Monday)."""
    return all_dyads(events, Step.WEEK, whole=whole)


def all_dyads_by_month(events: ibis.Table, *, whole: bool = False) -> ibis.Table:
    """`all_dyads` by `month` (its first day)."""
    return all_dyads(events, Step.MONTH, whole=whole)


def _called(key: ibis.Value) -> ibis.Value:
    """What a reader calls the actor of this key: a state by its code, a body or group by its name."""
    return ibis.ifelse(key.substr(3, 1) == ":", key.substr(4), key)


def _all_called(key: ibis.Value) -> ibis.Value:
    """The names of all whose key this is, each once, as a list."""
    keys = ibis.ifelse(is_joint(key), keys_in(key), ibis.array([key]))
    return keys.map(_called).unique()


def _summed(events: ibis.Table) -> ibis.Table:
    return events.group_by("source", "target", "start").aggregate(
        events=events.count(),
        deeds=events.count(where=events.deed),
        cooperation=events.count(where=events.cooperating),
        intensity=events.intensity.sum(),
    )
