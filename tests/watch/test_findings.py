from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dragoman.pipeline import Dyad
from dragoman.relate import Happening
from dragoman.relate.entries import State as Fate
from dragoman.relate.ledger import ledger
from dragoman.relate.testimony import State
from dragoman.terms import Domain, EventType, Factuality
from dragoman.watch.findings import Finding, Look, find, find_odds
from dragoman.watch.rules import Rule, RuleKind
from making import KOR, PRK, RUS, claimed_by, make_said, make_told

TODAY = date(2026, 1, 9)
WORD = "Russia promised on Monday to deliver air defence systems to North Korea."
DEED = "Russia delivered air defence systems to North Korea on Friday."
PLEDGE = make_told(WORD, date(2026, 1, 5), EventType.AGREE, Factuality.PLEDGED, RUS, PRK, quad=1, domain=Domain.ARMS)


def delivery(**changes: Any) -> Happening:
    values: dict[str, Any] = {"source": RUS, "target": PRK, "quad": 2, "domain": Domain.ARMS}
    return make_told(DEED, TODAY, EventType.AID, **(values | changes))


DELIVERY = delivery()


def look(*happenings: Happening, today: date = TODAY) -> Look:
    """A relation with these events, as if a record held them."""
    dyad = Dyad(None, "PRK", "RUS")  # type: ignore[arg-type]
    read = {(None, today - timedelta(days=day)): 1 for day in range(800)}
    dyad.__dict__.update(happenings=list(happenings), today=today, _read_by_day=read)
    found = Look(dyad)
    found.__dict__["ledger"] = ledger(happenings, "PRK", "RUS", today=today)
    return found


def found(kind: RuleKind, before: Look, after: Look, **values: Any) -> list[Finding]:
    return list(find(Rule("r", kind, (("PRK", "RUS"),), **values), before, after))


def texts(finding: Finding) -> list[str]:
    return [piece["text"] for piece in finding.evidence]


def test_an_entry_that_settles_is_told_with_both_sentences() -> None:
    before, after = look(PLEDGE), look(PLEDGE, DELIVERY)
    (finding,) = found(RuleKind.LEDGER, before, after)
    assert texts(finding) == [WORD, DEED]
    assert finding.title == "PRK/RUS: a pledge of 2026-01-05 is kept"
    assert finding.why.startswith(f"The pledge “{WORD}” of 2026-01-05 was open and is now kept:")
    assert found(RuleKind.LEDGER, after, after) == []
    assert found(RuleKind.LEDGER, before, after, domains=(Domain.FOOD,)) == []
    assert found(RuleKind.LEDGER, before, after, states=(Fate.BROKEN,)) == []


def test_an_entry_that_comes_settled_is_told_but_not_one_that_comes_lapsed() -> None:
    assert len(found(RuleKind.LEDGER, look(), look(PLEDGE, DELIVERY))) == 1
    talk = [make_said(date(2026, 2, 1) + timedelta(days=20 * n), f"Kim greeted Putin, letter {n}.") for n in range(50)]
    late = look(PLEDGE, *talk, today=date(2029, 1, 1))
    assert [entry.state for entry in late.ledger if entry.domain is Domain.ARMS] == [Fate.LAPSED]
    assert found(RuleKind.LEDGER, look(today=date(2029, 1, 1)), late, domains=(Domain.ARMS,)) == []
    assert len(found(RuleKind.LEDGER, look(PLEDGE), late, domains=(Domain.ARMS,))) == 1


def test_a_deed_is_told_where_a_word_was_open() -> None:
    (finding,) = found(RuleKind.DEED, look(PLEDGE), look(PLEDGE, DELIVERY))
    assert texts(finding) == [WORD, DEED]
    assert finding.why == "A pledge of 2026-01-05 in arms was open, and a deed there is reported."
    assert found(RuleKind.DEED, look(), look(DELIVERY)) == []
    assert found(RuleKind.DEED, look(PLEDGE, DELIVERY), look(PLEDGE, DELIVERY)) == []
    back = delivery(source=PRK, target=RUS)
    assert found(RuleKind.DEED, look(PLEDGE), look(PLEDGE, back)) == []
    said = delivery(claimants=claimed_by(KOR))
    (finding,) = found(RuleKind.DEED, look(PLEDGE), look(PLEDGE, said))
    assert finding.why.endswith("a deed there is reported, as KOR say.")


def test_an_indicator_that_moves_up_is_told_and_one_that_stays_is_not() -> None:
    claimed = delivery(claimants=claimed_by(KOR))
    reported = delivery(outlet="Levant Record")
    keys = {f.key.split("|")[1]: f for f in found(RuleKind.INDICATOR, look(), look(claimed))}
    assert "arms" in " ".join(keys)
    (key,) = [key for key in keys if "arms" in key]
    assert keys[key].why.startswith("“")
    assert "moved from “nothing seen” to “claimed”" in keys[key].why
    assert texts(keys[key]) == [DEED]
    (up,) = found(RuleKind.INDICATOR, look(claimed), look(claimed, reported), indicators=(key,))
    assert "moved from “claimed” to “reported”" in up.why
    assert found(RuleKind.INDICATOR, look(claimed, reported), look(claimed)) == []
    assert found(RuleKind.INDICATOR, look(), look(claimed), least=State.CONFIRMED) == []


def test_new_words_of_a_speaker_are_told_once_with_their_statement() -> None:
    old = make_said(date(2025, 1, 1), "Kim sent Putin a message of friendship.", "a firm friendship between neighbours")
    new = make_said(date(2026, 1, 9), "Kim told Putin of a blood bond.", "a blood bond sealed in war")
    (finding,) = found(RuleKind.PHRASE, look(old), look(old, new))
    assert "blood bond" in finding.why
    assert finding.why.startswith("On 2026-01-09 PRK said “")
    assert texts(finding) == ["Kim told Putin of a blood bond."]
    assert found(RuleKind.PHRASE, look(old, new), look(old, new)) == []
    assert found(RuleKind.PHRASE, look(old), look(old, new), speakers=("RUS",)) == []


def test_a_claim_that_becomes_contested_is_told() -> None:
    claimed = delivery(claimants=claimed_by(KOR))
    denied = Happening(replace(claimed.event, contested=True, deniers=("RUS",)), claimed.reports)
    (finding,) = found(RuleKind.CONTESTED, look(claimed), look(denied))
    assert "KOR say so, and RUS deny it" in finding.why
    assert found(RuleKind.CONTESTED, look(denied), look(denied)) == []
    assert found(RuleKind.CONTESTED, look(claimed), look(denied), domains=(Domain.FOOD,)) == []


def test_a_new_era_is_told() -> None:
    calm = [
        make_said(date(2024, 1, 1) + timedelta(days=7 * week), f"Kim greeted Putin, week {week}.") for week in range(60)
    ]
    start = date(2025, 3, 1)
    hostile = [
        make_told(f"A post was shelled, day {day}.", start + timedelta(days=3 * day), EventType.ASSAULT, quad=4)
        for day in range(90)
    ]
    before = look(*calm, today=date(2025, 2, 20))
    after = look(*calm, *hostile, today=date(2025, 11, 20))
    (finding,) = found(RuleKind.ERA, before, after)
    assert "a new era since 2025-0" in finding.title
    assert finding.evidence
    assert found(RuleKind.ERA, after, after) == []


def odds(number: float, asked: date, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"f{asked}",
        "question": "RUS>PRK deed:arms 90d",
        "source": "RUS",
        "target": "PRK",
        "asked": asked,
        "record_version": 1,
        "odds": number,
        "base_rate": 0.1,
        "reasons": [{"words": "a pledge is open", "weight": 1.0, "events": [PLEDGE.event.id]}],
    } | changes


def test_odds_that_pass_the_threshold_are_told_once() -> None:
    rule = Rule("r", RuleKind.ODDS, (("PRK", "RUS"),), odds=0.6)
    low, high, higher = odds(0.4, date(2026, 1, 1)), odds(0.7, date(2026, 1, 8)), odds(0.8, date(2026, 1, 9))
    (finding,) = find_odds(rule, ("PRK", "RUS"), [low], [low, high, higher], look(PLEDGE))
    assert "are 70%, past 60%; they were 40%, and the base rate is 10%" in finding.why
    assert texts(finding) == [WORD]
    assert list(find_odds(rule, ("PRK", "RUS"), [low, high], [low, high, higher], look())) == []
    assert list(find_odds(rule, ("PRK", "KOR"), [], [high], look())) == []
    (first,) = find_odds(rule, ("PRK", "RUS"), [], [high], look())
    assert "it was not asked before" in first.why


@pytest.mark.parametrize("kind", [kind for kind in RuleKind if kind not in (RuleKind.ODDS, RuleKind.SILENCE)])
def test_nothing_is_found_in_an_empty_relation(kind: RuleKind) -> None:
    assert found(kind, look(), look()) == []
