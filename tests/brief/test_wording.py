from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dragoman.brief.names import join, say_actor, say_name
from dragoman.brief.wording import say_claim, say_date, say_event

NAMES = {"KOR": "South Korea", "USA": "United States", "RUS": "Russia"}


def actor(code: str, name: str, sector: str | None = None) -> dict[str, Any]:
    return {"code": code, "name": name, "sector": sector, "wikidata": None}


def event(**changes: Any) -> dict[str, Any]:
    made = {
        "date": date(2024, 6, 19),
        "date_precision": "day",
        "source": [actor("PRK", "North Korea")],
        "target": [actor("RUS", "Russia")],
        "type": "AID",
        "mode": None,
        "factuality": "actual",
        "contested": False,
        "claimants": [],
        "domain": "arms",
        "place": None,
        "first_reported": date(2024, 6, 20),
    }
    return made | changes


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "On 19 June 2024 North Korea gave Russia arms."),
        ({"domain": None}, "On 19 June 2024 North Korea gave Russia help."),
        ({"claimants": ["KOR"]}, "On 19 June 2024 North Korea gave Russia arms, according to South Korea."),
        ({"factuality": "possible"}, "On 19 June 2024 North Korea may have given Russia arms."),
        ({"factuality": "possible", "ahead": True}, "On 19 June 2024 North Korea may give Russia arms."),
        (
            {"factuality": "denied", "claimants": ["RUS"]},
            "On 19 June 2024 Russia denied that North Korea had given Russia arms.",
        ),
        ({"date": None, "date_precision": None}, "North Korea gave Russia arms (reported 20 June 2024)."),
        ({"date_precision": "month"}, "In June 2024 North Korea gave Russia arms."),
        ({"target": [], "type": "MOBILIZE"}, "On 19 June 2024 North Korea put forces in motion."),
        ({"type": "AGREE", "factuality": "pledged"}, "On 19 June 2024 North Korea promised Russia arms."),
        (
            {"type": "SANCTION", "factuality": "pledged", "domain": None},
            "On 19 June 2024 North Korea announced the intention to put sanctions on Russia or cut ties with it.",
        ),
        ({"contested": True}, "On 19 June 2024 North Korea gave Russia arms; others deny it."),
    ],
)
def test_an_event_is_said_in_one_sentence(changes: dict[str, Any], expected: str) -> None:
    assert say_event(event(**changes), NAMES, []) == expected


def test_both_sides_of_talks_are_the_subject() -> None:
    both = [actor("PRK", "North Korea"), actor("RUS", "Russia")]
    talks = event(type="CONSULT", domain=None, source=both, target=both)
    assert say_event(talks, NAMES, []) == "On 19 June 2024 North Korea and Russia held talks."


def test_quoted_words_stand_in_quotation_marks() -> None:
    said = say_event(event(type="SUPPORT", domain=None), NAMES, ["blood bond"])
    assert said == "On 19 June 2024 North Korea voiced support for Russia, in the words “blood bond”."


def test_a_claim_is_put_as_a_clause() -> None:
    assert say_claim(event(factuality="denied"), NAMES) == "North Korea gave Russia arms"


@pytest.mark.parametrize(
    ("name", "sector", "expected"),
    [
        ("United States", None, "the United States"),
        ("Russia", None, "Russia"),
        ("foreign ministry (South Korea)", "GOV", "South Korea’s foreign ministry"),
        ("soldier (United States)", "MIL", "the United States’ soldiers"),
        ("Kim Jong Un", "GOV", "Kim Jong Un"),
        ("Unification Ministry", "GOV", "the Unification Ministry"),
        ("NATO", None, "NATO"),
    ],
)
def test_an_actor_is_named_as_readers_know_it(name: str, sector: str | None, expected: str) -> None:
    assert say_actor(actor("X", name, sector)) == expected


def test_join_and_dates_read_aloud() -> None:
    assert (join(["a"]), join(["a", "b"]), join(["a", "b", "c"])) == ("a", "a and b", "a, b and c")
    assert [say_date(date(2024, 6, 17), kind) for kind in ("day", "week", "month", "year")] == [
        "on 17 June 2024",
        "in the week of 17 June 2024",
        "in June 2024",
        "in 2024",
    ]
    assert say_name("Netherlands") == "the Netherlands"
