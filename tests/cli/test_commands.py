"""Every command as a person runs it: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow.parquet as pq
import pytest

from dragoman.cli.app import main
from dragoman.pipeline import Record

NOTE = """---
title: {title}
publisher: {outlet}
date: {day}
url: https://{host}.example/{day}
---

{text}
"""
NOTES = (
    (
        "2024-06-19",
        "Meridian Wire",
        "Treaty signed",
        "Russia and North Korea signed a treaty in Pyongyang on Tuesday, the first of its kind.",
    ),
    (
        "2024-06-20",
        "Meridian Wire",
        "Shells reported",
        "North Korea shipped shells to Russia on Monday, Seoul said in a statement to the press.",
    ),
    (
        "2024-06-25",
        "Harbour Post",
        "A denial",
        "Moscow denied that North Korea had shipped shells to Russia. It gave no reason for saying so.",
    ),
    (
        "2024-07-03",
        "Harbour Post",
        "Capitals at odds",
        "France condemned Belarus on Tuesday over the arrests. Poland imposed sanctions on Belarus on 1 July 2024.",
    ),
)
KEYS = (
    "id date date_precision source target type mode quad intensity factuality contested claimants domain place "
    "confidence mentions outlets origins provider coder_version"
).split()
PROGRAM = (sys.executable, "-m", "dragoman")


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, standard output in bytes, standard error."""

    code: int
    raw: bytes
    notes: str

    @property
    def out(self) -> str:
        return self.raw.decode("utf-8")

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


def run(*words: str | Path) -> Done:
    """Run a command in this process, through the function that the installed program calls."""
    raw, notes = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(raw, "utf-8", newline="")
    with (
        mock.patch.object(sys, "argv", ["dragoman", *map(str, words)]),
        redirect_stdout(out),
        redirect_stderr(notes),
        pytest.raises(SystemExit) as left,
    ):
        main()
    out.flush()
    return Done(int(left.value.code or 0), raw.getvalue(), notes.getvalue())


def write_notes(folder: Path) -> Path:
    folder.mkdir()
    for day, outlet, title, text in NOTES:
        host = outlet.lower().replace(" ", "-")
        page = NOTE.format(title=title, outlet=outlet, day=day, host=host, text=text)
        (folder / f"{day}.md").write_text(page, "utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notes(tmp_path_factory.mktemp("notes") / "notes")


@pytest.fixture(scope="module")
def record(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record made by the command; tests only read it."""
    place = tmp_path_factory.mktemp("commands") / "record"
    done = run("--record", place, "add", folder)
    assert (done.code, done.raw) == (0, b""), done.notes
    assert "4 added, 0 known, 0 refused" in done.notes
    return place


@pytest.fixture
def own(record: Path, tmp_path: Path) -> Path:
    """A copy of the record that a test may change."""
    return Path(shutil.copytree(record, tmp_path / "own"))


def ask(record: Path, *words: str) -> list[dict[str, Any]]:
    done = run("--record", record, "events", *words, "--as", "json")
    assert done.code == 0, done.notes
    return done.rows


# events: the five forms


def test_json_is_one_array_with_the_promised_keys_in_order(record: Path) -> None:
    done = run("--record", record, "events", "--as", "json")
    assert (done.code, done.notes) == (0, "")
    rows = done.rows
    assert len(rows) >= 5
    assert all(list(row)[: len(KEYS)] == KEYS for row in rows)
    assert rows == sorted(rows, key=lambda row: (row["date"] is None, row["date"] or "", row["id"]))
    assert rows == Record(record).events()


def test_jsonl_is_the_same_one_object_a_line(record: Path) -> None:
    done = run("--record", record, "events", "--as", "jsonl")
    assert (done.code, done.notes) == (0, "")
    assert [json.loads(line) for line in done.out.splitlines()] == ask(record)


def test_jsonl_of_nothing_is_nothing_and_json_an_empty_array(record: Path) -> None:
    assert run("--record", record, "events", "PER", "--as", "jsonl").raw == b""
    assert run("--record", record, "events", "PER", "--as", "json").rows == []


def test_csv_has_a_header_and_a_row_for_each_event(record: Path) -> None:
    done = run("--record", record, "events", "--as", "csv")
    assert (done.code, done.notes) == (0, "")
    assert "\r" not in done.out
    header, *rows = csv.reader(io.StringIO(done.out))
    assert header[: len(KEYS)] == KEYS
    events = ask(record)
    assert len(rows) == len(events)
    for cells, event in zip(rows, events, strict=True):
        row = dict(zip(header, cells, strict=True))
        assert row["source"].split("|") == event["source"]
        assert (row["date"] or None, row["domain"] or None, row["mode"] or None) == (
            event["date"],
            event["domain"],
            event["mode"],
        )
        assert "None" not in cells


def test_csv_leaves_unknown_parts_of_a_list_empty(record: Path) -> None:
    rows = csv.DictReader(io.StringIO(run("--record", record, "events", "--as", "csv").out))
    treaty = next(row for row in rows if row["source"] == "PRK|RUS")
    assert treaty["source_sectors"] == "|"


def test_parquet_on_standard_output_is_the_same_table(record: Path) -> None:
    done = run("--record", record, "events", "--as", "parquet")
    assert (done.code, done.notes) == (0, "")
    assert pq.read_table(io.BytesIO(done.raw)).to_pylist() == ask(record)


def test_parquet_of_nothing_keeps_its_columns(record: Path) -> None:
    table = pq.read_table(io.BytesIO(run("--record", record, "events", "PER", "--as", "parquet").raw))
    assert (table.num_rows, table.column_names[: len(KEYS)]) == (0, KEYS)


def test_the_table_has_a_heading_and_every_event(record: Path) -> None:
    done = run("--record", record, "events")
    assert (done.code, done.notes) == (0, "")
    heading, *lines = done.out.splitlines()
    assert heading.split()[:5] == ["date", "source", "type", "target", "factuality"]
    for event in ask(record):
        assert sum(event["mentions"][0] in line for line in lines) == 1


# events: what is asked for


def test_directed_leaves_the_other_way_out(record: Path) -> None:
    both, forth = ask(record, "PRK", "RUS"), ask(record, "PRK", "RUS", "--directed")
    assert [row for row in both if "PRK" in row["source"] and "RUS" in row["target"]] == forth
    assert ask(record, "RUS", "PRK") == both
    assert {tuple(row["source"]) for row in ask(record, "POL", "--directed")} == {("POL",)}
    assert ask(record, "BLR", "--directed") == []


@pytest.mark.parametrize(
    "pair",
    [("North Korea", "Russia"), ("prk", "rus"), ("DPRK", "RUSSIA"), ("the Russian Federation", "north korea")],
)
def test_names_find_what_codes_find(record: Path, pair: tuple[str, str]) -> None:
    assert ask(record, *pair) == ask(record, "PRK", "RUS") != []


def test_types_add_up_and_so_do_domains_and_providers(record: Path) -> None:
    everything = ask(record)
    assert [r for r in everything if r["type"] == "AID"] == ask(record, "--type", "AID") != []
    wanted = ("AID", "SANCTION")
    assert [r for r in everything if r["type"] in wanted] == ask(record, "--type", "AID", "--type", "SANCTION")
    assert [r for r in everything if r["domain"] == "arms"] == ask(record, "--domain", "arms") != []
    assert ask(record, "--provider", "dragoman") == everything
    assert ask(record, "--provider", "gdelt") == []


def test_since_and_until_include_their_days_and_say_how_many_have_no_date(record: Path) -> None:
    everything = ask(record)
    done = run("--record", record, "events", "--since", "2024-06-18", "--until", "2024-07-01", "--as", "json")
    assert done.rows == [row for row in everything if row["date"] and "2024-06-18" <= row["date"] <= "2024-07-01"]
    assert {row["date"] for row in done.rows} >= {"2024-06-18", "2024-07-01"}
    undated = sum(row["date"] is None for row in everything)
    assert undated
    assert f"{undated} events without a known date are left out" in done.notes


def test_as_of_knows_only_what_had_been_published(record: Path) -> None:
    early = ask(record, "--as-of", "2024-06-20")
    assert {row["factuality"] for row in early if row["type"] == "AID"} == {"actual"}
    assert not any({"FRA", "POL"} & set(row["source"]) for row in early)
    assert {row["last_reported"] for row in early} <= {"2024-06-19", "2024-06-20"}
    assert ask(record, "--as-of", "2024-06-18") == []


def test_version_shows_the_record_as_it_was(record: Path) -> None:
    assert ask(record, "--version", "0") == []
    assert ask(record, "--version", "1") == ask(record)
    done = run("--record", record, "events", "--version", "9")
    assert (done.code, done.raw) == (1, b"")
    assert "no version 9; it has 0 to 1" in done.notes


# adding, explaining, briefing, removing


def test_adding_again_changes_nothing_and_keeps_standard_output_clean(own: Path, folder: Path) -> None:
    done = run("--record", own, "add", folder)
    assert (done.code, done.raw) == (0, b"")
    assert "0 added, 4 known, 0 refused" in done.notes
    assert Record(own).store().snapshot().version == 1


def test_explain_shows_the_words_behind_a_mention(record: Path) -> None:
    (aid,) = [row for row in ask(record, "--type", "AID") if row["factuality"] == "actual"]
    done = run("--record", record, "explain", aid["mentions"][0])
    assert (done.code, done.notes) == (0, "")
    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in done.out.splitlines() if re.match(r"\w+ \s", line))
    assert lines["sentence"].startswith("North Korea shipped shells to Russia")
    assert lines["predicate"].startswith("“shipped”")
    assert lines["type"].startswith("AID")
    assert "KOR" in done.out or "South Korea" in done.out


def test_explain_of_an_unknown_mention_is_wrong_use(record: Path) -> None:
    done = run("--record", record, "explain", "m0")
    assert (done.code, done.raw) == (2, b"")
    assert "take an id from the key “mentions”" in done.notes


@pytest.mark.parametrize(
    ("form", "sign"),
    [("md", "# North Korea and Russia"), ("html", "<!doctype html>"), ("json", '"title": "North Korea')],
)
def test_a_brief_goes_to_standard_output_or_a_file(record: Path, tmp_path: Path, form: str, sign: str) -> None:
    shown = run("--record", record, "brief", "PRK", "Russia", "--as", form)
    assert (shown.code, shown.notes) == (0, "")
    assert sign.lower() in shown.out.lower()
    file = tmp_path / f"brief.{form}"
    done = run("--record", record, "brief", "North Korea", "RUS", "--as", form, "--out", file)
    assert (done.code, done.out) == (0, f"{file}\n")
    assert file.read_text("utf-8") == shown.out


def test_every_citation_of_a_brief_has_its_source(record: Path) -> None:
    page = run("--record", record, "brief", "PRK", "RUS").out
    cited = set(re.findall(r"\(#s(\d+)\)", page))
    assert cited
    assert cited == set(re.findall(r'id="s(\d+)"', page))


def test_a_brief_of_a_day_leaves_later_reports_out(record: Path) -> None:
    done = run("--record", record, "brief", "PRK", "RUS", "--as-of", "2024-06-20")
    assert done.code == 0
    assert "Harbour Post" not in done.out


def test_a_brief_on_strangers_ends_with_1(record: Path) -> None:
    done = run("--record", record, "brief", "FRA", "PER")
    assert (done.code, done.raw) == (1, b"")
    assert "no event between FRA and PER" in done.notes


def test_a_brief_that_cannot_be_written_ends_with_1(record: Path, tmp_path: Path) -> None:
    done = run("--record", record, "brief", "PRK", "RUS", "--out", tmp_path / "nowhere" / "brief.md")
    assert (done.code, done.raw) == (1, b"")
    assert "nowhere/brief.md: No such file or directory; check the path" in done.notes


def test_remove_takes_a_document_and_its_evidence_out(own: Path) -> None:
    (sanction,) = ask(own, "--type", "SANCTION")
    document = Record(own).mention(sanction["mentions"][0])[1]
    done = run("--record", own, "remove", document.id)
    assert (done.code, done.raw) == (0, b"")
    assert f"document {document.id} removed" in done.notes
    assert ask(own, "BLR") == []
    assert ask(own, "PRK", "RUS")
    assert run("--record", own, "record", "verify").code == 0
    again = run("--record", own, "remove", document.id)
    assert again.code == 2
    assert "no document" in again.notes


# looking after the record


def test_verify_of_a_sound_record(record: Path) -> None:
    done = run("--record", record, "record", "verify")
    assert (done.code, done.raw) == (0, b"")
    assert "every reference, offset and hash holds" in done.notes


def test_verify_of_a_damaged_record_names_what_is_wrong(own: Path) -> None:
    store = Record(own).store()
    document = sorted(store.snapshot().ids("documents"))[0]
    with store.begin("damage") as transaction:
        transaction.delete("documents", [document])
    done = run("--record", own, "record", "verify")
    assert done.code == 1
    assert f"its document {document} is not in the record" in done.out
    assert f"{len(done.out.splitlines())} findings" in done.notes
    assert run("--record", own, "record", "verify", "--version", "1").code == 0


def test_a_record_with_a_table_lost_is_named_as_damaged(own: Path) -> None:
    shutil.rmtree(own / "events")
    for words in (("record", "verify"), ("events",), ("brief", "PRK", "RUS")):
        done = run("--record", own, *words)
        assert (done.code, done.raw) == (1, b"")
        assert "Table 'events' of the record" in done.notes
        assert "Restore the folder from a copy" in done.notes


def test_versions_are_listed_oldest_first(record: Path) -> None:
    done = run("--record", record, "record", "versions")
    assert (done.code, done.notes) == (0, "")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [(row[0], row[2]) for row in rows] == [("0", "create"), ("1", "add")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[1]) for row in rows)


def test_doctor_finds_the_installation_whole(record: Path, tmp_path: Path) -> None:
    done = run("--record", record, "doctor")
    assert done.code == 0, done.notes
    assert re.search(r"^coder .*: works$", done.out, re.MULTILINE)
    assert "version 1: 4 documents" in done.out
    without = run("--record", tmp_path / "none", "doctor")
    assert without.code == 0
    assert "There is no record" in without.out


def test_the_environment_names_the_record(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_RECORD", str(record))
    assert run("events", "--as", "json").rows == ask(record)


# the demonstration


def test_the_demo_ends_with_the_path_of_its_page(folder: Path, tmp_path: Path) -> None:
    done = run("--record", tmp_path / "r", "demo", "--samples", folder, "--out", tmp_path / "demo")
    assert done.code == 0, done.notes
    *brief, last = done.out.splitlines()
    assert brief[0].startswith("# North Korea and Russia: ")
    page = Path(last)
    assert page == (tmp_path / "demo" / "brief.html").resolve()
    assert "</html>" in page.read_text("utf-8")
    assert json.loads((tmp_path / "demo" / "brief.json").read_text("utf-8"))["citations"]


def test_the_demo_goes_on_where_a_page_is_refused(folder: Path, tmp_path: Path) -> None:
    samples = Path(shutil.copytree(folder, tmp_path / "samples"))
    (samples / "empty.html").write_bytes(b"")
    done = run("--record", tmp_path / "r", "demo", "--samples", samples, "--out", tmp_path / "demo")
    assert done.code == 3
    assert Path(done.out.splitlines()[-1]).is_file()


# wrong use


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("events", "--bogus"), "No such option: --bogus"),
        (("events", "--type", "PRAISE"), "'PRAISE' is not one of 'AGREE'"),
        (("events", "--as", "xml"), "'xml' is not one of 'table'"),
        (("events", "--version", "one"), "a valid integer"),
        (("events", "--since", "2024-13-40"), "is not a date of the calendar"),
        (("events", "--until", "yesterday"), "“yesterday” is not a date"),
        (("events", "--as-of", "2024-05"), "a single day is needed"),
        (("events", "--since", "2024-06-02", "--until", "2024-06-01"), "lies after"),
        (("events", "PRK", "RUS", "CHN"), "3 parties were given (PRK, RUS, CHN)"),
        (("brief", "PRK"), "Missing argument"),
        (("add",), "Missing argument"),
        (("add", "--column", "body", "x.csv"), "is not FIELD=COLUMN"),
        (("add", "--retrieved", "soon", "x.txt"), "“soon” is not a date"),
        (("demo", "--parties", "PRK"), "is not FIRST/SECOND"),
        (("record", "polish"), "No such command 'polish'"),
        (("translate",), "No such command 'translate'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_ends_with_2(record: Path, words: tuple[str, ...], message: str) -> None:
    done = run("--record", record, *words)
    assert (done.code, done.raw) == (2, b"")
    assert message in done.notes


@pytest.mark.parametrize(
    "words",
    [("events",), ("brief", "PRK", "RUS"), ("explain", "m0"), ("remove", "d0"), ("record", "verify"),
     ("record", "versions")],
    ids=" ".join,
)  # fmt: skip
def test_a_missing_record_ends_with_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run("--record", tmp_path / "none", *words)
    assert (done.code, done.raw) == (1, b"")
    assert f"There is no record at {tmp_path / 'none'}" in done.notes
    assert not (tmp_path / "none").exists()


# the program itself


def test_the_program_prints_the_result_alone(record: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "--record", str(record), "events", "PRK", "RUS", "--as", "jsonl"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line) for line in done.stdout.splitlines()] == ask(record, "PRK", "RUS")


def test_the_program_ends_with_the_code_of_its_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # What `python -m dragoman` runs, without the seconds that a process of its own takes to load everything.
    words = ["dragoman", "--record", str(tmp_path / "none"), "record", "verify"]
    with mock.patch.object(sys, "argv", words), pytest.raises(SystemExit) as left:
        runpy.run_module("dragoman", run_name="__main__", alter_sys=False)
    out, notes = capsys.readouterr()
    assert (left.value.code, out) == (1, "")
    assert notes.startswith("dragoman: There is no record at")
    assert "Traceback" not in notes
