"""What is done in a period, for the map: who acts, who is acted on, between whom, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from dragoman.record import Snapshot
from dragoman.relate.columns import day_of
from dragoman.relate.tallies import COLUMNS, Doing, tally
from dragoman.relate.ties import Tie
from dragoman.terms import Domain, Factuality

MOST_TIES = 400
"""Ties of a period that are told, those of most events."""

MOST_PLACES = 300
"""Places of a period that are told, those of most events."""

TOLD = (Factuality.ACTUAL, Factuality.PLEDGED)
"""What is counted: what was done, said or promised, and nothing that is only possible or denied."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a period; degrees are None where only its country is known."""

    name: str
    country: str
    latitude: float | None
    longitude: float | None
    events: int
    cooperation: int


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done in a period; `undated` are the events left out because nothing tells when they were.

    Actors, ties and places are sorted by their number of events; `names` tells what to call an actor, by key.
    """

    events: int
    undated: int
    actors: tuple[Doing, ...]
    ties: tuple[Tie, ...]
    places: tuple[Spot, ...]
    names: dict[str, str]


def stored_activity(snapshot: Snapshot, since: date, until: date, domain: Domain | None = None) -> Activity:
    """The activity of the days from one to another, both included, in one domain or all."""
    table = snapshot.table("events")
    table = table.filter(~table.dismissed, table.factuality.isin([own.value for own in TOLD]))
    if domain is not None:
        table = table.filter(table.domain == domain.value)
    placed = table.mutate(day=day_of(table))
    undated = placed.filter(placed.day.isnull())
    events = placed.filter(placed.day.between(since, until))
    tallies = tally(snapshot.columns("events", events.select(*COLUMNS)))
    ties = sorted(tallies.ties(since, until), key=lambda tie: (-tie.events, tie.first, tie.second))
    return Activity(
        events=len(tallies.ids),
        undated=snapshot.rows("events", undated.aggregate(n=undated.count()))[0]["n"],
        actors=tuple(tallies.doings()),
        ties=tuple(ties[:MOST_TIES]),
        places=_places(snapshot, events),
        names=tallies.names,
    )


def _places(snapshot: Snapshot, events: ibis.Table) -> tuple[Spot, ...]:
    placed = events.filter(events.place.notnull())
    fields = {name: placed.place[name] for name in ("name", "country", "latitude", "longitude")}
    placed = placed.select(**fields, cooperative=placed.quad <= 2).filter(ibis._.name.notnull())
    counted = placed.group_by("name", "country").aggregate(
        events=placed.count(),
        cooperation=placed.cooperative.sum(),
        latitude=placed.latitude.min(),
        longitude=placed.longitude.min(),
    )
    counted = counted.order_by([ibis.desc("events"), "name", "country"]).limit(MOST_PLACES)
    rows: list[dict[str, Any]] = snapshot.rows("events", counted)
    return tuple(Spot(**row) for row in rows)
