"""What views ask of the table of events, as Ibis expressions that tell the same as the objects do."""

from __future__ import annotations

import ibis

from dragoman.periods import Precision
from dragoman.record.sides import JOINT, is_joint
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES


def day_of(events: ibis.Table) -> ibis.Value:
    """The day of each event as `Happening.day` tells it, as an expression over the table of events."""
    fine = events.date_precision.isin([Precision.DAY.value, Precision.WEEK.value]).fill_null(False)
    outside = events.first_reported.isnull() | ~events.first_reported.between(events.date, events.date_end)
    return ibis.ifelse(events.date.notnull() & (fine | outside), events.date, events.first_reported)


def party_of(actor: ibis.Value) -> ibis.Value:
    """What a reader calls the actor: a state by its code, a body or group by its name."""
    unnamed = actor["code"].isin(sorted(NON_STATE_CODES)) | actor["sector"].isin(sorted(ARMED_GROUPS)).fill_null(False)
    return ibis.ifelse(unnamed, actor["name"].coalesce(actor["code"]), actor["code"])


def called_by(key: ibis.Value) -> ibis.Value:
    """The same from the key of one actor."""
    return ibis.ifelse(key.substr(3, 1) == ":", key.substr(4), key)


def stands_in(key: ibis.Value, party: str) -> ibis.Value:
    """Whether the key is that of an actor whom readers call so, or of several of whom one is."""
    among_several = key.contains(f"{JOINT}{party}{JOINT}") | key.contains(f":{party}{JOINT}")
    return (key == party) | key.endswith(f":{party}") | (is_joint(key) & among_several)
