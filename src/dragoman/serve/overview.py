"""What the first page of a relation counts and lists: all from one loading of its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter

from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.listing import (
    Counts,
    EventLine,
    counts_of,
    counts_told,
    event_lines,
    latest_lines,
    page_of_events,
    wanted_of,
)
from dragoman.serve.reading import ServedRecord
from dragoman.serve.shelf import Form
from dragoman.serve.views import happenings_of, is_heavy

LATEST = 12
"""Events that the first page of a relation shows."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How many events there are as the relation is looked at, and the newest."""

    is_known: bool
    """Whether an event of the two is known at all, on whatever days."""
    counts: Counts
    latest: list[EventLine]


_TYPE = TypeAdapter(Overview)
_FORM: Form[Overview] = Form(_TYPE.dump_json, _TYPE.validate_json)


def overview_of(record: ServedRecord, two: Parties, outlook: Outlook) -> Overview:
    """What the first page of a relation counts and lists."""
    if is_heavy(record, two):
        return keep_overview(
            record, two, outlook, lambda: record.apart(find_overview, two, outlook, about=two), beside=True
        )
    return keep_overview(record, two, outlook, lambda: find_overview(record, two, outlook))


def keep_overview(
    record: ServedRecord, two: Parties, outlook: Outlook, find: Callable[[], Overview], *, beside: bool = False
) -> Overview:
    """What is kept of it, else what is found."""
    return record.kept(("overview", two, outlook), find, lambda _: 2 * LATEST, beside=beside, form=_FORM)


def find_overview(record: ServedRecord, two: Parties, outlook: Outlook) -> Overview:
    """The same, found here and now."""
    known = happenings_of(record, two, outlook)
    if outlook.since is None and outlook.until is None:
        return Overview(bool(known), counts_told(known), latest_lines(known, LATEST))
    wanted = wanted_of(two, outlook)
    latest = event_lines(record, page_of_events(record, wanted, size=LATEST))
    return Overview(bool(known), counts_of(record, wanted), latest)
