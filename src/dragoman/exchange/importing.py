"""Imports other people's event files: read, mapped and written batch by batch, while the next one is read."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import date
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.coding.gazetteer import Gazetteer
from dragoman.errors import UsageError
from dragoman.exchange.acled import Acled
from dragoman.exchange.build import Built, Sides, build
from dragoman.exchange.coded import Coded
from dragoman.exchange.columns import Rejected, Rows
from dragoman.exchange.files import Source, find_sources
from dragoman.exchange.gdelt import Gdelt
from dragoman.exchange.icews import Icews
from dragoman.exchange.parties import Parties
from dragoman.exchange.plover import Plover
from dragoman.exchange.polecat import Polecat
from dragoman.exchange.report import ImportSummary
from dragoman.exchange.tkg import Tkg
from dragoman.exchange.ucdp import Ucdp
from dragoman.read import Fetcher
from dragoman.record import Store, refusal_row
from dragoman.records import Refusal
from dragoman.terms import RefusalStage

PROVIDERS = ("gdelt", "icews", "polecat", "acled", "ucdp", "plover", "tkg")
KEPT_LETTERS = 20_000
"""So much is kept of a refused line that has no columns; the longest rows of event files have some thousand."""
KEPT_REFUSALS = 1000
"""Refusals of whole inputs and of rows of a wrong shape that the summary names one by one; all are stored."""

Piece = TypeVar("Piece")


class Provider(Protocol):
    """One kind of files: how they are cut into rows, and what a row means."""

    name: str

    def rows(self, source: Source) -> Iterator[Rows | Refusal]:
        """The rows of a file in batches, and refusals of what cannot be read."""
        ...

    def code(self, rows: Rows) -> Coded:
        """What the rows mean."""
        ...


def provider_named(name: str, gazetteer: Gazetteer, start: date | None = None) -> Provider:
    """The provider of this name; `start` is the first day of a graph's times."""
    parties = Parties(gazetteer)
    made: Mapping[str, Callable[[Parties], Provider]] = {
        "gdelt": Gdelt,
        "icews": Icews,
        "polecat": Polecat,
        "acled": Acled,
        "ucdp": Ucdp,
        "plover": Plover,
    }
    if name == "tkg":
        return Tkg(parties, start)
    if name not in made:
        raise UsageError(f"There is no provider {name!r}; there are {', '.join(PROVIDERS)}.")
    return made[name](parties)


def import_events(
    store: Store,
    provider: Provider,
    paths: Sequence[str],
    *,
    fetcher: Fetcher | None = None,
    statements: bool = False,
    progress: Callable[[ImportSummary], None] | None = None,
) -> ImportSummary:
    """Bring the rows of the files into the record; a row that is there is not written twice.

    One thread writes a batch while the next is mapped and another reads the one after it. Started again after a kill it
    ends in the same record.
    """
    summary = ImportSummary(provider.name)
    started = time.monotonic()
    sides = Sides()
    with ThreadPoolExecutor(max_workers=1) as reader, ThreadPoolExecutor(max_workers=1) as writer:
        pending: Future[None] | None = None
        for name, piece in _ahead(_pieces(provider, paths, fetcher, summary), reader):
            built, refusals = None, list[tuple[Refusal, str | None]]()
            if isinstance(piece, Refusal):
                refusals = [(piece, None)]
            else:
                refusals = [(_refused(name, one), one.text[:KEPT_LETTERS]) for one in piece.rows.rejected]
                summary.reject(piece.rows.rejected)
                if piece.rows.table.num_rows:
                    built = build(provider.name, name, piece, sides, statements=statements)
                    summary.count(built)
            if pending is not None:
                pending.result()
            pending = writer.submit(_commit, store, built, refusals, summary)
            summary.seconds = time.monotonic() - started
            if progress is not None:
                progress(summary)
        if pending is not None:
            pending.result()
    summary.seconds = time.monotonic() - started
    return summary


def _pieces(
    provider: Provider, paths: Sequence[str], fetcher: Fetcher | None, summary: ImportSummary
) -> Iterator[tuple[str, Coded | Refusal]]:
    for source in find_sources(paths, fetcher):
        if isinstance(source, Refusal):
            yield source.input or "", source
            continue
        summary.files += 1
        for piece in provider.rows(source):
            yield source.name, piece if isinstance(piece, Refusal) else provider.code(piece)


def _ahead(pieces: Iterator[Piece], reader: Executor) -> Iterator[Piece]:
    """The same pieces in the same order; while one is used, the next is made in the reader's thread."""
    coming = reader.submit(next, pieces, None)
    while (piece := coming.result()) is not None:
        coming = reader.submit(next, pieces, None)
        yield piece


def _refused(name: str, rejected: Rejected) -> Refusal:
    return Refusal(
        RefusalStage.IMPORT,
        rejected.reason,
        rejected.detail,
        input=name,
        locator=f"line {rejected.line}",
        content=hashlib.sha256(rejected.text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _commit(
    store: Store, built: Built | None, refusals: list[tuple[Refusal, str | None]], summary: ImportSummary
) -> None:
    """Write what of a batch is new, in one commit; `refusals` come with the refused line."""
    summary.refused += len(refusals)
    summary.reasons.update(refusal.reason.value for refusal, _ in refusals)
    summary.refusals.extend(refusal for refusal, _ in refusals[: KEPT_REFUSALS - len(summary.refusals)])
    with store.begin("import") as transaction:
        base = transaction.base
        if refusals:
            rows = {refusal.id: refusal_row(refusal, line) for refusal, line in refusals}
            there = base.known("refusals", pa.array(list(rows), pa.string()))
            transaction.insert("refusals", (row for key, row in rows.items() if key not in there))
        if built is None:
            return
        imported = _new(built.imported, base.known("imported", built.imported["id"]), built.repeated)
        written = pc.drop_null(imported["event_id"])
        events = built.events
        if imported is not built.imported:
            events = events.filter(pc.is_in(events["id"], value_set=written.combine_chunks()))
        events = _new(events, set(), built.repeated)
        transaction.append("imported", imported)
        transaction.append("events", events)
        transaction.append(
            "refusals", _new(built.refusals, base.known("refusals", built.refusals["id"]), built.repeated)
        )
        # What an earlier import refused and this one takes, with --statements for instance, is refused no more.
        own = pc.binary_join_element_wise("r", pc.utf8_slice_codeunits(imported["id"], 1), "")
        transaction.delete("refusals", base.known("refusals", own))
    summary.events += events.num_rows
    summary.statements += imported.num_rows - events.num_rows
    summary.known += built.imported.num_rows - imported.num_rows
    summary.refused += built.refusals.num_rows
    counts = Counter[str](
        {row["values"]: row["counts"] for row in pc.value_counts(built.refusals["reason"]).to_pylist()}
    )
    summary.reasons.update(counts)


def _new(table: pa.Table, known: set[str], repeated: bool) -> pa.Table:
    """The rows whose id is not known, the first of each id."""
    if known:
        table = table.filter(pc.invert(pc.is_in(table["id"], value_set=pa.array(sorted(known), pa.string()))))
    if not repeated:
        return table
    encoded = table["id"].combine_chunks().dictionary_encode().indices.to_numpy()
    _, first = np.unique(encoded, return_index=True)
    return table.take(pa.array(np.sort(first)))
