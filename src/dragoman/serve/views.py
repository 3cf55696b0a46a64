"""The views of a relation for pages: their rows, notes and charts, each found once for a version of the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dragoman.errors import RecordMissing, UsageError
from dragoman.pipeline import Dyad, View, Wish, eras_view_chart, view_chart, view_note, view_rows
from dragoman.pipeline.counted import MANY
from dragoman.pipeline.wider import is_large
from dragoman.record import mentions_between
from dragoman.relate import Happening
from dragoman.relate.charts import to_svg
from dragoman.relate.series import Step
from dragoman.serve.activity import known_activity
from dragoman.serve.asking import Outlook, Parties, on_page
from dragoman.serve.reading import ServedRecord
from dragoman.serve.shelf import Form

Row = dict[str, Any]

MOST_AS_OF = 20_000
"""Mentions that are merged anew for one look back by the desk's own process, which holds up who else asks."""

MOST_AS_OF_BESIDE = 200_000
"""The same by a helper, which holds up nobody; so many take it minutes and some gigabytes."""

BUSY = 400
"""Events of a relation from which its views are left to a helper, for they hold up who else asks."""

MOST_TIES = 40
"""Ties of the two of a relation that are shown of the network around it."""

OF_EVERYBODY = frozenset({View.RESPONSES, View.NETWORK})
"""Views that read the events of everybody."""

_ROW_SIZE = 2
"""How much a row of a view takes of what is kept; it names its events."""


@dataclass(frozen=True, slots=True)
class ViewRows:
    """The rows of a view as `dragoman relate --as json` gives them, and what a reader must know beside them."""

    rows: list[Row]
    note: str


def _written(found: ViewRows) -> bytes:
    return json.dumps([found.rows, found.note], ensure_ascii=False).encode()


def _read(text: bytes) -> ViewRows:
    rows, note = json.loads(text)
    return ViewRows(rows, note)


ROWS = Form(_written, _read)
"""How the rows of a view lie on the shelf."""

SVG: Form[bytes] = Form(bytes, bytes)


@dataclass(frozen=True, slots=True)
class Look:
    """What of a relation is looked at: which two, from where, which view; `step` and `event` where it has them."""

    two: Parties
    outlook: Outlook
    view: View
    step: Step | None = None
    event: str | None = None

    @property
    def wish(self) -> Wish:
        """The same as a wish for a view."""
        return Wish(self.outlook.since, self.outlook.until, self.step, event=self.event)


def view_of(record: ServedRecord, look: Look) -> ViewRows:
    """The rows of a view, with its note."""
    if is_heavy(record, look.two, look.view):
        return keep_view(record, look, lambda: record.apart(find_view, look, about=look.two), beside=True)
    return keep_view(record, look, lambda: find_view(record, look))


def view_key(look: Look) -> Hashable:
    """Under what a view is kept."""
    return "view", look


def keep_view(record: ServedRecord, look: Look, find: Callable[[], ViewRows], *, beside: bool = False) -> ViewRows:
    """What is kept of a view, else what is found."""
    return record.kept(
        view_key(look), find, lambda found: 1 + _ROW_SIZE * sum(map(_weight, found.rows)), beside=beside, form=ROWS
    )


def find_view(record: ServedRecord, look: Look) -> ViewRows:
    """The rows of a view, found here and now."""
    if look.outlook.as_of is not None:
        refuse_too_many(record, (look.two.first, look.two.second), look.outlook.as_of)
        if look.view in OF_EVERYBODY and is_large(record.newest()):
            return ViewRows([], "Of a record this large, what everybody did is told as of its newest day only")
    dyad = dyad_of(record, look)
    try:
        if look.view not in OF_EVERYBODY:
            _load(record, look, dyad)
        return ViewRows(view_rows(dyad, look.view, look.wish), view_note(dyad, look.view, look.wish) or "")
    except RecordMissing as error:
        # The record is there: it is these providers that brought nothing.
        return ViewRows([], str(error).rstrip("."))


def is_heavy(record: ServedRecord, two: Parties, view: View | None = None) -> bool:
    """Whether a view is left to a helper, where there is one."""
    if record.helpers is None:
        return False
    known = known_activity(record)
    return view in OF_EVERYBODY or (known is not None and known.between(two.first, two.second) > BUSY)


def chart_of(record: ServedRecord, look: Look, chosen: slice = slice(None), state: str = "") -> bytes:
    """The chart of a view as SVG; of a ledger, of the entries that stand on one page of it."""

    # Found before, so that nobody who only draws waits for who finds. A network is large: who draws it finds it.
    rows = view_of(record, look).rows if look.view is not View.NETWORK else []
    series = view_of(record, _months(look)).rows if look.view is View.ERAS and rows else []
    shown = ledger_entries(rows, state)[chosen] if look.view is View.LEDGER else rows
    beside = record.helpers is not None

    def draw() -> bytes:
        # Drawing lets no other thread of a process run.
        return record.apart(draw_rows, look, shown, series, about=look.two, drawing=look.view is not View.NETWORK)

    return keep_chart(record, look, draw, chosen, state, beside=beside)


def draw_rows(record: ServedRecord, look: Look, rows: list[Row], series: list[Row]) -> bytes:
    """The chart of these rows as SVG."""
    dyad = dyad_of(record, look)
    if look.view is View.NETWORK:
        rows = view_of(record, look).rows
    if series:
        return to_svg(eras_view_chart(dyad, rows, series))
    return to_svg(view_chart(dyad, look.view, rows, look.wish))


def keep_chart(
    record: ServedRecord,
    look: Look,
    draw: Callable[[], bytes],
    chosen: slice | None = None,
    state: str = "",
    *,
    beside: bool = False,
) -> bytes:
    """What is kept of a chart, else what is drawn; of a ledger by default that of its first page."""
    chosen = chosen or (on_page(1) if look.view is View.LEDGER else slice(None))
    key = ("chart", look, chosen.start, chosen.stop, state)
    return record.kept(key, draw, lambda svg: 1 + len(svg) // 1000, beside=beside, form=SVG)


def around_of(record: ServedRecord, look: Look) -> ViewRows:
    """The network around a relation, each period with the ties of the two alone; the whole stands at /network."""
    return keep_around(
        record, look, lambda: record.apart(find_around, look, about=look.two), beside=record.helpers is not None
    )


def around_key(look: Look) -> Hashable:
    """Under what it is kept."""
    return "around", look


def keep_around(record: ServedRecord, look: Look, find: Callable[[], ViewRows], *, beside: bool = False) -> ViewRows:
    """What is kept of it, else what is found."""
    size = MOST_TIES // 10
    return record.kept(around_key(look), find, lambda found: 1 + size * len(found.rows), beside=beside, form=ROWS)


def find_around(record: ServedRecord, look: Look) -> ViewRows:
    """The same, found here and now."""
    found = view_of(record, look)
    return ViewRows([_around(row, look.two) for row in found.rows[::-1]], found.note)


def _around(row: Row, two: Parties) -> Row:
    """A period of a network with the ties of the two, the heaviest first; of all others only the numbers."""
    ties = [edge for edge in row["edges"] if two.first in (edge["first"], edge["second"])]
    ties += [edge for edge in row["edges"] if two.second in (edge["first"], edge["second"]) and edge not in ties]
    ties.sort(key=lambda edge: (-edge["events"], edge["first"], edge["second"]))
    names = {node["key"]: node["name"] for node in row["nodes"]}
    shown = [
        {**edge, "first_name": names[edge["first"]], "second_name": names[edge["second"]]} for edge in ties[:MOST_TIES]
    ]
    return {**row, "nodes": len(row["nodes"]), "edges": len(row["edges"]), "ties": shown}


def _months(look: Look) -> Look:
    """The series under the eras of a relation."""
    return replace(look, outlook=replace(look.outlook, until=None), view=View.SERIES, step=look.step or Step.MONTH)


def ledger_entries(rows: list[Row], state: str) -> list[Row]:
    """The entries of a ledger that are in a state, or all of them, the newest first."""
    found = [row for row in rows if state in ("", row["state"])]
    return sorted(found, key=lambda row: (row["made"] or "", row["id"]), reverse=True)


def dyad_of(record: ServedRecord, look: Look) -> Dyad:
    """The relation that is looked at."""
    two, outlook = look.two, look.outlook
    return record.dyad(two.first, two.second, as_of=outlook.as_of, providers=outlook.providers)


def happenings_of(record: ServedRecord, two: Parties, outlook: Outlook) -> list[Happening]:
    """All events of the two as they were known, with their reports; the days of the outlook are not heard."""
    if outlook.as_of is not None:
        refuse_too_many(record, (two.first, two.second), outlook.as_of)
    look = Look(two, outlook, View.EVENTS)
    dyad = dyad_of(record, look)
    _load(record, look, dyad)
    return dyad.happenings


def _load(record: ServedRecord, look: Look, dyad: Dyad) -> None:
    """Have the events of the two loaded once, however many views of them are asked for at the same time."""
    key = "loaded", look.two, look.outlook.as_of, look.outlook.providers
    number = record.kept(key, lambda: len(dyad.happenings))
    if number <= MANY:
        # So the series need not ask how many there are.
        _ = dyad.happenings


def period_events(record: ServedRecord, two: Parties, outlook: Outlook, step: Step, start: date) -> tuple[str, ...]:
    """The events that a series counts from the first to the second in the period that begins on a day."""
    rows = view_of(record, Look(two, outlook, View.SERIES, step)).rows
    wanted = (two.first, two.second, start.isoformat())
    found = [row["events"] for row in rows if (row["source"], row["target"], row["start"]) == wanted]
    return tuple(found[0] or ()) if found else ()


def refuse_too_many(record: ServedRecord, parties: tuple[str, ...], as_of: date) -> None:
    """A look back for which more would have to be merged anew than a page can wait for is a `UsageError`."""

    def count() -> int:
        snapshot = record.newest()
        mentions = mentions_between(snapshot, parties, as_of)
        return int(snapshot.rows("mentions", mentions.aggregate(n=mentions.count()))[0]["n"])

    number = record.kept(("mentions as of", parties, as_of), count)
    most = MOST_AS_OF_BESIDE if record.helpers or record.helps else MOST_AS_OF
    if number > most:
        raise UsageError(
            f"{number:,} reports would have to be merged anew to tell what was known on {as_of}; a page does so for "
            f"at most {most:,}. Name two actors, or ask “dragoman events --as-of {as_of}”."
        )


def _weight(row: Row) -> int:
    """How large a row is: that of a network holds many others."""
    return 1 + sum(len(value) for value in row.values() if isinstance(value, list)) // 4
