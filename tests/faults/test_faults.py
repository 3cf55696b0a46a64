"""Every fault is tried here a few times; `python -m benchmarks.faults` tries them in earnest and writes the table."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.faults.__main__ import BEGIN, END, put, table
from benchmarks.faults.outcome import Outcome

ROOT = Path(__file__).parents[2]
TIMES = os.environ.get("DRAGOMAN_FAULT_TIMES", "1")


@pytest.mark.parametrize("fault", ["disks", "network", "writers", "kills", "postgres"])
def test_nothing_is_lost(fault: str, tmp_path: Path) -> None:
    words = [
        "--only",
        fault,
        "--keep",
        "--times",
        TIMES,
        "--kills",
        str(5 * int(TIMES)),
        "--folder",
        str(tmp_path / "f"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(BEGIN)


def test_the_table_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}old\n{END}\nafter\n", "utf-8")
    put(table([Outcome("fire", 2, ["a row"], "smoke")]), page)
    text = page.read_text("utf-8")
    assert "| fire | 2 | a row | smoke |" in text
    assert "old" not in text
    assert (text.startswith("before\n"), text.endswith("\nafter\n")) == (True, True)
