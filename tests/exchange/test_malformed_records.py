"""What is wrong with PLOVER's records never stops an import, and never puts a value under a wrong key."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dragoman.pipeline import Record

GOOD = {
    "date": "2023-05-04",
    "event": "CONSULT",
    "mode": "visit",
    "actor": [{"code": "CHN", "sector": "GOV", "actorText": "Xi Jinping"}],
    "recipient": [{"code": "RUS"}],
    "publication": "Some Paper",
}


def told(number: int, **changed: Any) -> str:
    return json.dumps({"id": str(number), **GOOD, **changed}, ensure_ascii=False)


def bring(record: Record, path: Path, *lines: str | bytes) -> tuple[set[str], dict[str, int]]:
    """The ids of the records that became events, and what was refused by reason."""
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n")
    summary = record.import_events("plover", path)
    assert record.verify() == []
    kept = [json.loads(row["row"]) for row in record.store().snapshot().rows("imported")]
    stored = [row for row in record.store().snapshot().rows("refusals") if row["input"] == str(path)]
    assert len(stored) == summary.reasons.total()
    assert {event["type"] for event in record.events()} <= {"CONSULT"}
    assert {tuple(event["target"]) for event in record.events()} <= {("RUS",)}
    return {str(json.loads(row["record"])["id"] if "record" in row else row["id"]) for row in kept}, dict(
        summary.reasons
    )


def test_tabs_between_and_inside_values_move_nothing(empty_record: Record, tmp_path: Path) -> None:
    spaced = told(1).replace(", ", "\t,\t")
    inside = told(2, publication="Some Paper").replace("Some Paper", "Some\tPaper")
    assert bring(empty_record, tmp_path / "a.json", spaced, inside) == ({"1", "2"}, {})
    assert {tuple(event["outlets"]) for event in empty_record.events()} == {("Some Paper",)}


def test_latin_bytes_of_one_line_are_read_as_latin(empty_record: Record, tmp_path: Path) -> None:
    latin = told(1, publication="El País").encode("latin-1")
    assert bring(empty_record, tmp_path / "a.json", latin, told(2, publication="Der Kölner")) == ({"1", "2"}, {})
    assert {event["outlets"][0] for event in empty_record.events()} == {"El País", "Der Kölner"}


@pytest.mark.parametrize("header", ["id\tdate\tevent", "id,date,event,mode", "# made in May", "null", "]]", "12"])
def test_a_header_in_the_middle_costs_no_record(empty_record: Record, tmp_path: Path, header: str) -> None:
    ids, reasons = bring(empty_record, tmp_path / "a.json", told(1), header, told(2), told(3))
    assert ids == {"1", "2", "3"}
    assert reasons == ({} if header == "]]" else {"bad-value": 1})


def test_keys_too_few_and_too_many_and_values_of_a_wrong_kind(empty_record: Record, tmp_path: Path) -> None:
    dateless = {key: value for key, value in GOOD.items() if key != "date"}
    lines = [
        told(1, odd="CONSULT", column=["RUS"]),
        json.dumps({"id": "2", **dateless}),
        json.dumps({"id": "3"}),
        told(4, event={"code": "CONSULT"}),
        told(5, actor=7),
        told(6, actor=[["CHN"]]),
        told(7, date=20230504),
        told(8, date="4 May"),
        told(9, date=None, mode="2023-05-04"),
        told(10, event="2023-05-04", date="CONSULT"),
        told(11, actor="RUS;CHN"),
    ]
    ids, reasons = bring(empty_record, tmp_path / "a.json", *lines)
    assert ids == {"1", "6", "7"}
    assert sum(reasons.values()) == len(lines) - len(ids)
    assert reasons.keys() <= {"bad-value", "unknown-code", "unknown-actor"}
    assert {event["date"] for event in empty_record.events()} == {"2023-05-04"}


def test_a_record_that_breaks_off_takes_no_other_with_it(empty_record: Record, tmp_path: Path) -> None:
    whole = json.dumps({"id": "2", **GOOD}, indent=1)
    lines = [
        told(1)[:60],
        *whole.split("\n"),
        *json.dumps({"id": "3", **GOOD}, indent=1).split("\n")[:6],
        told(4),
        told(5)[:-1],
    ]
    assert bring(empty_record, tmp_path / "a.json", *lines) == ({"2", "4"}, {"bad-value": 3})


def test_an_array_on_one_line_and_one_over_many_that_is_cut(empty_record: Record, tmp_path: Path) -> None:
    group = [{"id": str(number), **GOOD} for number in range(3)]
    assert bring(empty_record, tmp_path / "a.json", json.dumps(group)) == ({"0", "1", "2"}, {})
    more = json.dumps([{"id": str(number), **GOOD} for number in range(10, 14)], indent=2)
    ids, reasons = bring(empty_record, tmp_path / "b.json", more[:-250])
    assert (ids, reasons) == ({"0", "1", "2", "10", "11", "12"}, {"bad-value": 1})
    broken = json.dumps([{"id": str(number), **GOOD} for number in range(20, 23)])[:-40]
    ids, reasons = bring(empty_record, tmp_path / "c.json", broken)
    assert ids == {"0", "1", "2", "10", "11", "12", "20", "21"}
    assert reasons == {"bad-value": 1}


def test_a_record_whose_parts_stand_on_lines_of_their_own_is_one(empty_record: Record, tmp_path: Path) -> None:
    lines = [
        "{",
        '  "id": "1", "event": "CONSULT", "date": "2023-05-04",',
        '  "actor": [',
        '    {"code": "CHN"}',
        "  ],",
    ]
    lines += ['  "recipient":', '    {"code": "RUS"}', "}"]
    assert bring(empty_record, tmp_path / "a.json", *lines, told(2)) == ({"1", "2"}, {})


@pytest.mark.parametrize(
    "odd",
    [
        '{"id": ' + "9" * 5000 + "}",
        "{" + '"a": [' * 100_000,
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        r'{"id": "5", "publication": "\ud800"}',
        '"{"',
        "}{",
        "{'id': 5}",
    ],
    ids=["long number", "never closed", "deep", "half a character", "text", "turned round", "no JSON"],
)
def test_what_no_reader_can_take_is_refused(empty_record: Record, tmp_path: Path, odd: str) -> None:
    assert bring(empty_record, tmp_path / "a.json", told(1), odd, told(2)) == ({"1", "2"}, {"bad-value": 1})


def test_signs_that_part_values_inside_are_no_marks(empty_record: Record, tmp_path: Path) -> None:
    actor = [{"code": "CHN", "sector": "GOV\x1fMIL", "actorText": "Xi\x1eJin\x1fping"}]
    lines = [told(1, actor=actor), told(2, event="CONSULT\x1fvisit"), told(3, mode="visit\x1f\x1e")]
    ids, reasons = bring(empty_record, tmp_path / "a.json", *lines)
    assert ids <= {"1", "3"}
    assert reasons["unknown-code"] == 1


def test_a_record_that_never_ends_is_given_up(
    empty_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.exchange.plover.MOST_LINES", 20)
    lines = ["{", *(f'  "a{number}": 1,' for number in range(25)), told(2)]
    ids, reasons = bring(empty_record, tmp_path / "a.json", *lines)
    assert ids == {"2"}
    # Twenty lines are one refusal, those that follow are one each.
    assert reasons == {"bad-value": 7}


def test_archives_that_break_off_lose_their_end_only(empty_record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    text = "".join(f"{told(number)}\n" for number in range(500))
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("a.json", text)
    (folder / "a.zip").write_bytes((folder / "a.zip").read_bytes()[:-40])
    packed = gzip.compress(text.encode())
    (folder / "b.gz").write_bytes(packed[: len(packed) // 2])
    (folder / "c.json").write_text(told(9000) + "\n", "utf-8")
    summary = empty_record.import_events("plover", folder)
    assert summary.reasons["damaged"] == 2
    assert summary.reasons["bad-value"] <= 1
    assert 1 <= summary.events < 500
    assert "9000" in {row["row_id"] for row in empty_record.store().snapshot().rows("imported")}
