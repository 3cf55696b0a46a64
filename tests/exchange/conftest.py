from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.parties import Parties
from dragoman.periods import Period, Precision
from dragoman.pipeline import Record
from dragoman.record import Store, document_row, event_row
from dragoman.records import Actor, Document, Mention, Party, Place, Span
from dragoman.relate import Report, make_event
from dragoman.terms import Domain, EventType, Factuality, Part
from making import KOR, NATO, PRK, RUS, claimed_by, make_document, make_mention, make_mention_row

BODY = "North Korea shipped shells to Russia on Wednesday."
SEOUL = Place("Seoul", "KOR", Span(Part.BODY, 30, 36), 1835848, 37.566, 126.9784)
POLICE = Actor("USA", "New York Police; Harbour", "COP")
CROWD = Actor("USA", "protesters", "CVL")
REBELS = Actor("COD", "M23", "REB")
UN = Actor("UNO", "United Nations", None, "Q1065")


def side(*actors: Actor) -> tuple[Party, ...]:
    return tuple(Party(actor, Span(Part.BODY, 0, 11), "name") for actor in actors)


MENTIONS: tuple[dict[str, object], ...] = (
    {"place": SEOUL},
    {"source": side(KOR), "target": side(NATO, UN), "type": EventType.CONSULT, "mode": "visit", "quad": 1},
    {"source": side(PRK, RUS), "target": side(PRK, RUS), "type": EventType.COOPERATE, "intensity": 9.5, "domain": None},
    {"source": side(POLICE), "target": side(CROWD), "type": EventType.ASSAULT, "mode": "beat", "quad": 4},
    {
        "source": side(REBELS),
        "target": (),
        "type": EventType.ASSAULT,
        "quad": 4,
        "place": Place("Chad", "TCD", SEOUL.span),
    },
    {"source": side(RUS), "type": EventType.AGREE, "factuality": Factuality.PLEDGED, "quad": 1, "intensity": 2.5},
    {"source": side(RUS), "target": side(KOR), "factuality": Factuality.DENIED, "claimants": claimed_by(RUS)},
    {"source": side(KOR), "target": side(RUS), "type": EventType.MOBILIZE, "factuality": Factuality.PLEDGED, "quad": 4},
    {"source": side(KOR), "target": side(PRK), "date": Period(date(2024, 6, 1), Precision.MONTH)},
    {"source": side(NATO), "target": side(RUS), "date": None, "domain": Domain.TRADE, "confidence": 0.75},
    {"source": side(KOR), "target": side(RUS), "type": EventType.RETREAT, "intensity": 6.5},
)
"""Mentions that between them hold all that layouts differ in; each is an event by itself."""


def mentions() -> list[tuple[Mention, Document]]:
    found = []
    for number, changes in enumerate(MENTIONS):
        document = make_document(BODY, url=f"https://meridian-wire.example/{number}")
        found.append((make_mention(document, **changes), document))
    return found


@pytest.fixture(scope="session")
def parties() -> Parties:
    return Parties(gazetteer(""))


@pytest.fixture
def empty_record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record of events that between them hold all that layouts differ in."""
    store = Store.open(tmp_path / "record", create=True)
    told = mentions()
    with store.begin("add") as transaction:
        for mention, document in told:
            report = Report(mention, document.publisher, document.available, BODY)
            transaction.insert("documents", [document_row(document, None)])
            transaction.insert("mentions", [make_mention_row(mention, document)])
            transaction.insert("events", [event_row(make_event([report]))])
    return Record(tmp_path / "record")
