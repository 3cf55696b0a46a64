"""Administration: people and their roles, invitations, the audit log."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from dragoman.database import Account, AuditEntry, Invitation, SignIn
from dragoman.serve.accounts import account_named, new_invitation, new_reset, set_disabled, set_role
from dragoman.serve.desk import TheDesk
from dragoman.serve.person import Asking
from dragoman.serve.roles import Permission, Role
from dragoman.serve.routing import Done, Pages
from dragoman.serve.showing import Secret, show_once

pages = Pages("admin")

ROWS = 50
"""People, and entries of the audit log, on a page."""

NUMBER = 2**31 - 1
"""The greatest number of a row."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account as administrators see it."""

    name: str
    display_name: str
    role: str
    disabled: bool
    created: datetime.datetime
    last_sign_in: datetime.datetime | None
    """When the newest session that is still kept began."""


@dataclass(frozen=True, slots=True)
class AdminPage:
    """The people of the desk, a page of them; `after` leads to the next, empty on the last."""

    title: str
    people: list[PersonRow]
    count: int
    after: str
    roles: list[str]
    invitations: int
    sign_up: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Something that was done; without a person a command did it, or nobody was signed in."""

    id: int
    at: datetime.datetime
    person: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was done, the newest first; `before` leads to what is older, null on the last page."""

    title: str
    entries: list[AuditRow]
    before: int | None


@pages.page("/admin", "admin.html.j2", Permission.ADMINISTER)
def admin_page(desk: TheDesk, after: Annotated[str, Query(max_length=60)] = "") -> AdminPage:
    """The people of the desk, by name."""
    newest = select(SignIn.account_id, func.max(SignIn.created).label("at")).group_by(SignIn.account_id).subquery()
    with desk.database.session() as session:
        rows = session.execute(
            select(Account, newest.c.at)
            .outerjoin(newest, newest.c.account_id == Account.id)
            .where(Account.name > after)
            .order_by(Account.name)
            .limit(ROWS + 1)
        ).all()
        waiting = select(func.count()).select_from(Invitation)
        waiting = waiting.where(Invitation.used_by.is_(None), Invitation.expires > desk.now())
        return AdminPage(
            title="People",
            people=[
                PersonRow(account.name, account.display_name, account.role, account.disabled, account.created, at)
                for account, at in rows[:ROWS]
            ],
            count=session.scalar(select(func.count()).select_from(Account)) or 0,
            after=rows[ROWS - 1][0].name if len(rows) > ROWS else "",
            roles=[role.value for role in Role],
            invitations=session.scalar(waiting) or 0,
            sign_up=desk.settings.serve_sign_up,
        )


@pages.page("/admin/audit", "audit.html.j2", Permission.ADMINISTER)
def audit_page(desk: TheDesk, before: Annotated[int, Query(ge=1, le=NUMBER)] = NUMBER) -> AuditPage:
    """What was done, the newest first."""
    with desk.database.session() as session:
        rows = session.execute(
            select(AuditEntry, Account.name)
            .outerjoin(Account, Account.id == AuditEntry.account_id)
            .where(AuditEntry.id < before)
            .order_by(AuditEntry.id.desc())
            .limit(ROWS)
        ).all()
    entries = [
        AuditRow(
            entry.id,
            entry.at,
            name or "",
            entry.action,
            entry.subject,
            json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
        )
        for entry, name in rows
    ]
    return AuditPage("What was done", entries, entries[-1].id if len(entries) == ROWS else None)


@pages.action("/admin/people/{name}/role", Permission.ADMINISTER)
def change_role(desk: TheDesk, name: str, role: Annotated[Role, Form()]) -> Done:
    """Give an account another role."""
    with desk.database.session() as session:
        account = account_named(session, name)
        before = account.role
        set_role(session, account, role)
    return Done("/admin", f"{name} is now {role.value}.", {"from": before, "to": role.value})


@pages.action("/admin/people/{name}/disable", Permission.ADMINISTER)
def disable_account(desk: TheDesk, name: str, disabled: Annotated[bool, Form()]) -> Done:
    """Shut an account out, or let it in again."""
    with desk.database.session() as session:
        set_disabled(session, account_named(session, name), disabled, desk.now())
    return Done("/admin", f"{name} is {'shut out' if disabled else 'let in again'}.", {"disabled": disabled})


@pages.action("/admin/people/{name}/reset", Permission.ADMINISTER)
def give_reset(request: Request, desk: TheDesk, person: Asking, name: str) -> Response:
    """Make a token with which an account's password can be set once."""
    with desk.database.session() as session:
        token = new_reset(session, account_named(session, name), desk.now())
    told = f"With it {name} sets a password at /reset, once, within two hours. It is shown this once."
    link = f"{desk.settings.serve_address}/reset#token={token}"
    return show_once(request, person, Secret(f"A token for {name}", told, token, "/admin", link))


@pages.action("/admin/invitations", Permission.ADMINISTER)
def invite(request: Request, desk: TheDesk, person: Asking, role: Annotated[Role, Form()]) -> Response:
    """Make an invitation, with which one person may sign up in a role."""
    with desk.database.session() as session:
        token = new_invitation(session, role, person.account_id, desk.now())
    told = f"With it one person signs up at /sign-up as {role.value}, within 14 days. It is shown this once."
    link = f"{desk.settings.serve_address}/sign-up#invitation={token}"
    return show_once(request, person, Secret("An invitation", told, token, "/admin", link))
