from __future__ import annotations

from dataclasses import replace
from datetime import date

from dragoman.brief import Brief, Development, Findings, make_brief
from dragoman.periods import Period
from dragoman.record import event_row
from dragoman.records import Mention
from dragoman.relate import Happening, Report, merge_mentions
from dragoman.relate.eras import eras
from dragoman.relate.indicators import indicators
from dragoman.relate.ledger import ledger
from dragoman.relate.questions import load_indicators
from dragoman.relate.ritual import ritual
from dragoman.relate.wording import wording
from dragoman.terms import Domain, EventType, Factuality
from making import make_document, make_mention

TODAY = date(2025, 6, 1)
PLEDGE = "North Korea promised on Wednesday to send 10,000 artillery shells to Russia by the end of the year."
DEED = "North Korea delivered 10,000 artillery shells to Russia on Monday, both governments said."


def told(text: str, day: date, **changes: object) -> tuple[Mention, Report]:
    document = make_document(text, url=f"https://x.example/{day}", published=Period(day))
    mention = make_mention(document, date=Period(day), **changes)
    return mention, Report(mention, "Meridian Wire", day, text)


def brief() -> Brief:
    promised = {"type": EventType.AGREE, "factuality": Factuality.PLEDGED, "quad": 1, "intensity": 2.5}
    pairs = [told(PLEDGE, date(2024, 6, 19), **promised), told(DEED, date(2024, 9, 2), domain=Domain.ARMS)]
    reports = {mention.id: report for mention, report in pairs}
    events = merge_mentions(reports.values())
    happenings = [Happening(event, tuple(reports[key] for key in event.mentions)) for event in events]
    parties = ("PRK", "RUS")
    development = Development(
        eras(happenings, *parties, today=TODAY),
        tuple(ledger(happenings, *parties, today=TODAY)),
        tuple(indicators(happenings, *parties, today=TODAY, definitions=load_indicators())),
        tuple(ritual(happenings, *parties, today=TODAY)),
        tuple(wording(happenings, *parties, today=TODAY)),
    )
    documents = {
        mention.document_id: make_document(report.sentence, url=f"https://x.example/{report.available}")
        for mention, report in pairs
    }
    documents = {
        key: replace(document, published=Period(reports_of[key]))
        for key, document in documents.items()
        for reports_of in [{m.document_id: r.available for m, r in pairs if r.available}]
    }
    return make_brief(
        [Findings(parties, [event_row(event) for event in events], [], development)],
        mentions={mention.id: mention for mention, _ in pairs},
        documents=documents,
        names={"PRK": "North Korea", "RUS": "Russia"},
        as_of=TODAY,
        since=None,
        version=1,
    )


def section(title: str) -> tuple[str, list[str]]:
    found = next(section for section in brief().sections if section.title == title)
    return found.note, [statement.text for statement in found.statements]


def test_a_kept_pledge_is_told_with_both_sources() -> None:
    made = brief()
    (entry,) = next(s for s in made.sections if s.title == "What became of words").statements
    assert "kept after 75 days" in entry.text
    assert {citation.text for citation in entry.citations} == {PLEDGE, DEED}


def test_an_era_names_its_time_and_its_events() -> None:
    _, told_eras = section("How it developed")
    assert told_eras
    assert any("1 word and 1 deed" in text for text in told_eras)


def test_what_is_not_known_stands_in_the_note_alone() -> None:
    note, told_questions = section("Standing questions")
    assert "Nothing was seen of" in note
    assert len(told_questions) < len(load_indicators())
    assert any("arms" in text.lower() for text in told_questions)
