"""Who does how much with whom: counted over all events once for a version, small enough to keep."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from dragoman.record import Snapshot, rows_with
from dragoman.record.rows import Row
from dragoman.relate.columns import party_of
from dragoman.relate.evidence import COOPERATION, MATERIAL
from dragoman.serve.reading import ServedRecord
from dragoman.terms import NON_STATE_CODES, EventType, Factuality


@dataclass(frozen=True, slots=True)
class PairCount:
    """The events between two actors, whoever acts; `last` is the day of the newest."""

    first: str
    second: str
    events: int
    words: int
    deeds: int
    cooperation: int
    last: date | None


@dataclass(frozen=True, slots=True)
class ActorCount:
    """The events in which an actor stands on a side, by type and by year; those of no known day are in no year.

    A week or month that reaches into two years counts in both, as in a list of events since and until a day.
    """

    events: int
    types: Mapping[str, int]
    years: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Activity:
    """What everybody does with everybody; actors are named as they are asked for."""

    pairs: Sequence[PairCount]
    """The busiest first."""
    actors: Mapping[str, ActorCount]
    numbers: Mapping[tuple[str, str], int]
    """The events of each pair by its names in the order of the alphabet."""

    def between(self, first: str, second: str) -> int:
        """How many events stand between two actors, whoever acts."""
        return self.numbers.get((min(first, second), max(first, second)), 0)

    def with_partner(self, actor: str, most: int) -> list[PairCount]:
        """The busiest relations of an actor, who stands first in each."""
        found = []
        for pair in self.pairs:
            if actor in (pair.first, pair.second):
                other = pair.second if pair.first == actor else pair.first
                found.append(PairCount(actor, other, pair.events, pair.words, pair.deeds, pair.cooperation, pair.last))
                if len(found) == most:
                    break
        return found


def activity_of(record: ServedRecord) -> Activity:
    """Who does how much with whom."""

    def count() -> Activity:
        snapshot = record.newest()
        pairs = _pairs(snapshot)
        return Activity(pairs, _actors(snapshot), {(pair.first, pair.second): pair.events for pair in pairs})

    return record.kept("activity", count, lambda found: len(found.pairs) // 3 + 1)


def known_activity(record: ServedRecord) -> Activity | None:
    """The same if it was counted already; counting takes seconds in a large record."""
    found: Activity | None = record.peek("activity")
    return found


def latest_events(record: ServedRecord, actors: Sequence[str], most: int) -> dict[str, list[Row]]:
    """The rows of the newest events of each of these actors, at most so many, in the order of a list."""
    snapshot = record.newest()
    events = _events(snapshot).select("id", "date", party=ibis._.acting.concat(ibis._.acted_on).unique().unnest())
    events = events.filter(events.party.isin(list(actors)))
    place = ibis.row_number().over(
        group_by=events.party, order_by=[events.date.desc(nulls_first=False), events.id.asc()]
    )
    newest = events.mutate(place=place).filter(ibis._.place < most).order_by("party", "place")
    told = snapshot.rows("events", newest.select("party", "id"))
    rows = {row["id"]: row for row in rows_with(snapshot, "events", "id", [row["id"] for row in told])}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        found[row["party"]].append(rows[row["id"]])
    return dict(found)


def _events(snapshot: Snapshot) -> Any:
    """The events with what each is, and everything by which its parties may be asked for."""
    table = snapshot.table("events")
    actual, material = table.factuality == Factuality.ACTUAL.value, table.quad.isin(MATERIAL)
    deed = actual & material
    return table.filter(~table.dismissed).select(
        "id",
        "type",
        "date",
        "date_end",
        deed=deed,
        word=(actual & ~material) | (table.factuality == Factuality.PLEDGED.value),
        cooperative=table.quad.isin(COOPERATION),
        acting=_names(table.source),
        acted_on=_names(table.target),
    )


def _names(side: Any) -> Any:
    """Whatever the actors of a side may be asked for as: what they are called, and the code of their state."""
    called = side.map(party_of)
    of_state = side.filter(lambda actor: ~actor["code"].isin(sorted(NON_STATE_CODES)) & (actor["code"] != ""))
    return called.concat(of_state.map(lambda actor: actor["code"])).unique()


def _pairs(snapshot: Snapshot) -> tuple[PairCount, ...]:
    events = _events(snapshot)
    both = events.select(
        "id", "date", "deed", "word", "cooperative", one=events.acting.unnest(), targets=events.acted_on
    )
    pairs = both.mutate(other=both.targets.unnest())
    pairs = pairs.filter(pairs.one != pairs.other)
    pairs = pairs.select(
        "id",
        "date",
        "deed",
        "word",
        "cooperative",
        first=ibis.least(pairs.one, pairs.other),
        second=ibis.greatest(pairs.one, pairs.other),
    )
    # What two do together stands in one event both ways.
    pairs = pairs.distinct()
    counted = pairs.group_by("first", "second").aggregate(
        events=pairs.count(),
        words=pairs.word.sum(),
        deeds=pairs.deed.sum(),
        cooperation=pairs.cooperative.sum(),
        last=pairs.date.max(),
    )
    rows = snapshot.rows("events", counted.order_by([counted.events.desc(), counted.first, counted.second]))
    return tuple(PairCount(**row) for row in rows)


def _actors(snapshot: Snapshot) -> dict[str, ActorCount]:
    events = _events(snapshot)
    parties = events.select(
        "type",
        first=events.date.year(),
        last=events.date_end.year(),
        party=events.acting.concat(events.acted_on).unique().unnest(),
    )
    counted = parties.group_by("party", "type", "first", "last").aggregate(events=parties.count())
    rows = snapshot.rows("events", counted)
    types: dict[str, Counter[str]] = defaultdict(Counter)
    years: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        types[row["party"]][row["type"]] += row["events"]
        if row["first"] is not None:
            for year in range(row["first"], (row["last"] or row["first"]) + 1):
                years[row["party"]][year] += row["events"]
    return {
        party: ActorCount(
            sum(counts.values()),
            {kind.value: counts[kind.value] for kind in EventType if counts[kind.value]},
            dict(sorted(years[party].items())),
        )
        for party, counts in types.items()
    }
