"""Reads the events of a record, or of a table made from it, as a history."""

from __future__ import annotations

from typing import Any

from dragoman.forecast.history import History, history_of
from dragoman.record import Snapshot
from dragoman.relate.columns import day_of, party_of

EventTable = Any
"""A table of events as an Ibis expression; only `record` knows more of it."""


def load_history(snapshot: Snapshot, events: EventTable | None = None) -> History:
    """The history of a record; `events` is a table made from it, such as what was known on a day."""
    table = snapshot.table("events") if events is None else events
    table = table.filter(~table.dismissed)
    doers = table.source.map(lambda actor: party_of(actor))
    told = table.claimants.filter(lambda speaker: doers.contains(speaker)).length() > 0
    table = table.select(
        "id",
        "type",
        "quad",
        "factuality",
        "domain",
        "target",
        day=day_of(table),
        known=table.first_reported,
        firm=(table.claimants.length() == 0) | told,
        doer=table.source.unnest(),
    )
    table = table.mutate(source=party_of(table.doer), receiver=table.target.unnest()).drop("doer", "target")
    table = table.mutate(target=party_of(table.receiver)).drop("receiver").distinct()
    return history_of(snapshot.columns("events", table))
