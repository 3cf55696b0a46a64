"""Archives that want to write elsewhere, or to grow without end."""

from __future__ import annotations

import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dragoman.pipeline import Record

EVIL = (
    "../outside.csv",
    "../../outside.csv",
    "/tmp/outside-of-dragoman.csv",
    "a/../../outside.csv",
    "C:\\outside.csv",
    "..",
)


def test_members_with_evil_names_are_read_as_streams_and_written_nowhere(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    path = inner / "events.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in EVIL:
            archive.writestr(name, "a\tb\n")
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    summary = Record(inner / "record").import_events("gdelt", path)
    assert summary.events == 0
    assert summary.refused >= 1
    assert sorted(one.name for one in inner.iterdir()) == ["events.zip", "record"]
    assert [one.name for one in tmp_path.iterdir()] == ["inner"]
    assert not Path("/tmp/outside-of-dragoman.csv").exists()
    stored = Record(inner / "record").store().snapshot().rows("refusals")
    assert all("root:" not in str(row) for row in stored), "what a link points to is not read"


_MEASURED = """
import resource, sys
from pathlib import Path
from dragoman.exchange.files import Refusal, blocks, find_sources
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
total = 0
for source in find_sources([sys.argv[1]], None):
    for block in blocks(source):
        total += 0 if isinstance(block, Refusal) else len(block.data)
print(total, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("filling", [b"\0", b"a\n"])
def test_a_zip_bomb_takes_little_memory(tmp_path: Path, filling: bytes) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(400):
            member.write(filling * (1_000_000 // len(filling)))
    assert path.stat().st_size < 2_000_000
    done = subprocess.run([sys.executable, "-c", _MEASURED, str(path)], capture_output=True, text=True, check=True)
    total, grown = map(int, done.stdout.split())
    assert total == 400_000_000
    assert grown < 300, f"{grown} MB for 400 MB unpacked"
