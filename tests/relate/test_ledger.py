from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.records import Correction
from dragoman.relate import Happening, Report, make_event
from dragoman.relate.keeping import wilson
from dragoman.relate.ledger import Entry, State, kept_rates, ledger
from dragoman.terms import CorrectionKind, Domain, EventType, Factuality
from making import KOR, PRK, RUS, claimed_by, make_told

MADE = date(2024, 1, 10)
TODAY = date(2026, 1, 31)
WORDS = "North Korea promised to send Russia artillery shells."
DEED = "North Korea sent artillery shells to Russia."


def promise(text: str = WORDS, day: date = MADE, kind: EventType = EventType.AGREE, **changes: object) -> Happening:
    return make_told(text, day, kind, Factuality.PLEDGED, **changes)  # type: ignore[arg-type]


def deed(text: str = DEED, day: date = date(2024, 3, 10), kind: EventType = EventType.AID, **more: object) -> Happening:
    return make_told(text, day, kind, **more)  # type: ignore[arg-type]


def talk(day: date) -> Happening:
    return make_told(f"North Korea thanked Russia on {day}.", day, EventType.SUPPORT)


LATER = [talk(MADE + timedelta(days=400 + 10 * n)) for n in range(4)]


def entries(*happenings: Happening, today: date = TODAY, corrections: tuple[Correction, ...] = ()) -> list[Entry]:
    return ledger(happenings, "PRK", "RUS", today=today, corrections=corrections)


def only(*happenings: Happening, today: date = TODAY, corrections: tuple[Correction, ...] = ()) -> Entry:
    (entry,) = entries(*happenings, today=today, corrections=corrections)
    return entry


def said(
    kind: CorrectionKind, subject: str, other: str | None = None, value: str | None = None, day: int = 1
) -> Correction:
    return Correction(kind, subject, "analyst", datetime(2025, 1, day, tzinfo=UTC), other, value=value)


def test_a_promise_and_its_deed_are_kept_with_lag_and_evidence() -> None:
    pledge, act = promise(), deed()
    entry = only(pledge, act)
    assert (entry.state, entry.lag_days, entry.settled_on) == (State.KEPT, 60, date(2024, 3, 10))
    assert entry.id == f"l{pledge.event.id[1:]}"
    assert entry.settled_by == (act.event.id, *act.event.mentions)
    assert (entry.source, entry.target, entry.domain) == (("PRK",), ("RUS",), Domain.ARMS)
    assert "shells" in entry.reason
    assert entry.score is not None
    assert 0.6 <= entry.score <= 1


def test_a_promise_counted_but_not_counted_in_the_deed_is_only_partly_kept() -> None:
    entry = only(promise("North Korea promised to send Russia 10,000 shells."), deed("North Korea sent Russia shells."))
    assert entry.state is State.PARTLY
    assert "amount" in entry.reason


def test_a_claimed_deed_is_noted_and_settles_nothing() -> None:
    entry = only(promise(), deed(claimants=claimed_by(KOR)), today=date(2024, 6, 1))
    assert entry.state is State.OPEN
    assert "claimed by KOR" in entry.reason
    assert (bool(entry.claimed), entry.settled_by) == (True, ())


def test_a_claim_that_a_party_later_confirms_settles_and_keeps_the_first_claim() -> None:
    claim = deed("North Korea sent artillery shells to Russia by rail.", claimants=claimed_by(KOR))
    confirmed = deed("Russia confirms that North Korea sent shells.", date(2024, 5, 1), claimants=claimed_by(RUS))
    entry = only(promise(), claim, confirmed)
    assert (entry.state, entry.settled_on) == (State.KEPT, date(2024, 5, 1))
    assert "first claimed by KOR on 2024-03-10" in entry.reason
    assert confirmed.event.id in entry.settled_by
    assert claim.event.id in entry.claimed


def test_a_denied_deed_settles_nothing() -> None:
    assert only(promise(), deed(factuality=Factuality.DENIED), today=date(2024, 6, 1)).state is State.OPEN


def test_a_disputed_deed_needs_two_independent_origins() -> None:
    def reported(*outlets: str) -> Happening:
        reports: list[Report] = []
        for outlet in outlets:
            reports += deed(f"{outlet} saw that North Korea sent artillery shells to Russia.", outlet=outlet).reports
        denial = deed("Russia denied it.", outlet="Volga", factuality=Factuality.DENIED, claimants=claimed_by(RUS))
        reports += denial.reports
        reports.sort(key=lambda report: report.mention.id)
        return Happening(make_event(reports), tuple(reports))

    states = [only(promise(), reported(*names), today=date(2024, 6, 1)).state for names in (["A"], ["A", "B"])]
    assert states == [State.OPEN, State.KEPT]


def test_a_contrary_deed_breaks_it() -> None:
    halt = deed("North Korea halted the delivery of artillery shells to Russia.", kind=EventType.SANCTION)
    assert only(promise(), halt).state is State.BROKEN


def test_a_breach_does_not_hide_that_it_was_kept_afterwards() -> None:
    halt = deed("North Korea halted the delivery of artillery shells to Russia.", kind=EventType.SANCTION)
    entry = only(promise(), halt, deed(day=date(2024, 6, 1)))
    assert entry.state is State.KEPT
    assert "contrary deed is recorded on 2024-03-10" in entry.reason


def test_a_truce_is_broken_by_the_first_shot_and_never_kept_by_silence() -> None:
    truce = promise("North Korea and Russia agreed to a ceasefire.")
    shot = deed("Russian guns fired at the border.", date(2024, 1, 12), EventType.ASSAULT, source=RUS, target=PRK)
    assert (only(truce, shot).state, only(truce, shot).lag_days) == (State.BROKEN, 2)
    assert only(truce, *LATER).state is State.OPEN


def test_a_threat_that_is_dropped_is_withdrawn() -> None:
    threat = promise("North Korea threatened to impose tariffs on Russian steel.", kind=EventType.THREATEN)
    word = deed("North Korea dropped its plan for tariffs on Russian steel.", kind=EventType.CONCEDE)
    entry = only(threat, word)
    assert (entry.kind, entry.state) == ("threat", State.WITHDRAWN)


def test_an_unspecific_threat_proves_nothing_if_the_same_went_on_before() -> None:
    threat = promise("North Korea said that Russia would be punished.", kind=EventType.THREATEN)
    before = deed("North Korea shelled a village.", MADE - timedelta(days=5), EventType.ASSAULT)
    after = deed("North Korea attacked a post.", MADE + timedelta(days=5), EventType.ASSAULT)
    assert only(threat, after).state is State.KEPT
    assert only(threat, before, after, today=date(2024, 3, 1)).state is State.OPEN


def test_a_warning_not_to_do_something_threatens_nothing_of_ones_own() -> None:
    warning = promise("North Korea warned Russia not to strike its bases.", kind=EventType.THREATEN)
    attack = deed("North Korea attacked a base.", MADE + timedelta(days=5), EventType.ASSAULT)
    assert (only(warning, attack).state, only(warning, attack).general) == (State.OPEN, True)


def test_a_conditional_threat_does_not_lapse() -> None:
    threat = promise("North Korea said Russia would pay if it voted for the motion.", kind=EventType.THREATEN)
    assert only(threat, *LATER).state is State.OPEN


def test_an_unkept_promise_lapses_only_if_the_relation_was_read() -> None:
    assert only(promise(), *LATER).state is State.LAPSED
    silent = only(promise())
    assert silent.state is State.OPEN
    assert "too little" in silent.reason
    assert only(promise(), *LATER, today=date(2024, 12, 1)).state is State.OPEN


def test_a_promise_with_its_own_day_lapses_after_it() -> None:
    pledge = promise("North Korea promised to send Russia artillery shells by the end of March.")
    talks = [talk(date(2024, month, 20)) for month in (4, 5, 6)]
    entry = only(pledge, *talks, today=date(2024, 7, 1))
    assert (entry.due, entry.state) == (date(2024, 3, 31), State.LAPSED)


def test_a_late_deed_says_how_late() -> None:
    pledge = promise("North Korea promised to send Russia artillery shells by the end of February.")
    assert "10 days after it was due" in only(pledge, deed()).reason


def test_a_general_declaration_stays_open_and_says_why() -> None:
    entry = only(promise("North Korea will always stand by Russia."), deed(), *LATER)
    assert (entry.general, entry.state) == (True, State.OPEN)
    assert "general declaration" in entry.reason


def test_repetitions_within_two_months_are_one_entry_and_later_ones_renew_it() -> None:
    first, again, later = promise(), promise(day=MADE + timedelta(days=20)), promise(day=MADE + timedelta(days=200))
    one, renewed = entries(first, again, later)
    assert one.events == (first.event.id, again.event.id)
    assert renewed.renews == one.id


def test_two_amounts_are_two_promises() -> None:
    words = "North Korea promised to send Russia {} artillery shells."
    assert len(entries(promise(words.format("1,000")), promise(words.format("5,000"), MADE + timedelta(days=3)))) == 2


def test_an_outsiders_guess_about_intentions_is_no_promise() -> None:
    guess = "South Korea has detected signs that North Korea is preparing to send workers to Russia."
    assert entries(promise(guess, claimants=claimed_by(KOR))) == []


def test_a_denied_or_possible_promise_is_none() -> None:
    possible = make_told(WORDS, MADE, EventType.AGREE, Factuality.POSSIBLE)
    assert entries(possible, make_told(WORDS, MADE, EventType.AGREE, Factuality.DENIED)) == []


def test_plain_signing_is_no_entry_but_a_treaty_that_binds_is_a_commitment() -> None:
    plain = make_told("North Korea signed a treaty with Russia.", MADE, EventType.SUPPORT, domain=Domain.TREATY)
    text = "North Korea signed a treaty with Russia under which it promises to send artillery shells."
    binding = make_told(text, MADE, EventType.SUPPORT, domain=Domain.TREATY)
    assert entries(plain) == []
    assert only(binding).kind == "commitment"


def test_a_demand_with_a_day_and_a_consequence_is_an_ultimatum() -> None:
    plain = make_told("North Korea urged Russia to pay.", MADE, EventType.REQUEST)
    dated = make_told("North Korea told Russia to pay by March 1 or face the end of trade.", MADE, EventType.REQUEST)
    assert entries(plain) == []
    assert (only(dated).kind, only(dated).due) == ("ultimatum", date(2024, 3, 1))


def test_a_person_may_settle_an_entry_and_the_last_word_counts() -> None:
    pledge, act = promise(), deed("North Korea gave Russia a lion.")
    entry_id = f"l{pledge.event.id[1:]}"
    settles = said(CorrectionKind.SETTLES, entry_id, act.event.id, "partly")
    entry = only(pledge, act, corrections=(settles,))
    assert (entry.state, entry.decided_by, entry.lag_days) == (State.PARTLY, "analyst", 60)
    taken_back = said(CorrectionKind.UNSETTLED, entry_id, act.event.id, day=2)
    assert only(pledge, act, corrections=(taken_back, settles)).decided_by is None


def test_a_person_may_rule_out_a_deed() -> None:
    pledge, act = promise(), deed()
    ruled_out = said(CorrectionKind.UNSETTLED, f"l{pledge.event.id[1:]}", act.event.id)
    assert only(pledge, act, today=date(2024, 6, 1), corrections=(ruled_out,)).state is State.OPEN


def test_an_unknown_state_of_a_correction_is_an_error() -> None:
    pledge = promise()
    wrong = said(CorrectionKind.SETTLES, f"l{pledge.event.id[1:]}", value="honoured")
    with pytest.raises(UsageError, match="honoured"):
        entries(pledge, corrections=(wrong,))


def test_nothing_after_today_is_seen() -> None:
    assert only(promise(), deed(), today=date(2024, 2, 1)).state is State.OPEN
    assert entries(promise(), today=date(2023, 1, 1)) == []


def test_other_relations_are_left_out() -> None:
    assert entries(promise(target=KOR)) == []


def test_rows_are_plain_values() -> None:
    row = json.loads(json.dumps(only(promise(), deed()).row()))
    assert (row["state"], row["made"], row["domain"]) == ("kept", "2024-01-10", "arms")


def test_kept_rates_count_by_direction_and_domain_and_leave_declarations_out() -> None:
    words = promise("North Korea will always stand by Russia.", date(2024, 1, 11))
    both, arms, *_ = kept_rates(entries(promise(), deed(), words, *LATER))
    assert (both.domain, both.total, both.general, both.share) == ("all", 1, 1, 1.0)
    assert (arms.domain, dict(arms.states)["kept"]) == ("arms", 1)
    assert json.loads(json.dumps(both.row()))["total"] == 1


def test_the_curve_rises_at_the_lag_of_each_kept_word() -> None:
    other = promise("North Korea promised to send Russia rice.", date(2024, 1, 20))
    (both, *_) = kept_rates(entries(promise(), deed(), other, *LATER))
    assert [(point.day, point.kept, point.at_risk) for point in both.curve] == [(60, 0.5, 2)]
    assert 0 <= both.curve[0].low <= 0.5 <= both.curve[0].high <= 1


def test_without_a_decision_there_is_no_share_and_no_curve() -> None:
    (both, *_) = kept_rates(entries(promise(), today=date(2024, 2, 1)))
    assert (both.share, both.low, both.curve) == (None, None, ())
    assert kept_rates([]) == []


def test_wilson_gives_the_known_interval() -> None:
    low, high = wilson(5, 10)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**16))
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    happenings = [promise(), deed(), promise(day=MADE + timedelta(days=100)), *LATER]
    shuffled = happenings[:]
    random.Random(seed).shuffle(shuffled)
    assert entries(*shuffled) == entries(*happenings)


def coded(happening: Happening) -> Happening:
    """The event as a provider's row tells it: without a report."""
    return Happening(happening.event, ())


def test_a_word_without_text_stays_open_and_names_what_followed() -> None:
    pledge, act = promise(domain=Domain.ARMS), deed(domain=Domain.ARMS)
    entry = only(coded(pledge), coded(act))
    assert (entry.state, entry.general, entry.settled_by) == (State.OPEN, True, ())
    assert entry.claimed == (act.event.id,)
    assert "AID of 2024-03-10, 60 days later" in entry.reason


def test_a_word_without_text_and_field_is_held_to_nothing() -> None:
    entry = only(coded(promise(domain=None)), coded(deed(domain=None)))
    assert (entry.state, entry.claimed) == (State.OPEN, ())
    assert "names no field" in entry.reason
