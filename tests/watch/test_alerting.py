from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dragoman.database import Database
from dragoman.pipeline import Record
from dragoman.watch import (
    Alerting,
    AppriseSender,
    Channel,
    Kind,
    Limits,
    Source,
    Watcher,
    alerts,
    load_channels,
    load_rules,
)
from simulated_watch import DEED, DELIVERED, MINUTE, PLEDGE, PLEDGED, SECOND, START, SimulatedClock, Site

SECRET = "wonderland9"


class Mailbox:
    """A real SMTP server on loopback; `refusing` makes it turn messages away."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refusing = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing:
            return "451 try again later"
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def close(self) -> None:
        self._controller.stop()


class Hook:
    """A webhook receiver on loopback."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.received.append(json.loads(body) | {"path": self.path})
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    yield found
    found.close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()
    yield found
    found.close()


@pytest.fixture
def channels(mailbox: Mailbox, hook: Hook, tmp_path: Path) -> list[Channel]:
    path = tmp_path / "channels.toml"
    path.write_text(
        '[[channel]]\nname = "desk-mail"\nvariable = "DESK_MAIL"\n'
        f'[[channel]]\nname = "hook"\naddress = "json://127.0.0.1:{hook.port}/{SECRET}"\n'
    )
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=watch@example.org&to=desk@example.org&mode=insecure&x={SECRET}"
    return load_channels(path, {"DESK_MAIL": mail})


RULES = """
[[rule]]
name = "words to deeds"
kind = "ledger"
dyads = ["PRK/RUS"]
domains = ["arms"]
states = ["kept", "partly", "broken"]
"""


@pytest.fixture
def alerting(record: Record, database: Database, channels: list[Channel], tmp_path: Path) -> Callable[..., Alerting]:
    def made(rules: str = RULES, *sources: Source) -> Alerting:
        path = tmp_path / "rules.toml"
        path.write_text(rules)
        return Alerting(record, database, load_rules(path), channels, AppriseSender(), sources)

    return made


def plain(mail: EmailMessage) -> str:
    """The text of a mail with its lines joined."""
    part = mail.get_body(("plain",))
    return " ".join(str(part.get_content() if part else "").split())


def test_a_deed_after_a_pledge_gives_one_mail_and_one_webhook(
    watch: Callable[..., Watcher],
    alerting: Callable[..., Alerting],
    site: Site,
    database: Database,
    mailbox: Mailbox,
    hook: Hook,
    clock: SimulatedClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    later = START + 20 * MINUTE
    site.put("/pledge", PLEDGED)
    site.put("/deed", DELIVERED, later)
    site.put_feed("/feed.xml", [(START, site.url("/pledge")), (later, site.url("/deed"))])
    source = Source(
        "harbour", Kind.FEED, (site.url("/feed.xml"),), interval=5 * MINUTE, limits=Limits(spacing=5 * SECOND)
    )

    first = watch(source, after=alerting())
    first.run(lambda: clock.now() >= START + 15 * MINUTE)
    assert (mailbox.messages, hook.received, alerts(database)) == ([], [], [])
    first = watch(source, after=alerting())
    first.run(lambda: clock.now() >= START + 40 * MINUTE)
    second = watch(source, after=alerting())
    second.run(lambda: clock.now() >= START + 60 * MINUTE)

    (mail,), (posted,), (told,) = mailbox.messages, hook.received, alerts(database)
    assert mail["Subject"] == "Dragoman: PRK/RUS: a pledge of 2026-01-05 is kept"
    for text in (plain(mail), " ".join(posted["message"].split())):
        assert PLEDGE in text
        assert DEED in text
        assert "was open and is now kept: aid or a delivery by Russia on 2026-01-09 fits" in text
        assert "Harbour Line" in text
    assert [piece["text"].rpartition("- ")[2] for piece in told["evidence"]][-1] == DEED
    assert {piece["mention"][0] for piece in told["evidence"]} == {"m"}
    assert set(told["deliveries"]) == {"desk-mail", "hook"}
    assert None not in told["deliveries"].values()
    ours = [entry.getMessage() for entry in caplog.records if not entry.name.startswith("mail")]  # not the server's
    assert any(told["id"] in line for line in ours)
    assert not any(SECRET in line or str(mailbox.port) in line for line in ours)


def test_a_channel_that_fails_is_tried_again_and_the_other_not(
    alerting: Callable[..., Alerting],
    record: Record,
    database: Database,
    mailbox: Mailbox,
    hook: Hook,
    clock: SimulatedClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, page in (("pledge", PLEDGED), ("deed", DELIVERED)):
        (tmp_path / f"{name}.html").write_bytes(page)
    record.add(tmp_path / "pledge.html")
    tell = alerting(f'{RULES}\n[[rule]]\nname = "deeds"\nkind = "deed"\ndyads = ["PRK/RUS"]\n')
    tell(clock.now())
    record.add(tmp_path / "deed.html")
    mailbox.refusing = True
    tell(clock.now())
    assert (len(mailbox.messages), len(hook.received)) == (0, 1)
    assert hook.received[0]["title"].startswith("Dragoman: 2 alerts, first PRK/RUS: a")
    tell(clock.now())
    mailbox.refusing = False
    clock.wait(61)
    tell(clock.now())
    clock.wait(3600)
    tell(clock.now())
    assert (len(mailbox.messages), len(hook.received)) == (1, 1)
    found = alerts(database)
    assert sorted(row["rule"] for row in found) == ["deeds", "words to deeds"]
    assert all(set(row["deliveries"]) == {"desk-mail", "hook"} for row in found)
    assert "desk-mail did not take 2 alerts" in caplog.text
    assert SECRET not in caplog.text


def test_what_stood_in_the_record_before_is_no_news(
    alerting: Callable[..., Alerting], record: Record, database: Database, clock: SimulatedClock, tmp_path: Path
) -> None:
    for name, page in (("pledge", PLEDGED), ("deed", DELIVERED)):
        (tmp_path / f"{name}.html").write_bytes(page)
    record.add(tmp_path / "pledge.html", tmp_path / "deed.html")
    tell = alerting()
    tell(clock.now())
    tell(clock.now())
    assert alerts(database) == []


def test_a_silent_source_is_told_once_and_again_only_after_it_spoke(
    alerting: Callable[..., Alerting],
    watch: Callable[..., Watcher],
    site: Site,
    database: Database,
    hook: Hook,
    clock: SimulatedClock,
) -> None:
    site.put("/pledge", PLEDGED)
    site.put_feed("/feed.xml", [(START, site.url("/pledge"))])
    source = Source(
        "harbour",
        Kind.FEED,
        (site.url("/feed.xml"),),
        interval=15 * MINUTE,
        silence=40 * MINUTE,
        outlet="Harbour Line",
    )
    rules = '[[rule]]\nname = "silent"\nkind = "silence"\nurgent = true\n'
    watcher = watch(source, after=alerting(rules, source))
    watcher.run(lambda: clock.now() >= START + 120 * MINUTE)
    (told,) = alerts(database)
    assert told["title"].startswith("Harbour Line is silent since 2026-01-09 08:00")
    assert "a gap there, which is no zero" in told["why"]
    assert len(hook.received) == 1
