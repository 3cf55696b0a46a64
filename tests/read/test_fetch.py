from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from dragoman.errors import ReadError, SettingError
from dragoman.read.fetch import USER_AGENT, Fetcher, redirection, resolve_host
from dragoman.settings import Settings

PAGE = b"<html><body><p>Kenya and Ethiopia reopened the border market at Moyale on Monday.</p></body></html>"
LIMIT = 100_000
Answer = Callable[[socket.socket, str, bytes], None]


class Server:
    """A bare HTTP server on loopback: `answers` maps paths to what is sent; it keeps the requests it saw."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(2)
            try:
                request = connection.recv(65_536)
                self.requests.append(request)
                path = request.split(b" ")[1].decode("latin-1")
                answer = self.answers.get(path, ok(b"none", status="404 Not Found"))
                if callable(answer):
                    answer(connection, path, request)
                else:
                    connection.sendall(answer)
            except (OSError, IndexError):
                return  # the fetcher hung up, as it should


def ok(body: bytes = PAGE, media: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return ok(b"", status=status, more=f"Location: {location}\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def fetcher(
    allow: str | None = "127.0.0.1", seconds: str = "5", resolve: dict[str, list[str]] | None = None
) -> Fetcher:
    settings = Settings.load({}, fetch_allow=allow or "", fetch_seconds=seconds, document_bytes=str(LIMIT))
    if resolve is None:
        return Fetcher(settings)
    return Fetcher(settings, lambda host, port: resolve[host] if host in resolve else resolve_host(host, port))


def refused(reader: Fetcher, url: str) -> tuple[str, str]:
    with pytest.raises(ReadError) as caught:
        reader.get(url)
    return caught.value.reason, str(caught.value)


def test_a_page_is_fetched_with_an_honest_name(server: Server) -> None:
    server.answers["/a"] = ok()
    fetched = fetcher().get(server.url("/a#part"))
    assert (fetched.status, fetched.body, fetched.media_type) == (200, PAGE, "text/html; charset=utf-8")
    assert fetched.url == server.url("/a")
    assert fetched.retrieved.tzinfo is not None
    assert f"User-Agent: {USER_AGENT}".encode() in server.requests[0]


def test_nothing_inside_is_fetched_by_default(server: Server) -> None:
    server.answers["/"] = ok()
    port = server.port
    for host in (
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "127.0.0.1.",
    ):
        reason, _ = refused(fetcher(None), f"http://{host}:{port}/")
        assert reason in ("forbidden-address", "unreachable"), host
    assert server.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_numbers_for_an_inner_address_are_seen_through(host: str) -> None:
    assert refused(fetcher(None), f"http://{host}/")[0] == "forbidden-address"


def test_a_name_with_a_public_and_a_private_address_is_refused(server: Server) -> None:
    reader = fetcher(None, resolve={"two.example": ["93.184.216.34", "127.0.0.1"]})
    assert refused(reader, server.url("/", "two.example"))[0] == "forbidden-address"
    assert server.requests == []


def test_a_name_that_changes_its_address_is_connected_to_the_checked_one(server: Server) -> None:
    server.answers["/"] = ok()
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    settings = Settings.load({}, fetch_allow="127.0.0.1", document_bytes=str(LIMIT))
    assert Fetcher(settings, resolve).get(server.url("/", "changing.example")).body == PAGE
    assert asked == ["changing.example"]
    assert f"Host: changing.example:{server.port}".encode() in server.requests[0]


def test_the_next_address_is_tried_where_one_does_not_answer(server: Server) -> None:
    server.answers["/"] = ok()
    reader = fetcher("127.0.0.0/8", resolve={"two.example": ["127.0.0.2", "127.0.0.1"]})
    assert reader.get(server.url("/", "two.example")).body == PAGE


def test_an_allowed_host_name_is_fetched(server: Server) -> None:
    server.answers["/"] = ok()
    reader = fetcher("intranet.example", resolve={"intranet.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    assert reader.get(server.url("/", "intranet.example")).body == PAGE
    assert refused(reader, server.url("/", "other.example"))[0] == "forbidden-address"


def test_redirects_are_followed_and_each_is_checked(server: Server) -> None:
    server.answers.update({"/a": redirect("b"), "/b": redirect(server.url("/c"), "308 Permanent"), "/c": ok()})
    assert fetcher().get(server.url("/a")).url == server.url("/c")
    for location in (
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::1]/",
        "//192.168.0.1/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://user:secret@127.0.0.1/",
        "javascript:alert(1)",
    ):
        server.answers["/evil"] = redirect(location)
        assert refused(fetcher(), server.url("/evil"))[0] == "forbidden-address", location


def test_a_redirect_loop_ends(server: Server) -> None:
    server.answers.update({"/a": redirect("/b"), "/b": redirect("/a")})
    reason, message = refused(fetcher(), server.url("/a"))
    assert reason == "unreachable"
    assert "more than 5 times" in message
    assert len(server.requests) == 6


def test_another_status_is_refused(server: Server) -> None:
    for status in ("404 Not Found", "500 Oops", "204 No Content", "304 Not Modified", "302 Found"):
        server.answers["/a"] = ok(b"" if status[0] in "23" else PAGE, status=status)
        reason, message = refused(fetcher(), server.url("/a"))
        assert reason == "unreachable"
        assert status[:3] in message


def test_a_slow_drip_meets_the_deadline(server: Server) -> None:
    def drip(connection: socket.socket, path: str, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            time.sleep(0.05)
            connection.sendall(b"x")

    def drip_head(connection: socket.socket, path: str, request: bytes) -> None:
        for _ in range(100):
            time.sleep(0.05)
            connection.sendall(b"H")

    server.answers["/body"] = drip
    server.answers["/head"] = drip_head
    server.answers["/never"] = lambda connection, path, request: time.sleep(1)
    for path in ("/body", "/head", "/never"):
        started = time.monotonic()
        reason, message = refused(fetcher(seconds="0.4"), server.url(path))
        assert reason == "unreachable", message
        assert time.monotonic() - started < 0.9


def test_redirects_share_one_deadline(server: Server) -> None:
    asked: list[str] = []

    def slow(connection: socket.socket, path: str, request: bytes) -> None:
        asked.append(path)
        time.sleep(0.25)
        connection.sendall(redirect(f"{path}x"))

    for count in range(6):
        server.answers["/s" + "x" * count] = slow
    assert refused(fetcher(seconds="0.6"), server.url("/s"))[0] == "unreachable"
    assert 0 < len(asked) < 4


def test_a_slow_resolver_meets_the_deadline() -> None:
    asked_enough = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        asked_enough.wait(20)
        return ["127.0.0.1"]

    settings = Settings.load({}, fetch_allow="127.0.0.1", fetch_seconds="0.2")
    started = time.monotonic()
    assert refused(Fetcher(settings, resolve), "http://slow.example/")[0] == "unreachable"
    assert time.monotonic() - started < 10
    asked_enough.set()


def test_an_oversize_page_is_stopped(server: Server) -> None:
    sent: list[int] = []

    def endless(connection: socket.socket, path: str, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(2000):
            connection.sendall(b"x" * 10_000)
            sent.append(1)

    server.answers["/endless"] = endless
    server.answers["/said"] = ok(b"", more="").replace(b"Content-Length: 0", b"Content-Length: 50000000")
    assert refused(fetcher(), server.url("/endless"))[0] == "too-large"
    assert len(sent) < 1500
    assert refused(fetcher(), server.url("/said"))[0] == "too-large"


def test_a_gzip_bomb_is_stopped(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMIT
    server.answers["/bomb"] = ok(bomb, more="Content-Encoding: gzip\r\n")
    assert refused(fetcher(), server.url("/bomb"))[0] == "too-large"


def test_gzip_is_undone_and_damage_named(server: Server) -> None:
    packed = gzip.compress(PAGE)
    server.answers["/a"] = ok(packed, more="Content-Encoding: gzip\r\n")
    server.answers["/cut"] = ok(packed[:-12], more="Content-Encoding: gzip\r\n")
    server.answers["/br"] = ok(b"xx", more="Content-Encoding: br\r\n")
    assert fetcher().get(server.url("/a")).body == PAGE
    assert refused(fetcher(), server.url("/cut"))[0] == "damaged"
    assert refused(fetcher(), server.url("/br"))[0] == "unknown-format"


def test_images_are_not_fetched(server: Server) -> None:
    server.answers["/a"] = ok(b"\x89PNG", media="image/png")
    assert refused(fetcher(), server.url("/a"))[0] == "unknown-format"


def test_a_server_that_speaks_no_http_or_hangs_up_is_unreachable(server: Server) -> None:
    server.answers["/garbage"] = b"SSH-2.0-OpenSSH_9.6\r\n"
    server.answers["/short"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\nshort"
    server.answers["/nothing"] = b""
    server.answers["/heads"] = b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 500_000
    for path in ("/garbage", "/short", "/nothing", "/heads"):
        assert refused(fetcher(), server.url(path))[0] == "unreachable", path


def test_a_closed_port_and_an_unknown_name_are_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert refused(fetcher(), f"http://127.0.0.1:{port}/")[0] == "unreachable"

    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    assert refused(Fetcher(Settings.load({}), fail), "http://no.example/")[0] == "unreachable"
    assert refused(Fetcher(Settings.load({}), lambda host, port: []), "http://no.example/")[0] == "unreachable"


def test_an_encrypted_connection_needs_a_certificate(server: Server) -> None:
    server.answers["/"] = ok()
    assert refused(fetcher(), server.url("/").replace("http:", "https:"))[0] == "unreachable"


def test_one_request_gives_the_answer_whatever_its_status(server: Server) -> None:
    server.answers["/same"] = ok(b"", status="304 Not Modified", more='ETag: "a"\r\n')
    server.answers["/busy"] = ok(b"later", status="429 Too Many Requests", more="Retry-After: 7\r\n")
    server.answers["/moved"] = redirect("/page")
    server.answers["/page"] = ok(more='ETag: "b"\r\n')
    reader = fetcher()
    same = reader.ask(server.url("/same"), {"If-None-Match": '"a"'})
    assert (same.status, same.body, same.headers["etag"]) == (304, b"", '"a"')
    assert b'If-None-Match: "a"' in server.requests[0]
    busy = reader.ask(server.url("/busy"))
    assert (busy.status, busy.body, busy.headers["retry-after"]) == (429, b"", "7")
    moved = reader.ask(server.url("/moved"))
    assert (moved.status, redirection(moved)) == (302, server.url("/page"))
    assert redirection(same) is None
    assert reader.ask(server.url("/page")).body == PAGE
    assert len(server.requests) == 4


def test_one_request_refuses_what_a_page_would_be_refused_for(server: Server) -> None:
    with pytest.raises(ReadError) as told:
        fetcher(allow="").ask(server.url("/page"))
    assert told.value.reason == "forbidden-address"
    assert server.requests == []


def test_the_contact_is_sent_to_the_site(server: Server) -> None:
    server.answers["/a"] = ok()
    Fetcher(Settings.load({}, fetch_allow="127.0.0.1", contact="desk@example.org")).get(server.url("/a"))
    assert b"User-Agent: Dragoman/0.1 (political event data; contact: desk@example.org)\r\n" in server.requests[0]


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "ключ"])
def test_a_contact_that_would_break_the_header_is_refused(contact: str) -> None:
    with pytest.raises(SettingError, match="DRAGOMAN_CONTACT"):
        Fetcher(Settings.load({}, contact=contact))


@pytest.mark.parametrize("length", ["²", "9" * 5000, "-1", "1, 2", "0x10", "9" * 30])
def test_a_length_that_is_no_number_or_beyond_all_measure_is_refused(server: Server, length: str) -> None:
    server.answers["/"] = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n".encode(
        "latin-1"
    )
    assert refused(fetcher(), server.url("/"))[0] in ("unreachable", "too-large")


@pytest.mark.parametrize("status", ["²00 OK", "99999 OK", "-1 OK", "2\u00b20"])
def test_a_status_that_is_no_number_is_unreachable(server: Server, status: str) -> None:
    server.answers["/"] = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode("latin-1")
    assert refused(fetcher(), server.url("/"))[0] == "unreachable"


@pytest.mark.parametrize(
    "location",
    ["http://[::1", "http://\x00/", "http://a:b:c/", "http://" + "a" * 5000, "http://xn--\xff/", "http:///"],
)
def test_a_redirect_to_no_address_is_refused(server: Server, location: str) -> None:
    server.answers["/"] = (
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location.encode("latin-1") + b"\r\n\r\n"
    )
    assert refused(fetcher(), server.url("/"))[0] in ("forbidden-address", "unreachable")


def test_endless_chunks_meet_the_deadline_or_the_limit(server: Server) -> None:
    def chunks(connection: socket.socket, path: str, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100_000):
            connection.sendall(b"1\r\nx\r\n" * 100)

    server.answers["/"] = chunks
    started = time.monotonic()
    assert refused(fetcher(seconds="0.5"), server.url("/"))[0] in ("unreachable", "too-large")
    assert time.monotonic() - started < 3


def test_a_chunk_beyond_all_measure_is_refused(server: Server) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    for size in (b"f" * 17, b"f" * 5000, b"-1", b"zz"):
        server.answers["/"] = head + size + b"\r\nabc\r\n"
        assert refused(fetcher(), server.url("/"))[0] == "unreachable", size
