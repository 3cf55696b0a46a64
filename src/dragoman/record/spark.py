"""Spark as an engine: the same Ibis expressions, answered by a cluster; needs the extra `spark` and Java."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import PyFileSystem

from dragoman.errors import EngineError
from dragoman.record.places import is_remote

MASTERS = ("spark://", "local[", "yarn", "k8s://")
"""How the name of an engine begins that is Spark: the address of its master."""

JAVA = 17
"""The oldest Java that Spark 4 runs on."""

SETTINGS = {
    "spark.app.name": "dragoman",
    # As in DuckDB, the first of an empty list and the length of no list are null.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.driver.maxResultSize": "0",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session is started with, beside spark-defaults.conf of the cluster."""

BatchFunction = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""What an executor does with the batches of one partition."""


class SparkEngine:
    """A Spark session whose executors read the files of the tables; only answers come to this process."""

    def __init__(self, session: Any, failures: tuple[type[Exception], ...]) -> None:
        self.session = session
        self.failures = (*failures, pa.ArrowInvalid)
        self._backend = ibis.pyspark.connect(session)
        self._known: set[str] = set()

    @property
    def cores(self) -> int:
        """The cores that the executors have now; at first there are few, as executors come one by one."""
        found: int = self.session.sparkContext.defaultParallelism
        return found

    def table(self, view: str, delta: DeltaTable) -> ibis.Table:
        """A Delta table as an expression over Spark, whose session is shared by all records."""
        files = sorted(delta.file_uris())
        name = f"{view}_{hashlib.sha256(''.join(files).encode()).hexdigest()[:16]}"
        if name not in self._known:
            schema = _types().StructType.fromJson(json.loads(delta.schema().to_json()))
            self._read(delta.table_uri, files, schema).createOrReplaceTempView(name)
            self._known.add(name)
        return self._backend.table(name)

    def another(self) -> SparkEngine:
        """The same one: a session answers many threads."""
        return self

    def columns(self, expression: ibis.Table) -> pa.Table:
        """What an expression amounts to, in the types that Ibis gives it."""
        schema = pa.schema([field.with_type(_with_zone(field.type)) for field in expression.schema().to_pyarrow()])
        try:
            # What an expression holds of its own, such as an empty list, has no type yet.
            return self.frame(expression).to(spark_schema(schema)).toArrow().cast(schema)
        finally:
            for made in expression.op().find(ibis.expr.operations.InMemoryTable):
                self.session.catalog.dropTempView(made.name)

    def stream(self, expression: ibis.Table, size: int) -> pa.RecordBatchReader:
        """The same as batches of at most `size` rows; all of them are held meanwhile."""
        found = self.columns(expression)
        return pa.RecordBatchReader.from_batches(found.schema, iter(found.to_batches(size)))

    def frame(self, expression: ibis.Table) -> Any:
        """An expression as a Spark data frame."""
        for made in expression.op().find(ibis.expr.operations.InMemoryTable):
            self.made(made.data.to_pyarrow(made.schema)).createOrReplaceTempView(made.name)
        self.session.conf.set("spark.sql.shuffle.partitions", max(4, 2 * self.cores))
        return self.session.sql(self._backend.compile(expression))

    def made(self, table: pa.Table) -> Any:
        """An Arrow table of this process as a Spark data frame."""
        return self.session.createDataFrame(table, schema=spark_schema(table.schema))

    def close(self) -> None:
        """End the session, so that others have the cluster's cores; `open_spark` begins another."""
        self.session.stop()
        open_spark.cache_clear()

    def _read(self, place: str, files: list[str], schema: Any) -> Any:
        if not is_remote(place):
            return self.session.read.schema(schema).parquet(*files)
        # PyPI's PySpark has no jar for S3; the executors read through Arrow instead.
        names = self.made(pa.table({"file": [file.removeprefix(place.rstrip("/")).lstrip("/") for file in files]}))
        return names.repartition(len(files)).mapInArrow(_reader(place, _arrow(schema)), schema)


def _reader(place: str, schema: pa.Schema) -> BatchFunction:
    """What reads files of one place, named in the column `file`, on an executor."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        system = PyFileSystem(DeltaStorageHandler(place))
        for batch in batches:
            for file in batch.column("file").to_pylist():
                with system.open_input_file(file) as opened:
                    for found in pq.ParquetFile(opened).iter_batches():
                        yield _in_schema(found, schema)

    return read


def _in_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of a batch in the order of a schema; those that its file lacks are null."""
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def spark_schema(schema: pa.Schema) -> Any:
    """Arrow's schema as Spark's; every field may be null."""
    return _conversion().from_arrow_schema(pa.schema([pa.field(field.name, field.type) for field in schema]))


def _arrow(schema: Any) -> pa.Schema:
    return _conversion().to_arrow_schema(schema, timezone="UTC")


def _with_zone(kind: pa.DataType) -> pa.DataType:
    """The type with its zone: every time in a record is UTC, and Ibis leaves that out for Spark."""
    return pa.timestamp("us", tz="UTC") if pa.types.is_timestamp(kind) else kind


def _types() -> Any:
    return importlib.import_module("pyspark.sql.types")


def _conversion() -> Any:
    return importlib.import_module("pyspark.sql.pandas.types")


@cache
def open_spark(master: str) -> SparkEngine:
    """The session at a master; one process has one session, whichever record it asks."""
    try:
        pyspark = importlib.import_module("pyspark.sql")
        errors = importlib.import_module("pyspark.errors")
        gateway = importlib.import_module("py4j.protocol")
    except ImportError as error:
        raise EngineError(
            "Spark is not installed; “pip install 'dragoman[spark]'” brings it (and Java 17 is needed beside it). "
            "Without it leave --engine and DRAGOMAN_ENGINE out."
        ) from error
    find_java()
    failures = (errors.PySparkException, gateway.Py4JError)
    # Executors run this variable's Python, and it must be one that has Dragoman; a setting of the session does not do.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = pyspark.SparkSession.builder.master(master)
    # Executors reach S3 as this process does; a cluster with roles or keys of its own needs no such variable here.
    handed = {f"spark.executorEnv.{name}": value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name, value in (SETTINGS | handed).items():
        builder = builder.config(name, value)
    try:
        return SparkEngine(builder.getOrCreate(), failures)
    except failures as error:
        raise EngineError(
            f"No Spark session could be started at {master}: {str(error).splitlines()[0]} "
            "Check that the master runs and that its address is the one it shows on its page."
        ) from error


def find_java() -> str:
    """Java's program, which JAVA_HOME or PATH names; says plainly what to do where there is none, or one too old."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    remedy = (
        f"Install Java {JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install "
        "openjdk@17) or let JAVA_HOME name the folder it lies in. Without Spark leave --engine and DRAGOMAN_ENGINE out."
    )
    if program is None:
        raise EngineError(f"Spark needs Java, and there is no “java” on this machine. {remedy}")
    try:
        told = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        raise EngineError(f"Spark needs Java, and {program} cannot be run ({error}). {remedy}") from error
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found is None or int(found[1]) < JAVA:
        named = f"version {found[1]}" if found else f"of no version that can be told ({told[:60]!r})"
        raise EngineError(f"Spark needs Java {JAVA}, and {program} is {named}. {remedy}")
    return program
