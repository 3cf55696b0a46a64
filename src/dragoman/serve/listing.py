"""Lists of events, counted and read a page at a time, so that a long list costs no more than a short one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import ibis

from dragoman.coding import gazetteer
from dragoman.pipeline.asking import event_rows, events_as_of, party_codes
from dragoman.record import (
    EventFilter,
    Snapshot,
    event_from,
    event_row,
    event_table,
    filter_events,
    mentions_of,
    newest_day,
    public_event,
)
from dragoman.record.rows import Row
from dragoman.relate import Happening
from dragoman.relate.evidence import COOPERATION, MATERIAL
from dragoman.relate.series import Step
from dragoman.serve.activity import known_activity
from dragoman.serve.asking import PAGE_SIZE, Outlook, Parties, query_of
from dragoman.serve.reading import ServedRecord
from dragoman.serve.views import period_events, refuse_too_many
from dragoman.terms import Factuality

MOST_IDS = 200
"""Ids that an address may name."""


FEW = 3_000
"""Events of a relation up to which its list is read in one question; of more, a page alone is read whole."""


class Nature(StrEnum):
    """Words or deeds alone."""

    WORD = "word"
    DEED = "deed"


class Tone(StrEnum):
    """Cooperation or conflict alone."""

    COOPERATION = "cooperation"
    CONFLICT = "conflict"


class Order(StrEnum):
    """How a list is sorted; what has no date comes last."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for: the filters of `dragoman events`, and what the numbers of pages stand for."""

    filter: EventFilter = field(default_factory=EventFilter)
    as_of: date | None = None
    factualities: tuple[Factuality, ...] = ()
    nature: Nature | None = None
    tone: Tone | None = None
    reported_since: date | None = None
    """Reported for the first time on that day or later."""
    ids: tuple[str, ...] = ()
    """These alone."""
    period: date | None = None
    """Those that a series counts, from the first of two actors to the second, in the period that begins here."""
    step: Step = Step.MONTH

    @property
    def asked(self) -> dict[str, object]:
        """The same as the names and values of a query."""
        own = self.filter
        first, second = (*own.parties, "", "")[:2]
        return {
            "a": first,
            "b": second,
            "directed": "true" if own.directed else "",
            "type": [kind.value for kind in own.types],
            "factuality": [word.value for word in self.factualities],
            "domain": [domain.value for domain in own.domains],
            "what": self.nature,
            "tone": self.tone,
            "since": own.since,
            "until": own.until,
            "reported_since": self.reported_since,
            "provider": own.providers,
            "as_of": self.as_of,
            "id": self.ids,
            "period": self.period,
            "step": self.step if self.period else None,
        }

    @property
    def address(self) -> str:
        """Where the list stands."""
        return f"/events{query_of(**self.asked)}"


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as a line of a list."""

    id: str
    date: str | None
    date_precision: str | None
    source: str
    target: str
    type: str
    factuality: str
    contested: bool
    claimants: list[str]
    deniers: list[str]
    domain: str | None
    quad: int
    is_deed: bool
    reports: int
    origins: int
    provider: str
    sentence: str
    """One sentence that reports it; empty where no text is kept."""


def wanted_of(two: Parties, outlook: Outlook) -> Wanted:
    """The events of a relation as it is looked at."""
    return Wanted(
        EventFilter(
            parties=(two.first, two.second), since=outlook.since, until=outlook.until, providers=outlook.providers
        ),
        as_of=outlook.as_of,
    )


def count_events(record: ServedRecord, wanted: Wanted) -> int:
    """How many events are wanted."""

    def count() -> int:
        snapshot = record.newest()
        found = _matching(record, snapshot, wanted)
        return int(snapshot.rows("events", found.aggregate(n=found.count()))[0]["n"])

    return record.kept(("count", wanted), count)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events there are, of which words and deeds of either tone, and from when to when."""

    events: int
    words_cooperation: int
    words_conflict: int
    deeds_cooperation: int
    deeds_conflict: int
    first: date | None
    last: date | None

    @property
    def words(self) -> int:
        """Words of either tone."""
        return self.words_cooperation + self.words_conflict

    @property
    def deeds(self) -> int:
        """Deeds of either tone."""
        return self.deeds_cooperation + self.deeds_conflict


def counts_of(record: ServedRecord, wanted: Wanted) -> Counts:
    """What the wanted events are."""

    def count() -> Counts:
        snapshot = record.newest()
        found = _matching(record, snapshot, wanted)
        parts = {
            f"{nature}s_{tone}": (_is(found, nature) & _has_tone(found, tone)).fill_null(False).sum().fill_null(0)
            for nature in Nature
            for tone in Tone
        }
        row = snapshot.rows(
            "events", found.aggregate(events=found.count(), first=found.date.min(), last=found.date.max(), **parts)
        )[0]
        return Counts(**row)

    return record.kept(("counts", wanted), count)


def counts_told(happenings: Sequence[Happening]) -> Counts:
    """What events are that were loaded already."""
    told = Counter(
        (Nature.DEED if h.is_deed else Nature.WORD, h.is_cooperation) for h in happenings if h.is_deed or h.is_word
    )
    days = [h.event.date.start for h in happenings if h.event.date]
    return Counts(
        events=len(happenings),
        words_cooperation=told[Nature.WORD, True],
        words_conflict=told[Nature.WORD, False],
        deeds_cooperation=told[Nature.DEED, True],
        deeds_conflict=told[Nature.DEED, False],
        first=min(days, default=None),
        last=max(days, default=None),
    )


def latest_lines(happenings: Sequence[Happening], most: int) -> list[EventLine]:
    """The newest of events that were loaded already, as lines; in the order of a list."""
    ranked = sorted(happenings, key=lambda h: h.event.id)
    ranked.sort(key=lambda h: h.event.date.start if h.event.date else date.min, reverse=True)
    return [event_line(event_row(h.event), _surest(h)) for h in ranked[:most]]


def _surest(happening: Happening) -> str:
    """The sentence of the surest report."""
    told = [report for report in happening.reports if report.sentence]
    return max(told, key=lambda report: report.mention.confidence or 0.0).sentence if told else ""


def page_of_events(
    record: ServedRecord, wanted: Wanted, number: int = 1, order: Order = Order.NEWEST, size: int = PAGE_SIZE
) -> list[Row]:
    """The rows of the table of events that stand on one page of the list."""

    def read() -> list[Row]:
        snapshot = record.newest()
        found = _matching(record, snapshot, wanted)
        # Of two parties the rows lie together, so that they are counted in the question that sorts them.
        if len(wanted.filter.parties) == 2:
            whole = found.mutate(total=found.count().over()).order_by(_sorted(found, order))
        else:
            whole = found.order_by(_sorted(found, order))
        few = _are_few(record, wanted)
        chosen = whole if few else whole.select("id", *(["total"] if "total" in whole.columns else []))
        told = snapshot.rows("events", chosen.limit(size, offset=(number - 1) * size))
        if told and "total" in told[0]:
            total = int(told[0]["total"])
            record.kept(("count", wanted), lambda: total)
        if few:
            return [{name: value for name, value in row.items() if name != "total"} for row in told]
        ids = [row["id"] for row in told]
        # The filter stands here too: by the parties files tell what they can hold, by an id they cannot.
        rows = {row["id"]: row for row in snapshot.rows("events", found.filter(found.id.isin(ids)))}
        return [rows[key] for key in ids]

    return record.kept(("page of events", wanted, number, order, size), read, lambda rows: 3 * len(rows) + 1)


def _are_few(record: ServedRecord, wanted: Wanted) -> bool:
    """Whether so few events may match that they are read, counted and sorted in one question."""
    own = wanted.filter.parties
    known = known_activity(record) if len(own) == 2 and wanted.as_of is None else None
    return known is not None and known.between(*own) <= FEW


def event_lines(record: ServedRecord, rows: Sequence[Row]) -> list[EventLine]:
    """The rows as lines, each with a sentence that reports it."""
    told = sentences_of(record, rows)
    return [event_line(row, told.get(row["id"], "")) for row in rows]


def event_line(row: Row, sentence: str = "") -> EventLine:
    """A row of the table of events as a line."""
    public = public_event(row)
    return EventLine(
        id=public["id"],
        date=public["date"],
        date_precision=public["date_precision"],
        source=side_words(row["source"]),
        target=side_words(row["target"]),
        type=public["type"],
        factuality=public["factuality"],
        contested=public["contested"],
        claimants=public["claimants"],
        deniers=public["deniers"],
        domain=public["domain"],
        quad=public["quad"],
        is_deed=public["quad"] in MATERIAL and public["factuality"] == Factuality.ACTUAL,
        reports=len(public["mentions"]),
        origins=public["origins"],
        provider=public["provider"],
        sentence=sentence,
    )


def sentences_of(record: ServedRecord, rows: Sequence[Row]) -> dict[str, str]:
    """By event, a sentence that reports it: that of its surest mention."""
    shown = [row for row in rows if row["mentions"]]

    def read() -> dict[str, str]:
        found: dict[str, tuple[float, str]] = {}
        reports = mentions_of(record.newest(), [event_from(row) for row in shown], ("id", "text", "confidence"))
        for row in reports.sort_by("id").to_pylist():
            event, sure = row["event_id"], row["confidence"] or 0.0
            if row["text"] and (event not in found or sure > found[event][0]):
                found[event] = sure, row["text"]
        return {event: text for event, (_, text) in found.items()}

    if not shown:
        return {}
    return record.kept(("sentences", tuple(row["id"] for row in shown)), read, lambda found: len(found) + 1)


def today_of(record: ServedRecord) -> date | None:
    """The newest publication date of the record; None while it is empty."""
    return record.kept("today", lambda: newest_day(record.newest()))


def side_words(actors: Iterable[Mapping[str, Any]]) -> str:
    """The actors of a side in words."""
    return " and ".join(dict.fromkeys(str(actor["name"] or actor["code"]) for actor in actors))


def party_name(party: str) -> str:
    """What a reader calls an actor that is named by code: a state by its name."""
    state = gazetteer().states.get(party)
    return state.name if state else party


def _matching(record: ServedRecord, snapshot: Snapshot, wanted: Wanted) -> Any:
    """The wanted events as an expression."""
    table = snapshot.table("events") if wanted.as_of is None else event_table(_known(record, wanted))
    own = replace(wanted.filter, parties=party_codes(wanted.filter))
    found = filter_events(table, own)
    if wanted.period is not None:
        outlook = Outlook(wanted.as_of, providers=own.providers)
        counted = period_events(record, Parties(*own.parties), outlook, wanted.step, wanted.period)
        found = found.filter(found.id.isin(counted) if counted else ibis.literal(False))
    if wanted.factualities:
        found = found.filter(found.factuality.isin([word.value for word in wanted.factualities]))
    if wanted.nature is not None:
        found = found.filter(_is(found, wanted.nature))
    if wanted.tone is not None:
        found = found.filter(_has_tone(found, wanted.tone))
    if wanted.reported_since is not None:
        found = found.filter(found.first_reported >= wanted.reported_since)
    if wanted.ids:
        found = found.filter(found.id.isin(list(wanted.ids)))
    return found


def _is(found: Any, nature: Nature) -> Any:
    """Whether an event is a word, or a deed."""
    actual, material = found.factuality == Factuality.ACTUAL.value, found.quad.isin(MATERIAL)
    if nature is Nature.DEED:
        return actual & material
    return (actual & ~material) | (found.factuality == Factuality.PLEDGED.value)


def _has_tone(found: Any, tone: Tone) -> Any:
    """Whether an event is of cooperation, or of conflict."""
    cooperative = found.quad.isin(COOPERATION)
    return cooperative if tone is Tone.COOPERATION else ~cooperative


def _sorted(found: Any, order: Order) -> list[Any]:
    by_day = found.date.desc(nulls_first=False) if order is Order.NEWEST else found.date.asc(nulls_first=False)
    return [by_day, found.id.asc()]


def _known(record: ServedRecord, wanted: Wanted) -> list[Row]:
    """The events between the parties as they were known on the day; all of them are merged anew, once."""
    parties, as_of = party_codes(wanted.filter), wanted.as_of
    if as_of is None:
        return []

    refuse_too_many(record, parties, as_of)
    return record.kept(
        ("as of", parties, as_of),
        lambda: record.apart(find_known, parties, as_of),
        lambda rows: 3 * len(rows) + 1,
        beside=record.helpers is not None,
    )


def find_known(record: ServedRecord, parties: tuple[str, ...], as_of: date) -> list[Row]:
    """The rows of the events between the parties as they were known on the day."""
    snapshot = record.newest()
    return event_rows(snapshot, events_as_of(snapshot, as_of, *parties), EventFilter(parties=parties))
