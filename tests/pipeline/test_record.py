"""What a person does with a record: add, ask, explain, remove, look back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import RecordMissing, UsageError
from dragoman.pipeline import Record
from dragoman.record import TABLES

PAGE = """---
title: {title}
publisher: {outlet}
date: {day}
url: https://x.example/{day}
---

{text}
"""


def note(folder: Path, name: str, day: str, text: str, outlet: str = "Meridian Wire") -> Path:
    path = folder / f"{name}.md"
    path.write_text(PAGE.format(title=name.title(), outlet=outlet, day=day, text=text), "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    note(
        folder,
        "claim",
        "2024-06-20",
        "North Korea shipped shells to Russia on Tuesday, Seoul said in a statement to the press.",
    )
    note(
        folder,
        "denial",
        "2024-06-25",
        "Moscow denied that North Korea had shipped shells to Russia. It gave no reason for saying so.",
    )
    note(
        folder,
        "treaty",
        "2024-06-19",
        "Russia and North Korea signed a treaty in Pyongyang on Wednesday, the first of its kind.",
    )
    return folder


@pytest.fixture(scope="module")
def record(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Record:
    made = Record(tmp_path_factory.mktemp("record") / "r")
    summary = made.add(folder)
    assert (summary.added, summary.known, summary.refused) == (3, 0, 0)
    return made


def content(record: Record) -> dict[str, list[dict[str, Any]]]:
    snapshot = record.store().snapshot()
    return {name: sorted(snapshot.rows(name), key=lambda row: row["id"]) for name in TABLES}


def test_adding_again_changes_nothing(record: Record, folder: Path) -> None:
    before, version = content(record), record.store().snapshot().version
    summary = record.add(folder)
    assert (summary.added, summary.known) == (0, 3)
    assert (content(record), record.store().snapshot().version) == (before, version)


def test_events_come_sorted_with_the_promised_keys(record: Record) -> None:
    events = record.events("PRK", "RUS")
    assert [(e["date"], e["source"], e["type"], e["claimants"]) for e in events[:2]] == [
        ("2024-06-18", ["PRK"], "AID", ["KOR"]),
        ("2024-06-19", ["PRK", "RUS"], "SUPPORT", []),
    ]
    assert {"id", "factuality", "contested", "mentions", "outlets", "origins", "coder_version"} <= set(events[0])


def test_directed_leaves_the_other_way_out(record: Record) -> None:
    assert {tuple(e["source"]) for e in record.events("RUS", "PRK", directed=True)} == {("PRK", "RUS")}


def test_as_of_sees_no_later_report(record: Record) -> None:
    known = record.events("PRK", "RUS", as_of=date(2024, 6, 20))
    assert not any(event["contested"] for event in known)
    assert any(event["contested"] and event["deniers"] for event in record.events("PRK", "RUS"))


def test_as_of_does_not_change_when_later_documents_come(record: Record, tmp_path: Path) -> None:
    day = date(2024, 6, 20)
    before = record.events(as_of=day)
    later = note(
        tmp_path, "later", "2024-07-01", "North Korea shipped shells to Russia on 18 June 2024, Kyiv said yesterday."
    )
    record.add(later)
    assert record.events(as_of=day) == before


def test_version_shows_the_record_as_it_was(record: Record) -> None:
    assert record.events(version=0) == []
    assert len(record.events(version=1)) >= 3


def test_a_mention_is_found_with_its_document(record: Record) -> None:
    key = record.events("PRK", "RUS")[0]["mentions"][0]
    mention, document = record.mention(key)
    assert document.slice(mention.predicate) == "shipped"


def test_an_unknown_mention_says_where_ids_come_from(record: Record) -> None:
    with pytest.raises(UsageError, match="key “mentions” of an event"):
        record.mention("m0")


def test_removing_takes_exactly_its_evidence(folder: Path, tmp_path: Path) -> None:
    whole, part = Record(tmp_path / "whole"), Record(tmp_path / "part")
    whole.add(folder)
    part.add(folder / "claim.md", folder / "treaty.md")
    mention = whole.events("RUS", types=(_reject(),))[0]["mentions"][0]
    assert whole.remove(whole.mention(mention)[1].id) >= 1
    assert content(whole) == content(part)
    assert whole.verify() == []


def _reject() -> Any:
    from dragoman.terms import EventType

    return EventType.REJECT


def test_removing_an_unknown_document_is_wrong_use(record: Record) -> None:
    with pytest.raises(UsageError, match="no document 'd0'"):
        record.remove("d0")


def test_the_order_of_arrival_changes_nothing(folder: Path, tmp_path: Path) -> None:
    forth, back = Record(tmp_path / "forth"), Record(tmp_path / "back")
    files = sorted(folder.iterdir())
    forth.add(*files)
    for path in reversed(files):
        back.add(path)
    assert content(forth) == content(back)


def test_the_brief_cites_every_sentence(record: Record) -> None:
    brief = record.dyad("PRK", "RUS").brief()
    statements = [statement for section in brief.sections for statement in section.statements]
    assert statements
    for statement in statements:
        for citation in statement.citations:
            document = brief.documents[citation.document_id]
            assert document.slice(citation.span) == citation.text


def test_a_claim_is_not_told_as_done(record: Record) -> None:
    sections = {section.title: section.statements for section in record.dyad("PRK", "RUS").brief().sections}
    assert any("South Korea" in s.text for s in sections["What is only claimed, and by whom"])
    assert "What was done" not in sections


def test_a_brief_on_strangers_says_so(record: Record) -> None:
    with pytest.raises(RecordMissing, match="no event between FRA and PER"):
        record.dyad("FRA", "PER").brief()


def test_recoding_with_the_same_coder_finds_nothing_to_do(folder: Path, tmp_path: Path) -> None:
    record = Record(tmp_path / "r")
    record.add(folder)
    before, version = content(record), record.store().snapshot().version
    summary = record.recode()
    assert (summary.documents, summary.gone, summary.came) == (0, 0, 0)
    assert (content(record), record.store().snapshot().version) == (before, version)


def test_recoding_replaces_what_an_older_coder_made(folder: Path, tmp_path: Path) -> None:
    fresh, old = Record(tmp_path / "fresh"), Record(tmp_path / "old")
    fresh.add(folder)
    old.add(folder)
    with old.store().begin("test") as transaction:
        rows = transaction.base.rows("mentions")
        transaction.delete("mentions", [row["id"] for row in rows])
        transaction.insert("mentions", [row | {"coder_version": "0.0+old"} for row in rows])
    assert old.recode().documents >= 2
    assert content(old) == content(fresh)
    assert old.verify() == []
