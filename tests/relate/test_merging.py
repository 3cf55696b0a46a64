from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.records import Correction, Mention, Place, Span
from dragoman.relate import Report, merge_mentions, signature
from dragoman.terms import CorrectionKind, EventType, Factuality, Part
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


def test_undated_mentions_of_one_document_are_one_event() -> None:
    first = in_document(1, date=None)
    second = replace(first, predicate=Span(Part.BODY, 20, 25))
    assert len(merge_mentions([report(first, sentence="a"), report(second, sentence="b")])) == 1


def test_undated_mentions_of_two_documents_must_be_worded_alike() -> None:
    first, second = in_document(1, date=None), in_document(2, date=None)
    shells = "North Korea shipped artillery shells to Russia by rail through Tumangang"
    alike = [report(first, sentence=shells), report(second, "Harbour Post", f"{shells}, officials in Seoul said")]
    other = [report(first, sentence=shells), report(second, "Harbour Post", "Pyongyang gave Moscow ballistic missiles")]
    assert (len(merge_mentions(alike)), len(merge_mentions(other))) == (1, 2)


def test_undated_mentions_far_apart_are_never_one_event() -> None:
    words = "North Korea shipped artillery shells to Russia by rail"
    first, second = in_document(1, date=None), in_document(2, date=None)
    assert len(merge_mentions([report(first, sentence=words, day=1), report(second, sentence=words, day=20)])) == 2


def test_swapped_parties_are_another_event() -> None:
    mention = in_document(1)
    swapped = replace(mention, source=mention.target, target=mention.source)
    assert len(merge_mentions([report(mention), report(swapped)])) == 2


def test_two_cities_are_two_strikes() -> None:
    place = Place("Odesa", "UKR", Span(Part.BODY, 0, 5), 1, 46.5, 30.7)
    first = in_document(1, type=EventType.ASSAULT, place=place)
    second = in_document(2, type=EventType.ASSAULT, place=replace(place, name="Kharkiv"))
    assert len(merge_mentions([report(first), report(second)])) == 2


def test_a_coarse_date_joins_a_day_within_it_if_the_words_agree() -> None:
    words = "North Korea shipped artillery shells to Russia by rail"
    day, month = in_document(1), in_document(2, date=Period(date(2024, 6, 1), Precision.MONTH))
    (event,) = merge_mentions([report(day, sentence=words), report(month, sentence=words)])
    assert event.date == JUNE


def test_an_event_bears_the_name_of_its_first_report() -> None:
    first, second = in_document(1), in_document(2)
    (event,) = merge_mentions([report(first, day=20), report(second, day=25)])
    assert event.id == f"e{first.id[1:]}"


def correction(kind: CorrectionKind, subject: str, **more: str) -> Correction:
    return Correction(kind, subject, "analyst", datetime(2025, 1, 1, tzinfo=UTC), **more)


def test_a_person_may_join_what_the_rule_parts() -> None:
    first, second = in_document(1), in_document(2, type=EventType.CONSULT)
    said = [correction(CorrectionKind.SAME, f"e{first.id[1:]}", other=second.id)]
    assert len(merge_mentions([report(first), report(second)], said)) == 1


def test_a_person_may_part_what_the_rule_joins() -> None:
    first, second = in_document(1), in_document(2)
    assert len(merge_mentions([report(first), report(second)], [correction(CorrectionKind.APART, second.id)])) == 2


def test_a_person_may_set_a_field_and_the_latest_word_counts() -> None:
    mention = in_document(1)
    first = correction(CorrectionKind.SET, f"e{mention.id[1:]}", field="type", value="AGREE")
    said = [replace(first, at=datetime(2025, 1, 2, tzinfo=UTC), value="COOPERATE"), first]
    (event,) = merge_mentions([report(mention)], said)
    assert (event.type, event.quad) == (EventType.COOPERATE, 2)


def test_a_dismissed_event_stays_and_is_marked() -> None:
    mention = in_document(1)
    (event,) = merge_mentions([report(mention)], [correction(CorrectionKind.DISMISS, f"e{mention.id[1:]}")])
    assert event.dismissed


def test_an_unknown_field_cannot_be_set() -> None:
    mention = in_document(1)
    said = [correction(CorrectionKind.SET, f"e{mention.id[1:]}", field="colour", value="red")]
    with pytest.raises(UsageError, match="colour"):
        merge_mentions([report(mention)], said)


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
    lavrov, putin = (replace(RUS, name=name, sector="GOV") for name in ("Sergei Lavrov", "Vladimir Putin"))
    presidents, ministers = in_document(1, type=EventType.CONSULT), in_document(2, type=EventType.CONSULT)
    presidents = replace(presidents, target=(replace(presidents.target[0], actor=putin),))
    ministers = replace(ministers, target=(replace(ministers.target[0], actor=lavrov),))
    assert len(merge_mentions([report(presidents), report(ministers)])) == 2


def test_a_near_copy_is_no_new_origin() -> None:
    text = " ".join(f"word{n}" for n in range(60))
    first, second = (make_document(f"{text} {end}", url=f"https://x.example/{end}") for end in ("one", "two"))
    reports = [
        Report(make_mention(document), outlet, date(2024, 6, 20), sentence, (), None, signature(document))
        for document, outlet, sentence in ((first, "Meridian Wire", "a"), (second, "Harbour Post", "b"))
    ]
    (event,) = merge_mentions(reports)
    assert (event.origins, len(event.outlets)) == (1, 2)


def test_what_one_agency_tells_is_one_origin() -> None:
    first, second = (
        Report(in_document(n), f"outlet {n}", date(2024, 6, 20), f"sentence {n}", (), "Yonhap") for n in (1, 2)
    )
    (event,) = merge_mentions([first, second])
    assert event.origins == 1


def test_the_state_stands_for_its_organs() -> None:
    minister = replace(PRK, name="foreign ministry (North Korea)", sector="GOV")
    mention = in_document(1)
    organ = replace(mention, source=(replace(mention.source[0], actor=minister),), document_id="d2")
    (event,) = merge_mentions([report(organ), report(mention)])
    assert event.source == (PRK,)


def test_a_visit_that_some_tell_as_a_meeting_has_one_visitor() -> None:
    visit = in_document(1, type=EventType.CONSULT, mode="visit", quad=1)
    both = (*visit.source, *visit.target)
    meeting = replace(in_document(2, type=EventType.CONSULT, quad=1), source=both, target=both)
    (event,) = merge_mentions([report(visit), report(meeting)])
    assert (event.source, event.target) == ((PRK,), (RUS,))


def test_what_both_do_together_has_the_same_names_on_both_sides() -> None:
    kim = replace(PRK, name="Kim Jong Un", sector="GOV")
    plain = in_document(1, type=EventType.SUPPORT, quad=1)
    one = replace(plain, source=(*plain.source, *plain.target), target=(*plain.source, *plain.target))
    named = replace(
        in_document(2, type=EventType.SUPPORT, quad=1), source=(replace(one.source[0], actor=kim), one.source[1])
    )
    named = replace(named, target=named.source)
    (event,) = merge_mentions([report(one), report(named)])
    assert event.source == event.target


def test_a_denial_by_nobody_named_contests_nothing() -> None:
    (event,) = merge_mentions([report(in_document(1)), report(in_document(2, factuality=Factuality.DENIED))])
    assert not event.contested


def test_parties_that_a_person_names_take_the_place_of_the_machine_s() -> None:
    mention = in_document(1)
    said = [correction(CorrectionKind.SET, f"e{mention.id[1:]}", field="target", value="CHN:China; RUS:Russia")]
    (event,) = merge_mentions([report(mention)], said)
    assert [actor.code for actor in event.target] == ["CHN", "RUS"]
    assert RUS in event.target, "with all that is known of it"
    assert event.source == tuple(party.actor for party in mention.source)


def test_a_party_without_its_code_is_told() -> None:
    mention = in_document(1)
    said = [correction(CorrectionKind.SET, f"e{mention.id[1:]}", field="source", value="Atlantis")]
    with pytest.raises(UsageError, match="is no source of an event"):
        merge_mentions([report(mention)], said)
