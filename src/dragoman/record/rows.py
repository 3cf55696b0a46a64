"""Rows of the tables from the plain types, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from dragoman.periods import Period, Precision
from dragoman.record.sides import Keys, side_key
from dragoman.records import (
    Actor,
    Claimant,
    Correction,
    Document,
    Event,
    Mention,
    Party,
    Place,
    Refusal,
    Span,
)
from dragoman.terms import (
    ClaimantKind,
    CorrectionKind,
    DateBasis,
    Domain,
    EventType,
    Factuality,
    Part,
    RefusalReason,
    RefusalStage,
)

Row = dict[str, Any]

# Looking a value up in an enumeration takes longer than all else in a row; there are few values.
_domain, _event_type, _factuality = cache(Domain), cache(EventType), cache(Factuality)
_claimant_kind, _part, _precision = cache(ClaimantKind), cache(Part), cache(Precision)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a mention stands among all others: what `relate` adds to it before it is stored."""

    event_id: str
    block: str
    window: tuple[date | None, date | None]
    credit: str | None
    keys: Keys = (None, None)
    """See `keys_beside`."""


def document_row(document: Document, signature: bytes | None) -> Row:
    """The row of `documents` for a document and its MinHash."""
    return {
        "id": document.id,
        "title": document.title,
        "standfirst": document.standfirst,
        "body": document.body,
        "author": document.author,
        "publisher": document.publisher,
        "section": document.section,
        "topics": list(document.topics),
        "published": document.published.start if document.published else None,
        "published_precision": document.published.precision.value if document.published else None,
        "published_basis": document.published_basis.value if document.published_basis else None,
        "published_text": document.published_text,
        "retrieved": document.retrieved,
        "available": document.available,
        "language": document.language,
        "url": document.url,
        "quotes": [_span_row(span) for span in document.quotes],
        "reader": document.reader,
        "signature": signature,
    }


def document_from(row: Mapping[str, Any]) -> Document:
    """The document that a row of `documents` holds."""
    return Document(
        title=row["title"],
        standfirst=row["standfirst"],
        body=row["body"],
        author=row["author"],
        publisher=row["publisher"],
        section=row["section"],
        topics=tuple(row["topics"] or ()),
        published=_period_from(row["published"], row["published_precision"]),
        published_basis=DateBasis(row["published_basis"]) if row["published_basis"] else None,
        published_text=row["published_text"],
        retrieved=row["retrieved"],
        language=row["language"],
        url=row["url"],
        quotes=tuple(_span_from(span) for span in row["quotes"] or ()),
        reader=row["reader"],
    )


def mention_row(mention: Mention, document: Document, placing: Placing) -> Row:
    """The row of `mentions`: the mention, its event, and what every view needs of its document."""
    return {
        "id": mention.id,
        "document_id": mention.document_id,
        "event_id": placing.event_id,
        "outlet": document.publisher,
        "available": document.available,
        "sentence": _span_row(mention.sentence),
        "predicate": _span_row(mention.predicate),
        "source": [_party_row(party) for party in mention.source],
        "target": [_party_row(party) for party in mention.target],
        "source_key": placing.keys[0],
        "target_key": placing.keys[1],
        "type": mention.type.value,
        "mode": mention.mode,
        "quad": mention.quad,
        "intensity": mention.intensity,
        "factuality": mention.factuality.value,
        "claimants": [_claimant_row(claimant) for claimant in mention.claimants],
        **_period_row(mention.date),
        "date_span": _span_row(mention.date_span) if mention.date_span else None,
        "place": _place_row(mention.place),
        "domain": mention.domain.value if mention.domain else None,
        "contexts": list(mention.contexts),
        "quotes": [_span_row(span) for span in mention.quotes],
        "rules": list(mention.rules),
        "confidence": mention.confidence,
        "coder_version": mention.coder_version,
        "vector": mention.vector,
        "text": document.slice(mention.sentence),
        "credit": placing.credit,
        "block": placing.block,
        "window_start": placing.window[0],
        "window_end": placing.window[1],
    }


def mention_from(row: Mapping[str, Any]) -> Mention:
    """The mention that a row of `mentions` holds."""
    return Mention(
        document_id=row["document_id"],
        sentence=_span_from(row["sentence"]),
        predicate=_span_from(row["predicate"]),
        source=tuple(_party_from(party) for party in row["source"]),
        target=tuple(_party_from(party) for party in row["target"]),
        type=_event_type(row["type"]),
        mode=row["mode"],
        quad=row["quad"],
        intensity=row["intensity"],
        factuality=_factuality(row["factuality"]),
        claimants=tuple(_claimant_from(claimant) for claimant in row["claimants"]),
        date=_period_from(row["date"], row["date_precision"]),
        date_span=_span_from(row["date_span"]) if row["date_span"] else None,
        place=_place_from(row["place"]),
        domain=_domain(row["domain"]) if row["domain"] else None,
        contexts=tuple(row["contexts"]),
        quotes=tuple(_span_from(span) for span in row["quotes"]),
        rules=tuple(row["rules"]),
        coder_version=row["coder_version"],
        confidence=row["confidence"],
        vector=row["vector"],
    )


def event_row(event: Event) -> Row:
    """The row of `events` for an event."""
    return {
        "id": event.id,
        **_period_row(event.date),
        "source": [_actor_row(actor) for actor in event.source],
        "target": [_actor_row(actor) for actor in event.target],
        "source_key": side_key(event.source),
        "target_key": side_key(event.target),
        "type": event.type.value,
        "mode": event.mode,
        "quad": event.quad,
        "intensity": event.intensity,
        "factuality": event.factuality.value,
        "contested": event.contested,
        "claimants": list(event.claimants),
        "deniers": list(event.deniers),
        "domain": event.domain.value if event.domain else None,
        "place": _place_row(event.place),
        "confidence": event.confidence,
        "mentions": list(event.mentions),
        "outlets": list(event.outlets),
        "origins": event.origins,
        "first_reported": event.first_reported,
        "last_reported": event.last_reported,
        "provider": event.provider,
        "coder_version": event.coder_version,
        "dismissed": event.dismissed,
    }


def event_from(row: Mapping[str, Any]) -> Event:
    """The event that a row of `events` holds."""
    return Event(
        id=row["id"],
        date=_period_from(row["date"], row["date_precision"]),
        source=tuple(_actor_from(actor) for actor in row["source"]),
        target=tuple(_actor_from(actor) for actor in row["target"]),
        type=_event_type(row["type"]),
        mode=row["mode"],
        quad=row["quad"],
        intensity=row["intensity"],
        factuality=_factuality(row["factuality"]),
        contested=row["contested"],
        claimants=tuple(row["claimants"]),
        deniers=tuple(row["deniers"]),
        domain=_domain(row["domain"]) if row["domain"] else None,
        place=_place_from(row["place"]),
        confidence=row["confidence"],
        mentions=tuple(row["mentions"]),
        outlets=tuple(row["outlets"]),
        origins=row["origins"],
        first_reported=row["first_reported"],
        last_reported=row["last_reported"],
        provider=row["provider"],
        coder_version=row["coder_version"],
        dismissed=row["dismissed"],
    )


def correction_row(correction: Correction) -> Row:
    """The row of `corrections` for what a person said."""
    return {
        "id": correction.id,
        "kind": correction.kind.value,
        "subject": correction.subject,
        "other": correction.other,
        "field": correction.field,
        "value": correction.value,
        "note": correction.note,
        "by": correction.by,
        "at": correction.at,
    }


def correction_from(row: Mapping[str, Any]) -> Correction:
    """What a person said, from its row."""
    return Correction(
        kind=CorrectionKind(row["kind"]),
        subject=row["subject"],
        by=row["by"],
        at=row["at"],
        other=row["other"],
        field=row["field"],
        value=row["value"],
        note=row["note"],
    )


def refusal_row(refusal: Refusal, row: str | None = None) -> Row:
    """The row of `refusals` for a refusal; `row` is the row of a file that an import refused."""
    return {
        "id": refusal.id,
        "stage": refusal.stage.value,
        "reason": refusal.reason.value,
        "detail": refusal.detail,
        "input": refusal.input,
        "locator": refusal.locator,
        "content": refusal.content,
        "document_id": refusal.document_id,
        "span": _span_row(refusal.span) if refusal.span else None,
        "coder_version": refusal.coder_version,
        "row": row,
    }


def refusal_from(row: Mapping[str, Any]) -> Refusal:
    """The refusal that a row of `refusals` holds."""
    return Refusal(
        stage=RefusalStage(row["stage"]),
        reason=RefusalReason(row["reason"]),
        detail=row["detail"],
        input=row["input"],
        locator=row["locator"],
        content=row["content"],
        document_id=row["document_id"],
        span=_span_from(row["span"]) if row["span"] else None,
        coder_version=row["coder_version"],
    )


def unique(rows: Iterable[Row]) -> list[Row]:
    """The rows with the first of each id kept, sorted by id."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["id"], row)
    return [first[key] for key in sorted(first)]


def _period_row(period: Period | None) -> Row:
    if period is None:
        return {"date": None, "date_precision": None, "date_end": None}
    return {"date": period.start, "date_precision": period.precision.value, "date_end": period.end}


def _period_from(start: date | None, precision: str | None) -> Period | None:
    return Period(start, _precision(precision)) if start is not None and precision is not None else None


def _span_row(span: Span) -> Row:
    return {"part": span.part.value, "start": span.start, "end": span.end}


def _span_from(row: Mapping[str, Any]) -> Span:
    return Span(_part(row["part"]), row["start"], row["end"])


def _actor_row(actor: Actor | None) -> Row:
    if actor is None:
        return {"code": None, "name": None, "sector": None, "wikidata": None}
    return {"code": actor.code, "name": actor.name, "sector": actor.sector, "wikidata": actor.wikidata}


def _actor_from(row: Mapping[str, Any]) -> Actor:
    return Actor(code=row["code"], name=row["name"], sector=row["sector"], wikidata=row["wikidata"])


def _party_row(party: Party) -> Row:
    return {**_actor_row(party.actor), **_span_row(party.span), "rule": party.rule}


def _party_from(row: Mapping[str, Any]) -> Party:
    return Party(_actor_from(row), _span_from(row), row["rule"])


def _claimant_row(claimant: Claimant) -> Row:
    actor = _actor_row(claimant.actor)
    return {"kind": claimant.kind.value, **actor, **_span_row(claimant.span), "cue": claimant.cue}


def _claimant_from(row: Mapping[str, Any]) -> Claimant:
    actor = _actor_from(row) if row["code"] is not None else None
    return Claimant(_claimant_kind(row["kind"]), actor, _span_from(row), row["cue"])


def _place_row(place: Place | None) -> Row | None:
    if place is None:
        return None
    return {
        "name": place.name,
        "country": place.country,
        "geonames_id": place.geonames_id,
        "latitude": place.latitude,
        "longitude": place.longitude,
        **(_span_row(place.span) if place.span else {"part": None, "start": None, "end": None}),
    }


def _place_from(row: Mapping[str, Any] | None) -> Place | None:
    if row is None:
        return None
    return Place(
        name=row["name"],
        country=row["country"],
        span=_span_from(row) if row["part"] else None,
        geonames_id=row["geonames_id"],
        latitude=row["latitude"],
        longitude=row["longitude"],
    )
