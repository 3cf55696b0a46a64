from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from dragoman.periods import Period
from dragoman.records import Mention
from dragoman.relate import Report, event_id, merge_mentions
from dragoman.terms import EventType, Factuality
from making import JUNE, KOR, PRK, RUS, claimed_by, make_document, make_mention


def report(mention: Mention, outlet: str | None = "Meridian Wire", sentence: str = "a", day: int = 20) -> Report:
    return Report(mention, outlet, date(2024, 6, day), sentence)


def in_document(number: int, **changes: object) -> Mention:
    return make_mention(make_document(url=f"https://x.example/{number}"), **changes)


def test_same_parties_type_domain_and_date_are_one_event() -> None:
    events = merge_mentions([report(in_document(1)), report(in_document(2))])
    assert [len(event.mentions) for event in events] == [2]


def test_a_promise_never_merges_with_the_deed() -> None:
    events = merge_mentions([report(in_document(1)), report(in_document(2, factuality=Factuality.PLEDGED))])
    assert len(events) == 2


def test_undated_mentions_merge_within_their_document_only() -> None:
    assert event_id(in_document(1, date=None)) != event_id(in_document(2, date=None))
    assert event_id(in_document(1, date=None)) == event_id(in_document(1, date=None))


def test_swapped_parties_are_another_event() -> None:
    mention = in_document(1)
    assert event_id(mention) != event_id(replace(mention, source=mention.target, target=mention.source))


def test_a_report_and_a_denial_make_a_contested_event() -> None:
    denial = in_document(2, factuality=Factuality.DENIED, claimants=claimed_by(RUS))
    (event,) = merge_mentions([report(in_document(1, claimants=claimed_by(KOR))), report(denial)])
    assert (event.factuality, event.contested, event.claimants) == (Factuality.ACTUAL, True, ("KOR",))


def test_claimants_vanish_once_an_article_reports_it_itself() -> None:
    (event,) = merge_mentions([report(in_document(1, claimants=claimed_by(KOR))), report(in_document(2))])
    assert event.claimants == ()


def test_outlets_that_share_the_sentence_are_one_origin() -> None:
    reports = [
        report(in_document(1), "Meridian Wire", "North Korea shipped shells."),
        report(in_document(2), "Harbour Post", "North Korea  shipped shells."),
        report(in_document(3), "Volga State News", "Shells came from the North."),
    ]
    (event,) = merge_mentions(reports)
    assert (event.origins, len(event.outlets)) == (2, 3)


def test_one_outlet_is_one_origin() -> None:
    (event,) = merge_mentions([report(in_document(1), sentence="a"), report(in_document(2), sentence="b")])
    assert event.origins == 1


def test_documents_without_an_outlet_count_apart() -> None:
    (event,) = merge_mentions([report(in_document(1), None, "a"), report(in_document(2), None, "b")])
    assert (event.origins, event.outlets) == (2, ())


def test_reports_span_first_to_last() -> None:
    (event,) = merge_mentions([report(in_document(1), day=20), report(in_document(2), day=25)])
    assert (event.first_reported, event.last_reported) == (date(2024, 6, 20), date(2024, 6, 25))


def test_the_order_of_arrival_changes_nothing() -> None:
    reports = [
        report(in_document(n, date=JUNE if n % 2 else Period(date(2024, 6, 1 + n))), f"outlet {n % 3}", f"s{n % 4}")
        for n in range(20)
    ]
    expected = merge_mentions(reports)
    for seed in range(5):
        shuffled = reports[:]
        random.Random(seed).shuffle(shuffled)
        assert merge_mentions(shuffled) == expected


def test_two_meetings_of_one_day_with_other_people_are_two_events() -> None:
    presidents, ministers = in_document(1, type=EventType.CONSULT), in_document(2, type=EventType.CONSULT)
    lavrov = replace(RUS, name="Sergei Lavrov", sector="GOV")
    ministers = replace(ministers, target=(replace(ministers.target[0], actor=lavrov),))
    assert len(merge_mentions([report(presidents), report(ministers)])) == 2


def test_the_state_stands_for_its_organs() -> None:
    minister = replace(PRK, name="foreign ministry (North Korea)", sector="GOV")
    mention = in_document(1)
    organ = replace(mention, source=(replace(mention.source[0], actor=minister),), document_id="d2")
    (event,) = merge_mentions([report(organ), report(mention)])
    assert event.source == (PRK,)
