"""A record on S3: moto's server on loopback stands in for it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import RecordError, RecordMissing
from dragoman.pipeline import Record, View, Wish, view_rows
from dragoman.record import TABLES, locks
from dragoman.record.locks import Lease


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server of S3 with an empty bucket `news`, and the variables that name it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # In a process of its own: deltalake asks it while it keeps this one's threads waiting.
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    urllib.request.urlopen(urllib.request.Request(f"{address}/news", method="PUT")).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ALLOW_HTTP", "true")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield address
    server.kill()
    server.wait()


@pytest.fixture(scope="module")
def there(endpoint: str, ten_pages: Path) -> Record:
    made = Record("s3://news/record/")
    assert made.add(ten_pages).added == 10
    return made


@pytest.fixture(scope="module")
def here(ten_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Record:
    made = Record(tmp_path_factory.mktemp("here") / "record")
    made.add(ten_pages)
    return made


def content(record: Record) -> dict[str, list[dict[str, Any]]]:
    snapshot = record.store().snapshot()
    return {name: sorted(snapshot.rows(name), key=lambda row: row["id"]) for name in TABLES}


def put(endpoint: str, pages: Path) -> None:
    for page in sorted(pages.iterdir()):
        address, kind = f"{endpoint}/news/pages/{page.name}", {"Content-Type": "application/octet-stream"}
        wanted = urllib.request.Request(address, page.read_bytes(), kind, method="PUT")
        urllib.request.urlopen(wanted).close()


def test_a_record_on_s3_holds_what_one_in_a_folder_holds(there: Record, here: Record, ten_pages: Path) -> None:
    assert content(there) == content(here)
    assert there.verify() == []
    assert there.add(ten_pages).known == 10


@pytest.mark.parametrize("view", list(View))
def test_every_view_of_a_record_on_s3_is_the_same(there: Record, here: Record, view: View) -> None:
    assert view_rows(there.dyad("PRK", "RUS"), view, Wish()) == view_rows(here.dyad("PRK", "RUS"), view, Wish())


def test_a_look_back_and_an_export_on_s3_are_the_same(there: Record, here: Record) -> None:
    as_of = date(2024, 6, 1)
    assert there.events("PRK", "RUS", as_of=as_of) == here.events("PRK", "RUS", as_of=as_of)
    assert there.to_arrow() == here.to_arrow()


def test_housekeeping_on_s3(endpoint: str, ten_pages: Path) -> None:
    first, *others = sorted(ten_pages.iterdir())
    record = Record("s3://news/kept")
    record.add(first)
    record.add(*others)
    before = content(record)
    assert record.compact().version == 3
    assert content(record) == before
    done = record.vacuum(versions=1)
    assert done.gone == (0, 1, 2)
    assert done.files
    assert content(record) == before
    assert record.verify() == []


def test_where_there_is_no_record_on_s3_the_message_says_so(endpoint: str) -> None:
    with pytest.raises(RecordMissing, match=r"no record at s3://news/nothing"):
        Record("s3://news/nothing").store()


def test_a_bucket_that_is_not_there_is_told(endpoint: str, ten_pages: Path) -> None:
    with pytest.raises(RecordError, match=r"record at s3://nobucket/record cannot be reached.*AWS_ENDPOINT_URL"):
        Record("s3://nobucket/record").add(ten_pages)


def test_one_writer_at_a_time_holds_the_lease(endpoint: str) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        lease = Lease("s3://news/shared", 60)
        lease.acquire()
        inside.append(number)
        most.append(len(inside))
        lease.check()
        inside.remove(number)
        lease.release()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_a_lease_that_nobody_renews_runs_out_and_its_holder_is_told(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, other = Lease("s3://news/left", 60), Lease("s3://news/left", 60)
    dead.acquire()
    dead.stop()
    with pytest.raises(RecordError, match="for over 0 s"):
        Lease("s3://news/left", 0).acquire()
    monkeypatch.setattr(locks, "LEASE_SECONDS", 1)
    dead.renew()
    other.acquire()
    with pytest.raises(RecordError, match="taken over the right to write"):
        dead.check()
    dead.release()
    other.check()
    other.release()


@pytest.mark.spark
def test_spark_codes_from_and_answers_for_s3(
    endpoint: str, there: Record, here: Record, ten_pages: Path, spark_master: str
) -> None:
    put(endpoint, ten_pages)
    made = Record("s3://news/coded")
    assert made.code("s3://news/pages", engine=spark_master).added == 10
    assert content(made) == content(here)
    asked = Record(there.location, replace(there.settings, engine=spark_master))
    one, other = here.dyad("PRK", "RUS"), asked.dyad("PRK", "RUS")
    for view in (View.EVENTS, View.LEDGER, View.NETWORK):
        assert view_rows(other, view, Wish()) == view_rows(one, view, Wish())
