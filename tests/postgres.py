"""A throw-away PostgreSQL server on loopback: `python tests/postgres.py -- COMMAND …` runs a command beside one.

The command finds its address in DRAGOMAN_TEST_POSTGRES. Needs Debian's package `postgresql`, or `initdb` on the path.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """The address of a new database on a server, which is dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    root = make_url(server).set(drivername="postgresql+pg8000")
    engine = create_engine(root, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield root.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


class Server:
    """A server in a folder of its own; `stop` and `start` as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.port = _free_port()
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        _run(folder, "initdb", "-D", str(self.folder), "-U", "postgres", "-A", "trust", "--no-sync")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = str(self.folder / "log")
        _run(self.folder.parent, "pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, open connections or not."""
        _run(self.folder.parent, "pg_ctl", "-D", str(self.folder), "-w", "-m", "immediate", "stop")


@contextmanager
def running() -> Iterator[Server]:
    """A running server, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dragoman-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, _unprivileged().pw_uid, _unprivileged().pw_gid)
    try:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            if (server.folder / "postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, program: str, *words: str) -> None:
    """Run one of the server's programs; as the administrator in another's name, as it refuses to be run by that one."""
    user = _unprivileged().pw_name if os.geteuid() == 0 else None
    done = subprocess.run(
        [_program(program), *words],
        user=user,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr.strip()}")


def _program(name: str) -> str:
    places = [Path(found) for found in [shutil.which(name)] if found]
    places += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if not places:
        raise SystemExit(f"There is no {name}; install PostgreSQL, for instance with apt-get install postgresql.")
    return str(places[0])


def _unprivileged() -> pwd.struct_passwd:
    return pwd.getpwnam("postgres")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def main(words: Sequence[str]) -> int:
    """Run the command after `--` beside a server; its exit code."""
    if len(words) < 2 or words[0] != "--":
        raise SystemExit("usage: python tests/postgres.py -- COMMAND …")
    with running() as server:
        return subprocess.run(
            list(words[1:]), env={**os.environ, "DRAGOMAN_TEST_POSTGRES": server.address}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
