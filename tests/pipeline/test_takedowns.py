from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet

from dragoman.errors import UsageError
from dragoman.pipeline import AddSummary, Record, View, Wish, view_rows
from dragoman.pipeline.adding import Batch, write
from dragoman.pipeline.takedowns import tombstone
from dragoman.read import Input, ReadOptions, read_input
from dragoman.record import refusal_row
from dragoman.records import Refusal
from dragoman.relate import signature
from running import run
from simulated_watch import story

TEXT = "Kenya condemned Ethiopia on Monday over the border market at Moyale, officials in Nairobi said."
OTHER = "Ethiopia rejected the criticism of Kenya on Tuesday, a spokesman in Addis Ababa said."


@pytest.fixture
def record(tmp_path: Path) -> Record:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.txt").write_text(OTHER, "utf-8")
    made = Record(tmp_path / "record")
    made.add(tmp_path / "a.txt")
    made.add(tmp_path / "b.txt")
    return made


def id_of(record: Record, words: str) -> str:
    return next(str(row["id"]) for row in record.store().snapshot().rows("documents") if words in row["body"])


def held(record: Record, words: str) -> list[str]:
    """The files, of any version, that hold the words in any cell."""
    return [
        str(path)
        for path in Path(record.location).rglob("*.parquet")
        if words in str(parquet.read_table(path).to_pylist())
    ]


def test_a_document_that_is_taken_down_goes_with_its_codings_and_stays_away(record: Record, tmp_path: Path) -> None:
    gone = id_of(record, "Moyale")
    before = len(record.events())
    assert record.take_down(gone, "asked for\nby the outlet") >= 1
    assert len(record.events()) < before
    assert record.verify() == []
    again = record.add(tmp_path / "a.txt", tmp_path / "b.txt")
    assert (again.added, again.known, dict(again.reasons)) == (0, 1, {"taken-down": 1})
    assert "asked for by the outlet" in again.refusals[0].detail
    assert gone not in record.store().snapshot().ids("documents")
    assert record.verify() == []


def test_its_text_is_in_no_file_of_any_version_after_a_vacuum(record: Record) -> None:
    record.take_down(id_of(record, "Moyale"), "asked for")
    assert held(record, "border market"), "older versions hold it still"
    record.vacuum(versions=1)
    assert held(record, "border market") == []
    assert held(record, "Addis Ababa"), "the other document stays"
    assert record.verify() == []


def codings(record: Record) -> list[dict[str, object]]:
    rows = record.store().snapshot().rows("mentions")
    return sorted(({key: row[key] for key in row if key != "text"} for row in rows), key=lambda row: str(row["id"]))


def test_codings_may_be_kept_without_a_word_of_the_text(record: Record, tmp_path: Path) -> None:
    gone = id_of(record, "Moyale")
    events, mentions = record.events(), codings(record)
    assert record.take_down(gone, "asked for", keep_codings=True) >= 1
    assert (record.events(), codings(record)) == (events, mentions)
    assert record.verify() == []
    (document,) = (row for row in record.store().snapshot().rows("documents") if row["id"] == gone)
    assert len(document["body"]) == len(TEXT)
    assert set(document["body"]) == {"█", " "}
    again = record.add(tmp_path / "a.txt", tmp_path / "b.txt")
    assert (again.added, again.known, dict(again.reasons)) == (0, 1, {"taken-down": 1})
    record.recode()
    assert (record.events(), codings(record)) == (events, mentions), "what has no text is not coded again"
    record.vacuum(versions=1)
    assert held(record, "border market") == []
    assert held(record, "Nairobi said") == []
    assert record.verify() == []


def test_a_view_shows_blocks_for_words_that_were_taken_down(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    for name, day, text in (("a", 9, TEXT), ("b", 10, OTHER)):
        (tmp_path / f"{name}.html").write_bytes(story("At the border", date(2026, 1, day), text))
        record.add(tmp_path / f"{name}.html")
    record.take_down(id_of(record, "Moyale"), "asked for", keep_codings=True)
    told = str([view_rows(record.dyad("KEN", "ETH"), view, Wish()) for view in View])
    code, shown, notes = run("--record", record.location, "brief", "KEN", "ETH", "--as", "md")
    assert (code, "█" in shown) == (0, True), notes
    assert not any(word in text for text in (shown, told) for word in ("officials in Nairobi", "border market"))


def test_kept_codings_may_go_later(record: Record) -> None:
    gone = id_of(record, "Moyale")
    record.take_down(gone, "asked for", keep_codings=True)
    record.take_down(gone, "asked for")
    assert gone not in record.store().snapshot().ids("documents")
    assert [row["reason"] for row in record.store().snapshot().rows("refusals")] == ["taken-down"]
    assert record.verify() == []


def test_words_left_in_a_document_that_was_taken_down_are_found(record: Record) -> None:
    gone = id_of(record, "Moyale")
    with record.store().begin("takedown") as transaction:
        transaction.insert("refusals", [refusal_row(tombstone(gone, "asked for"))])
    assert [finding.problem for finding in record.verify()] == ["it was taken down, and words of it are still there"]


def test_a_removed_document_may_come_again(record: Record, tmp_path: Path) -> None:
    record.remove(id_of(record, "Moyale"))
    assert record.add(tmp_path / "a.txt").added == 1


def test_what_is_taken_down_while_it_is_read_again_is_not_written(record: Record, tmp_path: Path) -> None:
    gone = id_of(record, "Moyale")
    record.remove(gone)
    (document,) = list(read_input(Input("a", path=tmp_path / "a.txt"), ReadOptions()))
    assert not isinstance(document, Refusal)
    with record.store().begin("takedown") as transaction:
        transaction.insert("refusals", [refusal_row(tombstone(gone, "asked for"))])
    summary = AddSummary()
    write(record.store(), Batch(documents=[document], marks={gone: signature(document)}), summary)
    assert (summary.added, dict(summary.reasons)) == (0, {"taken-down": 1})
    assert gone not in record.store().snapshot().ids("documents")


def test_an_unknown_document_is_told(record: Record) -> None:
    with pytest.raises(UsageError, match="no document"):
        record.take_down("d0", "asked for")


def test_the_command(record: Record) -> None:
    code, _, notes = run("--record", record.location, "takedown", id_of(record, "Moyale"), "--because", "asked for")
    assert (code, "vacuum" in notes) == (0, True), notes
    assert run("--record", record.location, "takedown", "d0")[0] == 2
    words = ("takedown", id_of(record, "Addis"), "--because", "asked for", "--keep-codings")
    code, _, notes = run("--record", record.location, *words)
    assert (code, "mentions stay" in notes) == (0, True), notes
