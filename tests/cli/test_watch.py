from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from dragoman.database import open_database
from dragoman.pipeline import Record
from dragoman.settings import Settings
from dragoman.watch import alerts
from running import run
from simulated_watch import DELIVERED, PLEDGED, START, SimulatedClock, Site, story


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAGOMAN_RECORD", str(tmp_path / "record"))
    monkeypatch.delenv("DRAGOMAN_DATABASE", raising=False)
    (tmp_path / "inbox").mkdir()
    drop(tmp_path, "1.html", PLEDGED)
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nname = "inbox"\nkind = "drop"\nfolder = "inbox"\ninterval = "10m"\nsilence = "1d"\n')
    return path


def drop(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / "inbox" / name
    path.write_bytes(data)
    os.utime(path, (time.time() - 60, time.time() - 60))


def wait_until_due(sources: Path) -> None:
    """Wait, about a second, until the only source may be looked at again; a quick machine is there before it."""
    (row,) = json.loads(run("watch", "status", "--sources", sources, "--as", "json")[1])
    due = datetime.datetime.fromisoformat(row["next_due"])
    time.sleep(max(0.0, (due - datetime.datetime.now(datetime.UTC)).total_seconds()))


def test_once_reads_what_is_there_and_status_tells_of_it(sources: Path, tmp_path: Path) -> None:
    code, out, notes = run("watch", "--sources", sources, "--once")
    assert (code, out) == (0, "")
    assert "1 documents added, 0 known, 0 refused." in notes
    code, out, _ = run("watch", "status", "--sources", sources, "--as", "json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["name"], row["documents"], row["refusals"], row["silent_since"]) == ("inbox", 1, 0, None)
    assert row["last_success"].endswith("+00:00")
    code, out, _ = run("watch", "status")
    assert code == 0
    assert "inbox" in out
    assert "last success" in out


def test_what_is_refused_ends_with_3(sources: Path, tmp_path: Path) -> None:
    drop(tmp_path, "2.png", b"\x89PNG")
    code, _, notes = run("watch", "--sources", sources, "--once")
    assert code == 3
    assert "1 documents added, 0 known, 1 refused." in notes


def test_an_alert_is_kept_without_any_channel(sources: Path, tmp_path: Path) -> None:
    sources.write_text(sources.read_text().replace('"10m"', '"1s"'))
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "kept"\nkind = "ledger"\ndyads = ["PRK/RUS"]\n')
    words = ("watch", "--sources", sources, "--rules", rules, "--once")
    assert run(*words)[0] == 0
    drop(tmp_path, "2.html", DELIVERED)
    wait_until_due(sources)
    code, _, notes = run(*words)
    assert code == 0
    assert "1 documents added" in notes
    database = open_database(Settings.load())
    (told,) = alerts(database)
    database.close()
    assert told["title"] == "PRK/RUS: a pledge of 2026-01-05 is kept"
    assert f"alert {told['id']}" in notes


def test_presets_are_printed() -> None:
    code, out, _ = run("watch", "presets")
    assert code == 0
    assert out.count("[[source]]") >= 30


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--sources"),
        (("--sources", "none.toml"), "cannot be read"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], told: str, sources: Path) -> None:
    code, out, notes = run("watch", *words)
    assert code in (1, 2)
    assert out == ""
    assert told in notes


def test_a_rule_with_a_channel_that_is_not_there_is_wrong_use(sources: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "silent"\nkind = "silence"\nchannels = ["mail"]\n')
    code, _, notes = run("watch", "--sources", sources, "--rules", rules, "--once")
    assert code == 2
    assert "names the channel 'mail'; there are none" in notes


def test_a_watch_ends_when_it_is_told_to(sources: Path, tmp_path: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "watch", "--sources", str(sources)], stderr=subprocess.PIPE, text=True
    )
    desk = tmp_path / "record"
    until = time.monotonic() + 120
    while time.monotonic() < until and not (desk / "commits").is_dir():
        time.sleep(0.2)
    watching.send_signal(signal.SIGTERM)
    _, notes = watching.communicate(timeout=60)
    assert watching.returncode == 0
    assert "1 documents added" in notes


class RealClock(SimulatedClock):
    """The machine's time for a site that real processes ask."""

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)


def test_two_processes_at_once_fetch_nothing_twice(tmp_path: Path, database_url: str) -> None:
    site = Site(RealClock())
    try:
        for number in range(6):
            text = f"The harbour office counted {number} ships in the roads on Thursday, fewer than in the week before."
            site.put(f"/{number}", story(f"Count {number}", datetime.date(2026, 1, 8), text))
        links = [(START, site.url(f"/{number}")) for number in range(6)]
        feeds = "[watch]\nspacing = '1s'\n"
        for name in ("one", "two"):
            site.put_feed(f"/{name}.xml", links)
            feeds += f"[[source]]\nname = '{name}'\nkind = 'feed'\naddress = '{site.url(f'/{name}.xml')}'\n"
        (tmp_path / "sources.toml").write_text(feeds)
        environment = os.environ | {
            "DRAGOMAN_RECORD": str(tmp_path / "record"),
            "DRAGOMAN_DATABASE": database_url,
            "DRAGOMAN_FETCH_ALLOW": "127.0.0.1",
        }
        open_database(Settings.load(environment)).close()
        words = [sys.executable, "-m", "dragoman", "watch", "--sources", str(tmp_path / "sources.toml"), "--once"]
        watching = [subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        notes = [process.communicate(timeout=300)[1] for process in watching]
    finally:
        site.close()
    assert [process.returncode for process in watching] == [0, 0], notes
    assert sorted(seen.path for seen in site.seen) == sorted(
        [*(f"/{n}" for n in range(6)), "/one.xml", "/two.xml", "/robots.txt"]
    )
    moments = [seen.at for seen in site.seen]
    assert min(later - earlier for earlier, later in pairwise(moments)) >= datetime.timedelta(seconds=0.95)
    record = Record(str(tmp_path / "record"))
    assert len(record.store().snapshot().ids("documents")) == 6
    assert record.verify() == []
