"""Moderation: what readers reported, hiding, locking, banning, and the communities."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from dragoman.database import Account, Ban, BriefText, Community, Complaint
from dragoman.errors import UsageError
from dragoman.serve.desk import TheDesk
from dragoman.serve.person import Asking
from dragoman.serve.publish.texts import check_slug, one_line, plain_text
from dragoman.serve.roles import Permission, Role
from dragoman.serve.routes.talking import answer_of, subject_of
from dragoman.serve.routing import Done, Pages

pages = Pages("moderation")

ROWS = 100
"""Reports, and bans, on the page."""

LONGEST_BAN = 3_650
"""Days."""

Kind = Annotated[str, Form(max_length=12)]
NumberGiven = Annotated[int, Form(ge=0, le=2**31 - 1)]
Name = Annotated[str, Form(max_length=60)]
Reason = Annotated[str, Form(max_length=2_000)]
Switch = Annotated[str, Form(max_length=5)]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that waits: what it is of, who wrote that, who reports it and why."""

    id: int
    kind: str
    subject: int
    at: datetime.datetime
    by: str
    reason: str
    text: str
    author: str
    author_name: str
    address: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class BanRow:
    """Somebody who may not write."""

    name: str
    reason: str
    at: datetime.datetime
    until: datetime.datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A brief that readers do not see, or may not answer to."""

    slug: str
    title: str
    id: int
    hidden: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A community as moderators see it."""

    slug: str
    name: str
    about: str
    locked: bool


@dataclass(frozen=True, slots=True)
class ModerationPage:
    """The reports that wait, the oldest first; bans; briefs hidden or locked; communities."""

    title: str
    reports: list[ReportRow]
    bans: list[BanRow]
    briefs: list[HiddenRow]
    communities: list[PlaceRow]


@pages.page("/moderation", "moderation.html.j2", Permission.MODERATE)
def moderation_page(desk: TheDesk) -> ModerationPage:
    """What waits for a moderator, and what moderators have done that still holds."""
    with desk.database.session() as session:
        reports = session.execute(
            select(Complaint, Account.display_name)
            .join(Account, Account.id == Complaint.account_id)
            .where(Complaint.settled.is_(None))
            .order_by(Complaint.at, Complaint.id)
            .limit(ROWS)
        ).all()
        holding = Ban.lifted.is_(None) & (Ban.until.is_(None) | (Ban.until > desk.now()))
        bans = session.execute(
            select(Ban, Account.name).join(Account, Account.id == Ban.account_id).where(holding).limit(ROWS)
        ).all()
        people = {
            row.id: row.name for row in session.scalars(select(Account).where(Account.id.in_([b.by for b, _ in bans])))
        }
        odd = select(BriefText).where((BriefText.state == "hidden") | BriefText.locked.is_(True))
        return ModerationPage(
            title="Moderation",
            reports=[_report(session, complaint, by) for complaint, by in reports],
            bans=[BanRow(name, ban.reason, ban.at, ban.until, people.get(ban.by or 0, "")) for ban, name in bans],
            briefs=[
                HiddenRow(row.slug, row.title, row.id, row.state == "hidden", row.locked)
                for row in session.scalars(odd.order_by(BriefText.updated.desc()).limit(ROWS))
            ],
            communities=[
                PlaceRow(row.slug, row.name, row.about, row.locked)
                for row in session.scalars(select(Community).order_by(Community.name).limit(500))
            ],
        )


@pages.action("/moderation/hide", Permission.MODERATE)
def hide(desk: TheDesk, kind: Kind = "", subject: NumberGiven = 0, on: Switch = "yes") -> Done:
    """Hide a brief, comment or insight from readers, or show it again."""
    hidden = _is_on(on)
    with desk.database.session() as session:
        brief = subject_of(session, kind, subject)
        if kind == "brief":
            brief.state = "hidden" if hidden else "published"
            brief.locked = hidden
        else:
            row = answer_of(session, kind, subject)
            if row is not None:
                row.hidden = hidden
        slug = brief.slug
    return Done(_back(kind, slug, subject), "Hidden." if hidden else "Shown again.", _detail(kind, subject, on))


@pages.action("/moderation/lock", Permission.MODERATE)
def lock(desk: TheDesk, kind: Kind = "", name: Annotated[str, Form(max_length=120)] = "", on: Switch = "yes") -> Done:
    """Take no more comments and insights on a brief, or nothing more in a community; or open it again."""
    locked = _is_on(on)
    with desk.database.session() as session:
        found: BriefText | Community | None
        if kind == "brief":
            found = session.scalars(select(BriefText).where(BriefText.slug == name)).one_or_none()
        elif kind == "community":
            found = session.scalars(select(Community).where(Community.slug == name)).one_or_none()
        else:
            raise UsageError(f"A brief or a community can be locked; {kind!r} was given.")
        if found is None:
            raise HTTPException(404, f"There is no such {kind}.")
        found.locked = locked
    address = f"/briefs/{name}" if kind == "brief" else f"/c/{name}"
    return Done(address, "Locked." if locked else "Open again.", {"kind": kind, "on": locked})


@pages.action("/moderation/ban", Permission.MODERATE)
def ban(
    desk: TheDesk,
    person: Asking,
    name: Name = "",
    reason: Reason = "",
    days: Annotated[str, Form(max_length=8)] = "",
) -> Done:
    """Let somebody write nothing for some days, or for good; reading stays open to everybody."""
    with desk.database.session() as session:
        account = _account_named(session, name)
        if account.id == person.account_id or account.role in (Role.ADMIN, Role.MODERATOR):
            raise UsageError("Moderators and administrators cannot be banned; an administrator can change their role.")
        session.add(
            Ban(
                account_id=account.id,
                by=person.account_id,
                reason=one_line(reason, 1_000),
                at=desk.now(),
                until=desk.now() + datetime.timedelta(days=_days(days)) if days.strip() else None,
            )
        )
    return Done("/moderation", f"{name} may not write any more.", {"name": name, "days": days})


@pages.action("/moderation/lift", Permission.MODERATE)
def lift(desk: TheDesk, name: Name = "") -> Done:
    """End every ban of somebody."""
    with desk.database.session() as session:
        account = _account_named(session, name)
        for row in session.scalars(select(Ban).where(Ban.account_id == account.id, Ban.lifted.is_(None))):
            row.lifted = desk.now()
    return Done("/moderation", f"{name} may write again.", {"name": name})


@pages.action("/moderation/settle", Permission.MODERATE)
def settle(
    desk: TheDesk, person: Asking, complaint: NumberGiven = 0, outcome: Annotated[str, Form(max_length=20)] = ""
) -> Done:
    """Settle a report: `hide` hides what it is of, `keep` leaves it; reports of the same are settled with it."""
    if outcome not in ("hide", "keep"):
        raise UsageError(f"A report is settled by hide or keep; {outcome!r} was given.")
    with desk.database.session() as session:
        found = session.get(Complaint, complaint)
        if found is None:
            raise HTTPException(404, "There is no such report.")
        kind, subject = found.kind, found.subject_id
        same = select(Complaint).where(
            Complaint.kind == kind, Complaint.subject_id == subject, Complaint.settled.is_(None)
        )
        for row in session.scalars(same):
            row.settled, row.settled_by, row.outcome = desk.now(), person.account_id, outcome
    if outcome == "hide":
        hide(desk, kind, subject, "yes")
    return Done("/moderation", "Settled.", {"kind": kind, "of": subject, "outcome": outcome})


@pages.action("/moderation/communities", Permission.MODERATE)
def keep_community(
    desk: TheDesk,
    slug: Annotated[str, Form(max_length=80)] = "",
    name: Annotated[str, Form(max_length=120)] = "",
    about: Annotated[str, Form(max_length=5_000)] = "",
) -> Done:
    """Make a community, or change the name and description of one."""
    called = one_line(name, 120)
    if not called:
        raise UsageError("A community needs a name.")
    with desk.database.session() as session:
        found = session.scalars(select(Community).where(Community.slug == check_slug(slug))).one_or_none()
        if found is None:
            found = Community(slug=slug, created=desk.now())
            session.add(found)
        found.name, found.about = called, plain_text(about, 5_000)
    return Done(f"/c/{slug}", "Kept.", {"community": slug})


def _report(session: Session, complaint: Complaint, by: str) -> ReportRow:
    text, author_id, hidden, address = "It is gone.", None, True, ""
    if complaint.kind == "brief":
        brief = session.get(BriefText, complaint.subject_id)
        if brief is not None:
            text, author_id, hidden, address = (
                brief.title,
                brief.author_id,
                brief.state == "hidden",
                f"/briefs/{brief.slug}",
            )
    else:
        row = answer_of(session, complaint.kind, complaint.subject_id)
        if row is not None:
            brief = session.get_one(BriefText, row.brief_id)
            text = row.text or getattr(row, "url", "") or getattr(row, "quote", "")
            author_id, hidden = row.account_id, row.hidden
            address = f"/briefs/{brief.slug}#{complaint.kind}-{row.id}"
    author = session.get(Account, author_id) if author_id is not None else None
    return ReportRow(
        id=complaint.id,
        kind=complaint.kind,
        subject=complaint.subject_id,
        at=complaint.at,
        by=by,
        reason=complaint.reason,
        text=text[:1_000],
        author=author.display_name if author else "",
        author_name=author.name if author else "",
        address=address,
        hidden=hidden,
    )


def _account_named(session: Session, name: str) -> Account:
    found = session.scalars(select(Account).where(Account.name == name)).one_or_none()
    if found is None:
        raise HTTPException(404, f"There is nobody called {name[:60]!r}.")
    return found


def _days(text: str) -> int:
    told = text.strip()
    if not (told.isascii() and told.isdecimal()) or not 1 <= int(told) <= LONGEST_BAN:
        raise UsageError(f"{told!r} is no number of days from 1 to {LONGEST_BAN}; leave it empty for good.")
    return int(told)


def _is_on(text: str) -> bool:
    told = text.strip().lower()
    if told not in ("yes", "no"):
        raise UsageError(f"yes or no is needed; {text!r} was given.")
    return told == "yes"


def _back(kind: str, slug: str, subject: int) -> str:
    return f"/briefs/{slug}" if kind == "brief" else f"/briefs/{slug}#{kind}-{subject}"


def _detail(kind: str, subject: int, on: str) -> dict[str, object]:
    return {"kind": kind, "of": subject, "on": on}
