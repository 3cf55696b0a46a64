from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from dragoman.brief import Brief, Findings, make_brief, render_brief
from dragoman.errors import UsageError
from dragoman.record import event_row
from dragoman.records import Document, Mention, Party, Span
from dragoman.relate import Report, merge_mentions
from dragoman.terms import Domain, EventType, Factuality, Part
from making import KOR, PRK, RUS, claimed_by, make_document, make_mention

DOCUMENTS: dict[str, Document] = {}
NAMES = {"PRK": "North Korea", "RUS": "Russia", "KOR": "South Korea"}


def mention(url: str, **changes: object) -> Mention:
    document = make_document(url=f"https://x.example/{url}", title="<b>Shells</b> & more")
    DOCUMENTS[document.id] = document
    return make_mention(document, **changes)


def brief(*mentions: Mention, around: tuple[Mention, ...] = (), since: date | None = None) -> Brief:
    def rows(side: tuple[Mention, ...]) -> list[dict[str, object]]:
        return [event_row(e) for e in merge_mentions(Report(m, "o", date(2024, 6, 20), m.id) for m in side)]

    return make_brief(
        [Findings(("PRK", "RUS"), rows(mentions), rows(around))],
        mentions={m.id: m for m in (*mentions, *around)},
        documents=DOCUMENTS,
        names=NAMES,
        as_of=date(2024, 6, 20),
        since=since,
        version=3,
    )


def said(made: Brief) -> dict[str, list[str]]:
    return {section.title: [s.text for s in section.statements] for section in made.sections}


DEED = mention("deed")
CLAIM = mention("claim", claimants=claimed_by(KOR))
DENIAL = mention("denial", factuality=Factuality.DENIED, claimants=claimed_by(RUS), date=None)
PLEDGE = mention("pledge", type=EventType.AGREE, factuality=Factuality.PLEDGED, quad=1)
BLAME = mention(
    "deed",
    source=(Party(KOR, Span(Part.BODY, 0, 5), "name"),),
    target=(Party(PRK, Span(Part.BODY, 0, 5), "name"),),
    type=EventType.ACCUSE,
    quad=3,
    domain=None,
)


def test_a_deed_stands_under_done() -> None:
    assert said(brief(DEED)) == {"What was done": ["On 19 June 2024 North Korea gave Russia arms."]}


def test_a_claim_never_stands_under_done() -> None:
    assert list(said(brief(CLAIM))) == ["What is only claimed, and by whom"]


def test_the_doer_s_own_word_counts_as_done() -> None:
    assert list(said(brief(replace(CLAIM, claimants=claimed_by(PRK))))) == ["What was done"]


def test_a_pledge_stands_under_promised() -> None:
    assert list(said(brief(PLEDGE))) == ["What was promised or threatened"]


def test_claim_and_denial_make_a_contested_sentence_with_both_sides() -> None:
    made = brief(CLAIM, DENIAL)
    assert said(made)["What is contested"] == [
        "That North Korea gave Russia arms is claimed by South Korea and denied by Russia."
    ]
    (section,) = [s for s in made.sections if s.title == "What is contested"]
    assert len({citation.document_id for citation in section.statements[0].citations}) == 2


def test_third_parties_stand_apart() -> None:
    assert said(brief(DEED, around=(BLAME,)))["Third parties"] == [
        "On 19 June 2024 South Korea criticised or accused North Korea."
    ]


def test_equal_sentences_become_one_with_all_citations() -> None:
    other = replace(mention("other"), domain=Domain.ARMS, date=None)
    more = replace(mention("more"), domain=Domain.ARMS, date=None)
    (section,) = brief(other, more).sections
    assert [len(statement.citations) for statement in section.statements] == [2]


@pytest.mark.parametrize(("since", "new"), [(date(2024, 6, 20), True), (date(2024, 6, 21), False)])
def test_since_puts_the_new_at_the_front(since: date, new: bool) -> None:
    titles = list(said(brief(DEED, since=since)))
    assert (titles[0] == f"New since {since.day} June 2024") is new


def test_every_citation_of_the_page_leads_to_a_source_on_it() -> None:
    page = render_brief(brief(DEED, CLAIM, DENIAL, PLEDGE), "html").decode()
    cited = set(re.findall(r'href="#s(\d+)"', page))
    assert cited
    assert cited == set(re.findall(r'id="s(\d+)"', page))


def test_text_of_documents_cannot_become_markup() -> None:
    page = render_brief(brief(DEED), "html").decode()
    assert "<b>Shells</b>" not in page
    assert "&lt;b&gt;Shells&lt;/b&gt; &amp; more" in page


def test_markdown_and_json_hold_the_same_sentences() -> None:
    made = brief(DEED, CLAIM, DENIAL)
    data = json.loads(render_brief(made, "json"))
    text = render_brief(made, "md").decode()
    statements = [s["text"] for section in data["relations"][0]["sections"] for s in section["statements"]]
    assert statements
    assert all(statement in text for statement in statements)
    numbers = {citation["number"] for citation in data["citations"]}
    assert {n for s in data["relations"][0]["sections"] for t in s["statements"] for n in t["citations"]} <= numbers


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UsageError, match="md, html, pdf, docx, json"):
        render_brief(brief(DEED), "odt")
