"""A desk that is told to stop ends in bounded time, however much is asked of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from dragoman.cli import serve
from running import KEPT

SLACK = 45.0
"""Seconds beside what the desk allows itself, as machines that run tests are busy."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_it_ends_though_readers_hold_on_to_it(tmp_path: Path) -> None:
    shutil.copytree(KEPT, tmp_path / "record")
    port = free_port()
    words = [sys.executable, "-m", "dragoman", "--record", str(tmp_path / "record"), "serve", "--port", str(port)]
    environment = os.environ | {"DRAGOMAN_SERVE_HELPERS": "1"}
    with (
        ExitStack() as readers,
        subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL, text=True) as desk,
    ):
        try:
            for _ in range(8):
                # Half a request: the desk waits for its end.
                held = readers.enter_context(reader(port))
                held.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nname=")
            asking = readers.enter_context(reader(port))
            asking.sendall(b"GET /dyads/PRK/RUS/ritual HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.2)
            desk.send_signal(signal.SIGTERM)
            assert desk.wait(serve.LAST + SLACK) in (0, -signal.SIGTERM)
        finally:
            desk.kill()


def reader(port: int) -> socket.socket:
    until = time.monotonic() + 120
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
