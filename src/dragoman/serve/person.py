"""Who is asking: somebody signed in by a cookie, a program with a token, or anybody."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from dragoman.database import Account, ApiToken, Ban, SignIn
from dragoman.serve.desk import Desk, desk_of
from dragoman.serve.roles import PUBLIC, ROLE_PERMISSIONS, Permission, Role
from dragoman.serve.tokens import form_token, hashed

SESSION_COOKIE = "desk_session"
VISITOR_COOKIE = "desk_visitor"
USED_AGAIN = datetime.timedelta(minutes=1)
"""How exactly it is kept when a token was last used."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, and what they may do; `account_id` is null for somebody who is not signed in."""

    account_id: int | None
    name: str
    display_name: str
    role: Role | None
    permissions: frozenset[Permission]
    form_token: str
    """What the forms of the page send back: of the session where there is one, else of the visitor."""
    by_token: bool = False
    """A program with a token of its own, which no other site can make a browser send."""

    def may(self, permission: Permission | str) -> bool:
        """Whether the person has a permission."""
        return permission in self.permissions


def nobody(visitor: str) -> Person:
    """Somebody who is not signed in."""
    return Person(None, "", "", None, PUBLIC, form_token(visitor))


def person_of(request: Request, desk: Annotated[Desk, Depends(desk_of)]) -> Person:
    """Who is asking; an expired session is nobody, a token that is unknown or revoked is refused."""
    visitor = getattr(request.state, "visitor", "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(desk, token.strip(), visitor)
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return nobody(visitor)
    with desk.database.session() as session:
        found = session.execute(
            select(Account, SignIn)
            .join(SignIn, SignIn.account_id == Account.id)
            .where(SignIn.token_hash == hashed(cookie), SignIn.expires > desk.now(), Account.disabled.is_(False))
        ).one_or_none()
        if found is None:
            return nobody(visitor)
        return _person(found[0], _permissions(session, found[0], desk.now()), form_token(cookie))


def _by_token(desk: Desk, token: str, visitor: str) -> Person:
    with desk.database.session() as session:
        found = session.execute(
            select(Account, ApiToken)
            .join(ApiToken, ApiToken.account_id == Account.id)
            .where(ApiToken.token_hash == hashed(token), ApiToken.revoked.is_(None), Account.disabled.is_(False))
        ).one_or_none()
        if found is None:
            raise HTTPException(401, "The token is unknown or was revoked; make another under “Account”.")
        account, key = found
        if key.last_used is None or desk.now() - key.last_used > USED_AGAIN:
            key.last_used = desk.now()
        scopes = {Permission(scope) for scope in key.scopes.split() if scope in set(Permission)}
        permissions = _permissions(session, account, desk.now()) & (scopes | PUBLIC)
        return _person(account, permissions, form_token(visitor), by_token=True)


def _permissions(session: Session, account: Account, now: datetime.datetime) -> frozenset[Permission]:
    """What the role gives; who is banned may read and see to their own account."""
    permissions = ROLE_PERMISSIONS[Role(account.role)]
    banned = session.scalars(
        select(Ban.id).where(
            Ban.account_id == account.id,
            Ban.lifted.is_(None),
            Ban.until.is_(None) | (Ban.until > now),
        )
    ).first()
    return permissions & {Permission.READ, Permission.ACCOUNT} if banned is not None else permissions


def _person(account: Account, permissions: frozenset[Permission], token: str, *, by_token: bool = False) -> Person:
    return Person(
        account.id,
        account.name,
        account.display_name,
        Role(account.role),
        permissions,
        token,
        by_token,
    )


Asking = Annotated[Person, Depends(person_of)]
"""The parameter of a route that needs to know who asks."""
