"""What is around a relation: the net of everybody, counted from columns, so that a large record is no burden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import ibis

from dragoman.pipeline.remembered import remembered
from dragoman.record import Snapshot
from dragoman.records import Actor
from dragoman.relate.columns import day_of
from dragoman.relate.network import Network, make_network, shape_of
from dragoman.relate.tallies import COLUMNS, Tallies, tally
from dragoman.relate.ties import commonest_names

LARGE = 200_000
"""Events from which a record is large: its views of everybody are then bounded."""

EVENTS_SIZE = 8
"""Events as columns that take as much of what is kept as one sentence."""

LAST_YEARS = 2
"""The years of a large record that are told."""


def years(days: Iterable[date]) -> list[tuple[date, date]]:
    """The calendar years that hold the days, as first and last day."""
    return [(date(year, 1, 1), date(year, 12, 31)) for year in sorted({day.year for day in days})]


def is_large(snapshot: Snapshot) -> bool:
    """Whether the record holds more than `LARGE` events."""

    def count() -> int:
        told = snapshot.size("events")
        if told is not None:
            return told
        table = snapshot.table("events")
        number: int = snapshot.rows("events", table.aggregate(n=table.count()))[0]["n"]
        return number

    return remembered(snapshot, "number of events", count) > LARGE


def stored_networks(
    snapshot: Snapshot, parties: Sequence[str], periods: Sequence[tuple[date, date]], today: date
) -> list[Network]:
    """The network of each period; without periods of every year up to `today`, in a large record of the last ones.

    Actors go by their commonest names in the whole record.
    """
    table = snapshot.table("events")
    events = table.filter(~table.dismissed).mutate(day=day_of(table))

    def by_year() -> list[dict[str, Any]]:
        yearly = events.group_by(year=events.day.year())
        return snapshot.rows("events", yearly.aggregate(n=events.count(), first=events.day.min()))

    told = remembered(snapshot, "years of events", by_year, len)
    undated = sum(row["n"] for row in told if row["year"] is None)
    large = is_large(snapshot)
    if not periods:
        known = years(row["first"] for row in told if row["first"] is not None and row["first"] <= today)
        periods = known[-LAST_YEARS:] if large else known

    def count() -> Tallies:
        chosen = events
        if large:
            chosen = events.filter(reduce(or_, (events.day.between(*period) for period in periods)))
        return tally(snapshot.columns("events", chosen.select(*COLUMNS)))

    # Those of the same periods are the same around whatever two are asked for.
    what = ("tallies", tuple(periods) if large else None)
    counts = remembered(snapshot, what, count, lambda found: len(found.day) // EVENTS_SIZE)
    names = remembered(snapshot, "names", lambda: _names(snapshot), len) if large else counts.names

    def of(period: tuple[date, date]) -> Network:
        ties = counts.ties(*period, parties)
        # Ties that are only told because one of the two is asked for are too light to shape anything.
        shape = remembered(snapshot, ("shape", period), lambda: shape_of(ties, names), lambda _: len(names))
        return make_network(ties, names, since=period[0], until=period[1], undated=undated, shape=shape)

    return [of(period) for period in periods]


def _names(snapshot: Snapshot) -> dict[str, str]:
    """What to call each actor, by key, counted in all events."""
    table = snapshot.table("events")
    table = table.filter(~table.dismissed)
    sides = ibis.union(*(table.select(actor=side.unnest()) for side in (table.source, table.target)))
    actors = sides.select(*(sides.actor[name].name(name) for name in ("code", "name", "sector")))
    rows = snapshot.rows("events", actors.group_by("code", "name", "sector").aggregate(times=actors.count()))
    return commonest_names((Actor(row["code"], row["name"], row["sector"]), row["times"]) for row in rows)
