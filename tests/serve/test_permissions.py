"""Every route lets pass whose role has the permission that it states, and nobody else; no form comes from elsewhere."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from dragoman.serve import ROLE_PERMISSIONS, Desk, Permission, Role
from dragoman.serve.roles import PUBLIC
from dragoman.serve.routes import PARTS
from signing import signed_in

ROUTES = sorted(
    (
        (method, route.path, Permission((route.openapi_extra or {})["x-permission"]))
        for pages in PARTS
        for route in pages.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ),
)
ACTIONS = [path for method, path, _ in ROUTES if method == "POST"]
AS_PROGRAM = {"accept": "application/json"}


def filled(path: str) -> str:
    """An address of a route; what it names is not there."""
    return re.sub(r"\{[^}]*\}", "1", path)


def refused(status: int, told: object) -> bool:
    """Whether an answer is the one of a permission that is lacking."""
    return status == 401 or (status == 403 and "Your role does not include" in str(told))


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_every_route_lets_in_exactly_whom_it_states(client: TestClient, desk: Desk, role: Role | None) -> None:
    has = ROLE_PERMISSIONS[role] if role else PUBLIC
    wrong = []
    for method, path, permission in ROUTES:
        client.cookies.clear()
        csrf = signed_in(client, desk, role).form_token if role else form_token_of_nobody(client)
        address = filled(path)
        headers = AS_PROGRAM | {"x-form-token": csrf}
        answer = client.get(address, headers=headers) if method == "GET" else client.post(address, headers=headers)
        if answer.status_code >= 500:
            wrong.append(f"{method} {address}: {answer.status_code}")
        if path == "/sign-in" and method == "POST":
            continue  # Its own 401 says that name and password do not fit.
        told = answer.text if answer.status_code == 403 else ""
        if refused(answer.status_code, told) == (permission in has):
            wrong.append(f"{method} {address} ({permission}): {answer.status_code}")
    assert wrong == []


def form_token_of_nobody(client: TestClient) -> str:
    text = client.get("/sign-in").text
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def test_there_are_routes_of_every_permission_that_this_desk_uses() -> None:
    assert {permission for _, _, permission in ROUTES} >= {
        Permission.READ,
        Permission.ACCOUNT,
        Permission.ADMINISTER,
        Permission.OBSERVE,
    }


def test_a_form_without_its_token_or_from_elsewhere_is_refused_by_every_action(client: TestClient, desk: Desk) -> None:
    another = signed_in(client, desk, Role.ADMIN, "another").form_token
    own = signed_in(client, desk, Role.ADMIN).form_token
    passed = []
    for path in ACTIONS:
        for csrf, origin in (
            (None, None),
            ("guessed", None),
            (another, None),
            (own, "https://evil.example"),
            (own, "null"),
        ):
            headers = AS_PROGRAM | ({"origin": origin} if origin else {})
            answer = client.post(filled(path), data={"csrf": csrf} if csrf else {}, headers=headers)
            if answer.status_code != 403 or "out of date" not in answer.text:
                passed.append(f"{path} with {csrf} from {origin}: {answer.status_code}")
    assert passed == []
    assert client.get("/account").status_code == 200


def test_a_form_of_this_desk_passes_with_its_origin(client: TestClient, desk: Desk) -> None:
    person = signed_in(client, desk)
    fields = {"csrf": person.form_token, "about": "Reads."}
    answer = client.post("/account/profile", data=fields, headers={"origin": "http://desk.example"})
    assert answer.status_code == 303
    assert client.get("/account.json").json()["about"] == "Reads."


def test_the_token_of_a_form_before_signing_in_does_not_hold_after_it(client: TestClient, desk: Desk) -> None:
    before = form_token_of_nobody(client)
    signed_in(client, desk)
    assert client.post("/account/profile", data={"csrf": before}).status_code == 403


@pytest.mark.parametrize("address", ["/sign-in?next=%00", "/account%00", "/?q=%00"])
def test_a_null_character_in_an_address_is_no_failure_of_the_desk(client: TestClient, address: str) -> None:
    assert client.get(address).status_code in (400, 404)


def test_a_null_character_in_a_form_is_refused(client: TestClient, desk: Desk) -> None:
    assert signed_in(client, desk).post("/account/profile", about="a\0b").status_code == 400
