"""A person's own account: profile, password, sessions, tokens for programs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dragoman.database import Account, ApiToken, SignIn
from dragoman.errors import UsageError
from dragoman.serve.accounts import check_email, new_api_token, set_password
from dragoman.serve.desk import TheDesk
from dragoman.serve.passwords import LONGEST, SHORTEST, verify_password
from dragoman.serve.person import SESSION_COOKIE, VISITOR_COOKIE, Asking, Person
from dragoman.serve.roles import PUBLIC, ROLE_PERMISSIONS, Permission, Role
from dragoman.serve.routing import Done, Pages, hold_back
from dragoman.serve.sessions import LENGTH, close_sessions, open_session
from dragoman.serve.showing import Secret, show_once
from dragoman.serve.tokens import new_token

pages = Pages("account")

MOST_TOKENS = 20
"""Tokens for programs that one account may have at a time."""

Password = Annotated[str, Form(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token for programs, without the token itself."""

    id: int
    name: str
    scopes: list[str]
    created: datetime.datetime
    last_used: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A person's own account; `scopes` are what their tokens may be allowed."""

    title: str
    name: str
    display_name: str
    email: str
    about: str
    role: str
    created: datetime.datetime
    sessions: int
    tokens: list[TokenRow]
    scopes: list[str]
    shortest: int = SHORTEST


@pages.page("/account", "account.html.j2", Permission.ACCOUNT)
def account_page(desk: TheDesk, person: Asking) -> AccountPage:
    """The account of the person who asks."""
    with desk.database.session() as session:
        account = _own(session, person)
        wanted = (ApiToken.account_id == account.id) & ApiToken.revoked.is_(None)
        tokens = session.scalars(select(ApiToken).where(wanted).order_by(ApiToken.id)).all()
        open_ = select(func.count()).where(SignIn.account_id == account.id, SignIn.expires > desk.now())
        return AccountPage(
            title="Your account",
            name=account.name,
            display_name=account.display_name,
            email=account.email or "",
            about=account.about,
            role=account.role,
            created=account.created,
            sessions=session.scalar(open_) or 0,
            tokens=[TokenRow(t.id, t.name, t.scopes.split(), t.created, t.last_used) for t in tokens],
            scopes=sorted(ROLE_PERMISSIONS[Role(account.role)] - PUBLIC),
        )


@pages.action("/account/profile", Permission.ACCOUNT)
def change_profile(
    desk: TheDesk,
    person: Asking,
    display_name: Annotated[str, Form(max_length=120)] = "",
    about: Annotated[str, Form(max_length=2000)] = "",
    email: Annotated[str, Form(max_length=254)] = "",
    password: Password = "",
) -> Done:
    """Change what others read of one, and the address for mail; that one only with the password."""
    with desk.database.session() as session:
        account = _own(session, person)
        wanted = check_email(email)
        if wanted != account.email:
            _refuse_programs(person)
            _check_current(desk, account, password)
        account.display_name = display_name.strip() or account.name
        account.about = about.strip()
        account.email = wanted
        try:
            session.flush()
        except IntegrityError as error:
            raise UsageError("Another account has this address for mail.") from error
    return Done("/account", "Your profile is kept.")


@pages.action("/account/password", Permission.ACCOUNT, limit="sign-in")
def change_password(desk: TheDesk, person: Asking, current: Password, password: Password) -> Done:
    """Set another password; every other session of the account ends."""
    _refuse_programs(person)
    with desk.database.session() as session:
        account = _own(session, person)
        _check_current(desk, account, current)
        set_password(session, account, password, desk.now())
        cookie = open_session(session, account.id, desk.now())
    seconds = int(LENGTH.total_seconds())
    cookies = {SESSION_COOKIE: (cookie, seconds), VISITOR_COOKIE: (new_token(), seconds)}
    return Done("/account", "Your password is changed; other browsers are signed out.", cookies=cookies)


@pages.action("/account/sign-out-everywhere", Permission.ACCOUNT)
def sign_out_everywhere(desk: TheDesk, person: Asking) -> Done:
    """End every session of the account."""
    assert person.account_id is not None
    with desk.database.session() as session:
        close_sessions(session, person.account_id)
    return Done("/", "You are signed out everywhere.", cookies={SESSION_COOKIE: None, VISITOR_COOKIE: None})


@pages.action("/account/tokens", Permission.ACCOUNT)
def add_token(
    request: Request,
    desk: TheDesk,
    person: Asking,
    name: Annotated[str, Form(min_length=1, max_length=120)],
    scope: Annotated[list[Permission], Form(max_length=20)],
) -> Response:
    """Make a token for a program, with some of one's own permissions; it is shown once."""
    _refuse_programs(person)
    scopes = frozenset(scope)
    lacking = sorted(scopes - person.permissions)
    if lacking:
        raise UsageError(f"Your role does not have: {', '.join(lacking)}; a token can have no more than you.")
    with desk.database.session() as session:
        account = _own(session, person)
        count = select(func.count()).where(ApiToken.account_id == account.id, ApiToken.revoked.is_(None))
        if (session.scalar(count) or 0) >= MOST_TOKENS:
            raise UsageError(f"There are {MOST_TOKENS} tokens already; revoke one first.")
        token = new_api_token(session, account.id, name, scopes, desk.now())
    told = "Programs send it as “Authorization: Bearer …”. It is shown this once; keep it where others do not read it."
    return show_once(request, person, Secret(f"The token “{name}”", told, token, "/account"))


@pages.action("/account/tokens/{number}/revoke", Permission.ACCOUNT)
def revoke_token(desk: TheDesk, person: Asking, number: int) -> Done:
    """Let a token hold no longer."""
    with desk.database.session() as session:
        wanted = (ApiToken.id == number) & (ApiToken.account_id == person.account_id) & ApiToken.revoked.is_(None)
        token = session.scalars(select(ApiToken).where(wanted)).one_or_none() if 0 < number < 2**31 else None
        if token is None:
            raise HTTPException(404, "You have no such token.")
        token.revoked = desk.now()
        name = token.name
    return Done("/account", f"The token “{name}” is revoked.", {"token": name})


def _own(session: Session, person: Person) -> Account:
    account = session.get(Account, person.account_id)
    if account is None:
        raise HTTPException(401, "Sign in first.")
    return account


def _refuse_programs(person: Person) -> None:
    if person.by_token:
        raise HTTPException(403, "A program cannot do this; sign in with a browser.")


def _check_current(desk: TheDesk, account: Account, password: str) -> None:
    """The same password as for signing in, and tried no more often."""
    told = f"name {account.name}"
    hold_back(desk, "sign-in", told, take=False)
    if not verify_password(account.password_hash, password):
        desk.limits.wait("sign-in", told)
        raise UsageError("The current password is another one.")
