"""Coding on a cluster: what a stopped run leaves, and what is said where it cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import EngineError, UsageError
from dragoman.pipeline import Record
from dragoman.record import TABLES, SparkEngine, open_engine


def content(record: Record) -> dict[str, list[dict[str, Any]]]:
    snapshot = record.store().snapshot()
    return {name: sorted(snapshot.rows(name), key=lambda row: row["id"]) for name in TABLES}


def command(record: Path, documents: Path, master: str) -> list[str]:
    program = [sys.executable, "-m", "dragoman", "code", "--engine", master]
    return [*program, "--documents", str(documents), "--record", str(record)]


def test_coding_on_this_machine_is_adding(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="“dragoman add” does that"):
        Record(tmp_path / "record").code(tmp_path, engine="duckdb")


@pytest.mark.spark
def test_a_run_that_is_killed_and_started_again_makes_the_same_record(
    ten_pages: Path, spark_master: str, tmp_path: Path
) -> None:
    cluster = open_engine(spark_master)
    assert isinstance(cluster, SparkEngine)
    cluster.close()
    # A page in a folder of its own twice, and one that gives no document.
    shutil.copytree(ten_pages, tmp_path / "pages")
    shutil.copy(min(ten_pages.glob("*.html")), tmp_path / "pages" / "zz-again.html")
    (tmp_path / "pages" / "zz-empty.html").write_text("", "utf-8")
    started = command(tmp_path / "killed", tmp_path / "pages", spark_master)
    killed = subprocess.Popen(started, env={**os.environ, "DRAGOMAN_WAVE_BYTES": "4000"}, stderr=subprocess.DEVNULL)
    commits = tmp_path / "killed" / "commits" / "_delta_log"
    until = time.monotonic() + 120
    while time.monotonic() < until and len(list(commits.glob("*.json"))) < 3:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    record = Record(tmp_path / "killed")
    assert 0 < len(record.store().snapshot().ids("documents")) < 10
    again = subprocess.run(started, check=False, capture_output=True, text=True)
    assert again.returncode == 3, again.stderr
    assert "1 refused" in again.stderr
    unbroken = Record(tmp_path / "unbroken")
    unbroken.add(tmp_path / "pages")
    assert content(record) == content(unbroken)
    assert record.verify() == []


@pytest.mark.spark
def test_pages_of_the_web_are_not_for_a_cluster(spark_master: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"s3://bucket/news\. “dragoman add” fetches pages"):
        Record(tmp_path / "record").code("https://x.example/news", engine=spark_master)


@pytest.mark.spark
def test_documents_that_workers_cannot_see_are_no_refusals(
    spark_master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("North Korea condemned Japan on 3 May 2024.", "utf-8")
    record = Record(tmp_path / "record")
    monkeypatch.setattr("dragoman.pipeline.spread.Path.absolute", lambda path: Path("/nowhere") / path.name)
    with pytest.raises(EngineError, match=r"does not see /nowhere/page\.md; documents must lie where every machine"):
        record.code(str(page), engine=spark_master)
    assert record.store().snapshot().rows("refusals") == []


@pytest.mark.spark
def test_the_command_tells_plainly_that_java_is_missing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("JAVA_HOME", "PATH")}
    done = subprocess.run(
        command(tmp_path / "record", tmp_path, "spark://127.0.0.1:1"),
        env={**environment, "PATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Spark needs Java, and there is no “java” on this machine. Install Java 17" in done.stderr
