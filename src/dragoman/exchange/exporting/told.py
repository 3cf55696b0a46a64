"""An event with what its layout may need of its reports: the sentence that tells it best, and that one's document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.record import Snapshot, rows_with
from dragoman.record.rows import Row

_MENTION = (
    *("id", "document_id", "type", "confidence", "sentence", "predicate"),
    *("text", "contexts", "source", "target", "place"),
)
_DOCUMENT = ("id", "title", "publisher", "available", "language", "url")


@dataclass(frozen=True, slots=True)
class Told:
    """An event; `lead` is the surest mention of its type and `document` that one's; imported events have neither."""

    event: Row
    lead: Row | None
    document: Row | None
    contexts: tuple[str, ...]

    def words(self, span: Mapping[str, Any] | None) -> str | None:
        """The words that a span points at, as far as they stand in the leading mention's sentence."""
        if self.lead is None or span is None or self.lead["text"] is None:
            return None
        sentence = self.lead["sentence"]
        if span["part"] != sentence["part"] or not sentence["start"] <= span["start"] < span["end"] <= sentence["end"]:
            return None
        text: str = self.lead["text"]
        return text[span["start"] - sentence["start"] : span["end"] - sentence["start"]]

    def raw_name(self, side: str, actor: Row) -> str | None:
        """The words by which the leading mention names an actor of the event."""
        for party in self.lead[side] if self.lead else ():
            if all(party[part] == actor[part] for part in ("code", "name", "sector")):
                return self.words(party)
        return None

    def place_words(self) -> str | None:
        """The words by which the leading mention names the event's place."""
        own, place = self.lead["place"] if self.lead else None, self.event["place"]
        same = own and place and (own["name"], own["country"]) == (place["name"], place["country"])
        return self.words(own) if same else None


def tell(snapshot: Snapshot, events: Sequence[Row]) -> Iterator[Told]:
    """Each event with its leading mention and document, read for all of them at once."""
    ids = [mention for event in events for mention in event["mentions"]]
    mentions = {row["id"]: row for row in rows_with(snapshot, "mentions", "id", ids, _MENTION)}
    leads = {event["id"]: _lead(event, mentions) for event in events}
    wanted = [lead["document_id"] for lead in leads.values() if lead]
    documents = {row["id"]: row for row in rows_with(snapshot, "documents", "id", wanted, _DOCUMENT)}
    for event in events:
        lead = leads[event["id"]]
        known = {context for key in event["mentions"] if key in mentions for context in mentions[key]["contexts"]}
        yield Told(event, lead, documents.get(lead["document_id"]) if lead else None, tuple(sorted(known)))


def _lead(event: Row, mentions: Mapping[str, Row]) -> Row | None:
    own = [mentions[key] for key in event["mentions"] if key in mentions]
    return min(
        own, key=lambda row: (row["type"] != event["type"], -(row["confidence"] or 0.0), row["id"]), default=None
    )


def pairs(event: Row) -> list[tuple[Row, Row | None]]:
    """Who does it to whom, one by one: every source with every target; of an event that all of a group share, each
    member with each other; without a target, each source with None.
    """
    sources, targets = event["source"], event["target"]
    if not targets:
        return [(source, None) for source in sources]
    shared = len(sources) > 1 and sources == targets
    return [(source, target) for source in sources for target in targets if not (shared and source == target)]
