"""What is new in a relation since a version or a day: events, settled entries of the ledger, eras that began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dragoman.errors import RecordMissing
from dragoman.pipeline import View
from dragoman.record import EventFilter, filter_events, newest_day
from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.listing import (
    MOST_IDS,
    EventLine,
    Wanted,
    count_events,
    event_lines,
    page_of_events,
    today_of,
    wanted_of,
)
from dragoman.serve.reading import ServedRecord
from dragoman.serve.views import Look, Row, view_of

DAYS = 30
"""For how many days back news are told to who has not been here before."""

SHOWN = 4
"""New events that are shown of each relation; the others are a number."""


@dataclass(frozen=True, slots=True)
class Since:
    """From when on something is new: a version of the record and the day that was the newest in it, or a day alone."""

    day: date
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new in a relation."""

    events: int
    events_address: str
    latest: list[EventLine]
    """The newest of the new events; where there is none, of all events."""
    settled: list[dict[str, Any]]
    """Entries of the ledger that were settled: id, promise, state, settled_on."""
    made: int
    """Pledges and threats that were made."""
    era: str
    """The era that began, if one did."""
    total: int
    last: str | None


def since_version(record: ServedRecord, version: int) -> Since | None:
    """From a version of the record on; None where a vacuum has removed it, or it knew no day."""

    def find() -> Since | None:
        try:
            day = newest_day(record.store().snapshot(version))
        except RecordMissing:
            return None
        return Since(day, version) if day else None

    return record.kept(("since", version), find)


def since_days(record: ServedRecord, days: int = DAYS) -> Since | None:
    """From so many days before the record's newest on; None while the record is empty."""
    today = today_of(record)
    return Since(today - timedelta(days=days)) if today else None


def changes_of(record: ServedRecord, two: Parties, since: Since) -> Changes:
    """What is new in a relation."""
    return record.kept(("changes", two, since), lambda: _changes(record, two, since), lambda _: 10)


def _changes(record: ServedRecord, two: Parties, since: Since) -> Changes:
    whole = wanted_of(two, Outlook())
    new = _new_events(record, two, since)
    number = count_events(record, new) if new else 0
    rows = page_of_events(record, new if new and number else whole, size=SHOWN)
    ledger = view_of(record, Look(two, Outlook(), View.LEDGER)).rows
    eras = view_of(record, Look(two, Outlook(), View.ERAS)).rows
    newest = page_of_events(record, whole, size=1)
    return Changes(
        events=number,
        events_address=(new or whole).address,
        latest=event_lines(record, rows),
        settled=[_entry(row) for row in ledger if _is_after(row["settled_on"], since)][-SHOWN:],
        made=sum(_is_after(row["made"], since) for row in ledger),
        era=eras[-1]["name"] if len(eras) > 1 and _is_after(eras[-1]["start"], since) else "",
        total=count_events(record, whole),
        last=newest[0]["date"].isoformat() if newest and newest[0]["date"] else None,
    )


def _new_events(record: ServedRecord, two: Parties, since: Since) -> Wanted | None:
    """The events that were not there at the version, or were first reported after the day; None where there is none."""
    whole = wanted_of(two, Outlook())
    if since.version is None:
        return replace(whole, reported_since=since.day + timedelta(days=1))
    before, now = (_ids(record, two, version) for version in (since.version, None))
    new = sorted(now - before)
    if not new:
        return None
    return replace(whole, ids=tuple(new)) if len(new) <= MOST_IDS else replace(whole, reported_since=since.day)


def _ids(record: ServedRecord, two: Parties, version: int | None) -> set[str]:
    snapshot = record.newest() if version is None else record.store().snapshot(version)
    found = filter_events(snapshot.table("events"), EventFilter(parties=(two.first, two.second)))
    return {row["id"] for row in snapshot.rows("events", found.select("id"))}


def _entry(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "promise", "state", "settled_on", "settled_by")}


def _is_after(day: str | None, since: Since) -> bool:
    return day is not None and date.fromisoformat(day) > since.day
