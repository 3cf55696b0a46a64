"""A list of edges for network tools: a directed edge for each pair of actors of each event, with Gephi's headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from dragoman.exchange.exporting.layout import NO_TARGET, Column, Form, Lines
from dragoman.exchange.exporting.told import Told, pairs
from dragoman.exchange.exporting.vocabulary import DOMAINS, EVENT_TYPES, FACTUALITIES, PRECISIONS, QUADS, TRUTHS
from dragoman.record.rows import Row
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES

COLUMNS = (
    Column("Source", "who acts: a state's code, UNO or EUR, else the name of the body or armed group"),
    Column("Target", "who is acted on; the same"),
    Column("Type", "as Gephi wants it", "", ("Directed",)),
    Column("Weight", "one over the number of edges of the event, so that every event weighs 1", "events"),
    Column("event", "the event's id in the record; the edges of one event bear the same"),
    Column("date", "first day of the period in which it happened; empty where unknown", "day (ISO 8601)"),
    Column("date_precision", "how exactly the date is known", "", PRECISIONS),
    Column("event_type", "PLOVER event type", "", EVENT_TYPES),
    Column("mode", "PLOVER mode; empty where none is known"),
    Column("quad", "verbal or material, cooperation or conflict", "", QUADS),
    Column("intensity", "mean PLOVER score of the reports", "-10 (conflict) to +10 (cooperation)"),
    Column("factuality", "whether it is reported as done, promised, possible or denied", "", FACTUALITIES),
    Column("contested", "some report it as done while somebody denies it", "", TRUTHS),
    Column("domain", "field of life; empty where unknown", "", DOMAINS),
    Column("origins", "independent origins of the reports", "count"),
    Column("provider", "dragoman, or the data set that it was imported from"),
)
FORM = Form(
    "Edge list",
    "CSV, UTF-8, with a header; networkx, igraph and Gephi read it as it is",
    COLUMNS,
    lost=(
        "sectors and Wikidata ids; names of states and their organs: all that act for a state are one node",
        "place, claimants, deniers, confidence, mentions, outlets, first_reported, last_reported, coder_version",
        "which actors did it together: a compound event is an edge for each pair, with the same event",
    ),
    left_out=(f"events with {NO_TARGET}",),
)


def refuse(event: Row) -> str | None:
    """An edge has two ends."""
    return None if event["target"] else NO_TARGET


def write(told: Told) -> Iterable[str]:
    """An edge for each pair of actors."""
    event = told.event
    ends = sorted({(node(source), node(target)) for source, target in pairs(event) if target is not None})
    for source, target in ends:
        yield _line(
            [
                source,
                target,
                "Directed",
                1 / len(ends),
                event["id"],
                event["date"].isoformat() if event["date"] else None,
                event["date_precision"],
                event["type"],
                event["mode"],
                event["quad"],
                event["intensity"],
                event["factuality"],
                "true" if event["contested"] else "false",
                event["domain"],
                event["origins"],
                event["provider"],
            ]
        )


def node(actor: Row) -> str:
    """What an actor is called in a network: as lists of speakers tell it."""
    by_name = actor["code"] in NON_STATE_CODES or actor["sector"] in ARMED_GROUPS
    label: str = actor["name"] if by_name else actor["code"]
    return label


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


LINES = Lines(FORM, _line([column.name for column in COLUMNS]), refuse, write)
