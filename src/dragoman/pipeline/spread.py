"""Coding on a cluster: executors read and code, this process merges and commits.

Inputs go in waves. Of each wave the executors read the inputs, leave out what the record has already, code the rest and
return Arrow; this process merges it in and commits it, while the next wave is coded. A run that is stopped loses the
wave under way and, started again, codes only what is not in the record.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from dragoman.coding import Coder, gazetteer
from dragoman.errors import EngineError, UsageError
from dragoman.pipeline.adding import AddSummary, Batch, Progress, write
from dragoman.read import Input, ReadOptions, find_inputs, read_input
from dragoman.record import (
    TABLES,
    BatchFunction,
    Placing,
    SparkEngine,
    Store,
    Stored,
    document_from,
    document_row,
    files_under,
    is_remote,
    local_copy,
    mention_from,
    mention_row,
    open_engine,
    refusal_from,
    refusal_row,
    spark_schema,
)
from dragoman.record.rows import Row
from dragoman.records import Refusal
from dragoman.relate import signature
from dragoman.settings import Settings

ROWS = 64
"""Documents that an executor holds at once; small, as they lie beside the coder's models."""

TASKS = 4
"""Tasks for each core in a wave, so that long documents even out."""

MESSAGE = 400
"""Letters of an executor's message that are passed on."""

_INPUTS = pa.schema([("place", pa.int64()), ("name", pa.string()), ("address", pa.string())])
_DOCUMENT, _MENTION, _REFUSAL = (
    pa.struct([field.with_nullable(True) for field in TABLES[name]]) for name in ("documents", "mentions", "refusals")
)
_READ = pa.schema([("id", pa.string()), ("place", pa.int64()), ("document", _DOCUMENT), ("refusal", _REFUSAL)])
_CODED = pa.schema(
    [
        ("times", pa.int64()),
        ("known", pa.bool_()),
        ("document", _DOCUMENT),
        ("mentions", pa.list_(_MENTION)),
        ("refusals", pa.list_(_REFUSAL)),
    ]
)
_UNPLACED = Placing("", "", (None, None), None)
"""Where a mention stands is told by merging, which comes after coding."""

_NEW = """
SELECT outcome.id, outcome.times, known.id IS NOT NULL AS known,
       IF(known.id IS NULL, outcome.first.document, NULL) AS document, outcome.first.refusal AS refusal
FROM (
  SELECT id, COUNT(*) AS times, MIN_BY(STRUCT(document, refusal), place) AS first FROM dragoman_read GROUP BY id
) outcome
LEFT JOIN dragoman_known known ON outcome.id = known.id
"""
"""Each document of a wave once, the first of several; those that the record has are only counted."""


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Job:
    """What executors need to know; it travels to them."""

    options: ReadOptions = field(hash=False)
    actors: str
    coder_version: str


class Spread(ABC):
    """Coding on a cluster; `Record` gives the tables."""

    settings: Settings
    location: str

    @abstractmethod
    def _writable(self, *, create: bool = False) -> Store:
        """The tables in today's layout."""

    def code(
        self,
        documents: str | Path,
        *,
        engine: str,
        options: ReadOptions | None = None,
        progress: Progress | None = None,
    ) -> AddSummary:
        """Read and code on the executors of a Spark master, and write here; what is in the record is left alone.

        `documents` is a folder, a file, a glob or an address such as s3://bucket/news, which every executor can read.
        The record that results is the one that `add` would make of the same inputs.
        """
        cluster = open_engine(engine)
        if not isinstance(cluster, SparkEngine):
            raise UsageError(f"The engine {engine!r} codes on this machine alone; “dragoman add” does that.")
        store = self._writable(create=True)
        options = options or ReadOptions(document_bytes=self.settings.document_bytes)
        job = _Job(options, self.settings.actors, Coder(gazetteer(self.settings.actors)).version)
        started = time.monotonic()
        inputs, missing = _listed(str(documents))
        summary = AddSummary(inputs_total=len(inputs) + len(missing))
        _count_refused(summary, missing)
        write(store, Batch(refusals=list(missing)), summary)
        numbers = count()

        def coded(wave: Sequence[Stored]) -> list[Row]:
            return _coded(cluster, store.root, job, wave, numbers)

        for wave, rows in _ahead(coded, _waves(inputs, self.settings.wave_bytes)):
            write(store, _batch(rows, summary), summary)
            summary.inputs_done += len(wave)
            summary.seconds = time.monotonic() - started
            if progress is not None:
                progress(summary)
        summary.seconds = time.monotonic() - started
        return summary


def _listed(documents: str) -> tuple[list[Stored], list[Refusal]]:
    """The inputs with their sizes, and a refusal for each that cannot be found."""
    if documents.startswith("s3://"):
        return files_under(documents), []
    if is_remote(documents):
        raise UsageError(
            f"Documents at {documents!r} cannot be coded on a cluster; give a folder, a file, a glob or an address "
            "such as s3://bucket/news. “dragoman add” fetches pages."
        )
    inputs: list[Stored] = []
    missing: list[Refusal] = []
    for item in find_inputs([documents.removeprefix("file://")]):
        if isinstance(item, Refusal):
            missing.append(item)
        elif item.path is not None:
            inputs.append(Stored(item.name, item.path.stat().st_size))
    return inputs, missing


def _waves(inputs: Sequence[Stored], most: int) -> Iterator[list[Stored]]:
    """The inputs in order, in waves that end once they have so many bytes."""
    wave: list[Stored] = []
    size = 0
    for item in inputs:
        wave.append(item)
        size += item.size
        if size >= most:
            yield wave
            wave, size = [], 0
    if wave:
        yield wave


def _ahead(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[tuple[_Item, _Result]]:
    """Each item with what the work makes of it; while it is used, the next one is under way."""
    with ThreadPoolExecutor(1) as pool:
        waiting: tuple[_Item, Future[_Result]] | None = None
        for item in items:
            following = item, pool.submit(work, item)
            if waiting is not None:
                yield waiting[0], waiting[1].result()
            waiting = following
        if waiting is not None:
            yield waiting[0], waiting[1].result()


def _coded(cluster: SparkEngine, root: str, job: _Job, wave: Sequence[Stored], numbers: Iterator[int]) -> list[Row]:
    """One wave, read and coded by the executors: a row for each outcome that differs, sorted by id."""
    inputs = pa.table(
        {
            "place": [next(numbers) for _ in wave],
            "name": [stored.address for stored in wave],
            # Executors work in a folder of their own.
            "address": [s.address if is_remote(s.address) else str(Path(s.address).absolute()) for s in wave],
        },
        schema=_INPUTS,
    )
    tasks = TASKS * cluster.cores
    listed = cluster.made(inputs).repartition(min(len(wave), tasks))
    listed.mapInArrow(_reader(job), spark_schema(_READ)).createOrReplaceTempView("dragoman_read")
    ids = Store(root, cluster).snapshot().table("documents").select("id")
    cluster.frame(ids).createOrReplaceTempView("dragoman_known")
    new = cluster.session.sql(_NEW).repartition(tasks)
    try:
        rows: list[Row] = new.mapInArrow(_worker(job), spark_schema(_CODED)).toArrow().to_pylist()
    except cluster.failures as error:
        told = str(error).strip().splitlines()[-1][:MESSAGE]
        raise EngineError(
            f"Coding on the cluster failed: {told} What was committed before stays; run it again to go on."
        ) from error
    return rows


def _batch(rows: Sequence[Row], summary: AddSummary) -> Batch:
    """What the executors returned as a commit."""
    batch = Batch()
    for row in rows:
        if row["known"]:
            summary.known += row["times"]
            continue
        refusals = [refusal_from(refusal) for refusal in row["refusals"]]
        batch.refusals += refusals
        if row["document"] is None:
            for _ in range(row["times"]):
                _count_refused(summary, refusals)
            continue
        summary.known += row["times"] - 1
        document = document_from(row["document"])
        batch.documents.append(document)
        batch.marks[document.id] = row["document"]["signature"]
        batch.mentions += map(mention_from, row["mentions"])
    return batch


def _count_refused(summary: AddSummary, refusals: Sequence[Refusal]) -> None:
    for refusal in refusals:
        summary.refused += 1
        summary.reasons[refusal.reason] += 1
        summary.refusals.append(refusal)


def _reader(job: _Job) -> BatchFunction:
    """What reads inputs on an executor: a row for each document and refusal."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _in_batches(_outcomes(job, batches), _READ)

    return read


def _outcomes(job: _Job, batches: Iterator[pa.RecordBatch]) -> Iterator[Row]:
    for batch in batches:
        for item in batch.to_pylist():
            with local_copy(item["address"]) as path:
                if not path.exists():
                    raise EngineError(
                        f"A worker does not see {path}; documents must lie where every machine of the cluster reads "
                        "them under one path, or at an address such as s3://bucket/news."
                    )
                for number, outcome in enumerate(read_input(Input(item["name"], path=path), job.options)):
                    yield {
                        "id": outcome.id,
                        "place": item["place"] * 2**32 + number,
                        "document": None if isinstance(outcome, Refusal) else document_row(outcome, None),
                        "refusal": refusal_row(outcome) if isinstance(outcome, Refusal) else None,
                    }


def _worker(job: _Job) -> BatchFunction:
    """What codes documents on an executor."""

    def code(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = (row for batch in batches for part in _parts(batch) for row in part.to_pylist())
        return _in_batches((_coded_row(job, row) for row in rows), _CODED)

    return code


def _coded_row(job: _Job, row: Row) -> Row:
    found = {"times": row["times"], "known": row["known"], "document": None, "mentions": [], "refusals": []}
    if row["refusal"] is not None:
        return {**found, "refusals": [row["refusal"]]}
    if row["document"] is None:
        return found
    document = document_from(row["document"])
    coding = _coder(job).code(document)
    return {
        **found,
        "document": document_row(document, signature(document)),
        "mentions": [mention_row(mention, document, _UNPLACED) for mention in coding.mentions],
        "refusals": [refusal_row(refusal) for refusal in coding.refusals],
    }


@cache
def _coder(job: _Job) -> Coder:
    """The coder of this executor's process, loaded once; another version than the driver's is an error."""
    coder = Coder(gazetteer(job.actors))
    if coder.version != job.coder_version:
        raise EngineError(
            f"A worker has the coder {coder.version}, this machine {job.coder_version}; install the same Dragoman, "
            "and the same folder of actors, on every machine of the cluster."
        )
    return coder


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    return (batch.slice(start, ROWS) for start in range(0, len(batch), ROWS))


def _in_batches(rows: Iterator[Row], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows as batches of at most `ROWS`."""
    while part := list(islice(rows, ROWS)):
        yield pa.RecordBatch.from_pylist(part, schema=schema)
