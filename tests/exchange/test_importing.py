from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.exchange import acled, gdelt, icews, polecat, ucdp
from dragoman.pipeline import Record, View, Wish, view_note, view_rows
from provided import ACLED, GDELT, ICEWS, POLECAT, UCDP, line, write


def only(empty_record: Record) -> dict[str, Any]:
    (event,) = empty_record.events()
    assert empty_record.verify() == []
    return event


def test_a_row_of_icews(empty_record: Record, tmp_path: Path) -> None:
    path = write(tmp_path / "a.tab", "\t".join(icews.COLUMNS), line(icews.COLUMNS, ICEWS))
    assert empty_record.import_events("icews", path).events == 1
    event = only(empty_record)
    assert (event["source"], event["target"], event["type"], event["mode"]) == (["RUS"], ["UKR"], "ASSAULT", "firearms")
    assert (event["date"], event["provider"], event["outlets"], event["place"]) == (
        "2018-06-01",
        "icews",
        ["Some Paper"],
        "Donetsk",
    )
    (row,) = empty_record.store().snapshot().rows("imported")
    assert (row["line"], row["row_id"], json.loads(row["row"])["CAMEO Code"]) == (2, "1", "193")


def test_a_row_of_gdelt(empty_record: Record, tmp_path: Path) -> None:
    empty_record.import_events("gdelt", write(tmp_path / "a.CSV", line(gdelt.COLUMNS, GDELT)))
    event = only(empty_record)
    assert (event["source"], event["target"], event["type"]) == (["ROU"], ["SRB"], "AGREE")
    assert (event["factuality"], event["domain"], event["origins"]) == ("pledged", "troops", 3)
    assert (event["outlets"], event["place_country"]) == (["paper.example"], "COD")
    assert empty_record.today() == date(2020, 1, 2)


@pytest.mark.parametrize("columns", [gdelt.FIRST, gdelt.FIRST[:-1]])
def test_the_first_gdelts_have_fewer_columns(empty_record: Record, tmp_path: Path, columns: tuple[str, ...]) -> None:
    assert len(columns) in (57, 58)
    empty_record.import_events("gdelt", write(tmp_path / "a.csv", line(columns, {**GDELT, "DATEADDED": "20200102"})))
    assert only(empty_record)["source"] == ["ROU"]


def test_a_row_of_polecat(empty_record: Record, tmp_path: Path) -> None:
    assert len(polecat.COLUMNS) == 40
    header = "\t".join([*polecat.COLUMNS, "Extra"])
    empty_record.import_events("polecat", write(tmp_path / "a.txt", header, line(polecat.COLUMNS, POLECAT) + "\t\t"))
    event = only(empty_record)
    assert (event["source"], event["target"], event["type"], event["mode"]) == (["CHN"], ["RUS"], "CONSULT", "visit")
    assert (event["domain"], event["coder_version"]) == ("diplomacy", "polecat.1 v1")


def test_a_row_of_acled_over_two_lines(empty_record: Record, tmp_path: Path) -> None:
    assert len(acled.COLUMNS) == 31
    empty_record.import_events(
        "acled", write(tmp_path / "a.csv", ",".join(acled.COLUMNS), line(acled.COLUMNS, ACLED, ","))
    )
    event = only(empty_record)
    assert (event["source"], event["target"], event["type"]) == (["MLI"], ["MLI"], "ASSAULT")
    assert (event["date"], event["date_precision"]) == ("2022-03-14", "week")


def test_force_against_protesters_is_by_the_second_actor(empty_record: Record, tmp_path: Path) -> None:
    row = line(
        acled.COLUMNS,
        ACLED,
        ",",
        sub_event_type="Excessive force against protesters",
        actor1="Protesters (Mali)",
        inter1="Protesters",
        actor2="Military Forces of Russia (2000-)",
        inter2="External/Other forces",
    )
    empty_record.import_events("acled", write(tmp_path / "a.csv", ",".join(acled.COLUMNS), row))
    event = only(empty_record)
    assert (event["source"], event["target"], event["type"]) == (["RUS"], ["MLI"], "ASSAULT")


def test_a_row_of_ucdp(empty_record: Record, tmp_path: Path) -> None:
    empty_record.import_events("ucdp", write(tmp_path / "a.csv", ",".join(ucdp.COLUMNS), line(ucdp.COLUMNS, UCDP, ",")))
    event = only(empty_record)
    assert (event["source"], event["target"], event["mode"]) == (["SDN"], ["SDN"], "targeted")
    assert (event["date"], event["date_precision"]) == ("2014-05-01", "month")


def test_plover_records_of_both_forms(empty_record: Record, tmp_path: Path) -> None:
    new = {"id": "a", "date": "2020-01-01", "event": "AID", "actor": [{"code": "USA"}], "recipient": [{"code": "UKR"}]}
    old = {
        "id": "b",
        "date": "2020-01-02",
        "event": "THREATEN",
        "mode": "violence",
        "source": [{"code": "PRK", "sector": "GOV", "actorText": "Kim Jong Un"}],
        "target": [{"code": "KOR"}, {"code": "USA"}],
    }
    lines = [json.dumps(new), '{"id": "c", "date": ', *json.dumps(old, indent=1).split("\n")]
    summary = empty_record.import_events("plover", write(tmp_path / "a.json", *lines))
    assert (summary.events, dict(summary.reasons)) == (2, {"bad-value": 1})
    first, second = empty_record.events()
    assert (first["type"], second["target"], second["factuality"]) == ("AID", ["KOR", "USA"], "pledged")


def test_a_graph_takes_its_names_and_its_first_day_from_beside(empty_record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "icews14"
    folder.mkdir()
    write(folder / "entity2id.txt", "2", "China\t0", "John_Kerry\t1", "Xyz_Nobody\t2")
    write(folder / "relation2id.txt", "2", "Make_a_visit\t0", "Make_statement\t1", "Fly_a_kite\t2")
    rows = [
        "1\t0\t0\t24\t-1",
        "1\t0\t0\t24\t-1",
        "0\t1\t1\t0\t-1",
        "0\t2\t1\t0\t-1",
        "2\t0\t0\t0\t-1",
        "9\t0\t0\t0\t-1",
        "1 0",
    ]
    write(folder / "train.txt", *rows)
    summary = empty_record.import_events("tkg", folder)
    assert (summary.events, summary.known) == (1, 1)
    assert dict(summary.reasons) == {
        "statement": 1,
        "unknown-code": 1,
        "unknown-actor": 1,
        "bad-value": 1,
        "wrong-columns": 1,
    }
    event = only(empty_record)
    assert (event["date"], event["source"], event["target"], event["mode"]) == ("2014-01-02", ["USA"], ["CHN"], "visit")


def test_importing_twice_writes_nothing_and_statements_may_come_later(empty_record: Record, tmp_path: Path) -> None:
    header, row = "\t".join(icews.COLUMNS), line(icews.COLUMNS, ICEWS)
    said = line(icews.COLUMNS, {**ICEWS, "Event ID": "2", "CAMEO Code": "010"})
    path = write(tmp_path / "a.tab", header, row, said, header, row)
    first = empty_record.import_events("icews", path)
    assert (first.rows, first.events, first.known, first.refused) == (3, 1, 1, 1)
    (refused,) = empty_record.store().snapshot().rows("refusals")
    assert (refused["locator"], json.loads(refused["row"])["CAMEO Code"]) == ("line 3", "010")
    version = empty_record.store().snapshot().version
    again = empty_record.import_events("icews", path)
    assert (again.events, again.known, empty_record.store().snapshot().version) == (0, 2, version)
    later = empty_record.import_events("icews", path, statements=True)
    assert (later.statements, later.refused) == (1, 0)
    snapshot = empty_record.store().snapshot()
    assert (len(snapshot.rows("imported")), len(snapshot.rows("events")), snapshot.rows("refusals")) == (2, 1, [])
    assert empty_record.verify() == []


def test_malformed_rows_are_refused_and_shift_no_value(empty_record: Record, tmp_path: Path) -> None:
    good = line(icews.COLUMNS, ICEWS)
    shifted = good.replace("Military (Russia)", "Military\t(Russia)").removesuffix("\t37.8")
    short = "\t".join(good.split("\t")[:7])
    latin = line(icews.COLUMNS, {**ICEWS, "Event ID": "3", "Publisher": "El País"}).encode("latin-1")
    path = tmp_path / "a.tab"
    path.write_bytes("\n".join(["\t".join(icews.COLUMNS), good, shifted, short, ""]).encode() + latin + b"\n")
    summary = empty_record.import_events("icews", path)
    assert (summary.rows, summary.events, dict(summary.reasons)) == (4, 2, {"bad-value": 1, "wrong-columns": 1})
    kept = {row["locator"]: row["row"] for row in empty_record.store().snapshot().rows("refusals")}
    assert kept == {"line 3": shifted, "line 4": short}
    assert sorted(event["outlets"][0] for event in empty_record.events()) == ["El País", "Some Paper"]


def test_a_cut_archive_and_a_foreign_file_stop_nothing(empty_record: Record, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.CSV", line(gdelt.COLUMNS, GDELT) + "\n")
    (tmp_path / "b.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-30])
    write(tmp_path / "c.csv", "some\tother\tfile", "1\t2\t3")
    summary = empty_record.import_events("gdelt", tmp_path / "b.zip", tmp_path / "c.csv", tmp_path / "a.zip")
    assert (summary.events, dict(summary.reasons)) == (1, {"damaged": 1, "wrong-format": 1})


def test_the_report_counts_by_code(empty_record: Record, tmp_path: Path) -> None:
    said = line(icews.COLUMNS, {**ICEWS, "Event ID": "2", "CAMEO Code": "010"})
    path = write(tmp_path / "a.tab", "\t".join(icews.COLUMNS), line(icews.COLUMNS, ICEWS), said)
    summary = empty_record.import_events("icews", path)
    codes = {row["code"]: row for row in summary.as_dict()["codes"]}
    assert codes["193"]["mapped"] == {"ASSAULT firearms actual troops": 1}
    assert codes["010"]["refused"] == {"statement": 1}
    assert any("1 events written" in text for text in summary.lines())


def test_a_relation_of_imported_events_has_every_view_and_says_whose_they_are(
    empty_record: Record, tmp_path: Path
) -> None:
    pledge = line(icews.COLUMNS, {**ICEWS, "Event ID": "2", "CAMEO Code": "036"})
    empty_record.import_events(
        "icews", write(tmp_path / "a.tab", "\t".join(icews.COLUMNS), line(icews.COLUMNS, ICEWS), pledge)
    )
    dyad = empty_record.dyad("RUS", "UKR")
    for view in View:
        rows = view_rows(dyad, view, Wish())
        note = view_note(dyad, view, Wish()) or ""
        assert note.startswith("the events are of icews 2")
        if view is View.WORDING:
            assert rows == []
            assert "2 of 2 events have no text" in note
