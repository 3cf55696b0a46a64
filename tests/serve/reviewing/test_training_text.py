from __future__ import annotations

import json
from collections import defaultdict

import pytest
from training.markup import Labelled, labelled

from dragoman.record import mention_from
from dragoman.records import Mention
from dragoman.relate.naming import spell_parties
from dragoman.serve import Desk
from dragoman.serve.reviewing.deciding import Decision, Told, decide
from dragoman.serve.reviewing.training_text import Left, training_lines
from dragoman.terms import Part
from running import run

Sentence = list[Mention]


@pytest.fixture
def sentences(desk: Desk) -> list[Sentence]:
    """The reports of each sentence, by place."""
    found: dict[tuple[str, str, int], Sentence] = defaultdict(list)
    for row in desk.record.newest().rows("mentions"):
        mention = mention_from(row)
        found[mention.document_id, mention.sentence.part, mention.sentence.start].append(mention)
    return [found[key] for key in sorted(found)]


@pytest.fixture
def alone(sentences: list[Sentence]) -> Mention:
    """A report that has a sentence for itself, claimed by nobody, in which one acts on another."""
    return next(
        rows[0]
        for rows in sentences
        if len(rows) == 1
        and rows[0].sentence.part is Part.BODY
        and not rows[0].claimants
        and {party.span for party in rows[0].source}.isdisjoint(party.span for party in rows[0].target)
    )


def text_of(desk: Desk, mention: Mention) -> str:
    found, document = desk.record.mention(mention.id)
    return document.slice(found.sentence)


def exported(desk: Desk) -> tuple[list[Labelled], dict[str, int]]:
    left = Left()
    rows = list(training_lines(desk.record, desk.database, left))
    return [labelled(row) for row in rows], dict(left.reasons)


def test_an_accepted_sentence_reads_as_it_was_coded(desk: Desk, people: dict[str, int], alone: Mention) -> None:
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.ACCEPT))
    ((line,), left) = exported(desk)
    (event,) = line.events
    assert line.text == text_of(desk, alone)
    assert (event.type, event.factuality, event.domain) == (alone.type, alone.factuality, alone.domain)
    start = alone.sentence.start
    assert event.predicate is not None
    assert event.predicate.start == alone.predicate.start - start
    assert {span.start for span in event.sources} == {p.span.start - start for p in alone.source}
    assert {span.start for span in event.targets} == {p.span.start - start for p in alone.target}
    assert left == {}


def test_a_rejected_one_is_a_tempting_reading(desk: Desk, people: dict[str, int], alone: Mention) -> None:
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.REJECT))
    ((line,), _) = exported(desk)
    assert [event.type for event in line.events] == ["NONE"]


def test_a_corrected_one_says_what_the_reviewer_says(desk: Desk, people: dict[str, int], alone: Mention) -> None:
    source, target = (spell_parties(party.actor for party in side) for side in (alone.source, alone.target))
    told = {"type": "ACCUSE", "domain": "trade", "source": target, "target": source}
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.CORRECT, told))
    ((line,), _) = exported(desk)
    (event,) = line.events
    start = alone.sentence.start
    assert (event.type, event.mode, event.domain) == ("ACCUSE", None, "trade")
    assert {span.start for span in event.sources} == {p.span.start - start for p in alone.target}


def test_a_party_that_the_sentence_does_not_name_is_not_guessed(
    desk: Desk, people: dict[str, int], alone: Mention
) -> None:
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.CORRECT, {"target": "Bolivia"}))
    assert exported(desk) == ([], {"a party that a reviewer named is not found in the sentence": 1})


def test_where_reviewers_differ_nothing_is_taught(desk: Desk, people: dict[str, int], alone: Mention) -> None:
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.ACCEPT))
    decide(desk, people["eve"], "eve", alone.id, Told(Decision.REJECT))
    assert exported(desk) == ([], {"reviewers differ": 1})


def test_a_sentence_is_given_only_when_all_its_reports_were_decided(
    desk: Desk, people: dict[str, int], sentences: list[Sentence]
) -> None:
    rows = next((rows for rows in sentences if len(rows) > 1), None)
    if rows is None:
        pytest.fail("The small record has no sentence with two reports any more; choose another record.")
    decide(desk, people["ann"], "ann", rows[0].id, Told(Decision.ACCEPT))
    assert exported(desk) == ([], {"not every report of the sentence was decided": 1})
    for row in rows[1:]:
        decide(desk, people["ann"], "ann", row.id, Told(Decision.ACCEPT))
    lines, left = exported(desk)
    assert [len(line.events) for line in lines] == [len(rows)] or set(left) == {
        "words of the sentence have two parts that cannot be marked together"
    }


def test_the_command_prints_json_lines_and_counts_what_was_left_out(
    desk: Desk, people: dict[str, int], alone: Mention, sentences: list[Sentence]
) -> None:
    decide(desk, people["ann"], "ann", alone.id, Told(Decision.ACCEPT))
    other = next(rows[0].id for rows in sentences if rows[0].id != alone.id and len(rows) == 1)
    decide(desk, people["ann"], "ann", other, Told(Decision.CORRECT, {"target": "Bolivia"}))
    address = desk.database.engine.url.render_as_string(hide_password=False)
    code, out, notes = run("--record", desk.record.location, "--database", address, "reviews", "export")
    assert code == 0
    assert [labelled(json.loads(line)).text for line in out.splitlines()] == [text_of(desk, alone)]
    assert "left out: 1" in notes
