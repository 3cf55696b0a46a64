"""Forecasts of a record: propose and issue them, settle them, score them; and backtests on its events."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from dragoman.coding import gazetteer
from dragoman.errors import ForecastError, RecordMissing, UsageError
from dragoman.forecast.backtest import Backtest, Schedule, backtest
from dragoman.forecast.history import History, most_active, with_answers
from dragoman.forecast.issuing import Forecast, issue
from dragoman.forecast.ledger import (
    Scoreboard,
    forecast_row,
    last_settlements,
    question_of,
    scoreboard,
    settlement_row,
)
from dragoman.forecast.loading import load_history
from dragoman.forecast.proposing import answers, propose
from dragoman.forecast.questions import EventClass, Kind, Question
from dragoman.forecast.samples import Panel
from dragoman.forecast.settling import Settlement, settle
from dragoman.pipeline.asking import events_as_of
from dragoman.pipeline.dyad import Dyad
from dragoman.pipeline.parties import party_code
from dragoman.record import Snapshot, Store, coverage, newest_day
from dragoman.terms import Domain


@dataclass(frozen=True, slots=True)
class Settled:
    """A forecast's row with what was found now, and whether it was written because it is new."""

    forecast: dict[str, Any]
    settlement: Settlement
    new: bool


class Forecasts(ABC):
    """What is forecast from a record; `Record` gives the tables and relations."""

    @abstractmethod
    def store(self, *, create: bool = False) -> Store:
        """The tables."""

    @abstractmethod
    def _writable(self, *, create: bool = False) -> Store:
        """The tables in today's layout."""

    @abstractmethod
    def dyad(self, first: str, second: str, *, as_of: date | None = None, version: int | None = None) -> Dyad:
        """The relation of two actors."""

    def propose(self, first: str, second: str, *, as_of: date | None = None) -> list[Question]:
        """Questions about a relation, from its open words and indicators."""
        dyad = self.dyad(first, second, as_of=as_of)
        return propose(*dyad.parties, dyad.ledger(), dyad.indicators())

    def forecast(
        self, *questions: Question | str, as_of: date | None = None, seed: int = 0, keep: bool = True
    ) -> list[Forecast]:
        """Odds for questions from what was known on a day, by default the newest; `keep` writes them to the ledger."""
        asked = [Question.parse(q) if isinstance(q, str) else q for q in questions]
        asked = [replace(q, source=party_code(q.source), target=party_code(q.target)) for q in asked]
        if not asked:
            raise UsageError("No question was asked; write for instance “PRK>RUS deed:arms 90d”.")
        snapshot = self.store().snapshot()
        today = as_of or newest_day(snapshot)
        if today is None:
            raise RecordMissing("The record holds no dated event; add documents with “dragoman add”.")
        history = load_history(snapshot, events_as_of(snapshot, as_of))
        history = self._with_indicators(history, asked, as_of)
        issued = issue(history, asked, today, snapshot.version, seed=seed)
        if keep:
            self._keep(issued)
        return issued

    def forecast_dyad(
        self, first: str, second: str, *, as_of: date | None = None, seed: int = 0, keep: bool = True
    ) -> list[Forecast]:
        """Odds for the questions that a relation proposes."""
        return self.forecast(*self.propose(first, second, as_of=as_of), as_of=as_of, seed=seed, keep=keep)

    def forecasts(self) -> list[dict[str, Any]]:
        """The ledger: forecasts as issued, each with the settlement that holds (None while open)."""
        snapshot = self.store().snapshot()
        last = last_settlements(snapshot.rows("settlements"))
        rows = sorted(snapshot.rows("forecasts"), key=lambda row: (row["asked"], row["question"], row["id"]))
        return [{**row, "settlement": last.get(row["id"])} for row in rows]

    def settle(self, *, as_of: date | None = None) -> list[Settled]:
        """Settle every forecast by its rule from the record; one whose evidence has changed is settled again."""
        store = self._writable()
        snapshot = store.snapshot()
        rows = sorted(snapshot.rows("forecasts"), key=lambda row: (row["asked"], row["question"], row["id"]))
        today = as_of or newest_day(snapshot)
        if not rows or today is None:
            return []
        history = load_history(snapshot, events_as_of(snapshot, as_of))
        history = self._with_indicators(history, [question_of(row) for row in rows], as_of)
        read = frozenset(day for _, day in coverage(snapshot, as_of))
        last = last_settlements(snapshot.rows("settlements"))
        now = datetime.datetime.now(datetime.UTC)
        found, added = [], []
        for row in rows:
            settlement = settle(question_of(row), row["asked"], history, today, read)
            new = settlement_row(row, settlement, last.get(row["id"]), today, snapshot.version, now)
            found.append(Settled(row, settlement, new is not None))
            if new is not None:
                added.append(new)
        if added:
            with store.begin("settle") as transaction:
                transaction.insert("settlements", added)
        return found

    def scoreboard(self) -> Scoreboard:
        """How the settled forecasts did."""
        snapshot = self.store().snapshot()
        return scoreboard(snapshot.rows("forecasts"), snapshot.rows("settlements"))

    def backtest(
        self,
        schedule: Schedule,
        *,
        horizons: Sequence[int] = (7, 30),
        actors: int = 40,
        classes: Sequence[str] = (),
        seed: int = 0,
        progress: Callable[[str], None] | None = None,
    ) -> Backtest:
        """Ask about all ordered pairs of the most active states, as counted before the start, on the schedule.

        Without `classes` the four quads are asked for, and the deeds of every domain that had one between them before.
        """
        snapshot = self.store().snapshot()
        history = load_history(snapshot)
        before = history.known_by(schedule.start.toordinal() - 1)
        states = most_active(before, actors, sorted(gazetteer().states)) if len(before) else ()
        if len(states) < 2:
            raise ForecastError(f"Before {schedule.start} the record knows fewer than two states; start later.")
        pairs = tuple((source, target) for source in states for target in states if source != target)
        chosen = tuple(map(EventClass.parse, classes)) or _seen_classes(before, states)
        return backtest(history, Panel(pairs, chosen, tuple(horizons)), schedule, seed=seed, progress=progress)

    def _with_indicators(self, history: History, questions: Sequence[Question], as_of: date | None) -> History:
        """The history with what answers the indicators that are asked for."""
        wanted = [q for q in questions if q.event_class.kind is Kind.INDICATOR]
        found = []
        for first, second in sorted({tuple(sorted((q.source, q.target))) for q in wanted}):
            dyad = self.dyad(first, second, as_of=as_of)
            rows = dyad.indicators()
            unknown = {q.event_class.value for q in wanted} - {row.key for row in rows}
            if unknown:
                raise UsageError(
                    f"There is no indicator {sorted(map(str, unknown))[0]!r}; there are: "
                    f"{', '.join(row.key for row in rows)}."
                )
            found += answers(rows, *dyad.parties, history)
        return with_answers(history, found) if found else history

    def _keep(self, issued: Sequence[Forecast]) -> None:
        """Add forecasts that are not in the ledger yet."""
        store = self._writable()
        now = datetime.datetime.now(datetime.UTC)
        with store.begin("forecast") as transaction:
            known = _ids(transaction.base)
            transaction.insert("forecasts", [forecast_row(own, now) for own in issued if own.id not in known])


def _ids(snapshot: Snapshot) -> set[str]:
    return snapshot.ids("forecasts") if snapshot.table_files("forecasts") else set()


def _seen_classes(history: History, states: Sequence[str]) -> tuple[EventClass, ...]:
    numbers = np.array([history.numbers[state] for state in states])
    between = np.isin(history.source, numbers) & np.isin(history.target, numbers)
    quads = [EventClass(Kind.QUAD, str(quad)) for quad in (1, 2, 3, 4)]
    deeds = [EventClass(Kind.DEED, domain.value) for domain in Domain]
    return (*quads, *(deed for deed in deeds if (history.of(deed) & between).any()))
