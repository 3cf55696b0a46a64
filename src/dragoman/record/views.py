"""Questions to the record, as Ibis expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.errors import UsageError
from dragoman.record.day_counts import counts_by_day, imported_events
from dragoman.record.rows import Row
from dragoman.record.schemas import EVENTS
from dragoman.record.sides import among, between, involving, side_key
from dragoman.record.store import Snapshot
from dragoman.records import Event
from dragoman.terms import Domain, EventType


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for; `parties` holds none, one or two codes or names."""

    parties: tuple[str, ...] = ()
    directed: bool = False
    types: tuple[EventType, ...] = ()
    since: date | None = None
    until: date | None = None
    domains: tuple[Domain, ...] = ()
    providers: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self.parties) > 2:
            raise UsageError(
                f"{len(self.parties)} parties were given ({', '.join(self.parties)}); one or two are allowed."
            )
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"--since {self.since} lies after --until {self.until}; swap them.")


def filter_events(events: ibis.Table, wanted: EventFilter) -> ibis.Table:
    """The events that match; one without a date never matches a filter on time, a dismissed one matches none."""
    conditions = [~events.dismissed]
    if len(wanted.parties) == 2:
        events = between(events, *wanted.parties, directed=wanted.directed)
    elif wanted.parties:
        events = involving(events, wanted.parties[0], acting=wanted.directed)
    if wanted.types:
        conditions.append(events.type.isin([kind.value for kind in wanted.types]))
    if wanted.domains:
        conditions.append(events.domain.isin([domain.value for domain in wanted.domains]))
    if wanted.providers:
        conditions.append(events.provider.isin(list(wanted.providers)))
    if wanted.since:
        conditions.append(events.date_end >= wanted.since)
    if wanted.until:
        conditions.append(events.date <= wanted.until)
    return events.filter(conditions)


def in_order(events: ibis.Table) -> ibis.Table:
    """Sorted by date, then id; events without a date come last."""
    return events.order_by([events.date.asc(nulls_first=False), events.id.asc()])


def event_table(rows: Iterable[Row]) -> ibis.Table:
    """Events made on the spot as a table, so that the same questions can be put to them."""
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=EVENTS))


def known_by(rows: ibis.Table, as_of: date) -> ibis.Table:
    """Documents or mentions that had surely been published by that day; those of unknown date are left out."""
    return rows.filter(rows.available <= as_of)


def newest_day(snapshot: Snapshot) -> date | None:
    """The newest publication date, imported events included: “today” in every view; None in an empty record."""
    documents, events = snapshot.table("documents"), snapshot.table("events")
    imported = events.filter(events.provider != "dragoman")
    newest = [
        *snapshot.rows("documents", documents.aggregate(day=documents.available.max())),
        *snapshot.rows("events", imported.aggregate(day=imported.last_reported.max())),
    ]
    return max((row["day"] for row in newest if row["day"]), default=None)


def rows_with(
    snapshot: Snapshot, table: str, column: str, values: Sequence[str], columns: Sequence[str] | None = None
) -> list[Row]:
    """The rows of a table whose column holds one of the values, sorted by id; `columns` are all that is read."""
    if not values:
        return []
    source = snapshot.table(table) if columns is None else snapshot.table(table).select({*columns, column})
    return snapshot.rows(table, among_values(source, column, sorted(set(values))).order_by("id"))


def mentions_of(snapshot: Snapshot, events: Sequence[Event], columns: Sequence[str] | None = None) -> pa.Table:
    """The mentions of these events, without what only merging needs; `columns` are all that is given, with the ids.

    Only what may hold reports of these days and of these parties is read.
    """
    reported = [(event.first_reported, event.last_reported) for event in events]
    low = min((first for first, _ in reported if first is not None), default=None)
    high = max((last for _, last in reported if last is not None), default=None)
    mentions = snapshot.table("mentions").drop("block", "window_start", "window_end")
    if low is not None and high is not None:
        mentions = mentions.filter(mentions.available.between(low, high) | mentions.available.isnull())
    mentions = among(mentions, {(side_key(event.source), side_key(event.target)) for event in events})
    if columns is not None:
        mentions = mentions.select({*columns, "id", "event_id"})
    return snapshot.columns("mentions", among_values(mentions, "event_id", [event.id for event in events]))


FEW_VALUES = 1_000
"""So many values are named in the question, so that a file's other columns are read only where one of them stands."""


def among_values(table: ibis.Table, column: str, values: Sequence[str]) -> ibis.Table:
    """The rows of a table whose column holds one of the values."""
    if len(values) <= FEW_VALUES:
        return table.filter(table[column].isin(list(values)))
    wanted = ibis.memtable({"wanted": list(values)}, schema={"wanted": "string"})
    return table.semi_join(wanted, table[column] == wanted.wanted)


SLACK = timedelta(days=2)
"""How far outside each other's windows two mentions may lie and still be merged; see `relate.merging`."""


def mentions_in_windows(snapshot: Snapshot, windows: Sequence[tuple[str, date | None, date | None]]) -> list[Row]:
    """Ids and events of the mentions in these blocks that lie near their windows; None is an open window."""
    if not windows:
        return []
    wanted = ibis.memtable(
        pa.table(
            {
                "wanted": pa.array([block for block, _, _ in windows], pa.string()),
                "low": pa.array([low - SLACK if low else None for _, low, _ in windows], pa.date32()),
                "high": pa.array([high + SLACK if high else None for _, _, high in windows], pa.date32()),
            }
        )
    )
    mentions = snapshot.table("mentions").select("id", "event_id", "block", "window_start", "window_end")
    joined = mentions.join(wanted, mentions.block == wanted.wanted)
    open_ = joined.window_start.isnull() | joined.low.isnull() | joined.high.isnull()
    near = joined.filter(open_ | ((joined.window_start <= joined.high) & (joined.window_end >= joined.low)))
    return snapshot.rows("mentions", near.select("id", "event_id").distinct())


def signatures(snapshot: Snapshot, documents: Sequence[str]) -> dict[str, bytes | None]:
    """The MinHash of each document."""
    if not documents:
        return {}
    table = snapshot.table("documents").select("id", "signature")
    rows = snapshot.rows("documents", among_values(table, "id", documents))
    return {row["id"]: row["signature"] for row in rows}


def mentions_between(snapshot: Snapshot, parties: Sequence[str], as_of: date | None = None) -> ibis.Table:
    """Mentions in which the parties stand on either side (two: one on each side; one: on any), known by a day."""
    mentions = snapshot.table("mentions")
    if as_of is not None:
        mentions = known_by(mentions, as_of)
    renamed = renamed_events(snapshot) if parties else ()
    if renamed:
        # Their reports name others than the events do; who asks for the events' parties looks at the events.
        apart = mentions.event_id.isin(renamed)
        own = mentions.filter(apart)
        mentions = mentions.filter(~apart)
    found = _between(mentions, parties)
    return found.union(own) if renamed else found


def renamed_events(snapshot: Snapshot) -> list[str]:
    """The events of which a person has said that the parties are others, sorted."""
    table = snapshot.table("corrections")
    rows = snapshot.rows("corrections", table.filter(table.field.isin(["source", "target"])).select("subject"))
    named = sorted({f"m{row['subject'][1:]}" for row in rows})
    return sorted({row["event_id"] for row in rows_with(snapshot, "mentions", "id", named, ("id", "event_id"))})


def _between(mentions: ibis.Table, parties: Sequence[str]) -> ibis.Table:
    if len(parties) == 2:
        return between(mentions, *parties)
    for party in parties:
        mentions = involving(mentions, party)
    return mentions


def coverage(snapshot: Snapshot, as_of: date | None = None) -> dict[tuple[str | None, date], int]:
    """How many documents were read of each outlet and day of publication; documents of unknown day are left out.

    An imported event counts as a document of its provider, on the day by which it had been reported.
    """
    documents, imported = _read(snapshot, as_of)
    counted = documents.group_by("publisher", "available").aggregate(documents=documents.count())
    rows = snapshot.rows("documents", counted)
    found = {(row["publisher"], row["available"]): row["documents"] for row in rows}
    by_day = imported.group_by("provider", "last_reported").aggregate(events=imported.count())
    for row in snapshot.rows("events", by_day):
        key = (row["provider"], row["last_reported"])
        found[key] = found.get(key, 0) + row["events"]
    return found


def read_by_day(snapshot: Snapshot, as_of: date | None = None) -> dict[date, int]:
    """The same for all outlets and providers together."""
    documents, imported = _read(snapshot, as_of)
    asked = [("documents", _by_day(documents, "available"))]
    kept = counts_by_day(snapshot) if as_of is None else None
    if kept is None:
        asked.append(("events", _by_day(imported, "last_reported")))
    else:
        asked.append(("events", kept.read))
        if kept.rest is not None:
            asked.append(("events", _by_day(imported_events(kept.rest), "last_reported")))
    found: Counter[date] = Counter()
    for name, counted in asked:
        found.update({row["day"]: row["number"] for row in snapshot.rows(name, counted)})
    return dict(found)


def _by_day(table: ibis.Table, day: str) -> ibis.Table:
    return table.group_by(day=table[day]).aggregate(number=table.count())


def _read(snapshot: Snapshot, as_of: date | None) -> tuple[ibis.Table, ibis.Table]:
    """The documents of known day, and the imported events that had been reported by a known day."""
    documents, imported = snapshot.table("documents"), imported_events(snapshot.table("events"))
    if as_of is not None:
        documents, imported = known_by(documents, as_of), imported.filter(imported.last_reported <= as_of)
    return documents.filter(documents.available.notnull()), imported


def sentences(snapshot: Snapshot, most: int, as_of: date | None = None) -> list[str]:
    """The reporting sentences of the record, at most so many, those of the lowest ids; each once, sorted."""
    mentions = snapshot.table("mentions")
    if as_of is not None:
        mentions = known_by(mentions, as_of)
    mentions = mentions.select("id", "text")
    count = snapshot.rows("mentions", mentions.aggregate(n=mentions.count()))[0]["n"]
    found = None
    if count > 2 * most:
        # Ids are hashes: below this one lie about a quarter more than are wanted, and only these need be sorted.
        bound = f"m{int(16**8 * 1.25 * most / count):08x}"
        found = snapshot.columns("mentions", mentions.filter(mentions.id < bound))
    if found is None or len(found) < min(most, count):
        found = snapshot.columns("mentions", mentions.order_by("id").limit(most))
    texts = found["text"].take(pc.sort_indices(found["id"])[:most]).to_pylist()
    return sorted({text for text in texts if text})
