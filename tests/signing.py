"""People at a desk, for tests: signed in without a password, with the token that their forms send back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Account
from dragoman.serve import Desk, Role
from dragoman.serve.passwords import NO_PASSWORD
from dragoman.serve.person import SESSION_COOKIE
from dragoman.serve.sessions import open_session
from dragoman.serve.tokens import form_token


@dataclass(frozen=True)
class Signed:
    """Somebody who is signed in at a client; `post` sends a form as one of the desk's pages would."""

    client: TestClient
    account_id: int
    name: str
    form_token: str

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form; the answer is the client's."""
        return self._send(path, {}, fields)

    def ask(self, path: str, **fields: Any) -> Any:
        """Send a form as a program that wants JSON back."""
        return self._send(path, {"accept": "application/json"}, fields)

    def _send(self, path: str, headers: dict[str, str], fields: dict[str, Any]) -> Any:
        return self.client.post(path, data={"csrf": self.form_token, **fields}, headers=headers)


def signed_in(client: TestClient, desk: Desk, role: Role | str = Role.READER, name: str | None = None) -> Signed:
    """Sign in somebody with a role at this client; their account is made where there is none of the name yet."""
    name = name or f"a-{Role(role).value}"
    with desk.database.session() as session:
        account = session.scalars(select(Account).where(Account.name == name)).one_or_none()
        if account is None:
            account = Account(name=name, display_name=name.title(), password_hash=NO_PASSWORD, role=Role(role).value)
            session.add(account)
            session.flush()
        cookie = open_session(session, account.id, desk.now())
        account_id = account.id
    client.cookies.set(SESSION_COOKIE, cookie, domain=client.base_url.host)
    return Signed(client, account_id, name, form_token(cookie))


def form_of(client: TestClient, path: str) -> str:
    """The form token that a page holds for somebody who is not signed in."""
    text = client.get(path).text
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
