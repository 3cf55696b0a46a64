from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from dragoman.records import Actor
from dragoman.relate.fitting import acts_of
from dragoman.relate.settling import Verdict, match_told
from dragoman.relate.sifting import Sieve
from dragoman.relate.told import Told, tell
from dragoman.terms import EventType, Factuality
from making import PRK, RUS, make_told

PAIRS = [json.loads(line) for line in Path(__file__).with_name("ledger_pairs.jsonl").read_text("utf-8").splitlines()]
MADE = date(2024, 6, 19)
LONG_AFTER = timedelta(days=1500)


def promised(text: str, kind: EventType = EventType.AGREE, source: Actor = PRK, target: Actor = RUS) -> Told:
    return tell(make_told(text, MADE, kind, Factuality.PLEDGED, source, target))


def done(
    text: str, kind: EventType = EventType.AID, day: date = date(2024, 9, 1), source: Actor = PRK, target: Actor = RUS
) -> Told:
    return tell(make_told(text, day, kind, Factuality.ACTUAL, source, target))


def left(pledge: Told, deeds: list[Told]) -> list[Told]:
    acts = acts_of(pledge, pledge.reading)
    return [deeds[place] for place in Sieve(deeds).may_bear(pledge, acts, np.arange(len(deeds)))]


SHELLS = promised("North Korea promised to send Russia 10,000 artillery shells.")
DELIVERED = done("North Korea sent Russia 10,000 artillery shells.")
GRAIN = done("Russia's minister praised a harvest of grain.", EventType.SUPPORT)


def test_what_names_neither_the_object_nor_the_act_is_passed_over() -> None:
    assert left(SHELLS, [GRAIN, DELIVERED]) == [DELIVERED]


def test_a_deed_of_the_other_side_is_passed_over() -> None:
    other = done("Russia sent North Korea 10,000 artillery shells.", source=RUS, target=PRK)
    assert left(SHELLS, [other, DELIVERED]) == [DELIVERED]


def test_a_deed_after_the_longest_time_is_passed_over() -> None:
    late = done("North Korea sent Russia 10,000 artillery shells.", day=MADE + LONG_AFTER)
    assert left(SHELLS, [DELIVERED, late]) == [DELIVERED]


def test_words_taken_back_are_left() -> None:
    taken_back = done("North Korea cancelled the delivery of artillery shells to Russia.", EventType.REJECT)
    assert left(SHELLS, [taken_back]) == [taken_back]


def test_no_deed_for_which_a_rule_speaks_is_passed_over() -> None:
    ways = ((PRK, RUS), (RUS, PRK))
    pledges = {(row["pledge"], row["pledge_type"]): row for row in PAIRS}
    told = {(row["deed"], row["deed_type"]): row for row in PAIRS}
    deeds = [
        done(text, EventType(kind), MADE + timedelta(days=30 * number % 500), *way)
        for number, (text, kind) in enumerate(told)
        for way in ways
    ]
    settled = 0
    for text, kind in pledges:
        pledge = promised(text, EventType(kind))
        kept = left(pledge, deeds)
        spoken_for = [
            deed for deed in deeds if match_told(pledge, deed, by_rules_alone=True).verdict is not Verdict.NONE
        ]
        assert [deed for deed in spoken_for if deed not in kept] == [], text
        settled += len(spoken_for)
    assert settled > len(pledges)


def test_only_deeds_of_the_types_are_asked_for_and_none_of_the_word_itself() -> None:
    sieve = Sieve([GRAIN, DELIVERED, SHELLS])
    assert list(sieve.of_kinds({EventType.AID, EventType.SUPPORT}, range(3), (SHELLS,))) == [0, 1]
    assert list(sieve.of_kinds({EventType.AID, EventType.AGREE}, range(1, 3), (SHELLS, GRAIN))) == [1]


def test_no_deeds_are_no_trouble() -> None:
    assert left(SHELLS, []) == []
