from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.exchange.gdelt import COLUMNS
from dragoman.pipeline import Record

CELLS = {
    "GLOBALEVENTID": "7",
    "SQLDATE": "20200101",
    "Year": "2020",
    "EventCode": "0312",
    "QuadClass": "1",
    "Actor1Code": "ROMGOV",
    "Actor1Name": "BUCHAREST",
    "Actor1CountryCode": "ROM",
    "Actor1Type1Code": "GOV",
    "Actor2Code": "SRB",
    "Actor2Name": "SERBIA",
    "Actor2CountryCode": "SRB",
    "DATEADDED": "20200102120000",
    "Actor1EthnicCode": '"kept',
}


def line(**cells: str) -> str:
    return "\t".join((CELLS | cells).get(name, "") for name in COLUMNS)


@pytest.mark.parametrize(
    ("address", "outlet"),
    [
        ("https://www.paper.example/2020/01/a.html", "paper.example"),
        ("http://paper.example", "paper.example"),
        ("https://paper.example:8443/a", "paper.example"),
        ("https://www.paper.example?id=1", "paper.example"),
        ("http://paper.example#top", "paper.example"),
        ("https://www./a", "www."),
        ("https:///a", "https:///a"),
        ("ftp://paper.example/a", "ftp://paper.example/a"),
        ("BBC Monitoring", "BBC Monitoring"),
        ("BBC/Monitoring/a", "BBC/Monitoring/a"),
    ],
)
def test_the_outlet_is_the_host_of_the_address(address: str, outlet: str, empty_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "20200101.export.CSV"
    path.write_text(line(SOURCEURL=address) + "\n" + line(GLOBALEVENTID="8", SOURCEURL="https://other.example/") + "\n")
    empty_record.import_events("gdelt", path)
    rows = empty_record.store().snapshot().rows("events")
    assert sorted(row["outlets"] for row in rows) == sorted([[outlet], ["other.example"]])


def test_a_row_without_an_address_has_no_outlet(empty_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "20200101.export.CSV"
    path.write_text(line() + "\n")
    empty_record.import_events("gdelt", path)
    assert [row["outlets"] for row in empty_record.store().snapshot().rows("events")] == [[]]


def test_the_line_is_kept_with_the_cells_that_nobody_reads(empty_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "20200101.export.CSV"
    path.write_text(line() + "\n" + line(GLOBALEVENTID="8", EventCode="010") + "\n")
    empty_record.import_events("gdelt", path)
    snapshot = empty_record.store().snapshot()
    assert [row["row"] for row in snapshot.rows("imported")] == [line()]
    assert [row["row"] for row in snapshot.rows("refusals")] == [line(GLOBALEVENTID="8", EventCode="010")]
    assert empty_record.verify() == []
