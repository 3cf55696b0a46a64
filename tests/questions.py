"""What views ask of a record, kept as Ibis expressions with DuckDB's answers, and put to Spark many at once.

A view is a function of the answers to what it asks. So where every answer is the same, every view is, and the many
relations of a record need not be gone through twice; nor is the same asked twice.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from ibis.expr import operations

from dragoman.record import SparkEngine
from dragoman.record.engines import DuckEngine

QUESTION = "question_"
AT_ONCE = 40
"""Questions of one schema that are one question to Spark; each alone costs it 0.3 to 0.5 s."""
QUICK = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.defaultSizeInBytes": "100000",
    "spark.sql.files.openCostInBytes": "0",
    "spark.sql.files.minPartitionNum": "1",
}
"""For plans of many small scans: to compile a part, or to cut a table of a few files into tasks, takes longer than the
part. What a table made on the spot weighs Spark does not know; all are small, so joins with them need no exchange."""


@dataclass(frozen=True)
class Question:
    """An expression over DuckDB's tables, and what DuckDB answers."""

    asked: ibis.Table
    answer: pa.Table

    @property
    def is_ordered(self) -> bool:
        """Whether the rows have an order that the expression gives them."""
        return isinstance(self.asked.op(), operations.Sort)

    def unordered(self) -> ibis.Table:
        """The expression without its order, which is lost among other questions."""
        return self.asked.op().parent.to_expr() if self.is_ordered else self.asked


class Asking(DuckEngine):
    """DuckDB as an engine that keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, Question] = {}
        self.tables: dict[str, DeltaTable] = {}

    def table(self, view: str, delta: DeltaTable) -> ibis.Table:
        found = super().table(view, delta)
        self.tables[found.op().name] = delta
        return found

    def columns(self, expression: ibis.Table) -> pa.Table:
        answer = super().columns(expression)
        key = self._key(expression)
        if key not in self.asked:
            self.asked[key] = Question(expression, _copied(answer))
        return answer

    def _key(self, expression: ibis.Table) -> str:
        """The question as text, with what it holds of its own by content."""
        told = self._connection.compile(expression)
        for made in expression.op().find(operations.InMemoryTable):
            content = repr(made.data.to_pyarrow(made.schema).to_pydict()).encode()
            told = told.replace(made.name, hashlib.sha256(content).hexdigest())
        return str(told)


def differing(asking: Asking, spark: SparkEngine) -> list[str]:
    """The questions that Spark answers otherwise, with the first rows in which it differs.

    The order of rows is compared in the longest answer of each kind; they are ordered by ids that no two rows share.
    """
    found = []
    for part in _parts(asking.asked.values()):
        asked = [
            _over(spark, asking, question.unordered()).mutate(**{QUESTION: ibis.literal(number, type="int64")})
            for number, question in enumerate(part)
        ]
        rows = spark.columns(ibis.union(*asked) if len(asked) > 1 else asked[0])
        for number, question in enumerate(part):
            own = rows.filter(pc.equal(rows[QUESTION], number)).drop_columns([QUESTION])
            found += _difference(question, sorted(_texts(own)), sorted(_texts(question.answer)))
        longest = max(part, key=lambda question: question.answer.num_rows)
        if longest.is_ordered:
            told = spark.columns(_over(spark, asking, longest.asked))
            found += _difference(longest, _texts(told), _texts(longest.answer))
    return found


def _difference(question: Question, told: list[str], expected: list[str]) -> list[str]:
    if told == expected:
        return []
    odd = next((pair for pair in zip(told, expected, strict=False) if pair[0] != pair[1]), "rows too few")
    return [f"{question.asked}\n{len(told)} and {len(expected)} rows: {odd}"]


def _parts(questions: Iterable[Question]) -> Iterator[Sequence[Question]]:
    alike: defaultdict[str, list[Question]] = defaultdict(list)
    for question in questions:
        alike[f"{question.asked.schema()} {question.is_ordered}"].append(question)
    for group in alike.values():
        yield from (group[at : at + AT_ONCE] for at in range(0, len(group), AT_ONCE))


def _over(spark: SparkEngine, asking: Asking, expression: ibis.Table) -> ibis.Table:
    """The same expression over Spark's tables."""
    ours = {
        table: spark.table(table.name, asking.tables[table.name]).op()
        for table in expression.op().find(operations.DatabaseTable)
    }
    return expression.op().replace(ours).to_expr()


def _copied(table: pa.Table) -> pa.Table:
    """The same rows elsewhere: what DuckDB hands over holds very much of its address space."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def _texts(rows: pa.Table) -> list[str]:
    return list(map(repr, rows.to_pylist()))
