"""A web that is slow, endless or hostile, and feeds beyond all measure."""

from __future__ import annotations

import resource
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.faults.children import in_child
from benchmarks.faults.outcome import Outcome

from dragoman.pipeline import Record
from dragoman.read import Input, ReadOptions, read_input
from dragoman.records import Document
from dragoman.settings import Settings

PAGE = (
    b"<html><head><title>A market reopens</title></head><body><article><h1>A market reopens</h1><p>Kenya and Ethiopia "
    b"reopened the border market at Moyale on Monday, officials said, after talks.</p></article></body></html>"
)
SECONDS = 2
MEGABYTES = 1024
FEED_ITEMS = 100_000


class _Site(BaseHTTPRequestHandler):
    """One path for each kind of trouble, and one good page."""

    def do_GET(self) -> None:
        """Answer, or misbehave."""
        try:
            getattr(self, f"_{self.path.strip('/').split('/')[0]}")()
        except OSError:
            return  # the fetcher has hung up, as it should

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _head(self, **more: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _good(self) -> None:
        self._head(Content_Length=str(len(PAGE)))
        self.wfile.write(PAGE)

    def _slow(self) -> None:
        self._head(Content_Length="100000")
        for _ in range(600):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def _silent(self) -> None:
        time.sleep(60)

    def _endless(self) -> None:
        self._head()
        while True:
            self.wfile.write(b"<p>more</p>" * 5000)

    def _chunks(self) -> None:
        self._head(Transfer_Encoding="chunked")
        while True:
            self.wfile.write(b"1\r\nx\r\n" * 500)

    def _bomb(self) -> None:
        packed = _packed()
        self._head(Content_Encoding="gzip", Content_Length=str(len(packed)))
        self.wfile.write(packed)

    def _loop(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/loop/again" if self.path == "/loop" else "/loop")
        self.end_headers()

    def _heads(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: " + b"y" * 5000 + b"\r\n")


@cache
def _packed() -> bytes:
    """Zeros of 500 MB as gzip."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(500)), packer.flush()])


@contextmanager
def site() -> Iterator[str]:
    """The address of the site on loopback."""
    _packed()  # Made before anybody waits for it.
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _tried(place: Path, path: str, reason: str) -> tuple[list[str], float, int]:
    """Add one bad address and a good one; what is wrong, seconds and how far memory grew, in MB."""
    with site() as address:
        settings = Settings.load({}, fetch_allow="127.0.0.1", fetch_seconds=str(SECONDS))
        before, started = _peak(), time.monotonic()
        record = Record(place, settings)
        summary = record.add(f"{address}/{path}", f"{address}/good")
        seconds, grown = time.monotonic() - started, _peak() - before
        stored = [row["reason"] for row in record.store().snapshot().rows("refusals")]
        wrong = [f"{one.table}: {one.problem}" for one in record.verify()]
    if summary.added != 1:
        wrong.append(f"the page beside it was not added ({dict(summary.reasons)})")
    if reason not in stored:
        wrong.append(f"the refusals hold {stored}, not {reason}")
    return wrong, seconds, grown


TROUBLE = (
    ("slow response", "slow", "unreachable"),
    ("response that never comes", "silent", "unreachable"),
    ("endless response", "endless", "too-large"),
    ("endless chunks of one byte", "chunks", "unreachable"),
    ("endless headers", "heads", "unreachable"),
    ("gzip bomb (500 MB in 0.5 MB)", "bomb", "too-large"),
    ("redirect loop", "loop", "unreachable"),
)
"""The faults with their paths and the reason that the stored refusal must give."""


def trouble(folder: Path, points: int) -> list[Outcome]:
    """Every kind of trouble so often, each with a good page beside it that must be added."""
    folder.mkdir(parents=True)
    found = []
    for name, path, reason in TROUBLE:
        outcome = Outcome(name, points)
        slowest, most = 0.0, 0
        for number in range(points):
            place = folder / f"{path}-{number}"
            wrong, seconds, grown = in_child(partial(_tried, place, path, reason))
            outcome.lost += wrong
            slowest, most = max(slowest, seconds), max(most, grown)
        outcome.seen = (
            f"refused as `{reason}` and stored, the page beside it added; {slowest:.1f} s and {most} MB at most"
        )
        found.append(outcome)
    return found


def write_feed(path: Path, items: int) -> Path:
    """An RSS feed of so many different items."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0"?><rss version="2.0"><channel><title>Savanna Daily</title>')
        for number in range(items):
            stream.write(
                f"<item><title>Market number {number} reopens</title><link>https://s.example/{number}</link>"
                f"<pubDate>Mon, 08 May 2023 09:30:00 GMT</pubDate><description>Kenya and Ethiopia reopened market "
                f"number {number} at Moyale on Monday, officials said.</description></item>\n"
            )
        stream.write("</channel></rss>\n")
    return path


def _read_feed(path: Path, most: int) -> tuple[int, list[str], float, int]:
    before, started = _peak(), time.process_time()
    outcomes = list(read_input(Input(str(path), path=path), ReadOptions(document_bytes=most)))
    reasons = [str(one.reason) for one in outcomes if not isinstance(one, Document)]
    return len(outcomes) - len(reasons), reasons, time.process_time() - started, _peak() - before


def feeds(folder: Path, items: int = FEED_ITEMS) -> Outcome:
    """A feed of 100,000 items: refused for its size as things are, and read whole where the limit is raised."""
    folder.mkdir(parents=True)
    path = write_feed(folder / "feed.xml", items)
    outcome = Outcome(f"feed of {items:,} items", 2)
    size = path.stat().st_size
    read, reasons, seconds, grown = in_child(partial(_read_feed, path, 10_000_000))
    if size > 10_000_000 and (read, reasons) != (0, ["too-large"]):
        outcome.lost.append(f"with the usual limit: {read} read, {reasons[:3]}")
    told = f"{size / 1e6:.0f} MB: refused as `too-large` in {seconds:.1f} s"
    read, reasons, seconds, grown = in_child(partial(_read_feed, path, size + 1))
    if read != items or reasons:
        outcome.lost.append(f"with a raised limit: {read} of {items} read, {reasons[:3]}")
    if grown > MEGABYTES:
        outcome.lost.append(f"memory grew by {grown} MB")
    outcome.seen = f"{told}; with a raised limit all are read in {seconds:.0f} s of the processor and {grown} MB"
    return outcome
