from __future__ import annotations

import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Account, ApiToken, AuditEntry
from dragoman.serve import Desk, Permission
from dragoman.serve.accounts import NewAccount, account_named, create_account, new_api_token, set_disabled, set_role
from dragoman.serve.limiting import Rate
from dragoman.serve.person import SESSION_COOKIE
from dragoman.serve.roles import Role
from signing import Signed, signed_in

PASSWORD = "four words nobody guesses"


@pytest.fixture
def ada(client: TestClient, desk: Desk) -> Signed:
    with desk.database.session() as session:
        create_account(session, NewAccount("ada", "Ada", "ada@example.org", PASSWORD, Role.REVIEWER), desk.now())
    return signed_in(client, desk, name="ada")


def token_of(desk: Desk, person: Signed, *scopes: Permission) -> dict[str, str]:
    with desk.database.session() as session:
        made = new_api_token(session, person.account_id, "a program", frozenset(scopes), desk.now())
    return {"authorization": f"Bearer {made}"}


def test_the_profile_is_changed(client: TestClient, ada: Signed) -> None:
    told = {"display_name": "Ada L.", "about": "Reads <b>much</b>.", "email": "ada@example.org"}
    assert ada.post("/account/profile", **told).status_code == 303
    data = client.get("/account.json").json()
    assert {key: data[key] for key in told} == told
    assert "<b>much" not in client.get("/account").text


def test_the_address_for_mail_is_changed_only_with_the_password(client: TestClient, ada: Signed) -> None:
    wanted = {"email": "other@example.org"}
    assert ada.post("/account/profile", **wanted).status_code == 400
    assert ada.post("/account/profile", **wanted, password="something else").status_code == 400
    assert client.get("/account.json").json()["email"] == "ada@example.org"
    assert ada.post("/account/profile", **wanted, password=PASSWORD).status_code == 303
    assert client.get("/account.json").json()["email"] == "other@example.org"


def test_an_address_that_another_account_has_is_refused(client: TestClient, desk: Desk, ada: Signed) -> None:
    with desk.database.session() as session:
        create_account(session, NewAccount("eve", email="eve@example.org"), desk.now())
    answer = ada.post("/account/profile", email="eve@example.org", password=PASSWORD)
    assert answer.status_code == 400


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(client: TestClient, desk: Desk, ada: Signed) -> None:
    here, ada = client.cookies[SESSION_COOKIE], signed_in(client, desk, name="ada")
    assert ada.post("/account/password", current="wrong", password="quite another sentence").status_code == 400
    assert ada.post("/account/password", current=PASSWORD, password="short").status_code == 400
    assert ada.post("/account/password", current=PASSWORD, password="quite another sentence").status_code == 303
    assert client.get("/account.json").json()["sessions"] == 1
    client.cookies.set(SESSION_COOKIE, here, domain="desk.example")
    assert client.get("/account").status_code == 401


def test_guessing_the_current_password_is_limited(desk: Desk, ada: Signed) -> None:
    desk.limits.rates["sign-in"] = Rate(2, 300)
    tries = [ada.post("/account/password", current="wrong", password=PASSWORD).status_code for _ in range(3)]
    assert tries == [400, 400, 429]


def test_one_signs_out_everywhere(client: TestClient, desk: Desk, ada: Signed) -> None:
    other = client.cookies[SESSION_COOKIE]
    assert signed_in(client, desk, name="ada").post("/account/sign-out-everywhere").status_code == 303
    client.cookies.set(SESSION_COOKIE, other, domain="desk.example")
    assert client.get("/account").status_code == 401


def test_a_token_is_shown_once_and_kept_as_a_hash(client: TestClient, desk: Desk, ada: Signed) -> None:
    answer = ada.ask("/account/tokens", name="nightly", scope=["review", "account"])
    token = answer.json()["secret"]
    assert answer.headers["cache-control"] == "no-store"
    assert token not in client.get("/account").text
    row = client.get("/account.json").json()["tokens"][0]
    assert (row["name"], row["scopes"]) == ("nightly", ["account", "review"])
    with desk.database.session() as session:
        assert token not in str(vars(session.scalars(select(ApiToken)).one()))
        assert token not in str([vars(entry) for entry in session.scalars(select(AuditEntry))])
    client.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/account.json", headers=headers).json()["name"] == "ada"
    assert client.get("/account.json", headers=headers).json()["tokens"][0]["last_used"] is not None


def test_a_token_has_no_more_than_its_owner(desk: Desk, ada: Signed) -> None:
    assert ada.post("/account/tokens", name="x", scope="administer").status_code == 400
    assert ada.post("/account/tokens", name="x", scope="everything").status_code == 422
    assert ada.post("/account/tokens", name="x").status_code == 422


def test_a_token_may_do_only_what_its_scopes_say_even_if_the_role_has_more(
    client: TestClient, desk: Desk, ada: Signed
) -> None:
    headers = token_of(desk, ada, Permission.REVIEW)
    client.cookies.clear()
    assert client.get("/index.json", headers=headers).status_code == 200
    assert client.get("/account.json", headers=headers).status_code == 403


def test_a_token_loses_what_its_owner_s_role_loses(client: TestClient, desk: Desk) -> None:
    boss = signed_in(client, desk, Role.ADMIN)
    signed_in(client, desk, Role.ADMIN, "second")
    headers = token_of(desk, boss, Permission.ADMINISTER)
    client.cookies.clear()
    assert client.get("/admin.json", headers=headers).status_code == 200
    with desk.database.session() as session:
        set_role(session, account_named(session, boss.name), Role.READER)
    assert client.get("/admin.json", headers=headers).status_code == 403


def test_a_program_needs_no_form_token_but_changes_neither_password_nor_tokens(
    client: TestClient, desk: Desk, ada: Signed
) -> None:
    headers = token_of(desk, ada, Permission.ACCOUNT)
    client.cookies.clear()
    profile = {"about": "by a program", "email": "ada@example.org"}
    assert client.post("/account/profile", data=profile, headers=headers).status_code == 303
    for path, told in (
        ("/account/password", {"current": PASSWORD, "password": "quite another sentence"}),
        ("/account/tokens", {"name": "x", "scope": "account"}),
        ("/account/profile", {"email": "other@example.org", "password": PASSWORD}),
    ):
        assert client.post(path, data=told, headers=headers).status_code == 403


def test_a_token_is_revoked_by_its_owner_alone(client: TestClient, desk: Desk, ada: Signed) -> None:
    headers = token_of(desk, ada, Permission.ACCOUNT)
    number = client.get("/account.json").json()["tokens"][0]["id"]
    assert signed_in(client, desk, Role.ADMIN).post(f"/account/tokens/{number}/revoke").status_code == 404
    ada = signed_in(client, desk, name="ada")
    assert ada.post(f"/account/tokens/{number}/revoke").status_code == 303
    assert ada.post(f"/account/tokens/{10**30}/revoke").status_code == 404
    client.cookies.clear()
    assert client.get("/account.json", headers=headers).status_code == 401


def test_a_disabled_account_s_sessions_and_tokens_end_for_good(client: TestClient, desk: Desk, ada: Signed) -> None:
    headers = token_of(desk, ada, Permission.ACCOUNT)
    for disabled in (True, False):
        with desk.database.session() as session:
            set_disabled(session, account_named(session, "ada"), disabled, desk.now())
    assert client.get("/account").status_code == 401
    client.cookies.clear()
    assert client.get("/account.json", headers=headers).status_code == 401


def test_administrators_see_people_a_page_at_a_time(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk, Role.ADMIN)
    with desk.database.session() as session:
        for number in range(60):
            session.add(Account(name=f"p{number:02}", display_name="P", password_hash="!", role="reader"))
    first = client.get("/admin.json").json()
    assert (len(first["people"]), first["count"], first["after"]) == (50, 61, "p48")
    rest = client.get("/admin.json?after=p48").json()
    assert [len(rest["people"]), rest["after"]] == [11, ""]
    assert "/admin?after=p48" in client.get("/admin").text


def test_administrators_change_roles_shut_out_and_keep_one_of_themselves(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk, Role.READER, "eve")
    boss = signed_in(client, desk, Role.ADMIN, "boss")
    assert boss.post("/admin/people/eve/role", role="moderator").status_code == 303
    assert boss.post("/admin/people/eve/role", role="king").status_code == 422
    assert boss.post("/admin/people/nobody/role", role="reader").status_code == 400
    assert boss.post("/admin/people/eve/disable", disabled="true").status_code == 303
    people = {row["name"]: row for row in client.get("/admin.json").json()["people"]}
    assert (people["eve"]["role"], people["eve"]["disabled"]) == ("moderator", True)
    assert boss.post("/admin/people/boss/role", role="reader").status_code == 400
    assert boss.post("/admin/people/boss/disable", disabled="true").status_code == 400


def test_what_administrators_give_out_works(client: TestClient, desk: Desk, ada: Signed) -> None:
    boss = signed_in(client, desk, Role.ADMIN)
    page = boss.post("/admin/people/ada/reset")
    assert page.status_code == 200
    assert "/reset#token=" in page.text
    invitation = boss.ask("/admin/invitations", role="author").json()["secret"]
    assert client.get("/admin.json").json()["invitations"] == 1
    client.cookies.clear()
    csrf = client.get("/sign-up").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    told = {"csrf": csrf, "name": "eve", "password": PASSWORD, "invitation": invitation}
    assert client.post("/sign-up", data=told).status_code == 303
    assert client.get("/account.json").json()["role"] == "author"


def test_the_log_tells_who_did_what_the_newest_first(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk, Role.READER, "eve")
    boss = signed_in(client, desk, Role.ADMIN, "boss")
    boss.post("/admin/people/eve/role", role="author")
    boss.post("/admin/people/eve/disable", disabled="true")
    entries = client.get("/admin/audit.json").json()["entries"]
    assert [(e["person"], e["action"], e["subject"]) for e in entries] == [
        ("boss", "disable_account", "/admin/people/eve/disable"),
        ("boss", "change_role", "/admin/people/eve/role"),
    ]
    assert entries[1]["detail"] == '{"from": "reader", "to": "author"}'
    assert "change role" in client.get("/admin/audit").text


def test_the_log_is_read_a_page_at_a_time(client: TestClient, desk: Desk) -> None:
    signed_in(client, desk, Role.ADMIN)
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    with desk.database.session() as session:
        session.add_all(AuditEntry(at=at, action="x", subject=str(n), detail={}) for n in range(60))
    first = client.get("/admin/audit.json").json()
    rest = client.get(f"/admin/audit.json?before={first['before']}").json()
    assert [len(first["entries"]), len(rest["entries"]), rest["before"]] == [50, 10, None]
    assert client.get("/admin/audit.json?before=0").status_code == 422
