"""What is done with accounts, by pages and by commands alike: made, found, given a role, a password, an end."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dragoman.database import Account, ApiToken, Invitation, Reset
from dragoman.errors import UsageError
from dragoman.serve.passwords import NO_PASSWORD, check_password, hash_password, is_outdated, verify_password
from dragoman.serve.roles import Permission, Role
from dragoman.serve.sessions import close_sessions
from dragoman.serve.tokens import hashed, new_token

INVITATION = datetime.timedelta(days=14)
RESET = datetime.timedelta(hours=2)
"""How long an invitation, and a token for setting a password, can be used."""

_NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]){1,59}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is told of an account that is to be made; without a password it can be used once one was set."""

    name: str
    display_name: str = ""
    email: str = ""
    password: str | None = None
    role: Role = Role.READER


def create_account(session: Session, told: NewAccount, now: datetime.datetime) -> Account:
    """Make an account; a name, address or password that cannot be is a `UsageError`."""
    name = told.name.strip()
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:80]!r} is no name: 2 to 60 small letters and digits are, with single hyphens between them are."
        )
    email = check_email(told.email)
    password = NO_PASSWORD
    if told.password is not None:
        password = hash_password(check_password(told.password, name, told.display_name, email or ""))
    account = Account(
        name=name,
        display_name=told.display_name.strip() or name,
        email=email,
        password_hash=password,
        role=told.role.value,
        created=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise UsageError("There is an account with this name or address already; choose another name.") from error
    return account


def check_email(text: str) -> str | None:
    """An address for mail in small letters, None for an empty one; what is none is a `UsageError`."""
    email = text.strip().lower()
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
        raise UsageError(
            f"{email[:80]!r} is no address for mail; write one such as ada@example.org, or leave it empty."
        )
    return email or None


def account_named(session: Session, name: str) -> Account:
    """The account of a name; else a `UsageError`."""
    account = session.scalars(select(Account).where(Account.name == name)).one_or_none()
    if account is None:
        raise UsageError(f"There is no account {name[:80]!r}; “dragoman account list” tells which there are.")
    return account


def account_signing_in(session: Session, name: str, password: str) -> Account | None:
    """The account whose name (or address for mail) and password these are, unless disabled.

    It takes as long for a name that is unknown as for one that is known.
    """
    told = name.strip().lower()
    account = session.scalars(select(Account).where(or_(Account.name == told, Account.email == told))).first()
    fits = verify_password(account.password_hash if account else None, password)
    if account is None or not fits or account.disabled:
        return None
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def set_password(session: Session, account: Account, password: str, now: datetime.datetime) -> None:
    """Give an account another password; its sessions end and no token for setting one holds any longer."""
    _keep_password(session, account, _hash_for(account, password), now)


def _hash_for(account: Account, password: str) -> str:
    return hash_password(check_password(password, account.name, account.display_name, account.email or ""))


def _keep_password(session: Session, account: Account, kept: str, now: datetime.datetime) -> None:
    account.password_hash = kept
    close_sessions(session, account.id)
    session.execute(update(Reset).where(Reset.account_id == account.id, Reset.used.is_(None)).values(used=now))


def set_role(session: Session, account: Account, role: Role) -> None:
    """Give an account another role; the desk keeps at least one administrator."""
    if role is not Role.ADMIN:
        _keep_an_administrator(session, account)
    account.role = role.value


def set_disabled(session: Session, account: Account, disabled: bool, now: datetime.datetime) -> None:
    """Shut an account out, or let it in again; its sessions and tokens of programs end for good."""
    if disabled:
        _keep_an_administrator(session, account)
        close_sessions(session, account.id)
        session.execute(
            update(ApiToken).where(ApiToken.account_id == account.id, ApiToken.revoked.is_(None)).values(revoked=now)
        )
        session.execute(update(Reset).where(Reset.account_id == account.id, Reset.used.is_(None)).values(used=now))
    account.disabled = disabled


def _keep_an_administrator(session: Session, account: Account) -> None:
    if account.role != Role.ADMIN or account.disabled:
        return
    others = select(func.count()).where(
        Account.role == Role.ADMIN.value, Account.disabled.is_(False), Account.id != account.id
    )
    if not session.scalar(others):
        raise UsageError(f"{account.name} is the last administrator; make somebody else one first.")


def new_reset(session: Session, account: Account, now: datetime.datetime) -> str:
    """A token with which the password of an account may be set once; earlier ones no longer hold."""
    if account.disabled:
        raise UsageError(f"The account {account.name} is disabled; let it in again first.")
    token = new_token()
    session.execute(update(Reset).where(Reset.account_id == account.id, Reset.used.is_(None)).values(used=now))
    session.add(Reset(token_hash=hashed(token), account_id=account.id, created=now, expires=now + RESET))
    return token


def use_reset(session: Session, token: str, password: str, now: datetime.datetime) -> Account:
    """Set the password that a token allows to set, once; a token that does not hold is a `UsageError`."""
    found = session.execute(
        select(Account, Reset)
        .join(Reset, Reset.account_id == Account.id)
        .where(
            Reset.token_hash == hashed(token.strip()),
            Reset.used.is_(None),
            Reset.expires > now,
            Account.disabled.is_(False),
        )
    ).one_or_none()
    if found is None:
        raise UsageError("This token is unknown, was used, or is out of date. Ask for another.")
    account: Account = found[0]
    kept = _hash_for(account, password)
    used = session.execute(
        update(Reset).where(Reset.token_hash == found[1].token_hash, Reset.used.is_(None)).values(used=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise UsageError("This token was used just now. Ask for another.")
    _keep_password(session, account, kept, now)
    return account


def new_invitation(session: Session, role: Role, made_by: int | None, now: datetime.datetime) -> str:
    """A token with which one person may sign up, in a role."""
    token = new_token()
    session.add(
        Invitation(token_hash=hashed(token), role=role.value, made_by=made_by, created=now, expires=now + INVITATION)
    )
    return token


def use_invitation(session: Session, token: str, told: NewAccount, now: datetime.datetime) -> Account:
    """Make the account that an invitation allows, once; one that does not hold is a `UsageError`."""
    wanted = Invitation.token_hash == hashed(token.strip())
    role = session.scalar(select(Invitation.role).where(wanted, Invitation.used_by.is_(None), Invitation.expires > now))
    if role is None:
        raise UsageError("This invitation is unknown, was used, or is out of date. Ask for another.")
    account = create_account(
        session, NewAccount(told.name, told.display_name, told.email, told.password, Role(role)), now
    )
    used = session.execute(update(Invitation).where(wanted, Invitation.used_by.is_(None)).values(used_by=account.id))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise UsageError("This invitation was used just now. Ask for another.")
    return account


def new_api_token(
    session: Session, account_id: int, name: str, scopes: frozenset[Permission], now: datetime.datetime
) -> str:
    """A token for a program of an account, with some of its permissions."""
    token = new_token()
    session.add(
        ApiToken(
            account_id=account_id,
            name=name,
            token_hash=hashed(token),
            scopes=" ".join(sorted(scopes)),
            created=now,
        )
    )
    return token
