"""A run killed at any point and started again ends in the same record as an unbroken one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from dragoman.pipeline import Record
from dragoman.record import TABLES

POINTS = int(os.environ.get("DRAGOMAN_KILL_POINTS", "12"))
"""Kills; CI asks for 50, which takes minutes."""


def content(record: Path) -> dict[str, list[dict[str, Any]]]:
    snapshot = Record(record).store().snapshot()
    return {name: sorted(snapshot.rows(name), key=lambda row: row["id"]) for name in TABLES}


def test_killed_runs_end_like_an_unbroken_one(ten_pages: Path, tmp_path: Path) -> None:
    program = Path(__file__).with_name("killing.py")
    done = subprocess.run(
        [sys.executable, str(program), str(ten_pages), str(tmp_path), str(POINTS), "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > POINTS // 2, "most kills must hit a run under way, else this proves nothing"
    expected = content(tmp_path / "unbroken")
    assert len(expected["documents"]) == 10
    for number in range(POINTS):
        record = tmp_path / f"killed-{number}"
        assert content(record) == expected, f"killed run {number} differs"
        assert Record(record).verify() == []


def test_two_processes_may_add_at_once(ten_pages: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dragoman", "--record", str(tmp_path / "both"), "add", str(ten_pages)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    notes = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], notes
    Record(tmp_path / "alone").add(ten_pages)
    assert content(tmp_path / "both") == content(tmp_path / "alone")
    assert Record(tmp_path / "both").verify() == []
