"""The views of a relation as plain rows, and as charts: what the command, the brief and the desk show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from dragoman.coding import gazetteer
from dragoman.errors import UsageError
from dragoman.pipeline.dyad import Dyad
from dragoman.relate import PROVIDER, Happening, charts
from dragoman.relate.drawing import Chart
from dragoman.relate.responses import WINDOW_DAYS
from dragoman.relate.series import Step

Row = dict[str, Any]


class View(StrEnum):
    """What may be shown of a relation."""

    EVENTS = "events"
    SERIES = "series"
    ERAS = "eras"
    LEDGER = "ledger"
    INDICATORS = "indicators"
    RESPONSES = "responses"
    WORDING = "wording"
    RITUAL = "ritual"
    INTERPRETATIONS = "interpretations"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a view is wanted: the days, the step of a series, a file of one's own indicators, one event's answers."""

    since: date | None = None
    until: date | None = None
    step: Step | None = None
    indicators: Path | None = None
    event: str | None = None


_DAY = {View.LEDGER: "made", View.RITUAL: "day", View.RESPONSES: "date"}
"""The key by which the rows of a view lie within the wanted days."""

_OF_WORDS = frozenset({View.INDICATORS, View.WORDING, View.RITUAL, View.INTERPRETATIONS})
"""Views that read text alone."""


def view_rows(dyad: Dyad, view: View, wish: Wish) -> list[Row]:
    """The rows of a view with plain values, ready for JSON; dates as ISO text."""
    if wish.since and wish.until and wish.since > wish.until:
        raise UsageError(f"--since {wish.since} lies after --until {wish.until}; swap them.")
    match view:
        case View.EVENTS:
            return dyad.events(since=wish.since, until=wish.until)
        case View.SERIES:
            found = dyad.series(wish.step or Step.MONTH, since=wish.since, until=wish.until)
            return [row.row() for row in found]
        case View.ERAS:
            return [era.row() for era in dyad.eras(step=wish.step, since=wish.since).eras]
        case View.LEDGER:
            rows: list[Row] = [
                {**entry.row(), "evidence": list(entry.mentions or entry.events)} for entry in dyad.ledger()
            ]
        case View.INDICATORS:
            return [row.row() for row in dyad.within(wish.since, wish.until).indicators(wish.indicators)]
        case View.RESPONSES:
            rows = [
                {"to": happening.event.id, "to_text": _told(happening), **answer.row()}
                for happening, answers in dyad.responses(wish.event, since=_before(wish.since), until=wish.until)
                for answer in answers
            ]
        case View.WORDING:
            return [row.row() for row in dyad.within(wish.since, wish.until).wording()]
        case View.RITUAL:
            rows = [row.row() for row in dyad.ritual()]
        case View.INTERPRETATIONS:
            return [row.row() for row in dyad.within(wish.since, wish.until).readings()]
        case View.NETWORK:
            return [network.row() for network in dyad.network(_periods(dyad, wish))]
    return [row for row in rows if _is_within(row[_DAY[view]], wish)]


def _told(happening: Happening) -> str:
    """The sentence that tells of an event; where none is kept, its parties and type."""
    if happening.reports:
        return happening.best_report().sentence
    event = happening.event
    source, target = (" and ".join(actor.name for actor in side) for side in (event.source, event.target))
    return f"{event.type} by {source}{f' towards {target}' if target else ''}, as {event.provider} codes it"


def view_note(dyad: Dyad, view: View, wish: Wish) -> str | None:
    """What a reader must know beside the rows, if anything."""
    told = [*_providers(dyad), *_wordless(dyad, view)]
    if view is not View.ERAS:
        return "; ".join(told) or None
    found = dyad.eras(step=wish.step, since=wish.since)
    told += [found.note] if found.note else []
    if found.unread:
        stretch = f"1 {found.step.value}" if found.unread == 1 else f"{found.unread:,} {found.step.value}s"
        told.append(f"{stretch} of which no document was read {'weighs' if found.unread == 1 else 'weigh'} nothing")
    if found.left_out:
        number = len(found.left_out)
        told.append(f"{'1 event has' if number == 1 else f'{number:,} events have'} no day that a period could hold")
    return "; ".join(told) or None


def _providers(dyad: Dyad) -> list[str]:
    """Whose events are counted together, where there are others' beside or in place of our own."""
    counts = Counter(happening.event.provider for happening in dyad.happenings)
    if dyad.providers and not counts:
        return [f"of {', '.join(dyad.providers)} alone, as asked, there is no event"]
    if not counts.keys() - {PROVIDER}:
        return ["the events are of dragoman alone, as asked"] if dyad.providers else []
    told = ", ".join(f"{provider} {count:,}" for provider, count in sorted(counts.items()))
    return [f"the events are of {told}" + (", counted side by side and never merged" if len(counts) > 1 else "")]


def _wordless(dyad: Dyad, view: View) -> list[str]:
    """How many events a view of words leaves out, as no text of them is kept."""
    if view not in _OF_WORDS:
        return []
    without = sum(not happening.reports for happening in dyad.happenings)
    return [f"{without:,} of {len(dyad.happenings):,} events have no text, and this view reads it"] if without else []


def view_chart(dyad: Dyad, view: View, rows: Sequence[Row], wish: Wish) -> Chart:
    """The chart of a view; one that has none is wrong use."""
    title = title_of(dyad)
    if not rows:
        raise UsageError(f"There is nothing to draw: the view {view} of {title} has no rows.")
    match view:
        case View.SERIES:
            return charts.series_chart(both_ways(rows), f"{title}: words and deeds")
        case View.ERAS:
            series = view_rows(dyad, View.SERIES, Wish(since=wish.since, step=wish.step or Step.MONTH))
            return eras_view_chart(dyad, rows, series)
        case View.LEDGER:
            drawn = [{**row, "settled": row["settled_on"]} for row in rows]
            return charts.ledger_chart(drawn, f"{title}: from word to deed", dyad.today)
        case View.INDICATORS:
            return charts.indicators_chart([{**row, "key": row["indicator"]} for row in rows], f"{title}: indicators")
        case View.WORDING:
            return charts.formulae_chart(rows, f"{title}: formulae")
        case View.NETWORK:
            return charts.network_chart(rows, f"Around {title}")
    raise UsageError(
        f"The view {view} has no chart; series, eras, ledger, indicators, wording and network have. "
        "Use --as table, json or csv."
    )


def eras_view_chart(dyad: Dyad, rows: Sequence[Row], series: Sequence[Row]) -> Chart:
    """The chart of eras, above the series in which they lie."""
    return charts.eras_chart(both_ways(series), rows, f"{title_of(dyad)}: eras")


def title_of(dyad: Dyad) -> str:
    """What a reader calls the relation: states by their names."""
    states = gazetteer().states
    return " and ".join(states[party].name if party in states else party for party in dyad.parties)


def both_ways(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The series of both directions as one: counts added, a period without any document read kept as unknown."""
    found: dict[str, Row] = {}
    cells = ("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict")
    for row in rows:
        known = found.setdefault(
            row["start"],
            {"start": row["start"], "end": row["end"], "covered": row["covered"], **dict.fromkeys(cells)},
        )
        for cell in cells:
            if row.get(cell) is not None:
                known[cell] = (known[cell] or 0) + row[cell]["count"]
    return [found[start] for start in sorted(found)]


def _before(since: date | None) -> date | None:
    """The earliest day of an event whose answer may lie on the day."""
    return None if since is None else since - timedelta(days=WINDOW_DAYS)


def _is_within(day: str | None, wish: Wish) -> bool:
    if wish.since is None and wish.until is None:
        return True
    if day is None:
        return False
    at = date.fromisoformat(day)
    return (wish.since is None or wish.since <= at) and (wish.until is None or at <= wish.until)


def _periods(dyad: Dyad, wish: Wish) -> list[tuple[date, date]]:
    if wish.since is None and wish.until is None:
        return []
    return [(wish.since or date.min, wish.until or dyad.today)]
