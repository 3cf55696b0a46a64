"""What changed since an earlier brief: what is new, what is told otherwise, which words were settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier brief knew of one relation.

    `factualities` are those of the events by the mentions that they were merged from, `words` the states of the
    ledger's entries, `questions` those of the standing questions.
    """

    day: date | None
    version: int
    factualities: Mapping[str, str]
    words: Mapping[str, str]
    questions: Mapping[str, str]

    @classmethod
    def of(
        cls,
        day: date | None,
        version: int,
        rows: Sequence[Row],
        words: Mapping[str, str],
        questions: Mapping[str, str],
    ) -> Earlier:
        """From the events that were known then."""
        told = {mention: str(row["factuality"]) for row in rows for mention in row["mentions"]}
        return cls(day, version, told, words, questions)

    def is_new(self, row: Row) -> bool:
        """Whether no report of an event was known."""
        return not any(mention in self.factualities for mention in row["mentions"])

    def was(self, row: Row) -> str | None:
        """How an event was told then, where that was otherwise; None where it is new or unchanged."""
        before = {self.factualities[mention] for mention in row["mentions"] if mention in self.factualities}
        return None if not before or row["factuality"] in before else sorted(before)[0]
