from __future__ import annotations

from datetime import date
from typing import Any

from dragoman.brief import Answered, Citations
from dragoman.brief.beyond import Beyond
from dragoman.brief.statement import Section
from dragoman.record import event_row
from dragoman.records import Actor, Document, Mention, Party, Span
from dragoman.relate import Happening, Report, merge_mentions
from dragoman.relate.readings import readings
from dragoman.relate.responses import answers_to
from dragoman.terms import Domain, EventType, Part
from making import KOR, PRK, RUS, claimed_by, make_document, make_mention

NAMES = {"PRK": "North Korea", "RUS": "Russia", "KOR": "South Korea"}


class World:
    """A few events with their documents."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.mentions: dict[str, Mention] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.happenings: list[Happening] = []

    def add(self, text: str, day: date, source: Actor, target: Actor, kind: EventType, quad: int, **more: Any) -> None:
        document = make_document(text, url=f"https://x.example/{len(self.documents)}")
        here = Span(Part.BODY, 0, 5)
        sides = {"source": (Party(source, here, "name"),), "target": (Party(target, here, "name"),)}
        mention = make_mention(document, type=kind, quad=quad, **sides, **more)
        report = Report(mention, "Meridian Wire", day, text)
        (event,) = merge_mentions([report])
        self.documents[document.id] = document
        self.mentions[mention.id] = mention
        self.rows[event.id] = dict(event_row(event))
        self.happenings.append(Happening(event, (report,)))

    def responses(self) -> Section:
        first = self.happenings[0]
        (answers,) = answers_to(self.happenings, [first])
        return self.beyond().responses([Answered(first.event.id, tuple(answers))])

    def beyond(self) -> Beyond:
        return Beyond(self.mentions, Citations(self.documents), NAMES, self.rows)


def answered(**more: Any) -> World:
    world = World()
    world.add("North Korea shipped shells to Russia.", date(2024, 6, 20), PRK, RUS, EventType.AID, 2, **more)
    world.add(
        "South Korea condemned Russia over the shells.",
        date(2024, 6, 20),
        KOR,
        RUS,
        EventType.ACCUSE,
        3,
        domain=Domain.ARMS,
    )
    return world


def test_a_response_names_the_event_the_days_between_and_both_sources() -> None:
    (statement,) = answered().responses().statements
    assert statement.text == (
        "After North Korea gave Russia arms on 19 June 2024: the same day, South Korea criticised or accused Russia."
    )
    assert len(statement.citations) == 2


def test_what_is_only_claimed_is_not_answered_as_if_it_had_happened() -> None:
    (statement,) = answered(claimants=claimed_by(KOR)).responses().statements
    assert statement.text.startswith("After the claim of South Korea that North Korea gave Russia arms")


def test_an_interpretation_is_quoted_whole_with_its_claimant() -> None:
    document = make_document("Analysts suggest that Russia may want more.")
    found = readings([document], {document.id: frozenset({"Russia"})})
    beyond = Beyond({}, Citations({document.id: document}), NAMES, {})
    (statement,) = beyond.readings(found).statements
    assert statement.text == (
        "Analysts (in Meridian Wire), as a possibility: “Analysts suggest that Russia may want more.”"
    )
    (citation,) = statement.citations
    assert citation.text[slice(*citation.predicate)] == "suggest"
