from __future__ import annotations

from datetime import date

from dragoman.relate import Happening
from dragoman.relate.firsts import firsts
from dragoman.terms import Domain, EventType, Factuality
from making import KOR, PRK, claimed_by, make_told


def sent(day: date, domain: Domain | None = Domain.TROOPS, **changes: object) -> Happening:
    return make_told(f"Soldiers went on {day}.", day, EventType.AID, domain=domain, **changes)  # type: ignore[arg-type]


CLAIM = sent(date(2024, 10, 18), claimants=claimed_by(KOR))
REPORT = sent(date(2024, 12, 1))
ADMISSION = sent(date(2025, 4, 28), claimants=claimed_by(PRK))


def test_a_claim_a_report_and_an_admission_are_each_told_once() -> None:
    later = sent(date(2025, 6, 1), claimants=claimed_by(PRK))
    found = [(first.standing, first.day, first.by) for first in firsts([later, ADMISSION, REPORT, CLAIM])]
    assert found == [
        ("claimed", date(2024, 10, 18), ("KOR",)),
        ("reported", date(2024, 12, 1), ()),
        ("confirmed", date(2025, 4, 28), ("PRK",)),
    ]


def test_what_is_confirmed_is_no_news_when_it_is_claimed_later() -> None:
    again = sent(date(2025, 5, 1), claimants=claimed_by(KOR))
    assert [first.standing for first in firsts([ADMISSION, again])] == ["confirmed"]


def test_deeds_of_no_or_of_a_general_domain_are_left_out() -> None:
    assert firsts([sent(date(2024, 1, 1), domain=None), sent(date(2024, 1, 2), domain=Domain.DIPLOMACY)]) == []


def test_what_is_denied_promised_or_possible_is_left_out() -> None:
    kinds = (Factuality.DENIED, Factuality.PLEDGED, Factuality.POSSIBLE)
    assert firsts([sent(date(2024, 1, 1), factuality=kind) for kind in kinds]) == []


def test_a_signed_treaty_counts_and_praise_does_not() -> None:
    signed = make_told("They signed.", date(2024, 6, 19), EventType.SUPPORT, domain=Domain.TREATY)
    praised = make_told("He praised the crop.", date(2024, 6, 19), EventType.SUPPORT, domain=Domain.FOOD)
    assert [first.domain for first in firsts([signed, praised])] == [Domain.TREATY]
