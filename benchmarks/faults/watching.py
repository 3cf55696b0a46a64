"""A watch that may be killed at any moment: what it runs over, and what must hold of all that it leaves behind."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random

from benchmarks.faults.children import ended, start
from benchmarks.faults.outcome import state
from sqlalchemy import select

from dragoman.database import Delivery, FetchedItem, open_database
from dragoman.pipeline import Record
from dragoman.read import Fetcher
from dragoman.read.draft import Page
from dragoman.read.warc import read_warc
from dragoman.settings import Settings
from dragoman.watch import Alerting, Archive, Channel, Kind, Limits, Source, Watcher, load_rules
from dragoman.watch.delivery import AGAIN
from simulated_watch import DELIVERED, PLEDGED, START, SimulatedClock, rss

RULES = """
[[rule]]
name = "words to deeds"
kind = "ledger"
dyads = ["PRK/RUS"]
domains = ["arms"]
"""
_ALERT = re.compile(r"alert (a[0-9a-f]+)")
_DAY = datetime.timedelta(days=1)


@contextmanager
def news_site(pages: Path) -> Iterator[str]:
    """The sample pages and one on a deed behind a feed on loopback, served by a process of its own; its address."""
    bodies = {f"/{path.name}": path.read_bytes() for path in sorted(pages.glob("*.html"))[:2]} | {"/deed": DELIVERED}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """A page, or none."""
            body = bodies.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html" if self.path != "/feed" else "application/rss+xml")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    bodies["/feed"] = rss([(START, f"{address}{path}") for path in bodies])
    serving = start(server.serve_forever)
    server.server_close()
    try:
        yield address
    finally:
        os.kill(serving, signal.SIGKILL)
        ended(serving)


@dataclass(frozen=True, slots=True)
class Told:
    """Takes every message, as a line of a file that outlives the watcher."""

    place: Path

    def send(self, channel: Channel, title: str, body: str) -> bool:
        """Write the message down."""
        noted = os.open(self.place, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(noted, f"{json.dumps([channel.name, title, body])}\n".encode())
        os.close(noted)
        return True


def _settings(place: Path) -> Settings:
    return Settings.load(
        {}, record=str(place / "record"), database=f"sqlite:///{place}/desk.sqlite", fetch_allow="127.0.0.1"
    )


def before_watching(pages: Path, place: Path) -> None:
    """A record that holds a pledge, a first look for alerts, and a drop folder with a note."""
    drop = place / "drop"
    drop.mkdir()
    pledge = place / "pledge.html"
    pledge.write_bytes(PLEDGED)
    for path in sorted(pages.iterdir())[-1:]:
        shutil.copy(path, drop)
    settings = _settings(place)
    record = Record(settings.record, settings)
    record.add(pledge)
    database = open_database(settings)
    (place / "rules.toml").write_text(RULES, "utf-8")
    Alerting(record, database, load_rules(place / "rules.toml"), [], Told(place / "sent"))(START)
    database.close()


def watch(address: str, place: Path) -> None:
    """Watch a feed and a folder once, with alerts. Each run begins a day after the one before."""
    runs = len(list(place.glob("run-*")))
    (place / f"run-{runs}").touch()
    settings = _settings(place)
    record, database = Record(settings.record, settings), open_database(settings)
    channel, sender = Channel("told", "file:"), Told(place / "sent")
    sources = [
        Source("site", Kind.FEED, (f"{address}/feed",), limits=Limits(spacing=datetime.timedelta(seconds=1))),
        Source("drop", Kind.DROP, folder=place / "drop"),
    ]
    watcher = Watcher(
        record,
        database,
        sources,
        archive=Archive(place / "archive"),
        asker=Fetcher(settings),
        clock=SimulatedClock(START + runs * _DAY),
        random=Random(7),
        after=Alerting(record, database, load_rules(place / "rules.toml"), [channel], sender),
    )
    watcher.once()
    database.close()


def watched(place: Path) -> tuple[str, list[str]]:
    """Record, pages and alerts, but for the moments of fetching; and what is wrong with any of them."""
    rows, wrong = state(place / "record", without=("retrieved",))
    database = open_database(_settings(place))
    with database.session() as session:
        items = list(session.scalars(select(FetchedItem).order_by(FetchedItem.source, FetchedItem.address)))
        ways = list(session.scalars(select(Delivery).order_by(Delivery.alert_id)))
    database.close()
    wrong += [f"{one.address} is not done ({one.outcome!r})" for one in items if one.done is None or one.held_by]
    wrong += [f"alert {one.alert_id} is not delivered" for one in ways if one.delivered is None]
    wrong += _of_archive(place, {one.address for one in items if one.source == "site"})
    wrong += _of_messages(place / "sent", {one.alert_id for one in ways})
    kept = [[one.source, Path(one.address).name] for one in items]
    return json.dumps([rows, kept, [one.alert_id for one in ways]]), wrong


def _of_archive(place: Path, wanted: set[str]) -> list[str]:
    """Every page that was read must stand whole in the raw archive."""
    there = set()
    for path in (place / "archive").glob("*.warc.gz"):
        with path.open("rb") as stream:
            there |= {captured.url for _, captured in read_warc(stream, 10_000_000) if isinstance(captured, Page)}
    return [f"{address} is not in the archive" for address in sorted(wanted - {str(one) for one in there})]


def _of_messages(sent: Path, wanted: set[str]) -> list[str]:
    """Every alert must have been sent; where it was sent again, the message says so."""
    if not wanted:
        return ["there is no alert"]
    found: list[str] = []
    for line in sent.read_text("utf-8").splitlines() if sent.exists() else ():
        body = json.loads(line)[2]
        alerts = _ALERT.findall(body)
        if set(alerts) & set(found) and AGAIN not in body:
            return [f"{alerts} came again without a word about it"]
        found += alerts
    return [f"alert {one} was never sent" for one in sorted(wanted - set(found))]
