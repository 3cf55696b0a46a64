"""What the views show of a real year: the quadruples of ICEWS for 2014, imported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.pipeline import Record
from dragoman.relate.eras import Eras

pytestmark = pytest.mark.eval_data


@pytest.fixture(scope="module")
def year(eval_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = eval_data / "eval" if (eval_data / "eval").is_dir() else eval_data
    record = Record(tmp_path_factory.mktemp("year") / "record")
    summary = record.import_events("tkg", folder / "icews14")
    assert (summary.rows, summary.events + summary.refused) == (90_730, 90_730)
    assert set(summary.reasons) == {"statement", "unknown-actor"}
    assert summary.reasons["unknown-actor"] < 0.04 * summary.rows
    assert {"RUS", "UKR", "USA", "GBR", "IND", "DEU", "ISR", "TUR"} <= summary.unnamed().keys()
    return record


def telling_days(found: Eras) -> set[date | None]:
    return {event.day for era in found.eras for event in era.telling}


def test_china_and_japan_change_course_at_the_agreement_of_november(year: Record) -> None:
    found = year.dyad("CHN", "JPN").eras()
    turns = [era.start for era in found.eras if abs((era.start - date(2014, 11, 7)).days) <= 10]
    assert turns
    assert {date(2014, 11, 7), date(2014, 11, 10)} <= telling_days(found)


def test_the_koreas_agree_visit_and_fire(year: Record) -> None:
    found = year.dyad("KOR", "PRK").eras()
    assert {date(2014, 2, 14), date(2014, 10, 4), date(2014, 10, 10)} <= telling_days(found)


def test_the_united_states_and_russia_change_course_in_early_march(year: Record) -> None:
    starts = [era.start for era in year.dyad("USA", "RUS").eras().eras]
    assert any(date(2014, 3, 1) <= start <= date(2014, 3, 15) for start in starts)


@pytest.mark.parametrize(("first", "second"), [("RUS", "UKR"), ("IND", "PAK")])
def test_too_little_is_called_too_little(year: Record, first: str, second: str) -> None:
    found = year.dyad(first, second).eras()
    assert len(found.eras) == 1
    assert found.note is not None


def test_events_are_marked_by_provider_and_told_apart(year: Record) -> None:
    events = year.events("CHN", "JPN")
    assert {event["provider"] for event in events} == {"tkg"}
