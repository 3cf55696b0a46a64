from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dragoman.periods import Period, Precision
from dragoman.records import Actor, Party, Span
from dragoman.relate import Happening, Report, make_event
from dragoman.relate.responses import MatrixRow, response_matrix, responses
from dragoman.terms import Domain, EventType, Factuality, Part
from making import KOR, NATO, PRK, RUS, make_document, make_mention

USA = Actor("USA", "United States")
JUNE_19 = date(2024, 6, 19)


def parties(*actors: Actor) -> tuple[Party, ...]:
    return tuple(Party(actor, Span(Part.BODY, 0, 5), "name: state") for actor in actors)


def happened(
    source: tuple[Actor, ...],
    target: tuple[Actor, ...],
    day: int,
    sentence: str = "They did so.",
    document: str = "",
    **changes: object,
) -> Happening:
    """An event so many days after June 19, told by one document."""
    when = JUNE_19 + timedelta(days=day)
    text = make_document(sentence, url=f"https://x.example/{document or (source, target, day, sentence)}")
    values: dict[str, object] = {"type": EventType.ACCUSE, "quad": 3, "intensity": -3.0, "domain": None}
    values |= {"date": Period(when), "source": parties(*source), "target": parties(*target)} | changes
    mention = make_mention(text, **values)
    if document:
        mention = replace(mention, document_id=document)
    report = Report(mention, "Meridian Wire", when, sentence)
    return Happening(make_event([report]), (report,))


def treaty(**changes: object) -> Happening:
    values: dict[str, object] = {"type": EventType.AGREE, "quad": 1, "domain": Domain.TREATY}
    return happened((PRK, RUS), (PRK, RUS), 0, "Putin and Kim signed a defence treaty.", "d1", **(values | changes))


def shells() -> Happening:
    return happened((PRK,), (RUS,), 0, "North Korea shipped shells to Russia.", domain=Domain.ARMS)


def test_who_accuses_a_party_in_the_same_domain_responds() -> None:
    accused = happened((KOR,), (PRK,), 3, domain=Domain.ARMS)
    (response,) = responses([accused], shells())
    assert (response.responder, response.days, response.towards) == ("KOR", 3, ("PRK",))
    assert (response.cooperative, response.deed, response.party) == (False, False, False)
    assert response.reason == "same domain (arms)"


def test_another_domain_is_no_response() -> None:
    assert responses([happened((KOR,), (PRK,), 3, domain=Domain.FOOD)], shells()) == []


def test_telling_words_tie_an_event_without_domain() -> None:
    around = [
        happened((KOR,), (RUS,), 2, "Seoul protests to the ambassador over the treaty."),
        happened((USA,), (RUS,), 2, "Washington complained of fishing boats."),
    ]
    (response,) = responses(around, treaty())
    assert (response.responder, response.words, response.reason) == ("KOR", ("treaty",), "shared words (treaty)")


def test_the_same_document_ties_an_event_without_domain() -> None:
    (response,) = responses([happened((KOR,), (RUS,), 0, "Seoul was troubled.", "d1")], treaty())
    assert response.reason == "same document"


def test_words_to_both_parties_are_about_what_the_two_did() -> None:
    around = [happened((NATO,), (PRK, RUS), 5, "The alliance was troubled.")]
    (response,) = responses(around, treaty())
    assert (response.responder, response.towards, response.reason) == ("NATO", ("PRK", "RUS"), "bears on both parties")


def test_what_the_parties_do_together_later_is_no_answer_by_that_alone() -> None:
    later = happened((PRK, RUS), (PRK, RUS), 5, "A bridge was opened.", type=EventType.COOPERATE, quad=2)
    assert responses([later], treaty()) == []


def test_a_statement_at_nobody_must_name_a_party_and_share_many_words() -> None:
    named = happened((USA,), (), 1, "Washington called the defence treaty that Russia signed a concern.")
    unnamed = happened((KOR,), (), 1, "Seoul spoke of a defence treaty that others signed.")
    (response,) = responses([named, unnamed], shells_and_treaty())
    assert (response.responder, response.towards) == ("USA", ())


def shells_and_treaty() -> Happening:
    return happened((PRK,), (RUS,), 0, "North Korea and Russia signed a defence treaty.")


def test_what_precedes_is_undated_or_too_late_is_left_out() -> None:
    accused = happened((KOR,), (PRK,), 3, domain=Domain.ARMS)
    before = happened((KOR,), (PRK,), -1, domain=Domain.ARMS)
    late = happened((KOR,), (PRK,), 15, domain=Domain.ARMS)
    vague = happened((KOR,), (PRK,), 3, "Then.", domain=Domain.ARMS, date=Period(date(2024, 6, 1), Precision.MONTH))
    undated = replace(accused, event=replace(accused.event, id="e0", date=None, first_reported=None))
    assert responses([before, late, vague, undated], shells()) == []
    assert len(responses([late], shells(), window_days=15)) == 1


def test_an_event_without_a_day_has_no_responses() -> None:
    event = shells()
    undated = replace(event, event=replace(event.event, date=None, first_reported=None))
    assert responses([happened((KOR,), (PRK,), 3, domain=Domain.ARMS)], undated) == []


def test_denied_possible_and_dismissed_events_are_no_response() -> None:
    accused = happened((KOR,), (PRK,), 3, domain=Domain.ARMS)
    around = [replace(accused, event=replace(accused.event, id=f"e{f}", factuality=f)) for f in _UNDONE]
    around.append(replace(accused, event=replace(accused.event, dismissed=True)))
    assert responses(around, shells()) == []


_UNDONE = (Factuality.DENIED, Factuality.POSSIBLE)


def test_the_day_of_a_report_is_marked_as_such() -> None:
    undated = happened((KOR,), (PRK,), 3, domain=Domain.ARMS, date=None)
    (response,) = responses([undated], shells())
    assert (response.days, response.dated) == (3, False)


def test_parties_that_answer_each_other_are_marked_from_the_next_day_on() -> None:
    def thanks(day: int) -> Happening:
        return happened((RUS,), (PRK,), day, domain=Domain.ARMS, type=EventType.SUPPORT, quad=1, intensity=4.0)

    again = happened((PRK,), (RUS,), 2, "More shells.", domain=Domain.ARMS)
    (response,) = responses([thanks(0), thanks(2), again], shells())
    assert (response.responder, response.party, response.cooperative, response.days) == ("RUS", True, True, 2)


def test_each_of_several_responders_is_shown_and_deeds_are_told_from_words() -> None:
    sanctions = happened((KOR, USA), (RUS,), 4, domain=Domain.ARMS, type=EventType.SANCTION, quad=4)
    found = responses([sanctions], shells())
    assert [(r.responder, r.deed) for r in found] == [("KOR", True), ("USA", True)]


def test_a_response_is_plain_json_with_its_evidence() -> None:
    accused = happened((KOR,), (PRK,), 3, "Seoul condemned it.", domain=Domain.ARMS)
    (row,) = json.loads(json.dumps([r.row() for r in responses([accused], shells())]))
    assert (row["event"], row["evidence"]) == (accused.event.id, [accused.reports[0].mention.id])
    assert (row["date"], row["direction"], row["kind"]) == ("2024-06-22", "hostile", "words")
    assert row["sentence"] == "Seoul condemned it."


def row_of(rows: list[MatrixRow], actor: str, responder: str) -> MatrixRow:
    (row,) = (row for row in rows if (row.actor, row.responder) == (actor, responder))
    return row


def test_the_matrix_counts_answered_events_and_their_first_answers() -> None:
    launches = [happened((PRK,), (KOR,), day, f"Launch {day}.", domain=Domain.MISSILES) for day in (0, 40, 80)]
    answers = [
        happened((USA,), (PRK,), day, f"Words {day}.", domain=Domain.MISSILES, intensity=score)
        for day, score in ((1, -2.0), (2, -8.0), (45, -4.0))
    ]
    row = row_of(response_matrix([*launches, *answers]), "PRK", "USA")
    assert (row.answered, row.events, row.median_days, row.mean_intensity) == (2, 3, 3.0, -3.0)
    assert row.pairs == tuple((launches[n].event.id, answers[m].event.id) for n, m in ((0, 0), (1, 2)))
    assert json.loads(json.dumps(row.row()))["share"] == 0.667


def test_a_partys_act_of_the_same_day_is_no_answer_in_the_matrix() -> None:
    same = [
        happened((PRK,), (KOR,), 0, "a", domain=Domain.MISSILES),
        happened((KOR,), (PRK,), 0, "b", domain=Domain.MISSILES),
    ]
    assert response_matrix(same) == []


@given(st.integers(0, 2**32))
def test_the_order_of_the_events_changes_nothing(seed: int) -> None:
    chance = random.Random(7)
    actors = (PRK, RUS, KOR, USA)
    known = []
    for n in range(25):
        source, target = chance.sample(actors, 2)
        domain = chance.choice((None, Domain.ARMS, Domain.TREATY))
        known.append(happened((source,), (target,), chance.randrange(30), f"The treaty, part {n}.", domain=domain))
    shuffled = known[:]
    random.Random(seed).shuffle(shuffled)
    assert response_matrix(shuffled) == response_matrix(known)
    assert responses(shuffled, known[0]) == responses(known, known[0])
