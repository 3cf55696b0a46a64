"""The method: how well the coder does, what the words mean, what the record holds, and whose data is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.coding.ontology import ontology
from dragoman.evaluate.measured import Measured, measured
from dragoman.forecast.estimative import BANDS
from dragoman.record import Snapshot
from dragoman.serve.asking import query_of
from dragoman.serve.desk import TheDesk
from dragoman.serve.reviewing.precision import TypePrecision, precision_by_type
from dragoman.serve.routing import Pages
from dragoman.terms import Domain, EventType, Factuality

pages = Pages("method")

MOST_REASONS = 12
"""Reasons of refusals that are told, the commonest."""

_QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
_FACTUALITIES = {
    Factuality.ACTUAL: "reported as having happened; somebody's claim is actual too, and names who claims it",
    Factuality.PLEDGED: "promised, announced, threatened or planned, and not yet done",
    Factuality.POSSIBLE: "hedged: it may, could or is believed to be so",
    Factuality.DENIED: "said by somebody not to have happened",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured share between 0 and 1, in words."""

    name: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A PLOVER event type: its meaning, its quad, its score from -10 to +10, its events in this record."""

    type: str
    meaning: str
    quad: str
    score: float
    events: int
    address: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the pages, and what it means here."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something the record holds."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Source:
    """Whose data or texts are used for what, and under which terms."""

    name: str
    use: str
    terms: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a record holds: its version, numbers of things, events by provider and type, refusals by reason."""

    version: int
    counts: list[Count]
    providers: list[Count]
    types: dict[str, int]
    refusals: list[Count]


@dataclass(frozen=True, slots=True)
class MethodPage:
    """How well the coder does, what words mean, what this record holds, and whose data is used."""

    title: str
    texts: int
    heldout: str
    figures: list[Figure]
    reviewed: list[TypePrecision]
    """What reviewers found in random samples of this record, by type of event."""
    types: list[TypeRow]
    factualities: list[Word]
    terms: list[Word]
    odds: list[Word]
    domains: list[str]
    holdings: Holdings
    sources: list[Source]


@pages.page("/method", "method.html.j2")
def method_page(desk: TheDesk) -> MethodPage:
    """How the record is made, and how far it can be trusted."""
    own = measured()
    holdings = desk.record.kept("holdings", lambda: _holdings(desk.record.store().snapshot()), lambda _: 100)
    return MethodPage(
        title="Method",
        texts=own.texts,
        heldout=own.heldout_sha256,
        figures=_figures(own),
        reviewed=precision_by_type(desk.database),
        types=[_type(kind, holdings) for kind in EventType],
        factualities=[Word(factuality.value, _FACTUALITIES[factuality]) for factuality in Factuality],
        terms=list(_TERMS),
        odds=_odds(),
        domains=[domain.value for domain in Domain],
        holdings=holdings,
        sources=list(_SOURCES),
    )


def _figures(own: Measured) -> list[Figure]:
    return [
        Figure("precision", own.precision, "of the events that the coder finds, the share with right parties and type"),
        Figure("recall", own.recall, "of the events that stand in the texts, the share that the coder finds so"),
        Figure("F1", own.f1, "both together: their harmonic mean"),
        Figure(
            "factuality", own.factuality_accuracy, "of the events it finds, how often it rightly tells done from said"
        ),
        Figure("claimant", own.claimant_accuracy, "of the events it finds, how often it rightly tells who says so"),
        Figure(
            "invented", own.false_events_on_empty, "of the texts without any event, the share in which it finds one"
        ),
    ]


def _type(kind: EventType, holdings: Holdings) -> TypeRow:
    facts = ontology()[kind]
    return TypeRow(
        type=kind.value,
        meaning=facts.meaning,
        quad=_QUADS[facts.quad],
        score=facts.score,
        events=holdings.types.get(kind.value, 0),
        address=f"/events{query_of(type=kind.value)}",
    )


def _odds() -> list[Word]:
    """The words for odds, with the odds for which each stands."""
    lows = [0.0, *(below for below, _ in BANDS)]
    return [Word(word, f"{low:.0%} to {min(below, 1):.0%}") for (below, word), low in zip(BANDS, lows, strict=False)]


def _holdings(snapshot: Snapshot) -> Holdings:
    events, documents, mentions = (snapshot.table(name) for name in ("events", "documents", "mentions"))
    shown = events.filter(~events.dismissed)
    refusals = snapshot.table("refusals")
    by_type = _counted(snapshot, "events", shown.group_by(name=shown.type).aggregate(count=shown.count()))
    by_provider = _counted(snapshot, "events", shown.group_by(name=shown.provider).aggregate(count=shown.count()))
    by_reason = _counted(snapshot, "refusals", refusals.group_by("stage", "reason").aggregate(count=refusals.count()))
    outlets = snapshot.rows(
        "documents", documents.aggregate(n=documents.count(), outlets=documents.publisher.nunique())
    )
    return Holdings(
        version=snapshot.version,
        counts=[
            Count("documents", outlets[0]["n"]),
            Count("outlets", outlets[0]["outlets"]),
            Count("reports of events", snapshot.rows("mentions", mentions.aggregate(n=mentions.count()))[0]["n"]),
            Count("events", sum(row["count"] for row in by_type)),
        ],
        providers=[Count(row["name"], row["count"]) for row in by_provider],
        types={row["name"]: row["count"] for row in by_type},
        refusals=[Count(f"{row['stage']}: {row['reason']}", row["count"]) for row in by_reason[:MOST_REASONS]],
    )


def _counted(snapshot: Snapshot, table: str, expression: Any) -> Sequence[dict[str, Any]]:
    """Rows with a count, the most first."""
    return sorted(snapshot.rows(table, expression), key=lambda row: (-row["count"], *map(str, row.values())))


_TERMS = (
    Word("document", "one article or statement as it was read"),
    Word("report", "one sentence of a document that tells of an event, with the places of the words that name it"),
    Word("event", "what happened, merged from all the reports of it"),
    Word("word, deed", "a word is a verbal or pledged event; a deed is a material event that is actual"),
    Word("contested", "some report it as done while somebody denies it"),
    Word("claimant", "who says so, if not the article itself: an official, an analyst, a medium, nobody named"),
    Word("origin", "ten outlets that carry one agency's story are one origin"),
    Word("intensity", "PLOVER's score of an event, from -10 (conflict) to +10 (cooperation)"),
    Word("era", "a stretch of time in which the course of a relation is steady"),
    Word("ledger", "every pledge and threat, followed until it is kept, broken, withdrawn, lapsed, or still open"),
    Word("as of", "only what was published by that day"),
    Word("refusal", "what a stage declined to turn into a record, with its reason; nothing is dropped silently"),
)

_SOURCES = (
    Source(
        "PLOVER, 2024 manual", "event types, modes, scores and sectors", "facts of the manual, as data of this project"
    ),
    Source("GeoNames", "cities, and states' numbers and capitals", "Creative Commons Attribution 4.0"),
    Source("Natural Earth, by the package world-atlas", "the shapes of states on the map", "public domain; ISC"),
    Source("Wikidata", "identifiers of actors", "CC0"),
    Source("spaCy with en_core_web_sm", "sentences, grammar and names", "MIT"),
    Source("MiniLM", "the small encoder, trained further on texts of this project", "Apache 2.0"),
    Source("Dragoman's own", "names of actors, predicates, rules, training texts, sample dispatches", "Apache 2.0"),
)
