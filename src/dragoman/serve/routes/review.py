"""Review: a queue of reports, a page for each event and each ledger, what was decided, how far reviewers agree."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Path, Query, Request
from sqlalchemy import select

from dragoman.database import Account, Review
from dragoman.errors import RecordMissing, UsageError
from dragoman.pipeline.lookup import document_by_id
from dragoman.record import EventFilter
from dragoman.records import Correction
from dragoman.relate.entries import Entry, State
from dragoman.serve.asking import Identity, TheTwo, query_of
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.evidence import ReportTold, report_told
from dragoman.serve.going import local_address
from dragoman.serve.listing import EventLine, Wanted, event_line, event_lines, page_of_events, party_name
from dragoman.serve.person import Asking, Person
from dragoman.serve.reviewing.agreement import Agreement, agreement
from dragoman.serve.reviewing.coding import coded_values
from dragoman.serve.reviewing.deciding import Decision, Told, decide, find_mention
from dragoman.serve.reviewing.precision import TypePrecision, precision_by_type
from dragoman.serve.reviewing.queues import Queue, decided_count, next_waiting
from dragoman.serve.roles import Permission
from dragoman.serve.routes.events import event_row_of
from dragoman.serve.routing import Done, Pages
from dragoman.terms import CorrectionKind, Domain, EventType, Factuality

pages = Pages("review")

SEED = 1
"""The seed of random samples where none is asked for."""

NEAR = datetime.timedelta(days=3)
"""How far from an event another may lie that is offered to be merged with it."""

ROWS = 50
"""Decisions, entries of a ledger and reports of an event on a page."""

MentionId = Annotated[str, Path(pattern="^m[0-9a-f]{20}$")]
Value = Annotated[str | None, Form(max_length=40)]
Parties = Annotated[str | None, Form(max_length=1000)]
Note = Annotated[str, Form(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of a correction may be."""

    types: list[str]
    factualities: list[str]
    domains: list[str]


CHOICES = Choices([*EventType], [*Factuality], [*Domain])


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person has decided of a report."""

    by: str
    decision: str
    values: dict[str, str]
    note: str
    at: datetime.datetime
    recorded: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A report to decide: what its text says, what the machine made of it, its event, what it may be merged with."""

    report: ReportTold
    coded: dict[str, str]
    event: EventLine
    near: list[EventLine]
    own: Judged | None
    others: list[Judged]
    """What other reviewers decided; empty in a queue, so that nobody is led by them."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The next report of a queue; `item` is null where none is left."""

    title: str
    queue: str
    type: str
    seed: int
    skip: int
    here: str
    """The address of the queue, where one goes on after a decision."""
    later: str
    """The address that leaves this report out; empty in a random sample, which must not be picked from."""
    item: Item | None
    decided: int
    choices: Choices


@pages.page("/review", "review.html.j2", Permission.REVIEW)
def review_page(
    desk: TheDesk,
    person: Asking,
    queue: Queue = Queue.UNCERTAIN,
    kind: Annotated[EventType | None, Query(alias="type")] = None,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = SEED,
    skip: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> ReviewPage:
    """The next report to decide: what the coder is least sure of, or a random sample of a type."""
    account = _account(person)
    chosen = Queue.UNCERTAIN if queue is Queue.CHOSEN else queue
    asked = {
        "queue": chosen.value,
        "type": kind.value if kind else "",
        "seed": seed if chosen is Queue.RANDOM else None,
    }
    left_out = skip if chosen is Queue.UNCERTAIN else 0
    waiting = next_waiting(desk, account, chosen, kind, seed, left_out)
    return ReviewPage(
        title="Review",
        queue=chosen.value,
        type=kind.value if kind else "",
        seed=seed,
        skip=left_out,
        here=f"/review{query_of(**asked, skip=left_out or None)}",
        later=f"/review{query_of(**asked, skip=left_out + 1)}" if chosen is Queue.UNCERTAIN else "",
        item=_item(desk, person, waiting.mention_id, alone=True) if waiting else None,
        decided=decided_count(desk, account),
        choices=CHOICES,
    )


@dataclass(frozen=True, slots=True)
class EventReview:
    """An event with every report of it to decide, and what was decided."""

    title: str
    event: EventLine
    dismissed: bool
    items: list[Item]
    more: int
    here: str
    choices: Choices


@pages.page("/review/events/{identity}", "review_event.html.j2", Permission.REVIEW)
def review_event_page(desk: TheDesk, person: Asking, identity: Identity) -> EventReview:
    """All reports of an event to decide, with what everybody has decided."""
    row = event_row_of(desk.record, identity)
    ids = sorted(row["mentions"])
    return EventReview(
        title="Review of an event",
        event=event_line(row),
        dismissed=row["dismissed"],
        items=[_item(desk, person, mention, alone=False) for mention in ids[:ROWS]],
        more=max(0, len(ids) - ROWS),
        here=f"/review/events/{row['id']}",
        choices=CHOICES,
    )


async def names_sent(request: Request) -> frozenset[str]:
    """The fields that a form holds: an empty one, which says that something is not known, is not one that lacks."""
    return frozenset(await request.form())


@pages.action("/review/mentions/{identity}", Permission.REVIEW)
def decide_mention(
    desk: TheDesk,
    person: Asking,
    identity: MentionId,
    sent: Annotated[frozenset[str], Depends(names_sent)],
    decision: Annotated[Decision, Form()],
    type: Value = None,
    source: Parties = None,
    target: Parties = None,
    factuality: Value = None,
    date: Value = None,
    domain: Value = None,
    other: Annotated[str, Form(max_length=24)] = "",
    note: Note = "",
    queue: Annotated[Queue, Form()] = Queue.CHOSEN,
    seed: Annotated[int | None, Form(ge=0, le=2**31 - 1)] = None,
    next: Annotated[str, Form(max_length=2000)] = "/review",
) -> Done:
    """Keep what a reviewer decided of a report, and give the record what it says against the machine."""
    given = {
        "type": type,
        "source": source,
        "target": target,
        "factuality": factuality,
        "date": date,
        "domain": domain,
    }
    values = {name: value or "" for name, value in given.items() if name in sent}
    told = Told(decision, values, other, note, queue, seed)
    review = decide(desk, _account(person), person.name, identity, told)
    detail = {"decision": decision.value, "values": review.values}
    return Done(local_address(next, "/review"), _SAID[decision], detail)


_SAID = {
    Decision.ACCEPT: "Accepted.",
    Decision.CORRECT: "Corrected; every view shows it so.",
    Decision.REJECT: "Rejected; no view counts it.",
    Decision.MERGE: "Merged.",
    Decision.SPLIT: "Set apart.",
}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision in the list."""

    id: int
    at: datetime.datetime
    by: str
    decision: str
    mention_id: str
    event_id: str
    coded_type: str
    values: dict[str, str]
    queue: str
    note: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """What was decided, the newest first; `older` is the address of what came before, empty on the last page."""

    title: str
    rows: list[DecisionRow]
    by: str
    older: str


@pages.page("/review/decisions", "review_decisions.html.j2", Permission.REVIEW)
def decisions_page(
    desk: TheDesk,
    before: Annotated[int, Query(ge=1, le=2**31 - 1)] = 2**31 - 1,
    by: Annotated[str, Query(max_length=60)] = "",
) -> DecisionsPage:
    """What was decided, the newest first, by everybody or by one."""
    wanted = select(Review, Account.name).join(Account, Account.id == Review.account_id).where(Review.id < before)
    if by:
        wanted = wanted.where(Account.name == by)
    with desk.database.session() as session:
        found = session.execute(wanted.order_by(Review.id.desc()).limit(ROWS)).all()
    rows = [
        DecisionRow(
            review.id,
            review.at,
            name,
            review.decision,
            review.mention_id,
            review.event_id,
            review.coded_type,
            review.values,
            review.queue,
            review.note,
            review.recorded,
        )
        for review, name in found
    ]
    older = f"/review/decisions{query_of(before=rows[-1].id, by=by)}" if len(rows) == ROWS else ""
    return DecisionsPage("What was decided", rows, by, older)


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """How far reviewers agree, and how often the coder is right."""

    title: str
    agreement: Agreement
    precision: list[TypePrecision]


@pages.page("/review/agreement", "review_agreement.html.j2", Permission.REVIEW)
def agreement_page(desk: TheDesk) -> AgreementPage:
    """How far reviewers agree (raw, Krippendorff's alpha), and the precision by type from random samples."""
    return AgreementPage("Agreement and precision", agreement(desk.database), precision_by_type(desk.database))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the ledger: what was promised, what became of it, and by which deeds."""

    id: str
    promise: str
    made: datetime.date
    due: datetime.date | None
    state: str
    reason: str
    decided_by: str
    deeds: list[str]


@dataclass(frozen=True, slots=True)
class LedgerReview:
    """The ledger of a relation, to be overruled; `more` entries are not shown."""

    title: str
    first: str
    second: str
    entries: list[EntryRow]
    more: int
    states: list[str]


UNSETTLED = "unsettled"
"""What a reviewer says of a deed that has nothing to do with a promise."""

_STATES = [State.KEPT.value, State.PARTLY.value, State.BROKEN.value, State.WITHDRAWN.value]


@pages.page("/review/ledger/{first}/{second}", "review_ledger.html.j2", Permission.REVIEW)
def review_ledger_page(desk: TheDesk, both: TheTwo) -> LedgerReview:
    """The ledger of a relation, the newest promise first, with forms that overrule the machine."""
    entries = sorted(_ledger(desk, both.first, both.second), key=lambda entry: (entry.made, entry.id), reverse=True)
    rows = [
        EntryRow(
            entry.id,
            entry.promise,
            entry.made,
            entry.due,
            entry.state.value,
            entry.reason,
            entry.decided_by or "",
            [key for key in entry.settled_by if key.startswith("e")],
        )
        for entry in entries[:ROWS]
    ]
    title = f"The ledger of {party_name(both.first)} and {party_name(both.second)}"
    return LedgerReview(title, both.first, both.second, rows, max(0, len(entries) - ROWS), [*_STATES, UNSETTLED])


@pages.action("/review/ledger/{first}/{second}", Permission.REVIEW)
def overrule_ledger(
    desk: TheDesk,
    person: Asking,
    both: TheTwo,
    entry: Annotated[str, Form(max_length=24)],
    deed: Annotated[str, Form(max_length=24)],
    state: Annotated[str, Form(max_length=12)],
    note: Note = "",
) -> Done:
    """Say that a deed settles an entry of the ledger, or that it has nothing to do with it."""
    if state not in (*_STATES, UNSETTLED):
        raise UsageError(f"“{state}” is no state of a promise; {', '.join((*_STATES, UNSETTLED))} are.")
    if entry not in {known.id for known in _ledger(desk, both.first, both.second)}:
        raise UsageError("This ledger has no such entry any more; load the page again.")
    kind = CorrectionKind.UNSETTLED if state == UNSETTLED else CorrectionKind.SETTLES
    value = None if state == UNSETTLED else state
    said = Correction(kind, entry, person.name, desk.now(), other=deed.strip(), value=value, note=note.strip() or None)
    desk.record.correct(said)
    address = f"/review/ledger/{quote(both.first, safe='')}/{quote(both.second, safe='')}"
    return Done(address, "Overruled.", {"entry": entry, "deed": deed, "state": state})


def _ledger(desk: Desk, first: str, second: str) -> list[Entry]:
    try:
        return desk.record.kept(("ledger", first, second), lambda: desk.record.dyad(first, second).ledger(), len)
    except RecordMissing:
        return []


def _account(person: Person) -> int:
    if person.account_id is None:
        raise HTTPException(401, "Sign in first.")
    return person.account_id


def _item(desk: Desk, person: Person, mention_id: str, *, alone: bool) -> Item:
    mention, event_id = find_mention(desk, mention_id)
    row = event_row_of(desk.record, event_id)
    document = document_by_id(desk.record.newest(), mention.document_id)
    if document is None:
        raise HTTPException(404, "The document of this report is no longer in the record.")
    judged = _judged(desk, mention_id)
    own = next((one for one in judged if one.by == person.name), None)
    return Item(
        report=report_told(mention, document),
        coded=coded_values(mention),
        event=event_line(row),
        near=_near(desk, event_id) if alone else [],
        own=own,
        others=[] if alone else [one for one in judged if one is not own],
    )


def _judged(desk: Desk, mention_id: str) -> list[Judged]:
    with desk.database.session() as session:
        found = session.execute(
            select(Review, Account.name)
            .join(Account, Account.id == Review.account_id)
            .where(Review.mention_id == mention_id)
            .order_by(Review.at, Review.id)
        ).all()
    return [Judged(name, r.decision, r.values, r.note, r.at, r.recorded) for r, name in found]


def _near(desk: Desk, event_id: str) -> list[EventLine]:
    """Events of the same two within a few days, which may be the same happening."""
    row = event_row_of(desk.record, event_id)
    day = row["date"] or row["first_reported"]
    codes = [actors[0]["code"] for actors in (row["source"], row["target"]) if actors]
    if day is None or len(codes) < 2:
        return []
    wanted = Wanted(
        EventFilter(parties=tuple(codes), since=day - NEAR, until=day + NEAR, providers=("dragoman",)),
    )
    rows = [one for one in page_of_events(desk.record, wanted, size=7) if one["id"] != event_id][:6]
    return event_lines(desk.record, rows)
