"""Reviewed sentences as training text, in the markup of corpora/coding: what people say of them, not what was coded.

Only whole sentences are given: each report that the record has of a sentence must have been decided, for what stays
unmarked teaches the coder that it is no event. What cannot be told without guessing is left out, and counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import select

from dragoman.coding import gazetteer
from dragoman.database import Database, Review
from dragoman.pipeline import Record
from dragoman.record import blocks, document_from, mention_from, rows_with
from dragoman.record.rows import Row
from dragoman.records import Actor, Document, Mention, Span
from dragoman.relate.naming import parse_parties
from dragoman.serve.reviewing.deciding import Decision
from dragoman.terms import Part

NONE = "NONE"
"""The type of what only looks like an event, in the markup."""

BATCH = 500
"""Documents that are read at once."""


@dataclass(slots=True)
class Left:
    """Why how many sentences were left out."""

    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the reviewers of a report hold it to be."""

    rejected: bool
    values: Mapping[str, str]
    changed: frozenset[str]


class _LeftOutError(Exception):
    """A sentence cannot be told; the message is the reason."""


def training_lines(record: Record, database: Database, left: Left) -> Iterator[dict[str, Any]]:
    """A row for each sentence of which every report was decided, by document and place; `left` counts the rest."""
    verdicts = _verdicts(database)
    snapshot = record.store().snapshot()
    reviewed = rows_with(snapshot, "mentions", "id", sorted(verdicts), ("id", "document_id"))
    documents = sorted({row["document_id"] for row in reviewed})
    left.reasons["the report is no longer in the record"] += len(verdicts.keys() - {row["id"] for row in reviewed})
    for start in range(0, len(documents), BATCH):
        ids = documents[start : start + BATCH]
        known = {row["id"]: document_from(row) for row in rows_with(snapshot, "documents", "id", ids)}
        sentences: dict[tuple[str, str, int, int], list[Mention]] = defaultdict(list)
        for mention in map(mention_from, rows_with(snapshot, "mentions", "document_id", ids)):
            place = mention.sentence
            sentences[mention.document_id, place.part.value, place.start, place.end].append(mention)
        for key in sorted(sentences):
            if any(mention.id in verdicts for mention in sentences[key]):
                try:
                    yield _line(known[key[0]], sentences[key], verdicts)
                except _LeftOutError as reason:
                    left.reasons[str(reason)] += 1
    left.reasons += Counter()


def _verdicts(database: Database) -> dict[str, _Verdict | None]:
    """By mention what its reviewers say; None where they differ."""
    with database.session() as session:
        reviews = session.scalars(select(Review).order_by(Review.mention_id, Review.id)).all()
    found: dict[str, _Verdict | None] = {}
    for review in reviews:
        rejected = review.decision == Decision.REJECT
        values = {**review.coded, **({} if rejected else review.values)}
        said = _Verdict(rejected, values, frozenset() if rejected else frozenset(review.wrong))
        known = found.setdefault(review.mention_id, said)
        if known is None or (known.rejected, known.rejected or known.values) != (rejected, rejected or values):
            found[review.mention_id] = None
    return found


def _line(document: Document, mentions: Sequence[Mention], verdicts: Mapping[str, _Verdict | None]) -> dict[str, Any]:
    sentence = mentions[0].sentence
    text = document.slice(sentence)
    if blocks(1) in text:
        raise _LeftOutError("the text was taken down")
    if any(sign in text for sign in "[]{}\n"):
        raise _LeftOutError("the sentence holds brackets or a line break")
    ordered = sorted(mentions, key=lambda mention: (mention.predicate.start, mention.id))
    spans: dict[tuple[int, int], list[str]] = defaultdict(list)
    events = []
    for number, mention in enumerate(ordered, 1):
        if mention.id not in verdicts:
            raise _LeftOutError("not every report of the sentence was decided")
        verdict = verdicts[mention.id]
        if verdict is None:
            raise _LeftOutError("reviewers differ")
        own = str(number) if len(ordered) > 1 else ""
        claimed = _mark(mention, verdict, document, own, spans)
        events.append(_event(mention, verdict, claimed))
    return {
        "id": f"review-{ordered[0].id}",
        "text": _marked(text, spans, sentence.start),
        "style": "headline" if sentence.part is Part.TITLE else "wire",
        "region": "global",
        "events": events,
    }


def _mark(
    mention: Mention, verdict: _Verdict, document: Document, number: str, spans: dict[tuple[int, int], list[str]]
) -> str | None:
    """Note the marks of an event; gives who claims it, as the markup says it."""
    spans[_within(mention, mention.predicate)].append(f"P{number}")
    for side, role in (("source", "S"), ("target", "T")):
        for span in _spans_of(side, mention, verdict, document):
            spans[span].append(f"{role}{number}")
    if verdict.rejected or not mention.claimants:
        return None
    claimant = mention.claimants[-1]
    if claimant.span.part is not mention.sentence.part or not (
        mention.sentence.start <= claimant.span.start and claimant.span.end <= mention.sentence.end
    ):
        return claimant.kind.value
    spans[claimant.span.start, claimant.span.end].append(f"C{number}")
    return "actor" if claimant.actor else claimant.kind.value


def _spans_of(side: str, mention: Mention, verdict: _Verdict, document: Document) -> list[tuple[int, int]]:
    """Where the sentence names the parties of a side: as coded, else where it holds one of their names."""
    own = mention.source if side == "source" else mention.target
    if side not in verdict.changed:
        return list(dict.fromkeys(_within(mention, party.span) for party in own))
    coded = {party.actor.key: party.span for party in (*mention.source, *mention.target)}
    found = []
    for actor in parse_parties(verdict.values[side]):
        span = coded.get(actor.key)
        found.append(_within(mention, span) if span is not None else _named(actor, mention, document))
    return found


def _within(mention: Mention, span: Span) -> tuple[int, int]:
    place = mention.sentence
    if span.part is not place.part or span.start < place.start or span.end > place.end:
        raise _LeftOutError("a party is not named in the sentence itself")
    return span.start, span.end


def _named(actor: Actor, mention: Mention, document: Document) -> tuple[int, int]:
    """The first place at which the sentence holds a name of the actor."""
    text, start = document.slice(mention.sentence), mention.sentence.start
    for name in _names().get(actor.key, ()):
        at = text.find(name)
        end = at + len(name)
        if at >= 0 and not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return start + at, start + end
    raise _LeftOutError("a party that a reviewer named is not found in the sentence")


@cache
def _names() -> dict[str, list[str]]:
    """The names of every actor, the longest first."""
    names: dict[str, set[str]] = defaultdict(set)
    for name, entries in gazetteer().names.items():
        for entry in entries:
            names[entry.actor.key].add(name)
    return {key: sorted(own, key=lambda name: (-len(name), name)) for key, own in names.items()}


def _event(mention: Mention, verdict: _Verdict, claimed: str | None) -> Row:
    if verdict.rejected:
        return {"type": NONE, "mode": None, "factuality": None, "domain": None, "by": None}
    return {
        "type": verdict.values["type"],
        "mode": mention.mode if "type" not in verdict.changed else None,
        "factuality": verdict.values["factuality"],
        "domain": verdict.values["domain"] or None,
        "by": claimed,
    }


def _marked(text: str, spans: Mapping[tuple[int, int], Sequence[str]], start: int) -> str:
    """The sentence with its marks; marks do not nest."""
    parts, at = [], start
    for (low, high), roles in sorted(spans.items()):
        is_predicate = {role[0] == "P" for role in roles}
        if low < at or len(is_predicate) > 1 or (True in is_predicate and len(roles) > 1):
            raise _LeftOutError("words of the sentence have two parts that cannot be marked together")
        words, named = text[low - start : high - start], ",".join(dict.fromkeys(roles))
        opening, closing = ("{", "}") if True in is_predicate else ("[", "]")
        parts += [text[at - start : low - start], f"{opening}{named}:{words}{closing}"]
        at = high
    return "".join([*parts, text[at - start :]])
