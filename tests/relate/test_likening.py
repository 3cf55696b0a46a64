from __future__ import annotations

from datetime import date

import pytest

from dragoman.relate import Happening
from dragoman.relate.likening import NONE, SETTLED, among, cues, liken, signs
from dragoman.relate.settling import Verdict, match_score
from dragoman.relate.told import tell
from dragoman.terms import Domain, EventType, Factuality
from making import make_told

MADE = date(2019, 3, 4)


def promised(text: str, **changes: object) -> Happening:
    return make_told(text, MADE, EventType.AGREE, factuality=Factuality.PLEDGED, **changes)  # type: ignore[arg-type]


def done(text: str, kind: EventType = EventType.AID, **changes: object) -> Happening:
    return make_told(text, date(2019, 6, 1), kind, **changes)  # type: ignore[arg-type]


def test_the_shares_sum_to_one() -> None:
    found = liken(tell(promised("They will lend forty buses.")), tell(done("The forty buses rolled off a ship.")), 0.0)
    assert set(found.shares) == {NONE, *SETTLED}
    assert sum(found.shares.values()) == pytest.approx(1)


def test_what_both_name_is_told_as_evidence() -> None:
    pledge = tell(promised("They will pay for the dredging of the Kaladan estuary."))
    deed = tell(done("A dredger began its work at the mouth of the Kaladan, as promised."))
    assert {"both name Kaladan", "the report refers back (“as promised”)"} <= set(liken(pledge, deed, 0.0).evidence)


def test_days_of_the_week_are_no_shared_name() -> None:
    pledge = tell(promised("On what they called Tuesday they will lend sums."))
    deed = tell(done("It was on Tuesday that something else came."))
    assert not any("Tuesday" in line for line in liken(pledge, deed, 0.0).evidence)


def test_a_domain_alone_never_settles() -> None:
    pledge = promised("They will lend sums.", domain=Domain.FINANCE)
    deed = done("Grants went elsewhere.", domain=Domain.FINANCE)
    assert match_score(pledge, deed).verdict is Verdict.NONE


def test_a_report_in_other_words_settles_by_likeness() -> None:
    pledge = promised("They will pay for the dredging of the Kaladan estuary.", domain=Domain.TRANSPORT)
    deed = done("Ships reach the upper Kaladan again now that the silt is gone.", domain=Domain.TRANSPORT)
    match = match_score(pledge, deed)
    assert match.verdict is Verdict.SETTLES
    assert match.fitted_only


def test_more_candidates_make_each_less_likely() -> None:
    found = [among(0.6, count) for count in (1, 5, 50)]
    assert found == sorted(found, reverse=True)
    assert found[0] == pytest.approx(0.6)
    assert found[2] < 0.1


def test_the_signs_tell_who_acts_on_whom() -> None:
    pledge, deed = tell(promised("They will lend buses.")), tell(done("The buses came."))
    assert signs(pledge, deed, 0.0)["way same"] == 1
    assert "way back" not in signs(pledge, deed, 0.0)


@pytest.mark.parametrize(
    ("name", "text"),
    [("refuses", "It scrapped the plan"), ("recants", "It withdrew its offer"), ("part", "a first tranche")],
)
def test_cues_are_found(name: str, text: str) -> None:
    assert cues()[name].search(text)
