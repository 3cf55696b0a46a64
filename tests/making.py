"""Makers of plain objects for tests."""

from __future__ import annotations

from datetime import date

from dragoman.coding.ontology import intensity, ontology
from dragoman.periods import Period
from dragoman.record import Placing, mention_row
from dragoman.records import Actor, Claimant, Document, Mention, Party, Span
from dragoman.relate import Happening, Report, block_of, make_event, merge_mentions, window_of
from dragoman.terms import ClaimantKind, DateBasis, Domain, EventType, Factuality, Part

PRK = Actor("PRK", "North Korea")
RUS = Actor("RUS", "Russia")
KOR = Actor("KOR", "South Korea")
NATO = Actor("IGO", "NATO")
JUNE = Period(date(2024, 6, 19))


def make_document(body: str = "North Korea shipped shells to Russia on Wednesday.", **changes: object) -> Document:
    values: dict[str, object] = {
        "title": "Shells shipped",
        "standfirst": None,
        "body": body,
        "publisher": "Meridian Wire",
        "published": Period(date(2024, 6, 20)),
        "published_basis": DateBasis.STATED,
        "language": "en",
        "url": "https://meridian-wire.example/1",
    }
    return Document(**(values | changes))  # type: ignore[arg-type]


def make_mention(document: Document | None = None, **changes: object) -> Mention:
    document = document or make_document()
    span = Span(Part.BODY, 0, len(document.body))
    values: dict[str, object] = {
        "document_id": document.id,
        "sentence": span,
        "predicate": Span(Part.BODY, 12, 19),
        "source": (Party(PRK, Span(Part.BODY, 0, 11), "name: state"),),
        "target": (Party(RUS, Span(Part.BODY, 30, 36), "name: state"),),
        "type": EventType.AID,
        "mode": None,
        "quad": 2,
        "intensity": 10.0,
        "factuality": Factuality.ACTUAL,
        "claimants": (),
        "date": JUNE,
        "date_span": None,
        "place": None,
        "domain": Domain.ARMS,
        "contexts": ("military",),
        "quotes": (),
        "rules": ("frame: S ship {arms} to T",),
        "coder_version": "test",
    }
    return Mention(**(values | changes))  # type: ignore[arg-type]


def claimed_by(actor: Actor) -> tuple[Claimant, ...]:
    return (Claimant(ClaimantKind.OFFICIAL, actor, Span(Part.BODY, 0, 11), "say"),)


def make_mention_row(mention: Mention, document: Document) -> dict[str, object]:
    """The stored row of a mention that is an event by itself."""
    report = Report(mention, document.publisher, document.available, document.slice(mention.sentence))
    placing = Placing(f"e{mention.id[1:]}", block_of(mention), window_of(report), None)
    return mention_row(mention, document, placing)


def make_report(
    mention: Mention, outlet: str | None = "Meridian Wire", sentence: str = "a", day: date | None = None, **more: object
) -> Report:
    return Report(mention, outlet, day or date(2024, 6, 20), sentence, **more)  # type: ignore[arg-type]


def make_told(
    text: str,
    day: date,
    kind: EventType,
    factuality: Factuality = Factuality.ACTUAL,
    source: Actor = PRK,
    target: Actor = RUS,
    outlet: str = "Meridian Wire",
    **changes: object,
) -> Happening:
    """The event of one report, whose sentence is the whole text."""
    document = make_document(text, url=f"https://x.example/{outlet}/{day}/{len(text)}", publisher=outlet)
    whole = Span(Part.BODY, 0, len(text))
    values: dict[str, object] = {
        "sentence": whole,
        "predicate": whole,
        "source": (Party(source, whole, "name: state"),),
        "target": (Party(target, whole, "name: state"),),
        "type": kind,
        "quad": ontology()[kind].quad,
        "intensity": intensity(kind, None),
        "factuality": factuality,
        "date": Period(day),
        "domain": None,
    }
    report = make_report(make_mention(document, **(values | changes)), outlet, sentence=text, day=day)
    return Happening(make_event([report]), (report,))


def make_said(day: date, sentence: str, *quotes: str, by: Actor = PRK, to: Actor = RUS, **changes: object) -> Happening:
    """The event of a statement of support that one report tells of, with the words that it quotes."""
    document = make_document(sentence, url=f"https://x.example/{day}/{by.code}")
    here = Span(Part.BODY, 0, 1)
    values: dict[str, object] = {
        "source": (Party(by, here, "name: state"),),
        "target": (Party(to, here, "name: state"),),
        "type": EventType.SUPPORT,
        "quad": 1,
        "date": Period(day),
        "domain": None,
    }
    report = make_report(make_mention(document, **(values | changes)), sentence=sentence, day=day, quotes=quotes)
    (event,) = merge_mentions([report])
    return Happening(event, (report,))
