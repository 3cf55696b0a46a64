"""Merges mentions that report one happening into events.

A symmetric rule tells of any two reports whether they are of one happening; events are the connected components of that
rule, so the order of arrival cannot matter. Only reports of one block (same parties, related types, same course) are
ever compared. An event bears the name of its first report: event `e123…` holds mention `m123…`, whatever it was merged
with later, so an id given once leads to its event for as long as that mention is in the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import networkx

from dragoman.periods import Period, Precision
from dragoman.records import Correction, Event, Mention, content_id
from dragoman.relate.alike import alike
from dragoman.relate.event import make_event
from dragoman.relate.evidence import Report
from dragoman.terms import CorrectionKind, EventType, Factuality

RELATED = {
    EventType.AID: "help",
    EventType.COOPERATE: "help",
    EventType.CONCEDE: "yielding",
    EventType.RETREAT: "yielding",
}
"""Types that reports of one happening may differ in; every other type merges with itself only."""

TOGETHER = frozenset({EventType.CONSULT, EventType.AGREE, EventType.SUPPORT, EventType.COOPERATE})
"""Types that two sides do together: "X met Y" and "X and Y met" are of one happening."""

SOME, MUCH, MOST = 0.3, 0.35, 0.55
"""How alike two reports must be worded the less dates, types and domains say; chosen on evals/relate/happenings_dev."""

DAYS_BEFORE = 2
"""A report without a date is of something that happened at most so many days before it."""

DAYS_TO_DENIAL = 7
"""A denial without a date is of something reported or done at most so many days before it."""

DAYS_APART = 1
"""Reports without a date, published further apart than this, are never of one happening."""


def block_of(mention: Mention) -> str:
    """What two reports of one happening must share: a hash of parties, related types, and whether it is promised."""
    return content_id(
        "b",
        "pledged" if mention.factuality is Factuality.PLEDGED else "happening",
        RELATED.get(mention.type, mention.type),
        *sorted({party.actor.key for party in (*mention.source, *mention.target)}),
    )


def window_of(report: Report) -> tuple[date | None, date | None]:
    """The days in which the reported event may lie; outside them nothing can be merged with it."""
    if report.mention.date is not None:
        return report.mention.date.start, report.mention.date.end
    if report.available is None:
        return None, None
    days = DAYS_TO_DENIAL if report.mention.factuality is Factuality.DENIED else DAYS_BEFORE
    return report.available - timedelta(days=days), report.available


def same_happening(one: Report, other: Report) -> bool:
    """Whether two reports of one block are of one happening; the same both ways."""
    needed = needed_likeness(one, other)
    return needed is not None and (needed == 0 or alike(one, other) >= needed)


def needed_likeness(one: Report, other: Report) -> float | None:
    """How alike two reports of one block must be worded to be of one happening; None: they cannot be."""
    first, second = one.mention, other.mention
    if not _same_course(first, second):
        return None
    if first.place and second.place and _elsewhere(first, second):
        return None
    people = _people(first, second) if first.type is EventType.CONSULT else 0
    needed = _needed_by_dates(one, other)
    if needed is None or people is None:
        return None
    needed = max(needed, people)
    if first.type is not second.type:
        needed = max(needed, MOST)
    if first.domain is not second.domain:
        needed = max(needed, MOST if first.domain and second.domain else SOME)
    return needed


def _same_course(one: Mention, other: Mention) -> bool:
    """Whether the same act on the same; what is done together is told of one side or of both."""
    first, second = _sides(one), _sides(other)
    together = one.type in TOGETHER and other.type in TOGETHER
    return first == second or (together and (first[0] == first[1] or second[0] == second[1]))


def _sides(mention: Mention) -> tuple[frozenset[str], frozenset[str]]:
    """Who acts and who is acted on; of what is mutual everybody on both sides, else nobody on his own."""
    source = frozenset(party.actor.key for party in mention.source)
    target = frozenset(party.actor.key for party in mention.target)
    return source, target if source == target else target - source


def _needed_by_dates(one: Report, other: Report) -> float | None:
    first, second = one.mention.date, other.mention.date
    together = one.mention.document_id == other.mention.document_id
    if first is not None and second is not None:
        if first == second:
            return _needed_within(first) if first.precision is not Precision.DAY else 0
        gap = _gap(first, second)
        if {first.precision, second.precision} == {Precision.DAY}:
            return MOST if gap == 1 else None
        return max(_needed_within(first), _needed_within(second)) if gap == 0 else None
    if first is None and second is None:
        if together:
            return 0
        if one.available is None or other.available is None:
            return MOST
        later = one if one.available > other.available else other
        days = DAYS_TO_DENIAL if later.mention.factuality is Factuality.DENIED else DAYS_APART
        return MOST if abs((one.available - other.available).days) <= days else None
    dated, undated = (one, other) if first is not None else (other, one)
    period = dated.mention.date
    assert period is not None
    low, high = window_of(undated)
    if together:
        return SOME
    if low is None or high is None:
        return MOST
    return _needed_within(period) if period.start <= high and period.end >= low else None


def _needed_within(period: Period) -> float:
    """What a report needs that may be of the same time: a month or year holds too many happenings to trust it."""
    return MUCH if period.precision in (Precision.DAY, Precision.WEEK) else MOST


def _gap(one: Period, other: Period) -> int:
    """Days from the end of the earlier period to the start of the later; 0 where they overlap."""
    return max(0, (max(one.start, other.start) - min(one.end, other.end)).days)


def _elsewhere(one: Mention, other: Mention) -> bool:
    """Whether the places differ: other countries, or two places of one country, neither being the country itself."""
    assert one.place is not None
    assert other.place is not None
    if one.place.country != other.place.country:
        return True
    exact = one.place.latitude is not None and other.place.latitude is not None
    return exact and one.place.name != other.place.name


def _people(one: Mention, other: Mention) -> float | None:
    """What two reports of talks need by who took part: two ministers' meeting is not their presidents' (None)."""
    needed = 0.0
    for first, second in ((one.source, other.source), (one.target, other.target)):
        names = {party.actor.key: party.actor for party in first}
        for party in second:
            known = names.get(party.actor.key)
            if known is None or known.name == party.actor.name:
                continue
            if known.sector and party.actor.sector:
                return None
            needed = SOME
    return needed


def merge_mentions(reports: Iterable[Report], corrections: Sequence[Correction] = ()) -> list[Event]:
    """The events that these reports amount to, sorted by id; a person's corrections are heard."""
    return sorted(
        (make_event(group, corrections) for group in components(reports, corrections)), key=lambda event: event.id
    )


def components(reports: Iterable[Report], corrections: Sequence[Correction] = ()) -> list[list[Report]]:
    """The reports parted by happening, each group sorted by mention id."""
    known = {report.mention.id: report for report in reports}
    blocks: dict[str, list[str]] = defaultdict(list)
    for key in sorted(known):
        blocks[block_of(known[key].mention)].append(key)
    graph = networkx.Graph()
    graph.add_nodes_from(known)
    apart = {_mention_id(c.subject) for c in corrections if c.kind is CorrectionKind.APART}
    for keys in blocks.values():
        for one, other in _near([known[key] for key in keys if key not in apart]):
            if same_happening(one, other):
                graph.add_edge(one.mention.id, other.mention.id)
    for correction in corrections:
        if correction.kind is CorrectionKind.SAME and correction.other:
            first, second = _mention_id(correction.subject), _mention_id(correction.other)
            if first in known and second in known:
                graph.add_edge(first, second)
    return [[known[key] for key in sorted(group)] for group in networkx.connected_components(graph)]


def _near(reports: Sequence[Report]) -> Iterator[tuple[Report, Report]]:
    """All pairs whose windows lie close enough for the rule to say yes; those without a window pair with everybody."""
    timed: list[tuple[date, date, Report]] = []
    timeless: list[Report] = []
    for report in reports:
        low, high = window_of(report)
        if low is None or high is None:
            timeless.append(report)
        else:
            timed.append((low, high, report))
    timed.sort(key=lambda entry: (entry[0], entry[1], entry[2].mention.id))
    for i, (_, high, one) in enumerate(timed):
        for low, _, other in timed[i + 1 :]:
            if (low - high).days > DAYS_APART:
                break
            yield one, other
    for i, one in enumerate(timeless):
        for other in (*timeless[i + 1 :], *(entry[2] for entry in timed)):
            yield one, other


def _mention_id(identity: str) -> str:
    """The mention that an event is named after, or the mention itself."""
    return f"m{identity[1:]}" if identity.startswith("e") else identity
