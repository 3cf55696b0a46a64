"""Signing in and out, signing up, and setting a forgotten password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import or_, select

from dragoman.database import Account
from dragoman.errors import UsageError
from dragoman.serve.accounts import (
    NewAccount,
    account_signing_in,
    create_account,
    new_reset,
    use_invitation,
    use_reset,
)
from dragoman.serve.auditing import audit
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.going import local_address
from dragoman.serve.passwords import LONGEST, SHORTEST
from dragoman.serve.person import SESSION_COOKIE, VISITOR_COOKIE, Asking, Person
from dragoman.serve.rendering import render
from dragoman.serve.roles import Permission
from dragoman.serve.routing import Done, Pages, hold_back, wants_json
from dragoman.serve.sessions import LENGTH, close_session, open_session
from dragoman.serve.tokens import new_token

pages = Pages("sign-in")

Name = Annotated[str, Form(max_length=254)]
Password = Annotated[str, Form(max_length=LONGEST)]
Token = Annotated[str, Form(max_length=100)]
Next = Annotated[str, Query(max_length=2000)]


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form for signing in; `problem` is what was wrong with what was sent, empty at first."""

    title: str
    next: str
    name: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SignUpPage:
    """The form for signing up; `open` tells whether no invitation is needed."""

    title: str
    open: bool
    shortest: int = SHORTEST
    name: str = ""
    display_name: str = ""
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ForgotPage:
    """Where a link for setting a password is asked for; `mails` tells whether the desk can send one."""

    title: str
    mails: bool


@dataclass(frozen=True, slots=True)
class ResetPage:
    """Where a password is set with a token."""

    title: str
    shortest: int = SHORTEST
    problem: str = ""


@pages.page("/sign-in", "sign_in.html.j2")
def sign_in_page(next: Next = "/") -> SignInPage:
    """The form for signing in."""
    return SignInPage("Sign in", local_address(next))


@pages.action("/sign-in", Permission.READ, limit="sign-in")
def sign_in(
    request: Request,
    desk: TheDesk,
    person: Asking,
    name: Name,
    password: Password,
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Done | Response:
    """Begin a session; the cookies of before end with it."""
    told = f"name {name.strip().lower()}"
    hold_back(desk, "sign-in", told, take=False)
    with desk.database.session() as session:
        account = account_signing_in(session, name, password)
        if account is None:
            audit(session, desk.now(), None, "sign_in_refused", name.strip()[:80])
    if account is None:
        desk.limits.wait("sign-in", told)
        problem = "The name and the password do not fit together, or the account is shut out."
        return _again(
            request, person, "sign_in.html.j2", SignInPage("Sign in", local_address(next), name, problem), 401
        )
    return _signed_in(request, desk, account, local_address(next))


@pages.action("/sign-out", Permission.READ)
def sign_out(request: Request, desk: TheDesk) -> Done:
    """End the session of this browser."""
    with desk.database.session() as session:
        close_session(session, request.cookies.get(SESSION_COOKIE, ""))
    return Done("/", "You are signed out.", cookies={SESSION_COOKIE: None, VISITOR_COOKIE: None})


@pages.page("/sign-up", "sign_up.html.j2")
def sign_up_page(desk: TheDesk) -> SignUpPage:
    """The form for signing up."""
    return SignUpPage("Sign up", desk.settings.serve_sign_up == "open")


@pages.action("/sign-up", Permission.READ, limit="sign-up")
def sign_up(
    request: Request,
    desk: TheDesk,
    person: Asking,
    name: Name,
    password: Password,
    display_name: Annotated[str, Form(max_length=120)] = "",
    email: Annotated[str, Form(max_length=254)] = "",
    invitation: Token = "",
) -> Done | Response:
    """Make an account, by an invitation or, where the desk is open, without one; and sign in."""
    is_open = desk.settings.serve_sign_up == "open"
    told = NewAccount(name, display_name, email, password)
    try:
        with desk.database.session() as session:
            if invitation.strip():
                account = use_invitation(session, invitation, told, desk.now())
            elif is_open:
                account = create_account(session, told, desk.now())
            else:
                raise UsageError("One signs up here with an invitation; ask an administrator for one.")
    except UsageError as error:
        page = SignUpPage("Sign up", is_open, SHORTEST, name, display_name, email, str(error))
        return _again(request, person, "sign_up.html.j2", page, 400)
    return _signed_in(request, desk, account, "/", "Welcome to the desk.")


@pages.page("/forgot", "forgot.html.j2")
def forgot_page(desk: TheDesk) -> ForgotPage:
    """Where a link for setting a password is asked for."""
    return ForgotPage("Forgotten password", desk.mailer.can_send)


@pages.action("/forgot", Permission.READ, limit="reset")
def forgot(desk: TheDesk, name: Name) -> Done:
    """Mail a link for setting a password; the answer is the same whether there is such an account."""
    if not desk.mailer.can_send:
        raise HTTPException(400, "This desk sends no mail; ask an administrator for a token.")
    told = name.strip().lower()
    hold_back(desk, "reset", f"name {told}")
    with desk.database.session() as session:
        wanted = or_(Account.name == told, Account.email == told)
        account = session.scalars(select(Account).where(wanted, Account.disabled.is_(False))).first()
        token = new_reset(session, account, desk.now()) if account and account.email else None
    if account and account.email and token:
        desk.mailer.send_reset(account.email, account.name, token)
    return Done("/reset", "If there is such an account and its address is known, a mail is on its way.")


@pages.page("/reset", "reset.html.j2")
def reset_page() -> ResetPage:
    """Where a password is set with a token; links carry the token behind #, which no server ever sees."""
    return ResetPage("Set a password")


@pages.action("/reset", Permission.READ, limit="reset")
def reset(request: Request, desk: TheDesk, person: Asking, token: Token, password: Password) -> Done | Response:
    """Set the password that a token allows to set, end all sessions of the account, and sign in."""
    try:
        with desk.database.session() as session:
            account = use_reset(session, token, password, desk.now())
    except UsageError as error:
        return _again(request, person, "reset.html.j2", ResetPage("Set a password", problem=str(error)), 400)
    return _signed_in(request, desk, account, "/", "Your password is set.")


def _signed_in(request: Request, desk: Desk, account: Account, address: str, note: str = "") -> Done:
    with desk.database.session() as session:
        cookie = open_session(session, account.id, desk.now(), request.cookies.get(SESSION_COOKIE))
    seconds = int(LENGTH.total_seconds())
    cookies = {SESSION_COOKIE: (cookie, seconds), VISITOR_COOKIE: (new_token(), seconds)}
    return Done(address, note, {"account": account.name}, cookies)


def _again(
    request: Request, person: Person, template: str, page: SignInPage | SignUpPage | ResetPage, status: int
) -> Response:
    """The form once more, with what was wrong; passwords and tokens are not sent back."""
    if wants_json(request):
        return JSONResponse({"detail": page.problem}, status_code=status)
    return render(request, person, template, page, status=status)
