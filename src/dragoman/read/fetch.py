"""The only fetcher: public addresses, a deadline, a size, and every redirect checked anew."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import httpcore

from dragoman.errors import FetchError, ReadError, SettingError
from dragoman.read.addresses import Allowed, Target, check_addresses, read_target
from dragoman.read.transfer import Inflater, whole_number
from dragoman.settings import Settings
from dragoman.terms import RefusalReason

PRODUCT = "Dragoman"
"""The name under which a site's robots.txt speaks to Dragoman."""
USER_AGENT = f"{PRODUCT}/0.1 (political event data)"
"""How Dragoman calls itself where no contact is set."""
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/pdf,text/plain,*/*;q=0.5"
)
MOST_REDIRECTS = 5
"""So many redirects are followed from one address."""
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_UNREADABLE = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/zip",
    "application/javascript",
    "text/css",
    "text/javascript",
)
BULK_BYTES = 1 << 30
"""Largest file of event data that is fetched, in bytes."""
BULK_SECONDS = 600.0
"""Longest time for such a file, in seconds."""
_OUTSIDE = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol)

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it came: `url` after redirects, `media_type` the Content-Type as sent, `body` decompressed."""

    url: str
    status: int
    media_type: str | None
    body: bytes
    retrieved: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came, whatever its status: `headers` by their names in small letters; no redirect is followed.

    `body` is decompressed, and empty unless the status is 200.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    retrieved: datetime


class Fetcher:
    """Fetches pages from public addresses under the limits of the settings."""

    def __init__(self, settings: Settings, resolve: Resolver | None = None) -> None:
        self._seconds = settings.fetch_seconds
        self._bytes = settings.document_bytes
        self._allowed = Allowed(settings.fetch_allow)
        self._agent = user_agent(settings.contact)
        self._resolve = resolve or resolve_host
        self._tls = ssl.create_default_context()

    def get(self, url: str, *, bulk: bool = False) -> Fetched:
        """The page at `url`; with `bulk` a file of event data, of any media type and with more time and bytes.

        Raises `FetchError`: `forbidden-address`, or `unreachable` for a failed connection, a spent deadline or a status
        other than 200; `ReadError` with `too-large`, `unknown-format` or `damaged` for content that is not taken.
        """
        deadline = Deadline(BULK_SECONDS if bulk else self._seconds)
        target = read_target(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._one(target, deadline, bulk, {})
            place = redirection(answer)
            if place is None:
                return _page(answer)
            target = read_target(place)
        raise FetchError(
            RefusalReason.UNREACHABLE,
            f"{url} redirects more than {MOST_REDIRECTS} times, last to {target.url}; give the final address.",
        )

    def ask(self, url: str, headers: Mapping[str, str] | None = None, *, bulk: bool = False) -> Answer:
        """One request with further headers, such as `If-None-Match`: the answer, be it 304, a redirect or an error.

        Raises what `get` raises, but for the status.
        """
        return self._one(read_target(url), Deadline(BULK_SECONDS if bulk else self._seconds), bulk, headers or {})

    def _one(self, target: Target, deadline: Deadline, bulk: bool, more: Mapping[str, str]) -> Answer:
        """One request and its answer."""
        backend = CheckedBackend(self._resolve, self._allowed, deadline)
        sent = [*_request_headers(target, self._agent), *more.items()]
        with (
            _translated(target, deadline),
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, retries=0) as pool,
            pool.stream("GET", target.url, headers=sent) as response,
        ):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            body = b""
            if response.status == 200:
                body = self._body(response.iter_stream(), headers, target, deadline, bulk)
        return Answer(target.url, response.status, headers, body, datetime.now(UTC))

    def _body(
        self, stream: Iterable[bytes], headers: Mapping[str, str], target: Target, deadline: Deadline, bulk: bool
    ) -> bytes:
        most = BULK_BYTES if bulk else self._bytes
        media = headers.get("content-type", "").strip().lower()
        if media.startswith(_UNREADABLE) and not bulk:
            raise ReadError(
                RefusalReason.UNKNOWN_FORMAT, f"{target.url} is {media}; pages, text, feeds and PDF are read."
            )
        length = whole_number(headers.get("content-length", ""))
        if length is not None and length > most:
            raise ReadError(
                RefusalReason.TOO_LARGE,
                f"{target.url} has {length:,} bytes; {most:,} are the most that is read at once. Give a "
                "smaller page, or raise DRAGOMAN_DOCUMENT_BYTES.",
            )
        inflater = Inflater(headers.get("content-encoding"), most)
        for piece in stream:
            deadline.left()
            inflater.feed(piece)
        return inflater.finish()


class Deadline:
    """One stretch of time for a whole page, redirects included."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; `httpcore.ReadTimeout` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline is over")
        return left


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to nothing but addresses that it has resolved and checked itself."""

    def __init__(self, resolve: Resolver, allowed: Allowed, deadline: Deadline) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the deadline of the whole page holds)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses, all of them checked; the address itself is connected to."""
        host = host.strip("[]")
        addresses = check_addresses(host, _in_time(self._resolve, host, port, self._deadline), self._allowed)
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address may answer; the last one's failure is reported
        return self._connect(addresses[-1], port, socket_options)

    def _connect(
        self, address: str, port: int, options: Iterable[httpcore.SOCKET_OPTION] | None
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(address, port, timeout=self._deadline.left(), socket_options=options)
        return TimedStream(stream, self._deadline)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Never: a local socket is no page."""
        raise httpcore.ConnectError(f"local sockets are not fetched ({path})")


class TimedStream(httpcore.NetworkStream):
    """A connection on which every step must end before the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Bytes from the connection, before the deadline."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send bytes, before the deadline."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The connection encrypted; the certificate is checked against the host's name, not its address."""
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection below tells."""
        return self._stream.get_extra_info(info)


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _in_time(resolve: Resolver, host: str, port: int, deadline: Deadline) -> list[str]:
    """Resolve in a thread of its own, since the system's resolver knows no deadline."""
    found: list[list[str]] = []
    failed: list[OSError | UnicodeError] = []

    def work() -> None:
        try:
            found.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if failed:
        raise httpcore.ConnectError(f"the name {host} cannot be resolved ({failed[0]})") from failed[0]
    if not found:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time")
    return found[0]


def user_agent(contact: str) -> str:
    """How Dragoman calls itself: its name, version, and whom a site's owner may write to, where that is set."""
    if not contact:
        return USER_AGENT
    if not contact.isascii() or not contact.isprintable():
        raise SettingError(
            f"DRAGOMAN_CONTACT is {contact!r}; it is sent to every site, so only ASCII letters and signs are allowed. "
            "Give a mail address or the address of a page."
        )
    return USER_AGENT.replace(")", f"; contact: {contact})")


def redirection(answer: Answer) -> str | None:
    """Where an answer redirects to, as a whole address; None for one that does not."""
    if answer.status not in _REDIRECTS or "location" not in answer.headers:
        return None
    place = answer.headers["location"]
    try:
        return urljoin(answer.url, place)
    except ValueError:
        return place  # no address at all; whoever goes there refuses it by name


def _page(answer: Answer) -> Fetched:
    """The page of an answer; a `FetchError` (unreachable) where its status is not 200."""
    if answer.status != 200:
        raise FetchError(
            RefusalReason.UNREACHABLE,
            f"{answer.url} answers with status {answer.status}; only 200 is read. Check the address.",
        )
    return Fetched(answer.url, answer.status, answer.headers.get("content-type"), answer.body, answer.retrieved)


def _request_headers(target: Target, agent: str) -> list[tuple[str, str]]:
    host = target.url.split("/")[2]
    return [
        ("Host", host),
        ("User-Agent", agent),
        ("Accept", _ACCEPT),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept-Language", "en"),
        ("Connection", "close"),
    ]


@contextmanager
def _translated(target: Target, deadline: Deadline) -> Iterator[None]:
    """The network's errors as `FetchError`."""
    try:
        yield
    except _OUTSIDE as error:
        what = (
            f"took more than {deadline.seconds:g} seconds" if isinstance(error, httpcore.TimeoutException) else "failed"
        )
        raise FetchError(
            RefusalReason.UNREACHABLE,
            f"Fetching {target.url} {what} ({error or type(error).__name__}); try again later.",
        ) from error
