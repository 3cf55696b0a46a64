from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Reset
from dragoman.errors import SettingError
from dragoman.serve import Desk
from dragoman.serve.accounts import NewAccount, create_account
from dragoman.serve.mailing import Mailer
from dragoman.settings import Settings
from signing import form_of


class Post:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler = Post()
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def mailer(port: int) -> Mailer:
    return Mailer(
        Settings.load(
            {
                "DRAGOMAN_SERVE_SMTP": f"smtp://127.0.0.1:{port}",
                "DRAGOMAN_SERVE_ADDRESS": "https://desk.example/",
                "DRAGOMAN_SERVE_MAIL_FROM": "desk@desk.example",
            }
        )
    )


def test_a_link_is_mailed_whose_token_sets_the_password_and_whose_server_is_the_desk_s(
    client: TestClient, desk: Desk, post: tuple[Post, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, port = post
    desk.mailer = mailer(port)
    sending = []
    real = desk.mailer.send_reset
    monkeypatch.setattr(desk.mailer, "send_reset", lambda *told: sending.append(real(*told)))
    with desk.database.session() as session:
        create_account(session, NewAccount("ada", email="ada@example.org"), desk.now())
    asked = {"csrf": form_of(client, "/forgot"), "name": "Ada@example.org"}
    known = client.post("/forgot", data=asked, headers={"host": "desk.example", "x-forwarded-host": "evil.example"})
    unknown = client.post("/forgot", data=asked | {"name": "eve"})
    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    assert len(sending) == 1
    sending[0].join()
    (envelope,) = handler.envelopes
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert isinstance(envelope.content, bytes)
    text = message_from_bytes(envelope.content).get_payload()
    assert isinstance(text, str)
    assert "https://desk.example/reset#token=" in text
    token = text.split("#token=", 1)[1].split()[0]
    told = {"csrf": form_of(client, "/reset"), "token": token, "password": "four words nobody guesses"}
    assert client.post("/reset", data=told).status_code == 303
    with desk.database.session() as session:
        assert session.scalars(select(Reset.used)).one() is not None


def test_a_server_that_does_not_answer_is_noted_without_the_token(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    with caplog.at_level(logging.WARNING):
        mailer(port).send_reset("ada@example.org", "ada", "sesame").join()
    assert "could not be sent" in caplog.text
    assert "sesame" not in caplog.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DRAGOMAN_SERVE_SMTP": "mail.example"}, "is no address of a mail server"),
        ({"DRAGOMAN_SERVE_SMTP": "smtp://mail.example"}, "DRAGOMAN_SERVE_ADDRESS"),
        ({"DRAGOMAN_SERVE_SMTP": "smtp://mail.example", "DRAGOMAN_SERVE_ADDRESS": "desk.example"}, "own address"),
    ],
)
def test_settings_that_cannot_be_are_told(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        Mailer(Settings.load(given))


def test_a_desk_without_a_server_sends_nothing(client: TestClient) -> None:
    assert client.post("/forgot", data={"csrf": form_of(client, "/sign-in"), "name": "ada"}).status_code == 400
