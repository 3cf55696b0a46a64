"""What a person says against the machine is kept, heard by every view, and changes nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.pipeline import Record
from dragoman.records import Correction
from dragoman.terms import CorrectionKind

PAGES = {
    "one": ("2024-06-20", "North Korea shipped shells to Russia on 18 June 2024, Seoul said in a statement."),
    "two": (
        "2024-06-21",
        "North Korea shipped shells to Russia on 18 June 2024, the paper learned from its own sources.",
    ),
    "three": ("2024-07-02", "Russia condemned Japan on 1 July 2024 for its plans to buy missiles from abroad."),
}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    for name, (day, text) in PAGES.items():
        page = f"---\ntitle: {name}\npublisher: outlet {name}\ndate: {day}\n---\n\n{text}\n"
        (tmp_path / f"{name}.md").write_text(page, "utf-8")
    made = Record(tmp_path / "r")
    made.add(*tmp_path.glob("*.md"))
    return made


def said(kind: CorrectionKind, subject: str, **more: str) -> Correction:
    return Correction(kind, subject, "analyst", datetime(2025, 1, 1, tzinfo=UTC), **more)


def shipment(record: Record) -> dict[str, object]:
    (event,) = (e for e in record.events("PRK", "RUS") if e["type"] == "AID")
    return event


def test_two_reports_of_one_shipment_are_one_event(record: Record) -> None:
    assert (shipment(record)["origins"], shipment(record)["outlets"]) == (2, ["outlet one", "outlet two"])


def test_a_dismissed_event_is_shown_no_more_and_the_record_holds(record: Record) -> None:
    record.correct(said(CorrectionKind.DISMISS, str(shipment(record)["id"])))
    assert record.events("PRK", "RUS", types=()) == []
    assert record.verify() == []


def test_a_field_is_set_now_and_when_looking_back(record: Record) -> None:
    record.correct(said(CorrectionKind.SET, str(shipment(record)["id"]), field="domain", value="trade"))
    (now,) = record.events("PRK", "RUS")
    (then,) = record.events("PRK", "RUS", as_of=datetime(2024, 12, 1, tzinfo=UTC).date())
    assert (now["domain"], then["domain"]) == ("trade", "trade")


def test_a_mention_set_apart_is_an_event_by_itself_and_the_old_id_still_leads_somewhere(record: Record) -> None:
    event = shipment(record)
    mentions = event["mentions"]
    assert isinstance(mentions, list)
    record.correct(said(CorrectionKind.APART, mentions[1]))
    assert sorted(len(e["mentions"]) for e in record.events("PRK", "RUS")) == [1, 1]
    assert set(record.event(str(event["id"]))["mentions"]) < set(mentions)
    assert record.verify() == []


def test_joined_again_it_leaves_a_redirect(record: Record) -> None:
    mentions = shipment(record)["mentions"]
    assert isinstance(mentions, list)
    record.correct(said(CorrectionKind.APART, mentions[1]))
    parted = [str(event["id"]) for event in record.events("PRK", "RUS")]
    record.correct(said(CorrectionKind.SAME, parted[0], other=parted[1]))
    assert {record.event(identity)["id"] for identity in parted} == {shipment(record)["id"]}


def test_a_correction_outlives_later_documents(record: Record, tmp_path: Path) -> None:
    record.correct(said(CorrectionKind.SET, str(shipment(record)["id"]), field="type", value="COOPERATE"))
    later = tmp_path / "later.md"
    text = "North Korea shipped shells to Russia on 18 June 2024, a third paper reported from the port."
    later.write_text(f"---\ntitle: later\npublisher: outlet four\ndate: 2024-06-22\n---\n\n{text}\n", "utf-8")
    record.add(later)
    (event,) = record.events("PRK", "RUS")
    assert (event["type"], len(event["mentions"])) == ("COOPERATE", 3)


def test_what_is_not_in_the_record_cannot_be_corrected(record: Record) -> None:
    with pytest.raises(UsageError, match="no event"):
        record.correct(said(CorrectionKind.DISMISS, "e00000000000000000000"))


def test_a_copy_in_another_outlet_is_no_new_origin(record: Record, tmp_path: Path) -> None:
    before = shipment(record)["origins"]
    day, text = PAGES["one"]
    copy = tmp_path / "copy.md"
    copy.write_text(f"---\ntitle: again\npublisher: outlet five\ndate: {day}\n---\n\n{text}\n", "utf-8")
    record.add(copy)
    after = shipment(record)
    assert (after["origins"], "outlet five" in str(after["outlets"])) == (before, True)


def test_parties_are_set_now_and_when_looking_back_and_the_reports_keep_theirs(record: Record) -> None:
    identity = str(shipment(record)["id"])
    record.correct(said(CorrectionKind.SET, identity, field="target", value="China; Iran"))
    event = record.event(identity)
    assert (event["source"], event["target"], len(event["mentions"])) == (["PRK"], ["CHN", "IRN"], 2)
    day = datetime(2024, 12, 1, tzinfo=UTC).date()
    for as_of in (None, day):
        assert [e["id"] for e in record.events("PRK", "CHN", as_of=as_of)] == [identity]
        assert [e["id"] for e in record.events("IRN", as_of=as_of)] == [identity]
        assert record.events("PRK", "RUS", as_of=as_of) == []
        (happening,) = record.dyad("PRK", "IRN", as_of=as_of).happenings
        assert len(happening.reports) == 2
        assert record.dyad("PRK", "RUS", as_of=as_of).happenings == []
    assert {p.actor.code for m in event["mentions"] for p in record.mention(m)[0].target} == {"RUS"}
    assert record.verify() == []


def test_set_parties_outlive_later_documents_and_compaction(record: Record, tmp_path: Path) -> None:
    identity = str(shipment(record)["id"])
    record.correct(said(CorrectionKind.SET, identity, field="source", value="IRN"))
    later = tmp_path / "later.md"
    text = "North Korea shipped shells to Russia on 18 June 2024, a third paper reported from the port."
    later.write_text(f"---\ntitle: later\npublisher: outlet four\ndate: 2024-06-22\n---\n\n{text}\n", "utf-8")
    record.add(later)
    record.compact()
    (event,) = record.events("IRN", "RUS")
    assert (event["source"], len(event["mentions"])) == (["IRN"], 3)
    (happening,) = record.dyad("IRN", "RUS").happenings
    assert len(happening.reports) == 3
    assert record.verify() == []


def test_saying_the_same_again_changes_nothing(record: Record) -> None:
    word = said(CorrectionKind.SET, str(shipment(record)["id"]), field="source", value="iran")
    record.correct(word)
    version = record.store().snapshot().version
    record.correct(word)
    assert record.store().snapshot().version == version


def test_a_party_that_is_not_known_leaves_the_record_as_it_is(record: Record) -> None:
    with pytest.raises(UsageError, match="Atlantis"):
        record.correct(said(CorrectionKind.SET, str(shipment(record)["id"]), field="source", value="Atlantis"))
    assert record.store().snapshot().rows("corrections") == []
