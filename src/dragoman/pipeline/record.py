"""Joins the stages: read, code, merge, write; and opens the record to Python."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from dragoman.brief import Brief, Earlier, Findings, make_brief
from dragoman.brief.outlook import chosen
from dragoman.coding import Coder, gazetteer
from dragoman.errors import RecordError, RecordMissing, UsageError
from dragoman.exchange import ImportSummary, import_events, provider_named
from dragoman.pipeline.adding import AddSummary, Batch, Heard, Progress, write
from dragoman.pipeline.asking import EventTable, event_rows, events_as_of, matching, party_codes
from dragoman.pipeline.chosen import chosen_from, known_providers
from dragoman.pipeline.dyad import Dyad
from dragoman.pipeline.exports import Exports
from dragoman.pipeline.forecasts import Forecasts
from dragoman.pipeline.housekeeping import Housekeeping
from dragoman.pipeline.merge import corrections, event_named, rebuild, remerge, report_of
from dragoman.pipeline.parties import parties_in_full, party_code
from dragoman.pipeline.spread import Spread
from dragoman.pipeline.takedowns import taken_down, tombstone
from dragoman.read import Fetcher, Getter, ReadOptions, find_inputs, read_input
from dragoman.record import (
    DUCKDB,
    FORMAT,
    DuckEngine,
    Engine,
    EventFilter,
    Snapshot,
    Store,
    Transaction,
    correction_row,
    document_from,
    mention_from,
    mention_without_text,
    newest_day,
    open_engine,
    public_event,
    public_rows,
    refusal_row,
    rows_with,
    without_text,
)
from dragoman.records import Correction, Document, Mention, Refusal
from dragoman.relate import signature
from dragoman.settings import Settings
from dragoman.terms import CorrectionKind

REBUILT = 2
"""The layout before which all that later stages add must be made anew; those since only brought further tables."""


@dataclass(slots=True)
class RecodeSummary:
    """What coding again did: documents coded, mentions that went and that came."""

    documents: int = 0
    gone: int = 0
    came: int = 0


class Record(Exports, Forecasts, Housekeeping, Spread):
    """A record at one place: add to it, ask it, check it."""

    def __init__(self, location: str | Path, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()
        self.location = str(location)
        self._duckdb: DuckEngine | None = None

    @cached_property
    def _coder(self) -> Coder:
        return Coder(gazetteer(self.settings.actors))

    def store(self, *, create: bool = False) -> Store:
        """The tables; a missing record is a `RecordMissing` unless `create` is true."""
        return self._opened(create, self.settings.engine)

    def _opened(self, create: bool, engine: str) -> Store:
        if "://" not in self.location and Path(self.location).expanduser().is_file():
            raise RecordError(
                f"At {self.location} stands a file; a record is a folder. Give another --record, or move the file away."
            )
        try:
            return Store.open(self.location, create=create, engine=self._engine(engine))
        except OSError as error:
            raise RecordError(
                f"No record can be kept at {self.location} ({error.strerror or error}); a folder that can be written "
                "is needed. Check its path and rights, or give another --record."
            ) from error

    def _engine(self, name: str) -> Engine:
        """One that keeps what those before it read of the files' ends, which takes long where files are many."""
        if name != DUCKDB:
            return open_engine(name)
        if self._duckdb is None or self._duckdb.is_full:
            self._duckdb = DuckEngine()
        return self._duckdb.another()

    def _writable(self, *, create: bool = False) -> Store:
        """The tables in today's layout; a record of an older one is brought to it, in one commit.

        Merging asks many small questions, which DuckDB answers faster than a cluster.
        """
        store = self._opened(create, DUCKDB)
        if store.snapshot().commit["format"] < FORMAT:
            with store.begin("migrate") as transaction:
                if transaction.base.commit["format"] < REBUILT:
                    rebuild(transaction)
        return store

    def add(
        self,
        *inputs: str | Path,
        options: ReadOptions | None = None,
        progress: Progress | None = None,
        fetcher: Getter | None = None,
        heard: Heard | None = None,
    ) -> AddSummary:
        """Read, code and write files, folders, globs and addresses; what is in the record already is left alone.

        `fetcher` gives the pages of addresses, by default from the network; `heard` is told of every outcome, before it
        is committed.
        """
        options = options or ReadOptions(document_bytes=self.settings.document_bytes)
        store = self._writable(create=True)
        summary = AddSummary()
        started = time.monotonic()
        snapshot = store.snapshot()
        seen, taken = snapshot.ids("documents"), taken_down(snapshot)
        batch = Batch()
        found = list(find_inputs([str(item) for item in inputs]))
        summary.inputs_total = len(found)
        fetcher = fetcher or Fetcher(self.settings)
        for item in found:
            for outcome in [item] if isinstance(item, Refusal) else read_input(item, options, fetcher):
                outcome = taken.get(outcome.id, outcome)
                if heard is not None:
                    name = (item.input if isinstance(item, Refusal) else item.name) or ""
                    heard(name, outcome, not isinstance(outcome, Refusal) and outcome.id in seen)
                if isinstance(outcome, Refusal):
                    summary.refused += 1
                    summary.reasons[outcome.reason] += 1
                    summary.refusals.append(outcome)
                    batch.refusals.append(outcome)
                elif outcome.id in seen:
                    summary.known += 1
                else:
                    seen.add(outcome.id)
                    coding = self._coder.code(outcome)
                    batch.documents.append(outcome)
                    batch.marks[outcome.id] = signature(outcome)
                    batch.mentions.extend(coding.mentions)
                    batch.refusals.extend(coding.refusals)
                if len(batch.documents) >= self.settings.batch_documents:
                    write(store, batch, summary)
                    batch = Batch()
                summary.seconds = time.monotonic() - started
                if progress is not None:
                    progress(summary)
            summary.inputs_done += 1
        write(store, batch, summary)
        summary.seconds = time.monotonic() - started
        if progress is not None:
            progress(summary)
        return summary

    def import_events(
        self,
        provider: str,
        *paths: str | Path,
        statements: bool = False,
        start: date | None = None,
        progress: Callable[[ImportSummary], None] | None = None,
    ) -> ImportSummary:
        """Bring other people's event files into the record, mapped to PLOVER, as events of that provider.

        `statements` keeps rows that PLOVER has no type for (CAMEO 01) beside, without an event; `start` is the first
        day of a graph's times, where its folder does not tell it. docs/exchange.md says what becomes of what.
        """
        source = provider_named(provider, gazetteer(self.settings.actors), start)
        store = self._writable(create=True)
        texts = [str(path) for path in paths]
        return import_events(
            store, source, texts, fetcher=Fetcher(self.settings), statements=statements, progress=progress
        )

    def recode(self) -> RecodeSummary:
        """Code every document again that another coder version coded; killed and started again it goes on."""
        store = self._writable()
        version = self._coder.version
        summary = RecodeSummary()
        snapshot = store.snapshot()
        stale = {row["document_id"] for row in snapshot.rows("mentions") if row["coder_version"] != version}
        stale |= {
            row["document_id"]
            for row in snapshot.rows("refusals")
            if row["document_id"] is not None and row["coder_version"] != version
        }
        coded = snapshot.ids("mentions", "document_id") | snapshot.ids("refusals", "document_id")
        waiting = sorted((stale | (snapshot.ids("documents") - coded)) - taken_down(snapshot).keys())
        for start in range(0, len(waiting), self.settings.batch_documents):
            self._recode(store, waiting[start : start + self.settings.batch_documents], summary)
        return summary

    def _recode(self, store: Store, ids: list[str], summary: RecodeSummary) -> None:
        with store.begin("recode") as transaction:
            base = transaction.base
            documents = _documents(base, ids)
            codings = {key: self._coder.code(document) for key, document in documents.items()}
            old = {row["id"]: row for row in rows_with(base, "mentions", "document_id", ids)}
            new = {
                mention.id: (report_of(mention, documents[mention.document_id]), documents[mention.document_id])
                for coding in codings.values()
                for mention in coding.mentions
            }
            summary.documents += len(documents)
            summary.gone += len(old.keys() - new.keys())
            summary.came += len(new.keys() - old.keys())
            refusals = rows_with(base, "refusals", "document_id", ids)
            transaction.delete("refusals", [row["id"] for row in refusals])
            transaction.insert("refusals", (refusal_row(r) for coding in codings.values() for r in coding.refusals))
            transaction.delete("mentions", old)
            remerge(transaction, new, touched={row["event_id"] for row in old.values()}, gone=old)

    def remove(self, document_id: str) -> int:
        """Take a document and all its evidence out; returns the number of mentions that went with it."""
        return self._take_out(document_id, "remove", None)

    def take_down(self, document_id: str, why: str, *, keep_codings: bool = False) -> int:
        """Take a document and all its evidence out for good: it may not be added again, and the record says why.

        With `keep_codings` its words alone go: mentions and events stay, and blocks stand where the words stood. Older
        versions hold its text until a vacuum lets go of them. Returns the number of mentions that went, or stayed.
        """
        left = tombstone(document_id, why)
        if keep_codings:
            return self._withhold(document_id, left)
        return self._take_out(document_id, "takedown", left)

    def _withhold(self, document_id: str, left: Refusal) -> int:
        store = self._writable()
        with store.begin("takedown") as transaction:
            base = transaction.base
            documents = rows_with(base, "documents", "id", [document_id])
            if not documents:
                raise _no_document(document_id)
            document = without_text(documents[0])
            mentions = rows_with(base, "mentions", "document_id", [document_id])
            transaction.delete("documents", [document_id])
            transaction.insert("documents", [document])
            transaction.delete("mentions", [row["id"] for row in mentions])
            transaction.insert("mentions", [mention_without_text(row, document) for row in mentions])
            _refuse(transaction, document_id, left)
        return len(mentions)

    def _take_out(self, document_id: str, operation: str, left: Refusal | None) -> int:
        store = self._writable()
        with store.begin(operation) as transaction:
            if document_id not in transaction.base.ids("documents"):
                raise _no_document(document_id)
            mentions = rows_with(transaction.base, "mentions", "document_id", [document_id])
            transaction.delete("documents", [document_id])
            transaction.delete("mentions", [row["id"] for row in mentions])
            _refuse(transaction, document_id, left)
            remerge(
                transaction, {}, touched={row["event_id"] for row in mentions}, gone={row["id"] for row in mentions}
            )
        return len(mentions)

    def correct(self, *said: Correction) -> None:
        """Keep what a person says against the machine, in one commit, and make the events that it concerns anew.

        Saying the same again changes nothing.
        """
        said = tuple(self._written_out(one) for one in said)
        store = self._writable()
        with store.begin("correct") as transaction:
            base = transaction.base
            known = {row["id"] for row in rows_with(base, "corrections", "id", [one.id for one in said])}
            new = [one for one in said if one.id not in known]
            if not new:
                return
            touched = {
                event_named(base, identity)["id"]
                for one in new
                for identity in (one.subject, one.other)
                if identity is not None and not identity.startswith("l")
            }
            transaction.insert("corrections", map(correction_row, new))
            remerge(transaction, {}, touched=touched, said=[*corrections(base), *new])

    def _written_out(self, said: Correction) -> Correction:
        if said.kind is not CorrectionKind.SET or said.field not in ("source", "target"):
            return said
        return replace(said, value=parties_in_full(said.value or "", gazetteer(self.settings.actors)))

    def event(self, event_id: str, version: int | None = None) -> dict[str, Any]:
        """The event of this id, or the one that it was merged into since; ids of mentions lead to theirs."""
        return public_event(event_named(self.store().snapshot(version), event_id))

    def events(
        self, *parties: str, as_of: date | None = None, version: int | None = None, **filters: Any
    ) -> list[dict[str, Any]]:
        """Events as dictionaries with INTERFACE's keys, sorted by date, then id; `filters` as in `EventFilter`."""
        return self.find_events(EventFilter(parties=tuple(parties), **filters), as_of=as_of, version=version)

    def find_events(
        self, wanted: EventFilter, *, as_of: date | None = None, version: int | None = None
    ) -> list[dict[str, Any]]:
        """The events that a filter names, with INTERFACE's keys, sorted by date, then id."""
        snapshot = self.store().snapshot(version)
        known = events_as_of(snapshot, as_of, *party_codes(wanted))
        return public_rows(snapshot.columns("events", matching(known, wanted)))

    def count_undated(self, wanted: EventFilter, *, as_of: date | None = None, version: int | None = None) -> int:
        """How many events match a filter but for its time, and have no known date."""
        timeless = replace(wanted, since=None, until=None)
        snapshot = self.store().snapshot(version)
        return sum(
            row["date"] is None
            for row in event_rows(snapshot, events_as_of(snapshot, as_of, *party_codes(wanted)), timeless)
        )

    def dyad(
        self,
        first: str,
        second: str,
        *,
        as_of: date | None = None,
        version: int | None = None,
        providers: Sequence[str] = (),
    ) -> Dyad:
        """The relation of two actors, named by code, name or abbreviation, as it was known on a day.

        `providers` names those whose events alone are read: “dragoman”, or a data set that was imported.
        """
        return Dyad(self, first, second, as_of, version, providers)

    def brief(
        self,
        *dyads: tuple[str, str],
        as_of: date | None = None,
        version: int | None = None,
        since: date | None = None,
        previous: tuple[int, date | None] | None = None,
        providers: Sequence[str] = (),
    ) -> Brief:
        """A brief on one or several relations; `since` adds what was reported for the first time from that day on.

        `previous` is the record version and the day of an earlier brief: what changed since is told. A version that
        vacuum let go is a `RecordMissing`; those of published briefs stay. `providers` as in `dyad`.
        """
        snapshot = chosen_from(self.store().snapshot(version), known_providers(providers))
        known = events_as_of(snapshot, as_of)
        found = [self._findings(snapshot, known, dyad, as_of, providers) for dyad in dyads]
        if previous is not None:
            found = [replace(own, earlier=self._earlier(own.parties, *previous, providers)) for own in found]
        events = {row["id"]: row for part in found for row in (*part.between, *part.around)}
        mentions = rows_with(snapshot, "mentions", "id", [key for row in events.values() for key in row["mentions"]])
        return make_brief(
            found,
            mentions={row["id"]: mention_from(row) for row in mentions},
            documents=_documents(snapshot, [row["document_id"] for row in mentions]),
            names={code: state.name for code, state in gazetteer(self.settings.actors).states.items()},
            as_of=as_of or newest_day(snapshot),
            since=since,
            version=snapshot.version,
        )

    def _findings(
        self,
        snapshot: Snapshot,
        events: EventTable,
        dyad: tuple[str, str],
        as_of: date | None,
        providers: Sequence[str],
    ) -> Findings:
        parties = (party_code(dyad[0]), party_code(dyad[1]))
        between = event_rows(snapshot, events, EventFilter(parties=parties))
        if not between:
            whose = f" of {' or '.join(providers)}" if providers else ""
            raise RecordMissing(
                f"The record at {self.location} has no event between {dyad[0]} and {dyad[1]}"
                f"{f' known by {as_of}' if as_of else ''}{whose}. Add documents about them, or check the codes."
            )
        known = {row["id"] for row in between}
        around = {
            row["id"]: row
            for party in parties
            for row in event_rows(snapshot, events, EventFilter(parties=(party,)))
            if row["id"] not in known
        }
        development = self.dyad(*dyad, as_of=as_of, version=snapshot.version, providers=providers).development()
        day = as_of or newest_day(snapshot)
        outlook = chosen(snapshot.rows("forecasts"), parties, day) if day else []
        return Findings(parties, between, tuple(around.values()), development, outlook)

    def _earlier(
        self, parties: tuple[str, str], version: int, day: date | None, providers: Sequence[str] = ()
    ) -> Earlier:
        """What was known of a relation in a version, on a day."""
        snapshot = chosen_from(self.store().snapshot(version), known_providers(providers))
        dyad = self.dyad(*parties, as_of=day, version=version, providers=providers)
        rows = event_rows(snapshot, events_as_of(snapshot, day, *parties), EventFilter(parties=parties))
        words = {entry.id: entry.state.value for entry in dyad.ledger()} if rows else {}
        questions = {row.key: row.state.value for row in dyad.indicators()} if rows else {}
        return Earlier.of(day or newest_day(snapshot), version, rows, words, questions)

    def mention(self, mention_id: str) -> tuple[Mention, Document]:
        """A mention and the document that it stands in."""
        snapshot = self.store().snapshot()
        rows = rows_with(snapshot, "mentions", "id", [mention_id])
        if not rows:
            raise UsageError(
                f"There is no mention {mention_id!r} in the record; take an id from the key “mentions” of an event."
            )
        documents = rows_with(snapshot, "documents", "id", [rows[0]["document_id"]])
        return mention_from(rows[0]), document_from(documents[0])

    def today(self) -> date | None:
        """The newest publication date in the record."""
        return newest_day(self.store().snapshot())


def open_record(location: str | Path | None = None, settings: Settings | None = None) -> Record:
    """The record at a folder, by default where DRAGOMAN_RECORD or the settings say."""
    settings = settings or Settings.load()
    return Record(location or settings.record, settings)


def _no_document(document_id: str) -> UsageError:
    return UsageError(f"There is no document {document_id!r} in the record; “dragoman events” lists what is.")


def _refuse(transaction: Transaction, document_id: str, left: Refusal | None) -> None:
    """Put the refusal that a document leaves in the place of what the coder refused in it, and of an earlier one."""
    refusals = rows_with(transaction.base, "refusals", "document_id", [document_id])
    transaction.delete("refusals", [row["id"] for row in refusals])
    if left is not None:
        earlier = rows_with(transaction.base, "refusals", "content", [document_id])
        transaction.delete("refusals", [row["id"] for row in earlier])
        transaction.insert("refusals", [refusal_row(left)])


def _documents(snapshot: Snapshot, ids: list[str]) -> dict[str, Document]:
    return {row["id"]: document_from(row) for row in rows_with(snapshot, "documents", "id", ids)}
