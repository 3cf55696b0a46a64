from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dragoman.periods import Period, Precision
from dragoman.records import Actor
from dragoman.relate import Happening
from dragoman.relate.deadlines import due_day, retold_day
from dragoman.relate.promises import amounts, read
from dragoman.relate.settling import Match, Verdict, match_score
from dragoman.terms import Domain, EventType, Factuality
from making import KOR, PRK, RUS, claimed_by, make_told

PAIRS = [json.loads(line) for line in Path(__file__).with_name("ledger_pairs.jsonl").read_text("utf-8").splitlines()]
MADE = date(2024, 6, 19)


def promised(text: str, kind: EventType = EventType.AGREE, day: date = MADE, **changes: object) -> Happening:
    return make_told(text, day, kind, factuality=Factuality.PLEDGED, **changes)  # type: ignore[arg-type]


def done(text: str, kind: EventType = EventType.AID, day: date = date(2024, 9, 1), **changes: object) -> Happening:
    return make_told(text, day, kind, **changes)  # type: ignore[arg-type]


def pair_of(row: Mapping[str, str | None]) -> tuple[Happening, Happening]:
    def side(prefix: str, source: str, target: str, factuality: Factuality) -> Happening:
        domain = row[f"{prefix}_domain"]
        return make_told(
            str(row[prefix]),
            date.fromisoformat(str(row[f"{prefix}_date"])),
            EventType(str(row[f"{prefix}_type"])),
            factuality,
            Actor(source, source),
            Actor(target, target),
            domain=Domain(domain) if domain else None,
        )

    return (
        side("pledge", str(row["source"]), str(row["target"]), Factuality.PLEDGED),
        side("deed", str(row["deed_source"]), str(row["deed_target"]), Factuality.ACTUAL),
    )


SHELLS = promised("North Korea promised to send Russia 10,000 artillery shells.")


def test_the_development_pairs_are_told_apart() -> None:
    wrong = [row for row in PAIRS if match_score(*pair_of(row)).verdict.value != row["label"]]
    assert len(PAIRS) >= 60
    assert len(wrong) <= len(PAIRS) // 20, [(row["pledge"], row["deed"], row["label"]) for row in wrong]


def test_the_promised_object_in_the_promised_amount_settles() -> None:
    match = match_score(SHELLS, done("North Korea sent Russia 10,000 artillery shells."))
    assert (match.verdict, match.measured) == (Verdict.SETTLES, True)
    assert "10,000 of 10,000 (shells)" in match.reasons


def test_less_than_promised_is_partly() -> None:
    match = match_score(SHELLS, done("North Korea sent Russia 3,000 artillery shells."))
    assert match.verdict is Verdict.PARTLY
    assert "3,000 of 10,000 (shells)" in match.reasons


def test_an_untold_amount_is_marked() -> None:
    match = match_score(SHELLS, done("North Korea sent artillery shells to Russia."))
    assert (match.verdict, match.measured) == (Verdict.SETTLES, False)


def test_domain_alone_never_settles() -> None:
    shells = promised("North Korea promised to send Russia artillery shells.", domain=Domain.ARMS)
    assert match_score(shells, done("North Korea sent Russia drones.", domain=Domain.ARMS)).verdict is Verdict.NONE


def test_the_other_direction_does_not_settle() -> None:
    deed = done("Russia sent North Korea 10,000 artillery shells.", source=RUS, target=PRK)
    assert match_score(SHELLS, deed).verdict is Verdict.NONE


def test_an_older_deed_does_not_settle() -> None:
    match = match_score(SHELLS, done("North Korea sent Russia 10,000 artillery shells.", day=date(2024, 5, 1)))
    assert (match.score, match.verdict) == (0.0, Verdict.NONE)
    assert "before the words" in match.reason


def test_a_year_that_holds_the_word_does_not_tell_which_came_first() -> None:
    year = Period(date(2024, 1, 1), Precision.YEAR)
    deed = done("North Korea sent Russia 10,000 artillery shells.", date=year)
    assert match_score(SHELLS, deed).verdict is Verdict.NONE


@pytest.mark.parametrize("factuality", [Factuality.DENIED, Factuality.POSSIBLE, Factuality.PLEDGED])
def test_what_is_not_actual_does_not_settle(factuality: Factuality) -> None:
    deed = done("North Korea sent Russia 10,000 artillery shells.", factuality=factuality)
    assert match_score(SHELLS, deed).verdict is Verdict.NONE


def test_an_outsiders_claim_is_marked_as_claimed() -> None:
    deed = done("North Korea sent Russia 10,000 artillery shells.", claimants=claimed_by(KOR))
    assert match_score(SHELLS, deed).standing == "claimed"


def test_a_party_to_the_deed_confirms_it() -> None:
    deed = done("North Korea sent Russia 10,000 artillery shells.", claimants=claimed_by(RUS))
    assert match_score(SHELLS, deed).standing == "confirmed"


def test_a_ministers_visit_is_not_the_presidents() -> None:
    putin, lavrov = (Actor("RUS", name, "GOV") for name in ("Vladimir Putin", "Sergei Lavrov"))
    pledge = promised("Vladimir Putin accepted an invitation to visit North Korea.", source=putin, target=PRK)
    visits = [
        done(f"{actor.name} arrived in Pyongyang on a visit.", EventType.CONSULT, source=actor, target=PRK)
        for actor in (lavrov, putin)
    ]
    assert [match_score(pledge, visit).verdict for visit in visits] == [Verdict.NONE, Verdict.SETTLES]


def test_an_invitation_is_kept_by_the_visit_of_the_invited() -> None:
    kim, putin = Actor("PRK", "Kim Jong Un", "GOV"), Actor("RUS", "Vladimir Putin", "GOV")
    pledge = promised("Putin invited Kim to visit Moscow.", source=putin, target=kim)
    visit = done("Kim Jong Un arrived in Moscow on a visit.", EventType.CONSULT, source=kim, target=putin)
    back = done("Putin arrived in Pyongyang on a visit.", EventType.CONSULT, source=putin, target=kim)
    assert match_score(pledge, visit).verdict is Verdict.SETTLES
    assert match_score(pledge, back).verdict is Verdict.NONE


def test_fire_after_a_truce_breaks_it() -> None:
    truce = promised("North Korea and Russia agreed to a ceasefire.")
    attack = done("Russian guns fired at the border.", EventType.ASSAULT, source=RUS, target=PRK)
    assert match_score(truce, attack).verdict is Verdict.BREAKS


def test_a_threat_is_withdrawn_in_words() -> None:
    threat = promised("Russia threatened to impose tariffs on steel.", EventType.THREATEN, source=RUS, target=PRK)
    word = done("Russia dropped its plan for tariffs.", EventType.CONCEDE, source=RUS, target=PRK)
    assert match_score(threat, word).verdict is Verdict.WITHDRAWS


def test_the_same_sentence_tells_of_word_and_deed_only_once() -> None:
    pledge = promised("North Korea promised and sent Russia 10,000 artillery shells.")
    deed = done("North Korea promised and sent Russia 10,000 artillery shells.", day=MADE)
    assert match_score(pledge, deed).verdict is Verdict.NONE


def test_the_score_is_a_share_and_the_row_is_plain() -> None:
    match = match_score(SHELLS, done("North Korea sent Russia 10,000 artillery shells."))
    assert 0 <= match.score <= 1
    assert json.loads(json.dumps(match.row()))["verdict"] == "settles"


def test_only_the_clause_of_the_predicate_is_read() -> None:
    text = "Both agreed to a ceasefire, and Russia had sent tanks."
    assert read(text, "Both agreed to a ceasefire").things == read("tanks").things
    assert read(text, "Both agreed to a ceasefire").acts == {"truce"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10,000 troops", {"troops": 10_000.0}),
        ("one million artillery shells", {"shells": 1e6}),
        ("$1.5 billion for Kyiv", {"money": 1.5e9}),
        ("60 million dollars", {"money": 60e6}),
        ("10,000 tonnes of wheat", {"ton": 10_000.0, "grain": 10_000.0}),
        ("no number at all", {}),
        ("in 2024, soldiers", {}),
    ],
)
def test_amounts_are_read_with_their_objects(text: str, expected: dict[str, float]) -> None:
    assert dict(amounts(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to reopen their embassies within two months", date(2024, 8, 18)),
        ("will meet in the coming days", date(2024, 7, 3)),
        ("promised it by the end of the year", date(2024, 12, 31)),
        ("to leave by July 1", date(2024, 7, 1)),
        ("by the end of March", date(2025, 3, 31)),
        ("are to speak again on Monday", date(2024, 6, 24)),
        ("is to travel to Pyongyang first, in October", date(2024, 10, 31)),
        ("to the parade in Moscow next May", date(2025, 5, 31)),
        ("they agreed on Wednesday to help", None),
        ("what they agreed in September", None),
        ("to leave by February 31", None),
        ("to let ships pass, in the first accord since the invasion in February", None),
        ("would help", None),
    ],
)
def test_the_day_on_which_it_is_due(text: str, expected: date | None) -> None:
    assert due_day(text, MADE) == expected


def test_retold_words_are_dated_to_the_month_in_which_they_were_said() -> None:
    assert retold_day("Putin said in September that Russia would help", date(2023, 11, 23)) == date(2023, 9, 30)
    assert retold_day("Putin promised in December to help", date(2024, 1, 3)) == date(2023, 12, 31)
    assert retold_day("Putin said on Monday that Russia would help", MADE) is None


def test_a_match_without_reasons_has_an_empty_reason() -> None:
    assert Match(0.0, Verdict.NONE, ()).reason == ""
