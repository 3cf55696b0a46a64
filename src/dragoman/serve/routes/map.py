"""The map: where the events of a period were, which states act and are acted on, and between whom most lies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode

from dragoman.coding import gazetteer
from dragoman.pipeline.geography import Activity, Spot, stored_activity
from dragoman.relate.tallies import Doing
from dragoman.relate.ties import Tie
from dragoman.serve.asking import Day, Text, period_asked, word_asked
from dragoman.serve.desk import TheDesk
from dragoman.serve.routing import Pages
from dragoman.serve.world import WIDTH, Shape, arc_between, capitals, drawn, height, project, shapes
from dragoman.terms import Domain

pages = Pages("map")

LAST_DAYS = 365
"""The days before today that are shown where none are asked for."""

TIES, PLACES, ROWS = 25, 40, 30
"""Ties and places that are told, and actors in the table."""

SHADES = 5
"""Shades of a state; each step is as many times more as the one before."""


class Show(StrEnum):
    """By what states are shaded."""

    ACTS = "acts"
    ACTED_ON = "acted on"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor of the period; `shade` is 0 where it has no events of the kind shown, `x` and `y` its capital."""

    key: str
    name: str
    acts: int
    acts_cooperation: int
    acted_on: int
    acted_on_cooperation: int
    shade: int
    x: float | None
    y: float | None
    is_small: bool
    acts_address: str
    acted_on_address: str


@dataclass(frozen=True, slots=True)
class TieRow:
    """Two actors of the period; `path` is the line between them on the map, null where one of them is nowhere on it."""

    first: str
    second: str
    first_name: str
    second_name: str
    events: int
    sign: str
    balance: float
    evidence: list[str]
    path: str | None
    width: float
    address: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the period; `radius` is that of its circle, null where only its country is known."""

    name: str
    country: str
    events: int
    cooperation: int
    x: float | None
    y: float | None
    radius: float | None
    address: str


@dataclass(frozen=True, slots=True)
class Shade:
    """A step of the legend: events from `low` to `high`."""

    number: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class MapPage:
    """The events of a period by state, pair and place; what is only possible or denied is left out."""

    title: str
    since: str
    until: str
    domain: str
    show: str
    events: int
    undated: int
    actors: list[ActorRow]
    ties: list[TieRow]
    places: list[PlaceRow]
    shades: list[Shade]
    rows: int
    width: int
    height: int
    domains: list[str]

    def land(self) -> tuple[Shape, ...]:
        """The shapes of all states."""
        return shapes()

    def by_code(self) -> dict[str, ActorRow]:
        """The states of the period by code."""
        return {row.key: row for row in self.actors}


@pages.page("/map", "map.html.j2")
def map_page(desk: TheDesk, since: Day = "", until: Day = "", domain: Text = "", show: Text = "") -> MapPage:
    """The events of a period on a map; by default of the last year up to the newest report."""
    first, last = period_asked(since, until)
    chosen = word_asked(Domain, domain, "domain")
    shading = word_asked(Show, show, "show") or Show.BOTH
    today = last or desk.record.kept("today", desk.record.today) or desk.now().date()
    first = first or max(date.min + timedelta(days=LAST_DAYS), today) - timedelta(days=LAST_DAYS)
    found = desk.record.kept(
        ("activity", first, today, chosen),
        lambda: stored_activity(desk.record.store().snapshot(), first, today, chosen),
        lambda own: len(own.actors) + len(own.ties) + len(own.places),
    )
    return _page(found, first, today, chosen, shading)


def _page(found: Activity, since: date, until: date, domain: Domain | None, show: Show) -> MapPage:
    asked = {"what": "events", "since": since.isoformat(), "until": until.isoformat(), "factuality": "told"}
    asked |= {"domain": domain.value} if domain else {}

    def address(**more: str) -> str:
        return f"/search?{urlencode(asked | more)}"

    weights = {own.key: _weight(own, show) for own in found.actors}
    top = max((weight for key, weight in weights.items() if key in gazetteer().states), default=0)
    actors = []
    for own in found.actors:
        label, place = _label(own.key), capitals().get(own.key)
        row = ActorRow(
            key=label,
            name=found.names.get(own.key, label),
            acts=own.acts,
            acts_cooperation=own.acts_cooperation,
            acted_on=own.acted_on,
            acted_on_cooperation=own.acted_on_cooperation,
            shade=shade_of(weights[own.key], top) if own.key in gazetteer().states else 0,
            x=round(place[0], 1) if place else None,
            y=round(place[1], 1) if place else None,
            is_small=place is not None and own.key not in drawn(),
            acts_address=address(source=label),
            acted_on_address=address(target=label),
        )
        actors.append(row)
    return MapPage(
        title="Map",
        since=since.isoformat(),
        until=until.isoformat(),
        domain=domain.value if domain else "",
        show=show.value,
        events=found.events,
        undated=found.undated,
        actors=actors,
        ties=[_tie_row(tie, found.names) for tie in found.ties[:TIES]],
        places=[_place_row(spot, found.places[0].events, address) for spot in found.places[:PLACES]],
        shades=legend(top),
        rows=ROWS,
        width=WIDTH,
        height=height(),
        domains=[one.value for one in Domain],
    )


def shade_of(events: int, top: int) -> int:
    """The shade of a state: 0 for none, else 1 to `SHADES`, in equal steps of the logarithm up to the busiest."""
    if not events:
        return 0
    return max(1, math.ceil(SHADES * math.log1p(events) / math.log1p(max(top, 1)) - 1e-9))


def legend(top: int) -> list[Shade]:
    """What each shade stands for; shades that no number can have are left out."""
    found = []
    for number in range(1, SHADES + 1):
        own = [events for events in _ends(number, top) if events >= 1]
        if own and own[0] <= own[-1]:
            found.append(Shade(number, own[0], own[-1]))
    return found


def _ends(number: int, top: int) -> list[int]:
    """The lowest and the highest number of events of a shade."""
    if not top:
        return []
    low = math.floor(math.expm1((number - 1) / SHADES * math.log1p(top)) + 1e-6) + 1
    high = math.floor(math.expm1(number / SHADES * math.log1p(top)) + 1e-6)
    return [low, high] if low <= high else []


def _weight(own: Doing, show: Show) -> int:
    return {Show.ACTS: own.acts, Show.ACTED_ON: own.acted_on, Show.BOTH: own.acts + own.acted_on}[show]


def _label(key: str) -> str:
    """What leads to an actor's page: its code, or the name of a body or group."""
    return key.partition(":")[2] or key


def _tie_row(tie: Tie, names: dict[str, str]) -> TieRow:
    ends = [capitals().get(key) for key in (tie.first, tie.second)]
    one, other = ends
    first, second = _label(tie.first), _label(tie.second)
    return TieRow(
        first=first,
        second=second,
        first_name=names.get(tie.first, first),
        second_name=names.get(tie.second, second),
        events=tie.events,
        sign=tie.sign.value,
        balance=round(tie.balance, 2),
        evidence=list(tie.evidence),
        path=arc_between(one, other) if one and other else None,
        width=round(0.8 + 0.9 * math.log1p(tie.events), 2),
        address=f"/dyads/{quote(first, safe='')}/{quote(second, safe='')}",
    )


def _place_row(spot: Spot, most: int, address: Callable[..., str]) -> PlaceRow:
    known = spot.latitude is not None and spot.longitude is not None
    x, y = project(spot.longitude or 0.0, spot.latitude or 0.0)
    return PlaceRow(
        name=spot.name,
        country=spot.country,
        events=spot.events,
        cooperation=spot.cooperation,
        x=round(x, 1) if known else None,
        y=round(y, 1) if known else None,
        radius=round(2 + 6 * math.sqrt(spot.events / most), 1) if known else None,
        address=address(place=f"{spot.name}|{spot.country}"),
    )
