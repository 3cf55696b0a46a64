from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dragoman.periods import Period
from dragoman.records import Actor
from dragoman.relate.event import make_event
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.telling import LINE, most_telling
from dragoman.terms import Domain, EventType, Factuality
from making import make_mention

WEIGHTS: dict[str, Any] = {
    "events": 2,
    "origin": 0.6,
    "doubling": 0.4,
    "busy_days": 0.3,
    "stands_out": 1.5,
    "intensity": 0.8,
    "own_kind": 0.8,
    "formal": 1.0,
    "only_claimed": -0.5,
    "pledged": -0.4,
    "formal_domains": ["treaty"],
    "formal_words": ["ratified"],
    "again": 0.5,
}
TEMPLATE = Report(make_mention(), "Meridian Wire", date(2024, 6, 20), "North Korea shipped shells.")
EVENT = make_event([TEMPLATE])


def happening(number: int, sentence: str = "North Korea shipped shells.", **changes: Any) -> Happening:
    day = date(2024, 1, 1) + timedelta(days=10 * number)
    return Happening(
        replace(EVENT, id=f"e{number}", date=Period(day), **changes), (replace(TEMPLATE, sentence=sentence),)
    )


def chosen(*happenings: Happening, others: tuple[Happening, ...] = ()) -> list[str]:
    return [telling.event for telling in most_telling(happenings, others, WEIGHTS)]


def test_what_many_origins_report_tells_more() -> None:
    assert chosen(happening(1), happening(2), happening(3, origins=4), happening(4, origins=3)) == ["e3", "e4"]


def test_two_of_a_kind_tell_less_than_one_of_each() -> None:
    talks = happening(3, type=EventType.CONSULT, quad=1, intensity=4.0, domain=None)
    assert "e3" in chosen(happening(1), happening(2), talks)


def test_a_formal_step_tells_more_by_domain_or_by_its_words() -> None:
    pact = happening(2, domain=Domain.TREATY, type=EventType.AGREE, intensity=2.5)
    ratified = happening(3, "Pyongyang RATIFIED it.", type=EventType.SUPPORT, intensity=5.0)
    assert chosen(happening(1), pact, ratified) == ["e2", "e3"]


def test_what_only_outsiders_claim_or_what_is_promised_tells_less() -> None:
    claimed = happening(1, claimants=("KOR",))
    assert chosen(claimed, happening(2, factuality=Factuality.PLEDGED), happening(3), happening(4)) == ["e3", "e4"]
    (shown, _) = most_telling([claimed, happening(2)], (), WEIGHTS)
    assert shown.claimants == ("KOR",)


def test_what_happens_in_other_eras_too_tells_less() -> None:
    food = happening(3, domain=Domain.FOOD, source=(Actor("PRK", "Kim Jong Un", "GOV"),))
    usual = tuple(happening(number) for number in range(10, 20))
    assert "e3" in chosen(happening(1), food, happening(2), others=usual)


def test_they_come_in_order_of_time_with_one_line_each() -> None:
    long = "On Wednesday,\n the two " + "very " * 60 + "good friends signed."
    first, second = most_telling([happening(5), happening(1, long)], (), WEIGHTS)
    assert (first.event, second.event) == ("e1", "e5")
    assert len(first.line) <= LINE + 2
    assert first.line.startswith("On Wednesday, the two very")
    assert first.line.endswith("very …")


def test_an_imported_event_without_a_sentence_says_so() -> None:
    bare = replace(happening(1), reports=())
    (shown,) = most_telling([bare], (), WEIGHTS)
    assert (shown.line, shown.mention, shown.row()["day"]) == ("AID (no sentence is kept)", None, "2024-01-11")


def test_without_text_the_events_of_a_day_that_stands_out_tell_more() -> None:
    def bare(number: int, day: int, **changes: Any) -> Happening:
        return Happening(replace(EVENT, id=f"e{number}", date=Period(date(2024, 1, day)), mentions=(), **changes), ())

    talks = {"type": EventType.CONSULT, "quad": 1, "intensity": 2.5, "domain": None}
    quiet = [bare(number, number) for number in range(1, 6)]
    busy = [bare(number, 20, **talks) for number in range(6, 10)]
    shown = chosen(*quiet, *busy)
    assert len({event for event in shown if event in {h.event.id for h in busy}}) == 1
