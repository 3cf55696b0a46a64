from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.records import Actor
from dragoman.relate.eras import Eras, eras
from dragoman.relate.event import make_event
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.series import Coverage, Step
from dragoman.terms import Domain, EventType, Factuality
from making import PRK, RUS, make_mention

SPEECH: dict[str, Any] = {"type": EventType.SUPPORT, "quad": 1, "intensity": 5.0, "domain": None}
RAID: dict[str, Any] = {"type": EventType.ASSAULT, "quad": 4, "intensity": -9.0, "domain": None}
TEMPLATE = Report(make_mention(), "Meridian Wire", date(2024, 6, 20), "North Korea shipped shells.")
EVENT = make_event([TEMPLATE])
START = date(2020, 1, 6)


def happening(number: int, day: date, **changes: Any) -> Happening:
    event = replace(EVENT, id=f"e{number:05}", date=Period(day), first_reported=day, last_reported=day, **changes)
    return Happening(event, (TEMPLATE,))


def weekly(counts: list[int], first: int = 0, start: date = START, **changes: Any) -> list[Happening]:
    """So many events in each week, on its Wednesday."""
    days = [start + timedelta(days=7 * week + 2) for week, count in enumerate(counts) for _ in range(count)]
    return [happening(first + number, day, **changes) for number, day in enumerate(days)]


def told(happenings: list[Happening], weeks: int, **options: Any) -> Eras:
    return eras(happenings, "PRK", "RUS", today=START + timedelta(days=7 * weeks - 1), **options)


def read_weekly(weeks: int) -> Coverage:
    return {("Meridian Wire", START + timedelta(days=7 * week)): 5 for week in range(weeks)}


def test_planted_changes_of_a_relation_are_found_in_the_right_weeks() -> None:
    generator = np.random.default_rng(2)
    rates = [4.0] * 30 + [9.0] * 40 + [4.0] * 35 + [12.0] * 30
    found = told(weekly(generator.poisson(rates).tolist(), **SPEECH), len(rates), step=Step.WEEK)
    weeks = [(era.start - START).days // 7 for era in found.eras]
    assert all(abs(week - planted) <= 2 for week, planted in zip(weeks, (0, 30, 70, 105), strict=True))


def test_the_data_choose_a_step_with_events_enough() -> None:
    dense, monthly, sparse = [3] * 60, [1, 0] * 60, [1] + [0] * 7
    assert [told(weekly(c), len(c)).step for c in (dense, monthly, sparse * 20)] == [
        Step.WEEK,
        Step.MONTH,
        Step.QUARTER,
    ]


def test_a_year_with_events_on_most_days_is_read_by_the_day() -> None:
    days = [START + timedelta(days=number // 2) for number in range(2 * 30 * 7)]
    assert told([happening(n, day) for n, day in enumerate(days)], 30).step is Step.DAY


def test_where_a_state_is_never_named_itself_more_events_are_needed() -> None:
    changing = [1] * 30 + [5] * 30
    offices = [
        replace(h, event=replace(h.event, source=(Actor("PRK", "Ministry (North Korea)", "GOV"),)))
        for h in weekly(changing, **SPEECH)
    ]
    found = told(offices, 60)
    assert len(found.eras) == 1
    assert found.note is not None
    assert "names PRK itself" in found.note
    assert told(weekly(changing, **SPEECH), 60).note is None


def test_a_sparse_relation_shows_no_change() -> None:
    generator = np.random.default_rng(4)
    found = told(weekly(generator.poisson([0.25] * 200).tolist(), **SPEECH), 200)
    assert [(era.name, era.turn) for era in found.eras] == [("warm, words leading", None)]


def test_silence_before_the_first_event_is_an_era_only_if_documents_were_read() -> None:
    talk = weekly([0] * 60 + [1] * 60, **SPEECH)
    assert len(told(talk, 120).eras) == 1
    before, after = told(talk, 120, coverage=read_weekly(120)).eras
    assert (before.name, before.counts.count, before.mean_intensity) == ("dormant", 0, None)
    assert after.turn is not None
    assert after.turn.low <= after.start == after.turn.day <= after.turn.high
    assert after.turn.reading == pytest.approx(1, abs=0.02)


def test_periods_without_a_document_read_weigh_nothing() -> None:
    talk = weekly([3] * 40 + [0] * 30 + [3] * 40, **SPEECH)
    unread = {key: n for key, n in read_weekly(110).items() if not 40 <= (key[1] - START).days // 7 < 70}
    assert [era.tone for era in told(talk, 110, coverage=read_weekly(110), step=Step.WEEK).eras] == [
        "warm",
        "dormant",
        "warm",
    ]
    found = told(talk, 110, coverage=unread, step=Step.WEEK)
    assert (len(found.eras), found.unread) == (1, 30)


def test_an_era_tells_from_words_to_deeds() -> None:
    words, deeds = weekly([3] * 40 + [1] * 40, **SPEECH), weekly([0] * 40 + [2] * 40, first=500)
    first, second = told(words + deeds, 80, step=Step.WEEK).eras
    assert (first.leading, second.leading, second.start) == ("words", "deeds", START + timedelta(days=280))
    assert second.turn is not None
    assert "deeds among them rose from 0% to 67%" in second.turn.reason


def test_an_era_of_fighting_is_hostile_even_with_talk_beside_it() -> None:
    found = told(weekly([2] * 20, **SPEECH) + weekly([1] * 20, first=500, **RAID), 20)
    assert [era.tone for era in found.eras] == ["hostile"]


def test_reproaches_without_deeds_are_cool() -> None:
    reproach: dict[str, Any] = {"type": EventType.REJECT, "quad": 3, "intensity": -2.0}
    assert [era.name for era in told(weekly([1] * 20, **reproach), 20).eras] == ["cool, words leading"]


def test_both_directions_make_the_relation_and_one_may_be_asked_for() -> None:
    back = weekly([1] * 20, first=500, source=(RUS,), target=(PRK,))
    events = weekly([1] * 20) + back
    (both,) = told(events, 20).eras
    (one,) = told(events, 20, directed=True).eras
    assert (both.counts.count, both.first_share, one.counts.count, one.first_share) == (40, 0.5, 20, 1.0)


def test_what_is_possible_denied_or_dismissed_makes_no_era() -> None:
    doubtful = [
        *weekly([3] * 40, factuality=Factuality.POSSIBLE),
        *weekly([3] * 40, first=500, factuality=Factuality.DENIED),
        *weekly([3] * 40, first=900, dismissed=True),
    ]
    found = told(doubtful, 40)
    assert (found.eras, found.note) == ((), "no word or deed is known")


def test_with_few_events_no_change_is_claimed() -> None:
    found = told(weekly([0] * 100 + [5, 5], **SPEECH), 102, since=START)
    assert len(found.eras) == 1
    assert found.note is not None
    assert "10 words and deeds" in found.note


def test_an_event_that_no_period_can_hold_is_left_out_in_the_open() -> None:
    year = happening(900, date(2020, 3, 1), factuality=Factuality.ACTUAL)
    coarse = replace(
        year, event=replace(year.event, date=Period(date(2018, 1, 1), Precision.YEAR), first_reported=date(2020, 3, 1))
    )
    ahead = happening(901, date(2031, 1, 1))
    found = told([*weekly([1] * 20), coarse, ahead], 20)
    assert [(event.event, event.reason.split(",")[0]) for event in found.left_out] == [
        ("e00900", "its date is known only as 2018"),
        ("e00901", "it is dated 2031-01-01"),
    ]


def test_the_order_of_events_changes_nothing() -> None:
    events = weekly([1, 2, 3] * 10 + [9] * 30, **SPEECH) + weekly([1] * 60, first=900)
    found = told(events, 60)
    random.Random(1).shuffle(events)
    assert told(events, 60) == found


def test_an_unfinished_period_is_no_decline() -> None:
    events = weekly([2] * 105, **SPEECH)
    kept = [h for h in events if h.day and h.day <= date(2022, 1, 3)]
    (era,) = eras(kept, "PRK", "RUS", today=date(2022, 1, 3), step=Step.MONTH).eras
    assert era.end == date(2022, 1, 3)
    assert era.a_month == pytest.approx(8.7, abs=0.1)


def test_eras_cannot_start_after_today() -> None:
    with pytest.raises(UsageError, match="after today"):
        eras([], "PRK", "RUS", today=date(2024, 1, 1), since=date(2024, 1, 2))


def test_a_relation_without_events_has_no_era() -> None:
    assert told([], 20, coverage=read_weekly(20)).eras == ()


def test_the_rows_are_plain_values_with_figures_and_evidence() -> None:
    treaty = happening(
        990, date(2020, 4, 1), type=EventType.AGREE, quad=1, intensity=2.5, domain=Domain.TREATY, origins=3
    )
    found = told([*weekly([2] * 30 + [8] * 30, **SPEECH), treaty], 60, step=Step.WEEK)
    row = json.loads(json.dumps(found.row()))
    first, second = row["eras"]
    assert (row["step"], first["turn"], second["turn"]["day"]) == ("week", None, second["start"])
    assert first["words"] == first["words_cooperation"]["count"] == 61
    assert "e00990" in [event["event"] for event in first["telling"]]
    assert "e00990" in first["events"]


def test_a_party_may_be_a_body_by_name() -> None:
    events = weekly([1] * 20, target=(Actor("IGO", "NATO"),))
    assert len(eras(events, "PRK", "NATO", today=date(2020, 6, 1)).eras) == 1
