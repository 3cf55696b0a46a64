"""Relations: how two actors' words and deeds develop, a page for each view; and who watches them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Form, HTTPException, Query, Response
from sqlalchemy import delete, select

from dragoman.database import WatchedDyad
from dragoman.forecast.ledger import Scoreboard
from dragoman.forecast.questions import Question
from dragoman.pipeline import View
from dragoman.record.rows import Row
from dragoman.relate.entries import State
from dragoman.relate.series import Step
from dragoman.serve.asking import (
    Outlook,
    PageNumber,
    Pager,
    Parties,
    TheOutlook,
    TheTwo,
    address,
    on_page,
    query_of,
    words_asked,
)
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.listing import EventLine, party_name, wanted_of
from dragoman.serve.overview import overview_of
from dragoman.serve.person import Asking, Person
from dragoman.serve.reading import ServedRecord
from dragoman.serve.relations import Head, Link, head_of, summary_of
from dragoman.serve.roles import Permission
from dragoman.serve.routing import Done, Pages
from dragoman.serve.views import Look, around_of, chart_of, ledger_entries, view_of

pages = Pages("relations")

StepName = Annotated[str, Query(max_length=10, description="day, week, month or quarter.")]
StateName = Annotated[str, Query(max_length=12, description="A state of entries: kept, open, …")]


class Drawn(StrEnum):
    """The views that have a chart."""

    SERIES = "series"
    ERAS = "eras"
    LEDGER = "ledger"
    INDICATORS = "indicators"
    WORDING = "wording"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class RelationPage:
    """The first page of a relation: what it is, how it went, what happened last."""

    title: str
    head: Head
    summary: list[list[Link]]
    eras: list[dict[str, Any]]
    chart: str
    note: str
    latest: list[EventLine]
    all_events: str
    indicators: list[dict[str, Any]]
    forecasts: list[ForecastLine]


@pages.page("/dyads/{first}/{second}", "dyad.html.j2")
def relation_page(desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook) -> RelationPage:
    """A relation: its words and deeds with eras, what stands out, what happened last."""
    record = desk.record
    overview = overview_of(record, two, outlook)
    head = head_of(desk, person, two, outlook, "", is_known=overview.is_known)
    eras = view_of(record, Look(two, outlook, View.ERAS))
    indicators = view_of(record, Look(two, outlook, View.INDICATORS)).rows
    return RelationPage(
        title=f"{head.first_name} and {head.second_name}",
        head=head,
        summary=summary_of(record, two, outlook, overview.counts),
        eras=eras.rows,
        chart=_chart(head, Drawn.ERAS) if eras.rows else "",
        note=eras.note,
        latest=overview.latest,
        all_events=wanted_of(two, outlook).address,
        indicators=[row for row in indicators if row["state"] != "nothing seen"][:6],
        forecasts=[line for line in _forecasts(record, two, outlook) if not line.outcome][:3],
    )


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A relation by period, in both directions, with its eras."""

    title: str
    head: Head
    step: str
    steps: list[str]
    chart: str
    eras: list[dict[str, Any]]
    eras_chart: str
    rows: list[dict[str, Any]]
    """As `dragoman relate --show series` gives them, the newest period first, with the addresses of what is counted."""
    pager: Pager
    note: str


@pages.page("/dyads/{first}/{second}/timeline", "dyad_timeline.html.j2")
def timeline_page(
    desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook, step: StepName = "", page: PageNumber = 1
) -> TimelinePage:
    """Words and deeds by day, week, month or quarter, and the eras of the relation."""
    head = head_of(desk, person, two, outlook, "timeline")
    chosen = next(iter(words_asked(Step, [step], "step")), Step.MONTH)
    record = desk.record
    found = view_of(record, Look(two, outlook, View.SERIES, chosen))
    rows = sorted(found.rows, key=lambda row: row["start"], reverse=True)
    asked = _asked(outlook) | ({"step": chosen} if chosen is not Step.MONTH else {})
    eras = view_of(record, Look(two, outlook, View.ERAS))
    return TimelinePage(
        title=f"{head.first_name} and {head.second_name}: timeline",
        head=head,
        step=chosen.value,
        steps=[one.value for one in Step],
        chart=_chart(head, Drawn.SERIES, step=chosen) if rows else "",
        eras=eras.rows,
        eras_chart=_chart(head, Drawn.ERAS) if eras.rows else "",
        rows=[_linked(row, outlook, chosen) for row in rows[on_page(page)]],
        pager=Pager.of(page, len(rows), f"{head.address}/timeline", **asked),
        note=eras.note,
    )


def _linked(row: Row, outlook: Outlook, step: Step) -> dict[str, Any]:
    """A row of the series with where each of its numbers opens to."""
    asked = {"a": row["source"], "b": row["target"], "directed": "true", "period": row["start"], "step": step}
    asked |= {"as_of": outlook.as_of, "provider": outlook.providers}
    cells = {
        f"{nature}s_{tone}": f"/events{query_of(**asked, what=nature, tone=tone)}"
        for nature in ("word", "deed")
        for tone in ("cooperation", "conflict")
    }
    return {**row, "links": {**cells, "events": f"/events{query_of(**asked)}"}}


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many entries of the ledger are in a state."""

    state: str
    entries: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """From word to deed: every pledge and threat of the two, and what became of it."""

    title: str
    head: Head
    state: str
    states: list[StateCount]
    chart: str
    rows: list[dict[str, Any]]
    pager: Pager
    note: str


@pages.page("/dyads/{first}/{second}/ledger", "dyad_ledger.html.j2")
def ledger_page(
    desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook, state: StateName = "", page: PageNumber = 1
) -> LedgerPage:
    """Pledges and threats with what became of them, the newest first."""
    head = head_of(desk, person, two, outlook, "ledger")
    chosen = next(iter(words_asked(State, [state], "state of an entry")), None)
    found = view_of(desk.record, Look(two, outlook, View.LEDGER))
    entries = ledger_entries(found.rows, chosen or "")
    place, asked = f"{head.address}/ledger", _asked(outlook)
    shown = entries[on_page(page)]
    return LedgerPage(
        title=f"{head.first_name} and {head.second_name}: from word to deed",
        head=head,
        state=chosen or "",
        states=[
            StateCount(one, number, f"{place}{query_of(**asked, state=one)}", one == chosen)
            for one in State
            if (number := sum(row["state"] == one for row in found.rows))
        ],
        chart=_chart(head, Drawn.LEDGER, state=chosen, page=page) if any(row["made"] for row in shown) else "",
        rows=shown,
        pager=Pager.of(page, len(entries), place, **asked, state=chosen),
        note=found.note,
    )


@dataclass(frozen=True, slots=True)
class ViewPage:
    """A view of a relation: its rows as `dragoman relate --as json` gives them, a page at a time."""

    title: str
    head: Head
    chart: str
    rows: list[dict[str, Any]]
    pager: Pager
    note: str


@pages.page("/dyads/{first}/{second}/indicators", "dyad_indicators.html.j2")
def indicators_page(desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook) -> ViewPage:
    """The standing questions about the two, and how well each is known."""
    return _view_page(desk, person, two, outlook, View.INDICATORS, "indicators", 1, Drawn.INDICATORS)


@pages.page("/dyads/{first}/{second}/wording", "dyad_wording.html.j2")
def wording_page(desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook, page: PageNumber = 1) -> ViewPage:
    """The formulae of the relation: first use, by whom, how often."""
    return _view_page(desk, person, two, outlook, View.WORDING, "wording", page, Drawn.WORDING)


@pages.page("/dyads/{first}/{second}/ritual", "dyad_ritual.html.j2")
def ritual_page(desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook, page: PageNumber = 1) -> ViewPage:
    """Of each statement, whether it comes back every year, and what is new in its wording; the newest first."""
    return _view_page(desk, person, two, outlook, View.RITUAL, "ritual: what is news and what returns", page)


@pages.page("/dyads/{first}/{second}/responses", "dyad_responses.html.j2")
def responses_page(
    desk: TheDesk,
    person: Asking,
    two: TheTwo,
    outlook: TheOutlook,
    event: Annotated[str, Query(max_length=24, description="The answers to this event alone.")] = "",
    page: PageNumber = 1,
) -> ViewPage:
    """Who answered what the two said and did."""
    if event and not (event.isalnum() and event.isascii()):
        raise HTTPException(404, "There is no such event; ids are e and 20 hexadecimal digits.")
    return _view_page(desk, person, two, outlook, View.RESPONSES, "who answers", page, event=event)


@pages.page("/dyads/{first}/{second}/network", "dyad_network.html.j2")
def network_page(desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook) -> ViewPage:
    """Who stands with whom around the two, by year."""
    return _view_page(desk, person, two, outlook, View.NETWORK, "network", 1, Drawn.NETWORK)


def _view_page(
    desk: Desk,
    person: Person,
    two: Parties,
    outlook: Outlook,
    view: View,
    name: str,
    page: int,
    drawn: Drawn | None = None,
    event: str = "",
) -> ViewPage:
    tab = view.value
    head = head_of(desk, person, two, outlook, tab)
    look = Look(two, outlook, view, event=event or None)
    found = around_of(desk.record, look) if view is View.NETWORK else view_of(desk.record, look)
    rows = found.rows[::-1] if view is View.RITUAL else found.rows
    return ViewPage(
        title=f"{head.first_name} and {head.second_name}: {name}",
        head=head,
        chart=_chart(head, drawn) if drawn and rows else "",
        rows=rows[on_page(page)],
        pager=Pager.of(page, len(rows), f"{head.address}/{tab}", **_asked(outlook), event=event),
        note=found.note,
    )


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A forecast about the two, and what came of it."""

    id: str
    text: str
    rule: str
    asked: str
    closes: str
    odds: float
    low: float
    high: float
    base_rate: float
    model: str
    reasons: list[dict[str, Any]]
    notes: list[str]
    outcome: str
    """yes, no or unknown; empty while it is open."""
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class ForecastsPage:
    """Odds about the two with what came of them, and how all settled forecasts did."""

    title: str
    head: Head
    rows: list[ForecastLine]
    pager: Pager
    scoreboard: dict[str, Any]
    note: str


@pages.page("/dyads/{first}/{second}/forecasts", "dyad_forecasts.html.j2")
def forecasts_page(
    desk: TheDesk, person: Asking, two: TheTwo, outlook: TheOutlook, page: PageNumber = 1
) -> ForecastsPage:
    """What is likely next between the two, with reasons, and how earlier odds came out."""
    head = head_of(desk, person, two, outlook, "forecasts")
    record = desk.record
    lines = _forecasts(record, two, outlook)
    board: Scoreboard = record.kept("scoreboard", record.scoreboard)
    return ForecastsPage(
        title=f"{head.first_name} and {head.second_name}: forecasts",
        head=head,
        rows=lines[on_page(page)],
        pager=Pager.of(page, len(lines), f"{head.address}/forecasts", **_asked(outlook)),
        scoreboard=board.row(),
        note="" if lines else f"Nothing was asked about the two; “dragoman forecast {two.first} {two.second}” does so.",
    )


def _forecasts(record: ServedRecord, two: Parties, outlook: Outlook) -> list[ForecastLine]:
    """The forecasts about the two that had been issued, the newest first."""
    rows: list[Row] = record.kept("forecasts", record.forecasts, lambda found: 3 * len(found) + 1)
    pairs = ((two.first, two.second), (two.second, two.first))
    own = [
        row
        for row in rows
        if (row["source"], row["target"]) in pairs and (outlook.as_of is None or row["asked"] <= outlook.as_of)
    ]
    own.sort(key=lambda row: (row["asked"], row["odds"]), reverse=True)
    return [_forecast(row, outlook) for row in own]


def _forecast(row: Row, outlook: Outlook) -> ForecastLine:
    settled = row["settlement"]
    known = settled is not None and (outlook.as_of is None or row["closes"] <= outlook.as_of)
    return ForecastLine(
        id=row["id"],
        text=Question.parse(row["question"]).told(party_name),
        rule=row["rule"],
        asked=row["asked"].isoformat(),
        closes=row["closes"].isoformat(),
        odds=row["odds"],
        low=row["low"],
        high=row["high"],
        base_rate=row["base_rate"],
        model=row["model"],
        reasons=list(row["reasons"]),
        notes=list(row["notes"]),
        outcome=str(settled["outcome"]) if known and settled["outcome"] != "open" else "",
        evidence=list(settled["events"]) if known else [],
    )


@pages.file("/dyads/{first}/{second}/{drawn}.svg", "image/svg+xml")
def relation_chart(
    desk: TheDesk,
    two: TheTwo,
    outlook: TheOutlook,
    drawn: Drawn,
    step: StepName = "",
    state: StateName = "",
    page: PageNumber = 1,
    v: Annotated[int | None, Query(ge=0, le=2**31, description="The record's version, for caches.")] = None,
) -> Response:
    """A chart of a relation as an image."""
    chosen_step = next(iter(words_asked(Step, [step], "step")), Step.MONTH if drawn is Drawn.SERIES else None)
    chosen_state = next(iter(words_asked(State, [state], "state of an entry")), "")
    look = Look(two, outlook, View(drawn.value), chosen_step)
    record = desk.record
    svg = chart_of(record, look, on_page(page) if drawn is Drawn.LEDGER else slice(None), chosen_state)
    fresh = v == record.newest().version
    caching = "private, max-age=604800, immutable" if fresh else "private, no-cache"
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": caching})


def _chart(head: Head, drawn: Drawn, **more: object) -> str:
    """Where a chart of the relation stands; the version makes the address of a changed one another."""
    asked = {"as_of": head.as_of, "since": head.since, "until": head.until, "provider": head.providers}
    return f"{head.address}/{drawn.value}.svg{query_of(**asked, **more, v=head.version)}"


def _asked(outlook: Outlook) -> dict[str, object]:
    return {
        "as_of": outlook.as_of,
        "since": outlook.since,
        "until": outlook.until,
        "provider": outlook.providers,
    }


@pages.action("/dyads/{first}/{second}/watch", Permission.ACCOUNT)
def watch_relation(
    desk: TheDesk,
    person: Asking,
    two: TheTwo,
    watch: Annotated[bool, Form(description="Whether to watch it from now on.")] = True,
) -> Done:
    """Put a relation on one's own watchlist, or take it off."""
    _set_watched(desk, person.account_id, two, watch)
    return Done(address("dyads", two.first, two.second), "You watch it now." if watch else "You watch it no longer.")


@pages.action("/dyads/{first}/{second}/watch-for-all", Permission.ADMINISTER)
def watch_relation_for_all(desk: TheDesk, two: TheTwo, watch: Annotated[bool, Form()] = True) -> Done:
    """Put a relation on everybody's watchlist, or take it off."""
    _set_watched(desk, None, two, watch)
    note = "Everybody watches it now." if watch else "It is on everybody's watchlist no longer."
    return Done(address("dyads", two.first, two.second), note)


def _set_watched(desk: Desk, account: int | None, two: Parties, watch: bool) -> None:
    own = WatchedDyad.account_id.is_(None) if account is None else WatchedDyad.account_id == account
    same = ((WatchedDyad.first == two.first) & (WatchedDyad.second == two.second)) | (
        (WatchedDyad.first == two.second) & (WatchedDyad.second == two.first)
    )
    with desk.database.session() as session:
        if not watch:
            session.execute(delete(WatchedDyad).where(own, same))
        elif session.scalars(select(WatchedDyad.id).where(own, same)).first() is None:
            session.add(WatchedDyad(account_id=account, first=two.first, second=two.second))
