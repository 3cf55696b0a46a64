from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.record import Store, correction_row, document_row, event_row, refusal_row, verify, verify_versions
from dragoman.records import Correction, Refusal, Span
from dragoman.relate import Report, merge_mentions
from dragoman.terms import CorrectionKind, Part, RefusalReason, RefusalStage
from making import make_document, make_mention, make_mention_row

DOCUMENT = make_document()
MENTION = make_mention(DOCUMENT)
REFUSAL = Refusal(RefusalStage.CODING, RefusalReason.NEGATED, "x", document_id=DOCUMENT.id, span=Span(Part.BODY, 0, 5))
CORRECTION = Correction(CorrectionKind.DISMISS, MENTION.id, "ann", datetime(2024, 7, 1, tzinfo=UTC))


def rows() -> dict[str, list[dict[str, Any]]]:
    (event,) = merge_mentions([Report(MENTION, DOCUMENT.publisher, DOCUMENT.available, "s")])
    return {
        "documents": [document_row(DOCUMENT, None)],
        "mentions": [make_mention_row(MENTION, DOCUMENT)],
        "events": [event_row(event)],
        "refusals": [refusal_row(REFUSAL)],
        "corrections": [correction_row(CORRECTION)],
    }


def problems(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    store = Store.open(folder / "r", create=True)
    with store.begin("add") as transaction:
        for name, content in tables.items():
            transaction.insert(name, content)
    return [finding.problem for finding in verify(store.snapshot())]


def test_a_sound_record_has_no_findings(tmp_path: Path) -> None:
    assert problems(tmp_path, rows()) == []


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("documents", {"body": "Something else was said, at greater length than before."}, "hashes to"),
        ("documents", {"available": None}, "available is None"),
        ("mentions", {"document_id": "d0"}, "is not in the record"),
        ("mentions", {"type": "ACCUSE"}, "hashes to"),
        ("mentions", {"outlet": "Another"}, "differs from its document"),
        ("mentions", {"sentence": {"part": "body", "start": 0, "end": 999}}, "points at 0-999"),
        ("mentions", {"sentence": {"part": "body", "start": 0, "end": 3}}, "outside its sentence"),
        ("mentions", {"event_id": "e00"}, "names e00"),
        ("mentions", {"event_id": "e0"}, "names e0"),
        ("mentions", {"source": []}, "no source"),
        ("events", {"mentions": ["m0"]}, "m0 is not in the record"),
        ("events", {"mentions": []}, "no mention"),
        ("mentions", {"quad": 3}, "its quad is 3"),
        ("mentions", {"intensity": 11.0}, "its intensity is 11.0"),
        ("mentions", {"date_end": None}, "is no day"),
        ("events", {"id": "e0"}, "named after a mention that it does not hold"),
        ("events", {"type": "PRAISE"}, "its type is 'PRAISE'"),
        ("events", {"factuality": "true"}, "its factuality is 'true'"),
        ("events", {"domain": "war"}, "its domain is 'war'"),
        ("events", {"date": None}, "its date is unknown, but not its precision"),
        ("events", {"date_precision": "month"}, "is no month"),
        ("events", {"date_precision": "decade"}, "its precision is 'decade'"),
        ("events", {"last_reported": None}, "last on None"),
        ("refusals", {"detail": "y"}, "hashes to"),
        ("corrections", {"note": "changed"}, "hashes to"),
        ("corrections", {"subject": "e0"}, "e0, which it is about"),
        ("refusals", {"document_id": "d0"}, "is not in the record"),
        ("refusals", {"span": {"part": "body", "start": 5, "end": 5}}, "points at 5-5"),
    ],
)
def test_damage_is_found(tmp_path: Path, table: str, change: dict[str, Any], message: str) -> None:
    tables = rows()
    tables[table][0].update(change)
    assert any(message in problem for problem in problems(tmp_path, tables))


def test_lost_files_are_named_and_their_versions_too(tmp_path: Path) -> None:
    problems(tmp_path, rows())
    store = Store.open(tmp_path / "r")
    assert verify_versions(store) == []
    (lost,) = (tmp_path / "r" / "events").glob("*.parquet")
    lost.unlink()
    (finding,) = verify(store.snapshot())
    assert (finding.table, finding.id, finding.problem) == ("events", lost.name, "the file is lost")
    assert [(f.id, f.problem) for f in verify_versions(store)] == [("1", "of its table events the file is lost")]
