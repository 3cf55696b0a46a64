"""Bad input becomes stored refusals that say what was found; what is good beside it is added all the same."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from dragoman.cli.app import main
from dragoman.pipeline import Record

GOOD = """---
title: Treaty signed
publisher: Meridian Wire
date: 2024-06-19
---

Russia and North Korea signed a treaty in Pyongyang on Tuesday, the first of its kind in a decade.
"""
FRENCH = (
    "<html lang=fr><head><title>Le sommet</title></head><body><article><h1>Le sommet</h1>"
    "<p>Le ministre des Affaires étrangères a déclaré lundi que les pourparlers entre les deux pays avaient été utiles "
    "et qu’une nouvelle rencontre aurait lieu dans la capitale avant la fin du mois.</p>"
    "<p>Son homologue a remercié les hôtes pour leur accueil et a promis de rouvrir la frontière.</p>"
    "</article></body></html>"
)
CAPTURE = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000001-0000-0000-0000-000000000000>\r\n"
    b"WARC-Date: 2026-01-02T10:00:00Z\r\nWARC-Target-URI: https://s.example/1\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 9000\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>Kenya and Ethiopia reopened"
)
PARAGRAPH = b"<p>" + b"The delegations met again on Monday and agreed on nothing. " * 170 + b"</p>\n"
MEGABYTES = 50

EXPECTED = {
    "archive.warc": ("damaged", r"record|WARC|ends"),
    "broken.txt": ("not-text", r"Byte \d+ \(0x[0-9a-f]{2}\) is not UTF-8"),
    "deep.html": ("too-deep", r"nests its elements more than 200 deep"),
    "empty.html": ("empty", r"."),
    "french.html": ("language", r"in French \(fr\); only English"),
    "huge.html": ("too-large", r"more than 10,000,000 bytes.*DRAGOMAN_DOCUMENT_BYTES"),
    "missing.html": ("missing", r"no such file or folder"),
    "packed.html": ("wrong-format", r"(?i)zip.*, not html as its name or type says"),
    "rows.jsonl": ("no-text", r"."),
}
"""Each bad file with the reason of its refusal and what the detail must say."""


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, standard output, standard error."""

    code: int
    out: str
    notes: str


def run(*words: str | Path) -> Done:
    """Run a command in this process, through the function that the installed program calls."""
    out, notes = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["dragoman", *map(str, words)]),
        redirect_stdout(out),
        redirect_stderr(notes),
        pytest.raises(SystemExit) as left,
    ):
        main()
    return Done(int(left.value.code or 0), out.getvalue(), notes.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight bad files and a good one."""
    folder = tmp_path_factory.mktemp("input")
    (folder / "archive.warc").write_bytes(CAPTURE)
    (folder / "broken.txt").write_bytes(
        b"The minister said \xff\xfe\x81\x8d that the talks \xc3\x28 would go on.\n" * 4
    )
    (folder / "deep.html").write_bytes(b"<html><body>" + b"<div>" * 5000 + b"Kenya and Ethiopia reopened the border.")
    (folder / "empty.html").write_bytes(b"")
    (folder / "french.html").write_text(FRENCH, "utf-8")
    with (folder / "huge.html").open("wb") as page:
        page.write(b"<html><body>")
        for _ in range(MEGABYTES * 1_000_000 // len(PARAGRAPH) + 1):
            page.write(PARAGRAPH)
    with zipfile.ZipFile(folder / "packed.html", "w") as packed:
        packed.writestr("page.html", GOOD)
    (folder / "rows.jsonl").write_text('{"date": "2024-06-19", "url": "https://s.example/1"}\n', "utf-8")
    (folder / "treaty.md").write_text(GOOD, "utf-8")
    return folder


@dataclass(frozen=True)
class Added:
    """The record, how adding the folder and the missing path ended, and the paths given."""

    record: Path
    done: Done
    paths: tuple[Path, Path]

    def refusals(self) -> dict[str, dict[str, Any]]:
        rows = Record(self.record).store().snapshot().rows("refusals")
        return {Path(row["input"]).name: row for row in rows if row["stage"] == "read"}


@pytest.fixture(scope="module")
def added(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Added:
    record = tmp_path_factory.mktemp("bad") / "record"
    paths = (folder, folder.parent / "missing.html")
    return Added(record, run("--record", record, "add", *paths), paths)


def test_some_refused_ends_with_3_and_is_told_on_standard_error(added: Added) -> None:
    assert (added.done.code, added.done.out) == (3, "")
    assert f"1 added, 0 known, {len(EXPECTED)} refused" in added.done.notes
    assert "Traceback" not in added.done.notes
    for reason, _ in EXPECTED.values():
        assert f"refused, {reason}: 1" in added.done.notes


def test_the_good_page_is_in_the_record(added: Added) -> None:
    (document,) = Record(added.record).store().snapshot().rows("documents")
    assert (document["title"], str(document["published"])) == ("Treaty signed", "2024-06-19")
    assert [event["type"] for event in Record(added.record).events("PRK", "RUS")] == ["SUPPORT"]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_refusal_is_stored_with_its_reason_and_what_was_found(added: Added, name: str) -> None:
    reason, found = EXPECTED[name]
    refusal = added.refusals()[name]
    assert refusal["reason"] == reason
    assert re.search(found, refusal["detail"]), refusal["detail"]
    assert len(refusal["detail"]) > 30
    assert refusal["detail"].endswith(".")
    assert refusal["detail"] in added.done.notes


def test_a_row_is_named_by_its_line(added: Added) -> None:
    assert added.refusals()["rows.jsonl"]["locator"] == "line 1"
    assert "rows.jsonl (line 1): " in added.done.notes


def test_nothing_else_is_refused(added: Added) -> None:
    assert set(added.refusals()) == set(EXPECTED)
    assert run("--record", added.record, "record", "verify").code == 0


def test_the_same_folder_again_changes_nothing(added: Added) -> None:
    before = Record(added.record).store().snapshot()
    tables = {name: before.ids(name) for name in ("documents", "mentions", "events", "refusals")}
    done = run("--record", added.record, "add", *added.paths)
    assert (done.code, done.out) == (3, "")
    assert f"0 added, 1 known, {len(EXPECTED)} refused" in done.notes
    after = Record(added.record).store().snapshot()
    assert after.version == before.version
    assert {name: after.ids(name) for name in tables} == tables


def test_only_bad_input_ends_with_1_and_is_stored(folder: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    done = run("--record", record, "add", folder / "french.html", folder / "empty.html")
    assert (done.code, done.out) == (1, "")
    assert "0 added, 0 known, 2 refused" in done.notes
    stored = Record(record).store().snapshot().rows("refusals")
    assert sorted(row["reason"] for row in stored) == ["empty", "language"]


def test_an_empty_folder_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    done = run("--record", tmp_path / "record", "add", tmp_path / "nothing")
    assert (done.code, done.out) == (1, "")
    assert "holds no file to read" in done.notes


# a record that is none


@pytest.mark.parametrize("words", [("add",), ("events",), ("record", "verify"), ("brief", "PRK", "RUS")], ids=" ".join)
def test_a_file_in_the_record_s_place_is_named(folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    place = tmp_path / "record"
    place.write_text("not a record", "utf-8")
    done = run("--record", place, *words, *([folder / "treaty.md"] if words == ("add",) else []))
    assert (done.code, done.out) == (1, "")
    assert f"At {place} stands a file; a record is a folder" in done.notes
    assert place.read_text("utf-8") == "not a record"


def test_a_record_cannot_be_made_under_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    place = tmp_path / "file" / "record"
    done = run("--record", place, "add", folder / "treaty.md")
    assert (done.code, done.out) == (1, "")
    assert f"No record can be kept at {place} (Not a directory)" in done.notes


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write anywhere")
@pytest.mark.parametrize("name", [".", "record"])
def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    done = run("--record", locked / name, "add", folder / "treaty.md")
    assert (done.code, done.out) == (1, "")
    assert "(Permission denied); a folder that can be written is needed" in done.notes


def test_a_folder_that_the_system_locks_is_named(folder: Path, tmp_path: Path) -> None:
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "record" / "write.lock"))
    with mock.patch("dragoman.record.locks.FileLock.acquire", side_effect=refused):
        done = run("--record", tmp_path / "record", "add", folder / "treaty.md")
    assert (done.code, done.out) == (1, "")
    assert "(Permission denied); a folder that can be written is needed" in done.notes


def test_a_record_that_may_only_be_read_is_not_changed(added: Added) -> None:
    lock = added.record / "write.lock"
    refused = PermissionError(errno.EACCES, "Permission denied", str(lock))
    with mock.patch("dragoman.record.locks.FileLock.acquire", side_effect=refused):
        done = run("--record", added.record, "remove", "d0")
    assert (done.code, done.out) == (1, "")
    assert f"{lock}: Permission denied; check the path, its rights" in done.notes
