"""The network: who stands with whom and against whom, period by period, and who moved between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Query
from fastapi.responses import Response

from dragoman.pipeline.wider import stored_networks
from dragoman.relate.drawing import to_svg
from dragoman.relate.netchart import network_chart
from dragoman.relate.network import Bloc, Network, moves
from dragoman.relate.ties import Tie
from dragoman.serve.asking import Day, period_asked
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.routing import Pages

pages = Pages("network")

LAST_DAYS = 730
"""The days before today that are shown where none are asked for."""

MOST_PARTS = 4
"""Periods that are shown side by side at most."""

TIES = 15
"""Ties of a period that are told, those of most events."""

Parts = Annotated[int, Query(ge=1, le=MOST_PARTS, description="Into how many periods the days are parted.")]


@dataclass(frozen=True, slots=True)
class Member:
    """An actor: what leads to its page, and what to call it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class BlocRow:
    """Actors that cooperate among themselves; the one that is tied most to the others comes first."""

    members: list[Member]
    cooperation: int
    conflict: int
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class NetworkTie:
    """Two actors of a period; `sign` is positive, negative or mixed."""

    first: Member
    second: Member
    events: int
    cooperation: int
    conflict: int
    sign: str
    evidence: list[str]
    address: str


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its blocs, its ties of most events, their number in all, and how well blocs divide them (-1 to 1)."""

    since: str
    until: str
    actors: int
    tie_count: int
    modularity: float | None
    blocs: list[BlocRow]
    ties: list[NetworkTie]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Somebody who stands in another bloc than in the period before, and on what evidence."""

    actor: Member
    kind: str
    reason: str
    since: str
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """The signed networks of one or several periods; what is only possible or denied is left out."""

    title: str
    since: str
    until: str
    parts: int
    periods: list[Period]
    moves: list[MoveRow]
    undated: int
    chart: str | None


@pages.page("/network", "network.html.j2")
def network_page(desk: TheDesk, since: Day = "", until: Day = "", parts: Parts = 2) -> NetworkPage:
    """Who cooperates and who clashes in a period, blocs, and who moved between them."""
    periods = _asked(desk, since, until, parts)
    found = _networks(desk, periods)
    query = urlencode({"since": periods[0][0], "until": periods[-1][1], "parts": len(periods)})
    return NetworkPage(
        title="Network",
        since=periods[0][0].isoformat(),
        until=periods[-1][1].isoformat(),
        parts=len(periods),
        periods=[_period(net) for net in found],
        moves=[row for before, after in pairwise(found) for row in _moves(before, after)],
        undated=found[-1].undated,
        chart=f"/network/chart.svg?{query}" if any(net.ties for net in found) else None,
    )


@pages.file("/network/chart.svg", "image/svg+xml")
def network_drawing(desk: TheDesk, since: Day = "", until: Day = "", parts: Parts = 2) -> Response:
    """The networks of the periods side by side, every actor in the same place in all of them."""
    periods = _asked(desk, since, until, parts)

    def draw() -> bytes:
        rows = [_told(net) for net in _networks(desk, periods)]
        return to_svg(network_chart([row for row in rows if row["edges"]] or rows))

    image = desk.record.kept(("network chart", *periods), draw, lambda svg: len(svg) // 500)
    return Response(image, media_type="image/svg+xml")


def _asked(desk: Desk, since: str, until: str, parts: int) -> list[tuple[date, date]]:
    """The periods that are asked for, by default two halves of the last two years."""
    first, last = period_asked(since, until)
    last = last or desk.record.kept("today", desk.record.today) or desk.now().date()
    if first is None:
        first = date.fromordinal(max(date.min.toordinal(), last.toordinal() - LAST_DAYS))
    return in_parts(first, max(first, last), parts)


def in_parts(since: date, until: date, parts: int) -> list[tuple[date, date]]:
    """The days in so many periods of equal length, the last ones a day longer where they do not divide."""
    days = (until - since).days + 1
    parts = min(parts, days)
    ends = [since + timedelta(days=days * number // parts) for number in range(parts)]
    return [
        (start, until if number + 1 == parts else ends[number + 1] - timedelta(days=1))
        for number, start in enumerate(ends)
    ]


def _networks(desk: Desk, periods: list[tuple[date, date]]) -> list[Network]:
    def find() -> list[Network]:
        return stored_networks(desk.record.store().snapshot(), (), periods, periods[-1][1])

    return desk.record.kept(("networks", *periods), find, lambda nets: sum(len(net.ties) for net in nets) // 2)


def _told(net: Network) -> dict[str, Any]:
    """The network as the chart draws it."""
    return dict(net.row())


def _member(key: str, name: str) -> Member:
    return Member(key.partition(":")[2] or key, name)


def _period(net: Network) -> Period:
    strongest = sorted(net.ties, key=lambda tie: (-tie.events, tie.first, tie.second))[:TIES]
    return Period(
        since=net.since.isoformat() if net.since else "",
        until=net.until.isoformat() if net.until else "",
        actors=len(net.names),
        tie_count=len(net.ties),
        modularity=None if net.modularity is None else round(net.modularity, 2),
        blocs=[_bloc(bloc) for bloc in net.blocs],
        ties=[_tie(tie, net) for tie in strongest],
    )


def _bloc(bloc: Bloc) -> BlocRow:
    members = [_member(key, name) for key, name in zip(bloc.members, bloc.names, strict=True)]
    return BlocRow(members, bloc.cooperation, bloc.conflict, list(bloc.evidence))


def _tie(tie: Tie, net: Network) -> NetworkTie:
    first, second = (_member(key, net.names.get(key, key)) for key in (tie.first, tie.second))
    return NetworkTie(
        first=first,
        second=second,
        events=tie.events,
        cooperation=tie.cooperation,
        conflict=tie.conflict,
        sign=tie.sign.value,
        evidence=list(tie.evidence),
        address=f"/dyads/{quote(first.key, safe='')}/{quote(second.key, safe='')}",
    )


def _moves(before: Network, after: Network) -> list[MoveRow]:
    since = after.since.isoformat() if after.since else ""
    return [
        MoveRow(_member(move.actor, move.name), move.kind.value, move.reason, since, list(move.evidence))
        for move in moves(before, after)
    ]
