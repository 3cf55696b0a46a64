"""The schemas of the record's tables, with the meaning and unit of every column."""

from __future__ import annotations

import pyarrow as pa

FORMAT = 6
"""The number of the tables' layout; a migration raises it."""


def _field(name: str, kind: pa.DataType, meaning: str, nullable: bool = True) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


_TEXT = pa.string()
_OFFSET = pa.int32()
_SPAN = pa.struct([("part", _TEXT), ("start", _OFFSET), ("end", _OFFSET)])
_ACTOR = pa.struct([("code", _TEXT), ("name", _TEXT), ("sector", _TEXT), ("wikidata", _TEXT)])
_PARTY = pa.struct([*_ACTOR, ("part", _TEXT), ("start", _OFFSET), ("end", _OFFSET), ("rule", _TEXT)])
_CLAIMANT = pa.struct(
    [
        ("kind", _TEXT),
        ("code", _TEXT),
        ("name", _TEXT),
        ("sector", _TEXT),
        ("wikidata", _TEXT),
        ("part", _TEXT),
        ("start", _OFFSET),
        ("end", _OFFSET),
        ("cue", _TEXT),
    ]
)
_REASON = pa.struct([("words", _TEXT), ("weight", pa.float64()), ("events", pa.list_(_TEXT))])
_PLACE = pa.struct(
    [
        ("name", _TEXT),
        ("country", _TEXT),
        ("geonames_id", pa.int64()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("part", _TEXT),
        ("start", _OFFSET),
        ("end", _OFFSET),
    ]
)

DOCUMENTS = pa.schema(
    [
        _field("id", _TEXT, "d and 20 hexadecimal digits, a hash of the content", False),
        _field("title", _TEXT, "headline"),
        _field("standfirst", _TEXT, "the line under the headline"),
        _field("body", _TEXT, "the article's text; paragraphs are parted by an empty line", False),
        _field("author", _TEXT, "who signed it"),
        _field("publisher", _TEXT, "the outlet"),
        _field("section", _TEXT, "section or community"),
        _field("topics", pa.list_(_TEXT), "topics or tags as the page names them"),
        _field("published", pa.date32(), "first day of the period of publication; null where unknown"),
        _field("published_precision", _TEXT, "day, week, month or year"),
        _field("published_basis", _TEXT, "stated, or relative to the retrieval"),
        _field("published_text", _TEXT, "the page's own words for the date"),
        _field("retrieved", pa.timestamp("us", tz="UTC"), "when it was fetched or saved; null where unknown"),
        _field("available", pa.date32(), "day by which it had surely been published; what as_of compares with"),
        _field("language", _TEXT, "ISO 639-1 code"),
        _field("url", _TEXT, "address"),
        _field("quotes", pa.list_(_SPAN), "spans between quotation marks; offsets in characters of the part"),
        _field("reader", _TEXT, "the reader module that made it"),
        _field("signature", pa.binary(), "MinHash of the text's four-word shingles, 64 numbers of 4 bytes"),
    ]
)

MENTIONS = pa.schema(
    [
        _field("id", _TEXT, "m and 20 hexadecimal digits", False),
        _field("document_id", _TEXT, "the document that reports it", False),
        _field("event_id", _TEXT, "the event that it was merged into", False),
        _field("outlet", _TEXT, "the document's publisher"),
        _field("available", pa.date32(), "the document's day of availability"),
        _field("sentence", _SPAN, "the sentence; offsets in characters of the part", False),
        _field("predicate", _SPAN, "the words that name the deed", False),
        _field("source", pa.list_(_PARTY), "who acts, with the words that name them and the rule", False),
        _field("target", pa.list_(_PARTY), "who is acted on", False),
        _field("source_key", _TEXT, "the event's source_key; null if this report names others or otherwise"),
        _field("target_key", _TEXT, "the event's target_key; null if this report names others or otherwise"),
        _field("type", _TEXT, "PLOVER event type", False),
        _field("mode", _TEXT, "PLOVER mode"),
        _field("quad", pa.int8(), "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material", False),
        _field("intensity", pa.float64(), "PLOVER score, -10 (conflict) to +10 (cooperation)", False),
        _field("factuality", _TEXT, "actual, pledged, possible or denied", False),
        _field(
            "claimants", pa.list_(_CLAIMANT), "who says so, the nearest to the reader first; empty: the article", False
        ),
        _field("date", pa.date32(), "first day of the period in which it happened; null where the text does not tell"),
        _field("date_precision", _TEXT, "day, week, month or year"),
        _field("date_end", pa.date32(), "last day of that period"),
        _field("date_span", _SPAN, "the words that gave the date"),
        _field("place", _PLACE, "where; latitude and longitude in degrees"),
        _field("domain", _TEXT, "field of life, see INTERFACE; null is unknown"),
        _field("contexts", pa.list_(_TEXT), "PLOVER contexts", False),
        _field("quotes", pa.list_(_SPAN), "words quoted in the report of this event", False),
        _field("rules", pa.list_(_TEXT), "the rules that fired, in order", False),
        _field("confidence", pa.float64(), "calibrated probability, 0 to 1; null while none stands behind it"),
        _field("coder_version", _TEXT, "version of the coder and its data", False),
        _field("vector", pa.binary(), "what the encoder makes of the sentence, 64 signed bytes"),
        _field("text", _TEXT, "the words of the sentence", False),
        _field("credit", _TEXT, "the news agency that the sentence or its document credits"),
        _field("block", _TEXT, "only mentions of one block can be of one event", False),
        _field("window_start", pa.date32(), "first day on which the reported event may lie; null where unknown"),
        _field("window_end", pa.date32(), "last such day"),
    ]
)

EVENTS = pa.schema(
    [
        _field("id", _TEXT, "e and 20 hexadecimal digits", False),
        _field("date", pa.date32(), "first day of the period in which it happened; null where unknown"),
        _field("date_precision", _TEXT, "day, week, month or year"),
        _field("date_end", pa.date32(), "last day of that period"),
        _field("source", pa.list_(_ACTOR), "who acts", False),
        _field("target", pa.list_(_ACTOR), "who is acted on", False),
        _field(
            "source_key",
            _TEXT,
            "who acts: CODE or CODE:NAME, several as +KEY+KEY+; empty for nobody; null: look at source",
        ),
        _field("target_key", _TEXT, "who is acted on, likewise"),
        _field("type", _TEXT, "PLOVER event type", False),
        _field("mode", _TEXT, "PLOVER mode; null where the reports name none or several"),
        _field("quad", pa.int8(), "1 to 4, see mentions", False),
        _field("intensity", pa.float64(), "mean PLOVER score of the mentions, -10 to +10", False),
        _field("factuality", _TEXT, "actual, pledged, possible or denied", False),
        _field("contested", pa.bool_(), "some report it as done while somebody denies it", False),
        _field(
            "claimants",
            pa.list_(_TEXT),
            "codes or kinds of those who say so; empty: at least one article itself",
            False,
        ),
        _field("deniers", pa.list_(_TEXT), "codes or kinds of those who deny it", False),
        _field("domain", _TEXT, "field of life; null is unknown"),
        _field("place", _PLACE, "where, if the mentions agree"),
        _field("confidence", pa.float64(), "highest confidence of a mention; null while none is measured"),
        _field("mentions", pa.list_(_TEXT), "ids of the mentions, sorted", False),
        _field("outlets", pa.list_(_TEXT), "publishers that carried it, sorted", False),
        _field("origins", pa.int32(), "independent origins: outlets that share a sentence count once", False),
        _field("first_reported", pa.date32(), "earliest day of availability of a report"),
        _field("last_reported", pa.date32(), "latest such day"),
        _field("provider", _TEXT, "dragoman, or the data set that it was imported from", False),
        _field("coder_version", _TEXT, "version of the coder that made the mentions", False),
        _field("dismissed", pa.bool_(), "a person has said that it is no event; no view shows it", False),
    ]
)

REFUSALS = pa.schema(
    [
        _field("id", _TEXT, "r and 20 hexadecimal digits", False),
        _field("stage", _TEXT, "read, coding or import", False),
        _field("reason", _TEXT, "one word; the lists are in docs/read.md, docs/coding.md and docs/exchange.md", False),
        _field("detail", _TEXT, "what was found, what is allowed, what to do", False),
        _field("input", _TEXT, "path or address that was read"),
        _field("locator", _TEXT, "place within the input, such as line 17"),
        _field("content", _TEXT, "SHA-256 of the refused bytes"),
        _field("document_id", _TEXT, "the document, where the coding refused"),
        _field("span", _SPAN, "the words concerned"),
        _field("coder_version", _TEXT, "version of the coder, where the coding refused"),
        _field("row", _TEXT, "the row, where an import refused it: as in imported, or the line, if it has no columns"),
    ]
)

CORRECTIONS = pa.schema(
    [
        _field("id", _TEXT, "c and 20 hexadecimal digits", False),
        _field("kind", _TEXT, "dismiss, set, same, apart, settles or unsettled", False),
        _field("subject", _TEXT, "the event, mention or ledger entry that it is about", False),
        _field("other", _TEXT, "the second event, mention or deed, where the kind needs two"),
        _field("field", _TEXT, "the field that is set"),
        _field("value", _TEXT, "its value, or the state that a deed settles an entry in"),
        _field("note", _TEXT, "why"),
        _field("by", _TEXT, "who says so", False),
        _field("at", pa.timestamp("us", tz="UTC"), "when it was said", False),
    ]
)

IMPORTED = pa.schema(
    [
        _field("id", _TEXT, "i and the 20 hexadecimal digits of the event", False),
        _field("event_id", _TEXT, "the event that the row became; null for a statement that is kept without one"),
        _field("provider", _TEXT, "the data set that the row comes from", False),
        _field("file", _TEXT, "path or address of the file, with “!” and its name for one in an archive", False),
        _field("line", pa.int64(), "line of the file on which the row begins, from 1", False),
        _field("row_id", _TEXT, "the provider's own id of the row; null where it has none"),
        _field(
            "row",
            _TEXT,
            "the row as it came: a JSON object of texts, or the line itself where the file names no columns",
            False,
        ),
    ]
)

FORECASTS = pa.schema(
    [
        _field("id", _TEXT, "f and 20 hexadecimal digits, a hash of question, day, model and odds", False),
        _field("question", _TEXT, "the question in its short form, such as PRK>RUS deed:arms 90d", False),
        _field("source", _TEXT, "who would act", False),
        _field("target", _TEXT, "who would be acted on", False),
        _field("event_class", _TEXT, "the class of events that is asked for", False),
        _field("times", pa.int32(), "how many of them at least", False),
        _field("days", pa.int32(), "length of the span in days", False),
        _field("rule", _TEXT, "the rule that settles it", False),
        _field("asked", pa.date32(), "the day of asking; nothing later was read", False),
        _field("closes", pa.date32(), "last day on which events count", False),
        _field("record_version", pa.int64(), "version of the record that was read", False),
        _field("model", _TEXT, "the model that gave the odds", False),
        _field("seed", pa.int64(), "its seed", False),
        _field("odds", pa.float64(), "probability of yes, 0 to 1", False),
        _field("low", pa.float64(), "low end of the 95 % interval", False),
        _field("high", pa.float64(), "high end of it", False),
        _field("base_rate", pa.float64(), "odds by the base rate alone", False),
        _field("recurrence", pa.float64(), "odds by recurrence alone", False),
        _field("reasons", pa.list_(_REASON), "what moved the odds, by how much (log-odds), and its events", False),
        _field("notes", pa.list_(_TEXT), "where the record is too small to say", False),
        _field("dragoman", _TEXT, "version of Dragoman that issued it", False),
        _field("at", pa.timestamp("us", tz="UTC"), "when it was issued", False),
    ]
)

SETTLEMENTS = pa.schema(
    [
        _field("id", _TEXT, "s and 20 hexadecimal digits", False),
        _field("forecast_id", _TEXT, "the forecast that is settled", False),
        _field("number", pa.int32(), "1 for its first settlement, one more for each later one; the last holds", False),
        _field("outcome", _TEXT, "yes, no, unknown, or open where it was settled too early", False),
        _field("events", pa.list_(_TEXT), "the events that count", False),
        _field("reason", _TEXT, "why it is so", False),
        _field("as_of", pa.date32(), "the day up to which the record was read", False),
        _field("record_version", pa.int64(), "version of the record that was read", False),
        _field("at", pa.timestamp("us", tz="UTC"), "when it was settled", False),
    ]
)

COMMITS = pa.schema(
    [
        _field("version", pa.int64(), "number of this state of the record, from 0", False),
        _field("format", pa.int32(), "layout of the tables", False),
        _field("operation", _TEXT, "add, remove, recode, …", False),
        _field("at", pa.timestamp("us", tz="UTC"), "when it was committed", False),
        _field("dragoman", _TEXT, "version of Dragoman that wrote it", False),
        _field("documents", pa.int64(), "Delta version of that table", False),
        _field("mentions", pa.int64(), "Delta version of that table", False),
        _field("events", pa.int64(), "Delta version of that table", False),
        _field("refusals", pa.int64(), "Delta version of that table", False),
        _field("corrections", pa.int64(), "Delta version of that table", False),
        _field("imported", pa.int64(), "Delta version of that table"),
        _field("forecasts", pa.int64(), "Delta version of that table"),
        _field("settlements", pa.int64(), "Delta version of that table"),
    ]
)

TABLES: dict[str, pa.Schema] = {
    "documents": DOCUMENTS,
    "mentions": MENTIONS,
    "events": EVENTS,
    "refusals": REFUSALS,
    "corrections": CORRECTIONS,
    "imported": IMPORTED,
    "forecasts": FORECASTS,
    "settlements": SETTLEMENTS,
}

NEVER_UNDONE = ("forecasts", "settlements")
"""Tables that are only added to: bringing back an older version leaves them as they are, so that scores stand."""

LACKED: dict[tuple[str, str], object] = {("events", "dismissed"): False, ("events", "deniers"): []}
"""What a column that an older layout lacked holds in its rows; null for every other such column."""
