"""A clock that tests move, and a news site on loopback that lives by it."""

from __future__ import annotations

import datetime
import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

START = datetime.datetime(2026, 1, 9, 8, 0, tzinfo=datetime.UTC)
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
"""Addresses that are hosts of their own."""
SECOND = datetime.timedelta(seconds=1)
MINUTE = datetime.timedelta(minutes=1)


class SimulatedClock:
    """Time that passes only when somebody waits."""

    def __init__(self, moment: datetime.datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime.datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += datetime.timedelta(seconds=seconds)


@dataclass
class Reply:
    """What the site sends: status, body, media type, further headers, and real seconds that it takes."""

    body: bytes = b""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0


@dataclass(frozen=True)
class Seen:
    """A request as the site saw it."""

    at: datetime.datetime
    host: str
    path: str
    status: int
    conditional: bool


Page = bytes | Reply | Callable[[int], bytes | Reply]
"""What stands at a path; a function is given how often the path was asked for before."""


class Site:
    """A web server on some loopback addresses; unchanged pages answer 304 to whoever names their ETag."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self.pages: dict[str, list[tuple[datetime.datetime, Page]]] = defaultdict(list)
        self.seen: list[Seen] = []
        self._counts: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing on standard error."""

        self._servers = {host: ThreadingHTTPServer((host, 0), Handler) for host in HOSTS}
        self._threads = []
        for server in self._servers.values():
            server.daemon_threads = True
            self._threads.append(threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True))
            self._threads[-1].start()

    def close(self) -> None:
        for server, thread in zip(self._servers.values(), self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()

    def url(self, path: str, host: str = HOSTS[0]) -> str:
        return f"http://{host}:{self._servers[host].server_address[1]}{path}"

    def put(self, path: str, page: Page, at: datetime.datetime = START) -> None:
        """Let a page appear, or change, at a moment."""
        self.pages[path].append((at, page))
        self.pages[path].sort(key=lambda entry: entry[0])

    def put_feed(self, path: str, links: Iterable[tuple[datetime.datetime, str]]) -> None:
        """An RSS feed that names each link from its moment on, the newest first."""
        known = sorted(links)
        for moment, _ in [(START, ""), *known]:
            self.put(path, Reply(rss([(at, link) for at, link in known if at <= moment][::-1]), media=RSS), moment)

    def requests(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers.get("Host", "").partition(":")[0]
        path = handler.path
        now = self.clock.now()
        with self._lock:
            count = self._counts[path]
            self._counts[path] += 1
        there = [page for at, page in self.pages.get(path, []) if at <= now]
        page: Any = there[-1] if there else Reply(b"none", 404)
        reply = page(count) if callable(page) else page
        reply = Reply(reply) if isinstance(reply, bytes) else reply
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        asked = handler.headers.get("If-None-Match")
        status = 304 if reply.status == 200 and asked == etag else reply.status
        with self._lock:
            self.seen.append(Seen(now, host, path, status, asked is not None))
        if reply.slow:
            threading.Event().wait(reply.slow)
        try:
            handler.send_response(status)
            for name, value in {"ETag": etag, **reply.headers}.items():
                handler.send_header(name, value)
            body = b"" if status == 304 else reply.body
            handler.send_header("Content-Type", reply.media)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            return  # The watcher hung up, as it should.


RSS = "application/rss+xml"


def rss(entries: Iterable[tuple[datetime.datetime, str]], title: str = "Harbour Line") -> bytes:
    items = "".join(
        f"<item><title>Story {link.rpartition('/')[2]}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for at, link in entries
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
    return text.encode()


def sitemap(entries: Iterable[tuple[str, datetime.datetime | None]], root: str = "urlset", inner: str = "url") -> bytes:
    found = "".join(
        f"<{inner}><loc>{link}</loc>{f'<lastmod>{at.isoformat()}</lastmod>' if at else ''}</{inner}>"
        for link, at in entries
    )
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</{root}>'.encode()


def story(title: str, day: datetime.date, *paragraphs: str, outlet: str = "Harbour Line") -> bytes:
    """A page with one article, as a plain site serves it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<html lang="en"><head><title>{title}</title><meta property="og:site_name" content="{outlet}">'
        f'<meta property="article:published_time" content="{day}T08:00:00Z"></head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()


PLEDGE = "Russia promised on Monday to deliver air defence systems to North Korea."
DEED = "Russia delivered air defence systems to North Korea on Friday."
PLEDGED = story(
    "Air defence for Pyongyang",
    datetime.date(2026, 1, 5),
    f"MOSCOW - {PLEDGE}",
    "The paper saw the text of the announcement, which is two pages long and names neither a number nor a day, in the "
    "course of the morning.",
)
DELIVERED = story(
    "Crates at the quay",
    datetime.date(2026, 1, 9),
    f"RASON - {DEED}",
    "The crates were unloaded at the port in the morning, a correspondent of the paper who stood on the quay reported.",
)
