from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import RecordDamaged, RecordMissing
from dragoman.pipeline import View
from dragoman.record import Store
from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.overview import overview_of
from dragoman.serve.reading import ServedRecord
from dragoman.serve.shelf import Shelf
from dragoman.serve.views import Look, ViewRows, keep_view, view_key, view_of
from dragoman.settings import Settings
from running import KEPT

NEWS = """Russia ships oil to North Korea

VLADIVOSTOK, March 3, 2025 (Meridian Wire) - Russia shipped 5,000 tons of oil to North Korea on Monday.
"""


@pytest.fixture
def record(tmp_path: Path) -> ServedRecord:
    shutil.copytree(KEPT, tmp_path / "record")
    return ServedRecord(tmp_path / "record", Settings.load({}))


def change(record: ServedRecord) -> None:
    """Make a new version, as another process would."""
    with Store.open(record.location).begin("test") as transaction:
        transaction.delete("events", [record.events()[0]["id"]])


def test_it_shows_at_once_what_another_process_adds(record: ServedRecord, tmp_path: Path) -> None:
    march = date(2025, 3, 1)
    assert record.events("RUS", "PRK", since=march) == []
    version = record.newest().version
    (tmp_path / "news.txt").write_text(NEWS, "utf-8")
    words = ["--record", record.location, "add", str(tmp_path / "news.txt")]
    subprocess.run([sys.executable, "-m", "dragoman", *words], check=True, capture_output=True)
    assert record.newest().version > version
    assert [event["type"] for event in record.events("RUS", "PRK", since=march)] == ["AID"]


def test_tables_are_opened_once_for_a_thread_and_version(record: ServedRecord) -> None:
    assert record.newest() is record.newest()
    assert record.store().snapshot() is record.newest()
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(record.newest).result() is not record.newest()


def test_the_tables_of_a_thread_that_has_ended_go_to_the_next(record: ServedRecord) -> None:
    seen = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: seen.append(record.newest()))
        thread.start()
        thread.join()
    assert seen[0] is seen[1]


def test_many_threads_read_the_same(record: ServedRecord) -> None:
    expected = record.events()
    with ThreadPoolExecutor(8) as threads:
        assert all(found == expected for found in threads.map(lambda _: record.events(), range(24)))


def test_what_is_kept_is_found_once_for_each_version(record: ServedRecord) -> None:
    found: list[int] = []

    def find() -> int:
        found.append(record.newest().version)
        return len(found)

    assert [record.kept("what", find) for _ in range(3)] == [1, 1, 1]
    Store.open(record.location).rewrite_commits()
    assert record.kept("what", find) == 1
    change(record)
    assert record.kept("what", find) == 2
    assert found[0] < found[1]


def test_what_is_found_for_keeping_is_of_one_version(record: ServedRecord) -> None:
    def find() -> tuple[int, int]:
        before = record.store().snapshot().version
        change(record)
        return before, record.kept("inner", lambda: record.store().snapshot().version)

    before, within = record.kept("outer", find)
    assert before == within < record.newest().version


def test_files_that_a_vacuum_took_meanwhile_are_read_anew(record: ServedRecord) -> None:
    tries: list[int] = []

    def find() -> int:
        tries.append(record.newest().version)
        if len(tries) == 1:
            change(record)
            raise RecordDamaged("A file is lost.")
        return tries[-1]

    assert record.kept("what", find) == tries[1] > tries[0]


def test_damage_that_stays_is_told(record: ServedRecord) -> None:
    def find() -> int:
        raise RecordDamaged("A file is lost.")

    with pytest.raises(RecordDamaged, match="lost"):
        record.kept("what", find)


def test_a_record_that_is_not_there_is_told_until_it_is(tmp_path: Path) -> None:
    record = ServedRecord(tmp_path / "record", Settings.load({}))
    with pytest.raises(RecordMissing, match="dragoman add"):
        record.events()
    shutil.copytree(KEPT, tmp_path / "record")
    assert record.events()


TWO = Parties("PRK", "RUS")


@pytest.mark.parametrize("view", [view for view in View if view not in (View.NETWORK, View.INTERPRETATIONS)])
def test_a_view_is_the_same_from_the_shelf(record: ServedRecord, tmp_path: Path, view: View) -> None:
    look = Look(TWO, Outlook(), view)
    again = ServedRecord(record.location, record.settings)
    for one in (record, again):
        one.keep_on(Shelf(tmp_path / "record.pages.sqlite"))
    found = view_of(record, look)
    assert again.is_kept(view_key(look))

    def nothing() -> ViewRows:
        raise AssertionError("It was found anew.")

    kept = keep_view(again, look, nothing)
    assert kept == found
    assert kept.rows


def test_the_overview_is_the_same_from_the_shelf(record: ServedRecord, tmp_path: Path) -> None:
    found = []
    for one in (record, ServedRecord(record.location, record.settings)):
        one.keep_on(Shelf(tmp_path / "record.pages.sqlite"))
        found.append(overview_of(one, TWO, Outlook()))
    assert found[0] == found[1]
    assert found[0].latest


def test_a_newer_version_empties_the_shelf(record: ServedRecord, tmp_path: Path) -> None:
    record.keep_on(Shelf(tmp_path / "record.pages.sqlite"))
    look = Look(TWO, Outlook(), View.EVENTS)
    before = view_of(record, look)
    change(record)
    assert not record.is_kept(view_key(look))
    assert len(view_of(record, look).rows) == len(before.rows) - 1
