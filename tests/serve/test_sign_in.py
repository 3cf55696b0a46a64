from __future__ import annotations

import datetime
from unittest import mock

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Account, AuditEntry, SignIn
from dragoman.serve import Desk, Role
from dragoman.serve import accounts as service
from dragoman.serve.accounts import NewAccount, create_account, new_invitation, new_reset
from dragoman.serve.limiting import Rate
from dragoman.serve.passwords import verify_password
from dragoman.serve.person import SESSION_COOKIE, VISITOR_COOKIE
from dragoman.serve.routes import sign_in
from dragoman.serve.sessions import LENGTH
from dragoman.serve.tokens import hashed
from signing import form_of, signed_in

PASSWORD = "four words nobody guesses"


@pytest.fixture
def ada(desk: Desk) -> Account:
    with desk.database.session() as session:
        return create_account(session, NewAccount("ada", "Ada L.", "ada@example.org", PASSWORD), desk.now())


def send(client: TestClient, path: str, **fields: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf": form_of(client, path), **fields})
    return answer.status_code, answer.headers.get("location", ""), answer.text


@pytest.mark.parametrize("name", ["ada", "Ada ", "ADA@example.org"])
def test_one_signs_in_by_name_or_address(client: TestClient, ada: Account, name: str) -> None:
    assert send(client, "/sign-in", name=name, password=PASSWORD)[:2] == (303, "/")
    assert "Ada L." in client.get("/").text


def test_a_wrong_password_is_told_without_saying_what_was_wrong(client: TestClient, ada: Account) -> None:
    wrong = send(client, "/sign-in", name="ada", password="something else")
    unknown = send(client, "/sign-in", name="eve", password="something else")
    assert (wrong[0], unknown[0]) == (401, 401)
    assert "do not fit together" in wrong[2]
    assert "do not fit together" in unknown[2]
    assert "something else" not in wrong[2]
    assert SESSION_COOKIE not in client.cookies


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """Nobody's hash is made once in a process."""
    verify_password(None, "something")


def test_an_unknown_name_takes_as_much_work_as_a_known_one(client: TestClient, ada: Account) -> None:
    with mock.patch("dragoman.serve.passwords._HASHER") as hasher:
        hasher.verify.return_value = True
        hasher.check_needs_rehash.return_value = False
        send(client, "/sign-in", name="eve", password=PASSWORD)
        send(client, "/sign-in", name="ada", password=PASSWORD)
    kept = [call.args[0] for call in hasher.verify.call_args_list]
    assert len(kept) == 2
    assert {hash_.rsplit("$", 2)[0] for hash_ in kept} == {"$argon2id$v=19$m=65536,t=3,p=4"}
    assert kept[0] != kept[1]


def test_who_is_shut_out_cannot_sign_in(client: TestClient, desk: Desk, ada: Account) -> None:
    with desk.database.session() as session:
        service.set_disabled(session, service.account_named(session, "ada"), True, desk.now())
    assert send(client, "/sign-in", name="ada", password=PASSWORD)[0] == 401


def test_signing_in_changes_both_cookies_and_ends_the_session_before(
    client: TestClient, desk: Desk, ada: Account
) -> None:
    send(client, "/sign-in", name="ada", password=PASSWORD)
    first, visitor = client.cookies[SESSION_COOKIE], client.cookies[VISITOR_COOKIE]
    send(client, "/sign-in", name="ada", password=PASSWORD)
    assert client.cookies[SESSION_COOKIE] != first
    assert client.cookies[VISITOR_COOKIE] != visitor
    with desk.database.session() as session:
        assert session.scalars(select(SignIn.token_hash)).all() == [hashed(client.cookies[SESSION_COOKIE])]


def test_the_cookie_of_a_session_is_read_by_no_script_and_sent_by_no_other_site(
    client: TestClient, ada: Account
) -> None:
    token = form_of(client, "/sign-in")
    answer = client.post("/sign-in", data={"csrf": token, "name": "ada", "password": PASSWORD})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Max-Age={int(LENGTH.total_seconds())}" in cookie
    with TestClient(client.app, base_url="https://desk.example", follow_redirects=False) as secure:
        token = form_of(secure, "/sign-in")
        answer = secure.post("/sign-in", data={"csrf": token, "name": "ada", "password": PASSWORD})
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_a_session_expires(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk)
    assert client.get("/account").status_code == 200
    later = desk.now() + LENGTH + datetime.timedelta(seconds=1)
    desk.now = lambda: later
    assert client.get("/account").status_code == 401


def test_signing_out_ends_the_session(client: TestClient, desk: Desk) -> None:
    person = signed_in(client, desk)
    cookie = client.cookies[SESSION_COOKIE]
    assert person.post("/sign-out").status_code == 303
    assert SESSION_COOKIE not in client.cookies
    client.cookies.set(SESSION_COOKIE, cookie)
    assert client.get("/account").status_code == 401


@pytest.mark.parametrize(
    ("wanted", "given"), [("/events/e1?as_of=2024-01-01", "/events/e1?as_of=2024-01-01"), ("//evil.example", "/")]
)
def test_one_goes_on_where_one_came_from_but_never_elsewhere(
    client: TestClient, ada: Account, wanted: str, given: str
) -> None:
    assert send(client, "/sign-in", name="ada", password=PASSWORD, next=wanted)[1] == given


def test_tries_are_limited_by_name_and_by_address(client: TestClient, desk: Desk, ada: Account) -> None:
    desk.limits.rates |= {"sign-in": Rate(3, 300)}
    token = form_of(client, "/sign-in")
    tries = [
        client.post("/sign-in", data={"csrf": token, "name": "ada", "password": "something else"}) for _ in range(4)
    ]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]
    assert 0 < int(tries[-1].headers["retry-after"]) <= 100
    with TestClient(client.app, client=("203.0.113.9", 1), base_url="http://desk.example") as elsewhere:
        token = form_of(elsewhere, "/sign-in")
        right = {"csrf": token, "name": "ada", "password": PASSWORD}
        assert elsewhere.post("/sign-in", data=right).status_code == 429, "the name's tries are used up"


def test_a_refused_sign_in_is_in_the_log_without_the_password(client: TestClient, desk: Desk, ada: Account) -> None:
    send(client, "/sign-in", name="ada", password="something else")
    send(client, "/sign-in", name="ada", password=PASSWORD)
    with desk.database.session() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.account_id) for e in entries] == [("sign_in_refused", None), ("sign_in", None)]
    assert entries[1].detail == {"account": "ada"}
    assert "something" not in str([vars(e) for e in entries])


def test_one_signs_up_with_an_invitation_once(client: TestClient, desk: Desk) -> None:
    with desk.database.session() as session:
        token = new_invitation(session, Role.REVIEWER, None, desk.now())
    told = {"name": "ada", "password": PASSWORD, "invitation": token}
    assert send(client, "/sign-up", **told)[:2] == (303, "/")
    assert client.get("/account.json").json()["role"] == "reviewer"
    status, _, text = send(client, "/sign-up", **{**told, "name": "eve"})
    assert status == 400
    assert "was used" in text


def test_an_invitation_out_of_date_is_refused(client: TestClient, desk: Desk) -> None:
    with desk.database.session() as session:
        token = new_invitation(session, Role.ADMIN, None, desk.now() - datetime.timedelta(days=15))
    assert send(client, "/sign-up", name="ada", password=PASSWORD, invitation=token)[0] == 400


def test_without_an_invitation_one_signs_up_only_at_an_open_desk_and_as_a_reader(
    client: TestClient, desk: Desk
) -> None:
    told = {"name": "ada", "password": PASSWORD}
    assert send(client, "/sign-up", **told)[0] == 400
    desk.settings = type(desk.settings).load({"DRAGOMAN_SERVE_SIGN_UP": "open"}, record=desk.settings.record)
    assert send(client, "/sign-up", **told, role="admin")[0] == 303
    assert client.get("/account.json").json()["role"] == "reader"


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("ada", "short", "12 to 256 characters"),
        ("ada-lovelace", "Ada-Lovelace", "may not be made of the name"),
        ("ada", "aaaaaaaaaaaaaaaa", "different characters"),
        ("Ada!", PASSWORD, "is no name"),
        ("taken", PASSWORD, "already"),
    ],
)
def test_what_cannot_be_signed_up_with_is_told(
    client: TestClient, desk: Desk, name: str, password: str, said: str
) -> None:
    desk.settings = type(desk.settings).load({"DRAGOMAN_SERVE_SIGN_UP": "open"}, record=desk.settings.record)
    with desk.database.session() as session:
        create_account(session, NewAccount("taken"), desk.now())
    status, _, text = send(client, "/sign-up", name=name, password=password)
    assert status == 400
    assert said in text
    assert password not in text or name == password


def test_a_password_is_set_with_a_token_once_and_ends_the_sessions(
    client: TestClient, desk: Desk, ada: Account
) -> None:
    send(client, "/sign-in", name="ada", password=PASSWORD)
    before = client.cookies[SESSION_COOKIE]
    with desk.database.session() as session:
        old, token = (new_reset(session, service.account_named(session, "ada"), desk.now()) for _ in range(2))
    another = "quite another sentence"
    assert send(client, "/reset", token=old, password=another)[0] == 400, "a newer token was given out"
    assert send(client, "/reset", token=token, password="short")[0] == 400
    assert send(client, "/reset", token=f" {token} ", password=another)[0] == 303
    assert send(client, "/reset", token=token, password=another)[0] == 400
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, before)
    assert client.get("/account").status_code == 401
    client.cookies.clear()
    assert send(client, "/sign-in", name="ada", password=PASSWORD)[0] == 401
    assert send(client, "/sign-in", name="ada", password=another)[0] == 303


def test_a_token_for_a_password_is_out_of_date_after_two_hours(client: TestClient, desk: Desk, ada: Account) -> None:
    with desk.database.session() as session:
        account = service.account_named(session, "ada")
        token = new_reset(session, account, desk.now() - datetime.timedelta(hours=2, seconds=1))
    assert send(client, "/reset", token=token, password="quite another sentence")[0] == 400


def test_where_no_mail_is_sent_the_page_says_what_to_do(client: TestClient) -> None:
    assert "Ask an administrator" in client.get("/forgot").text
    assert client.get("/forgot.json").json() == {"title": "Forgotten password", "mails": False}


def test_the_page_for_setting_a_password_takes_no_token_from_its_address(client: TestClient) -> None:
    assert "sesame" not in client.get("/reset?token=sesame").text.replace("/reset.json?token=sesame", "")


def test_the_module_names_no_secret_in_what_it_answers() -> None:
    assert "password" not in sign_in.SignInPage.__dataclass_fields__
    assert "password" not in sign_in.SignUpPage.__dataclass_fields__
    assert "token" not in sign_in.ResetPage.__dataclass_fields__
