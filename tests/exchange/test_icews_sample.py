"""Forty rows of the real ICEWS sample, chosen over codes, sectors, missing targets and countries, read by hand.

A line gives the row's Event ID, the day of June 2018, source, target, type with mode, quad, factuality, domain and the
state of the place; “-” is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dragoman.pipeline import Record

pytestmark = pytest.mark.eval_data

ROWS = """
32895011 2 GBR/PTY GBR/GOV REQUEST/-               3 actual  -            GBR
32892165 1 RUS     GBR     REQUEST/assist          3 actual  -            RUS
32894836 2 IND/BUS IND/CVL REQUEST/assist          3 actual  intelligence IND
32892024 1 KEN/GOV KEN/CVL REQUEST/assist          3 actual  diplomacy    KEN
32891413 1 AUS     BRA     AGREE/-                 1 pledged -            AUS
32891673 1 GNQ     ZWE     AGREE/-                 1 pledged trade        GNQ
32891950 1 UNO     SOM/PRE AGREE/-                 1 pledged finance      SOM
32900463 2 USA/GOV SYR     AGREE/-                 1 pledged troops       USA
32890581 1 ESH/REB BWA/GOV CONSULT/-               1 actual  -            BWA
32897201 2 RUS/GOV TUR/GOV CONSULT/phone           1 actual  -            TUR
32891844 1 RUS/GOV PRK     CONSULT/visit           1 actual  -            PRK
32890679 1 KOR/GOV USA/GOV CONSULT/-               1 actual  -            KOR
32891830 1 DEU     DEU/GOV CONSULT/third-party     1 actual  -            UKR
32891317 1 USA/GOV IGO     CONSULT/-               1 actual  -            THA
32896001 1 UNO     NIC/CVL SUPPORT/-               1 actual  -            NIC
32890452 1 MNC     USA/GOV CONCEDE/-               1 actual  -            USA
32891406 1 UNO     MMR     SUPPORT/-               1 actual  treaty       MMR
32887672 1 USA     MEX     COOPERATE/-             2 actual  trade        USA
32895884 1 USA/GOV PRK/SPY COOPERATE/-             2 actual  intelligence PRK
32890175 1 SGP     USA     AID/-                   2 actual  arms         USA
32899899 2 VAT/REL VAT     AID/-                   2 actual  -            VAT
32861343 1 PSE/GOV PSE/CVL CONCEDE/-               1 actual  -            PSE
32897900 2 VEN     VEN/CVL RETREAT/release         2 actual  -            VEN
32897302 1 LBN/REB SYR     RETREAT/withdraw        2 actual  troops       SYR
32888052 1 DEU/GOV DEU/BUS ACCUSE/investigate      3 actual  justice      DEU
32892294 1 CHN/GOV PSE     REQUEST/yield           3 actual  troops       EGY
32896840 2 PSE     ISR/MIL ACCUSE/allege           3 actual  -            PSE
32899642 2 CHN/GOV TWN     REJECT/assist           3 actual  troops       TWN
32896107 1 USA     UNO     REJECT/-                3 actual  -            PSE
32896856 2 TZA/PTY ITA/CVL THREATEN/relations      3 pledged diplomacy    ITA
32891071 1 USA/GOV CAN/GOV THREATEN/-              3 pledged -            AZE
32900621 2 CAN/CVL -       PROTEST/demo            4 actual  protest      CAN
32896235 1 IND/CVL -       PROTEST/strike          4 actual  labour       IND
32900018 2 MLI/CVL MLI/COP PROTEST/riot            4 actual  protest      MLI
32895710 1 IND/COP IND     MOBILIZE/police         4 actual  -            IND
32892153 1 BFA     TWN     SANCTION/discontinue    4 actual  diplomacy    BFA
32891139 1 ROU     IMG/REB COERCE/arrest           4 actual  -            ROU
32898028 1 GRC     MKD     CONSULT/-               1 actual  -            GRC
32891466 1 COG/CVL COG/COP REJECT/-                3 actual  -            COG
32899522 2 TUR     TUR/REB ASSAULT/aerial          4 actual  troops       TUR
"""


@pytest.fixture(scope="module")
def sample(eval_data: Path) -> Path:
    folder = eval_data / "eval" if (eval_data / "eval").is_dir() else eval_data
    return folder / "icews_2018_sample.tab"


@pytest.fixture(scope="module")
def imported(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Record:
    record = Record(tmp_path_factory.mktemp("icews") / "record")
    record.import_events("icews", sample)
    return record


def test_forty_rows_are_what_a_reader_takes_them_for(imported: Record) -> None:
    snapshot = imported.store().snapshot()
    rows = {row["row_id"]: row["event_id"] for row in snapshot.rows("imported")}
    events = {event["id"]: event for event in snapshot.rows("events")}
    expected = [line.split() for line in ROWS.strip().split("\n")]
    assert len(expected) == 40
    assert [told(row_id, events[rows[row_id]]) for row_id, *_ in expected] == expected


def told(row_id: str, event: Mapping[str, Any]) -> list[str]:
    """An event as a line of the table."""
    sides = []
    for side in ("source", "target"):
        named = [f"{actor['code']}/{actor['sector']}".removesuffix("/None") for actor in event[side]]
        sides.append(" ".join(named) or "-")
    place = event["place"]["country"] if event["place"] else "-"
    kind = f"{event['type']}/{event['mode'] or '-'}"
    quad, factuality = str(event["quad"]), event["factuality"]
    return [row_id, str(event["date"].day), *sides, kind, quad, factuality, event["domain"] or "-", place]


def test_every_row_is_an_event_or_a_refusal_with_its_reason(imported: Record) -> None:
    snapshot = imported.store().snapshot()
    reasons = Counter(row["reason"] for row in snapshot.rows("refusals"))
    assert len(snapshot.rows("events")) + reasons.total() == 3705
    assert reasons["statement"] == 610
    assert len(snapshot.rows("events")) >= 0.97 * (3705 - 610)
    assert all(row["detail"] and row["input"] and row["locator"] for row in snapshot.rows("refusals"))
    assert imported.verify() == []


def test_statements_are_kept_without_an_event_on_request(sample: Path, tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    summary = record.import_events("icews", sample, statements=True)
    assert (summary.statements, summary.reasons["statement"]) == (610, 0)
    untyped = [row for row in record.store().snapshot().rows("imported") if row["event_id"] is None]
    assert len(untyped) == 610
    assert len(record.events()) == summary.events
