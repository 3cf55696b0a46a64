"""What is wrong with a graph's files never stops an import, and never gives a row another's name, place or day."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from dragoman.pipeline import Record
from provided import write

ENTITIES = ("China", "John_Kerry", "Japan", "France", "South_Korea", "North_Korea", "Russia", "Ukraine")
RELATIONS = ("Make_a_visit", "Consult", "Engage_in_negotiation", "Sign_formal_agreement")


def graph(folder: Path, *, entities: tuple[str, ...] = (), relations: tuple[str, ...] = ()) -> Path:
    """A folder with the files of names."""
    folder.mkdir(exist_ok=True)
    named = entities or tuple(f"{name}\t{number}" for number, name in enumerate(ENTITIES))
    write(folder / "entity2id.txt", str(len(ENTITIES)), *named)
    told = relations or tuple(f"{name}\t{number}" for number, name in enumerate(RELATIONS))
    write(folder / "relation2id.txt", str(len(RELATIONS)), *told)
    return folder


def found(record: Record) -> set[tuple[str, str, str]]:
    """Who, whom and when of all events."""
    return {(*event["source"], *event["target"], event["date"][5:]) for event in record.events()}


GOOD = tuple(f"0\t1\t{target}\t{24 * day}\t-1" for target, day in ((2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6)))
TOLD = {
    ("CHN", "JPN", "01-02"),
    ("CHN", "FRA", "01-03"),
    ("CHN", "KOR", "01-04"),
    ("CHN", "PRK", "01-05"),
    ("CHN", "RUS", "01-06"),
    ("CHN", "UKR", "01-07"),
}


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("3\t1\t\t2\t48\t-1", "wrong-columns"),
        ("3\t1\t\t48\t-1", "bad-value"),
        ("3\t\t2\t48\t-1", "bad-value"),
        ("\t3\t1\t2\t48", "bad-value"),
        ("3\t1\t2\t\t48", "bad-value"),
        ("3\t7\t1\t2\t48\t-1", "wrong-columns"),
        ("3\t1\t2\t48", "wrong-columns"),
        ("3\t1\t2", "wrong-columns"),
        ("3\t1\t2\t48\t-1\t0", "wrong-columns"),
        ("3 1 2  48", "bad-value"),
        ("source\trelation\ttarget\ttime\tlabel", "bad-value"),
        ("3\t1\t2\t49\t-1", "bad-value"),
        ("3\t1\t2\t4.8e1\t-1", "bad-value"),
        ("3\t1\t2\t-48\t-1", "bad-value"),
        ("3\t1\t2\t٤٨\t-1", "bad-value"),
        ("3\t1\t2\t" + "9" * 5000 + "\t-1", "bad-value"),
        ("3\t1\t2\t999999984\t-1", "bad-value"),
        ("France\tConsult\tJapan\t48\t-1", "bad-value"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_one_bad_row_is_refused_and_moves_no_other(empty_record: Record, tmp_path: Path, odd: str, reason: str) -> None:
    folder = graph(tmp_path / "icews14")
    # Twice the good rows: one time of twelve that is no whole day leaves the others hours.
    write(folder / "train.txt", *GOOD, odd, *GOOD)
    summary = empty_record.import_events("tkg", folder)
    assert (summary.events, dict(summary.reasons)) == (6, {reason: 1})
    assert found(empty_record) == TOLD
    (refused,) = empty_record.store().snapshot().rows("refusals")
    assert refused["locator"] == "line 7"
    assert empty_record.verify() == []


def test_rows_between_spaces_are_cut_at_each(empty_record: Record, tmp_path: Path) -> None:
    folder = graph(tmp_path / "icews14")
    write(folder / "train.txt", *(row.replace("\t", " ") for row in GOOD), "3 1  48 -1", "3  1 2 48")
    summary = empty_record.import_events("tkg", folder)
    assert dict(summary.reasons) == {"bad-value": 2}
    assert found(empty_record) == TOLD


def test_latin_bytes_in_a_row_and_in_a_name(empty_record: Record, tmp_path: Path) -> None:
    folder = graph(tmp_path / "icews14")
    with (folder / "entity2id.txt").open("ab") as names:
        names.write("Côte_d'Ivoire\t8\n".encode("latin-1"))
    (folder / "train.txt").write_bytes(
        "\n".join([*GOOD, "8\t1\t2\t48\t-1", ""]).encode() + "3\t1\té\t48\t-1\n".encode("latin-1")
    )
    summary = empty_record.import_events("tkg", folder)
    assert dict(summary.reasons) == {"bad-value": 1}
    assert found(empty_record) == TOLD | {("CIV", "JPN", "01-03")}


def test_a_time_that_is_no_whole_day_makes_no_days_of_hours(empty_record: Record, tmp_path: Path) -> None:
    folder = graph(tmp_path / "icews14")
    write(folder / "train.txt", *GOOD, "3\t1\t2\t49\t-1", "3\t1\t4\t50\t-1")
    summary = empty_record.import_events("tkg", folder)
    # Three quarters of the times are hours of whole days: which they are cannot be told, and none is guessed.
    assert (summary.events, dict(summary.reasons)) == (0, {"bad-value": 8})
    write(folder / "train.txt", *(f"0\t1\t{2 + day % 6}\t{day}\t-1" for day in range(30)))
    assert empty_record.import_events("tkg", folder).events == 30
    assert ("CHN", "JPN", "01-25") in found(empty_record)


@pytest.mark.parametrize("cut", ["Russ\t2", "Jap\t", "Jap", "Japan\tx\t2"])
def test_a_name_that_is_cut_or_told_twice_stands_for_nobody(empty_record: Record, tmp_path: Path, cut: str) -> None:
    names = tuple(f"{name}\t{number}" for number, name in enumerate(ENTITIES) if name != "Japan" or cut == "Russ\t2")
    folder = graph(tmp_path / "icews14", entities=(*names, cut))
    write(folder / "train.txt", *GOOD)
    summary = empty_record.import_events("tkg", folder)
    assert dict(summary.reasons) == {"bad-value": 1}
    assert found(empty_record) == TOLD - {("CHN", "JPN", "01-02")}


def test_a_relation_told_twice_codes_nothing(empty_record: Record, tmp_path: Path) -> None:
    told = tuple(f"{name}\t{number}" for number, name in enumerate(RELATIONS))
    folder = graph(tmp_path / "icews14", relations=(*told, "Fight_with_small_arms\t1"))
    write(folder / "train.txt", *GOOD, "0\t3\t2\t48\t-1")
    summary = empty_record.import_events("tkg", folder)
    assert (summary.events, dict(summary.reasons)) == (1, {"bad-value": 6})
    assert found(empty_record) == {("CHN", "JPN", "01-03")}


def test_a_graph_that_is_packed_or_breaks_off(empty_record: Record, tmp_path: Path) -> None:
    folder = graph(tmp_path / "icews14")
    rows = "".join(f"0\t1\t{2 + number % 6}\t{24 * (number % 360)}\t-1\n" for number in range(3_000))
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("test.txt", rows)
    (folder / "b.zip").write_bytes((folder / "a.zip").read_bytes()[:-40])
    packed = gzip.compress(rows.encode())
    (folder / "c.gz").write_bytes(packed[: len(packed) // 2])
    write(folder / "d.txt", *GOOD)
    summary = empty_record.import_events("tkg", folder)
    assert {reason: count for reason, count in summary.reasons.items() if reason != "wrong-columns"} == {
        "wrong-format": 1,
        "damaged": 2,
    }
    assert 6 < summary.events < 3_000
    assert found(empty_record) >= TOLD


def test_files_of_names_that_are_not_there_refuse_the_file_alone(empty_record: Record, tmp_path: Path) -> None:
    folder = graph(tmp_path / "icews14")
    other = tmp_path / "icews15"
    other.mkdir()
    write(other / "train.txt", *GOOD)
    write(folder / "train.txt", *GOOD)
    summary = empty_record.import_events("tkg", other, folder)
    assert (summary.events, dict(summary.reasons)) == (6, {"missing": 1})
