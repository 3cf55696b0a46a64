"""What an assistant may ask of a record: all that is given comes with its sentences, and nothing is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dragoman.brief import render_brief
from dragoman.errors import UsageError
from dragoman.periods import parse_day
from dragoman.pipeline import Record, View, Wish, view_note, view_rows
from dragoman.record import EventFilter, Snapshot, document_from, mention_from, rows_with
from dragoman.records import Document
from dragoman.terms import Domain, EventType

MOST = 200
"""Most events, rows or documents of one answer; how many there are is always told."""
MOST_SENTENCES = 3
"""Sentences beside each event of a list; `show_event` gives all."""
AROUND = 160
"""Letters of a text on either side of a word that was searched for."""

Told = dict[str, Any]


class Evidence:
    """The questions; every answer names the version of the record that it was read from."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def find_events(
        self,
        first: str | None = None,
        second: str | None = None,
        since: str | None = None,
        until: str | None = None,
        kind: str | None = None,
        domain: str | None = None,
        limit: int = 50,
    ) -> Told:
        """Events of one or two parties, the newest first, each with up to `MOST_SENTENCES` of its sentences."""
        wanted = EventFilter(
            parties=tuple(party for party in (first, second) if party),
            types=(_member(EventType, kind),) if kind else (),
            domains=(_member(Domain, domain),) if domain else (),
            since=parse_day(since) if since else None,
            until=parse_day(until) if until else None,
        )
        snapshot = self._record.store().snapshot()
        found = self._record.find_events(wanted, version=snapshot.version)[::-1]
        shown = found[: _bounded(limit)]
        sentences = self._sentences(snapshot, [key for event in shown for key in event["mentions"][:MOST_SENTENCES]])
        rows = [
            {**event, "sentences": [sentences[key] for key in event["mentions"][:MOST_SENTENCES] if key in sentences]}
            for event in shown
        ]
        return {"version": snapshot.version, "total": len(found), "events": rows}

    def show_event(self, event: str) -> Told:
        """One event with every sentence that reports it, its document and offsets, and the words it quotes."""
        snapshot = self._record.store().snapshot()
        found = self._record.event(event, version=snapshot.version)
        sentences = self._sentences(snapshot, found["mentions"])
        return {"version": snapshot.version, "event": found, "sentences": list(sentences.values())}

    def show_relation(
        self, first: str, second: str, view: str = "events", since: str | None = None, until: str | None = None
    ) -> Told:
        """One view of how a relation develops; rows name their events or mentions."""
        wish = Wish(since=parse_day(since) if since else None, until=parse_day(until) if until else None)
        dyad = self._record.dyad(first, second)
        chosen = _member(View, view)
        rows = view_rows(dyad, chosen, wish)
        return {
            "view": chosen.value,
            "source": dyad.parties[0],
            "target": dyad.parties[1],
            "total": len(rows),
            "note": view_note(dyad, chosen, wish),
            "rows": rows[-MOST:],
        }

    def search_documents(self, words: str, limit: int = 20) -> Told:
        """Documents that hold all the words, the newest first, with the text around the first of them."""
        wanted = [word.lower() for word in re.findall(r"\w+", words)]
        if not wanted:
            raise UsageError(f"{words!r} holds no word to search for; give one or more words.")
        snapshot = self._record.store().snapshot()
        documents = snapshot.table("documents")
        text = (documents.title.fill_null("") + "\n" + documents.body).lower()
        held = documents.filter([text.contains(word) for word in wanted])
        found = snapshot.rows("documents", held.order_by([held.available.desc(nulls_first=False), held.id]))
        shown = [_excerpt(document_from(row), wanted[0]) for row in found[: _bounded(limit)]]
        return {"version": snapshot.version, "total": len(found), "documents": shown}

    def write_brief(self, first: str, second: str, as_of: str | None = None) -> Told:
        """The cited brief on a relation: its text in Markdown, and every citation with its sentence and source."""
        brief = self._record.brief((first, second), as_of=parse_day(as_of) if as_of else None)
        return {"text": render_brief(brief, "md"), **json.loads(render_brief(brief, "json"))}

    def _sentences(self, snapshot: Snapshot, ids: Iterable[str]) -> dict[str, Told]:
        rows = rows_with(snapshot, "mentions", "id", sorted(set(ids)))
        held = rows_with(snapshot, "documents", "id", sorted({row["document_id"] for row in rows}))
        documents = {row["id"]: document_from(row) for row in held}
        return {row["id"]: _sentence(row, documents[row["document_id"]]) for row in rows}


def _sentence(row: Mapping[str, Any], document: Document) -> Told:
    mention = mention_from(dict(row))
    return {
        "mention": mention.id,
        "text": document.slice(mention.sentence),
        "part": mention.sentence.part.value,
        "start": mention.sentence.start,
        "end": mention.sentence.end,
        "quotes": [document.slice(quote) for quote in mention.quotes],
        "claimants": [claimant.label for claimant in mention.claimants],
        **_source(document),
        "document": mention.document_id,
    }


def _source(document: Document) -> Told:
    return {
        "document": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "published": str(document.published) if document.published else None,
        "url": document.url,
    }


def _excerpt(document: Document, word: str) -> Told:
    body = document.body
    at = max(body.lower().find(word), 0)
    return {**_source(document), "excerpt": body[max(0, at - AROUND) : at + AROUND].strip()}


def _bounded(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit is {limit}; 1 to {MOST} are allowed. Narrow the question by days, type or domain.")
    return limit


def _member(kind: Any, value: str) -> Any:
    """The member of an enumeration that a word names; a `UsageError` that lists them for any other word."""
    for member in kind:
        if value.casefold() == str(member.value).casefold():
            return member
    raise UsageError(f"{value!r} is not known; there are: {', '.join(str(member.value) for member in kind)}.")
