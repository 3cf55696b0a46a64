"""The ledger of forecasts: rows as issued, what came of them, and the scoreboard."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from typing import Any

import numpy as np

from dragoman.forecast.issuing import Forecast
from dragoman.forecast.questions import Question
from dragoman.forecast.scores import Score, reliability, score
from dragoman.forecast.settling import Outcome, Settlement
from dragoman.records import content_id

Row = Mapping[str, Any]


def forecast_row(forecast: Forecast, at: datetime.datetime) -> dict[str, Any]:
    """The row of `forecasts` for a forecast."""
    question = forecast.question
    return {
        "id": forecast.id,
        "question": str(question),
        "source": question.source,
        "target": question.target,
        "event_class": str(question.event_class),
        "times": question.times,
        "days": question.days,
        "rule": question.rule,
        "asked": forecast.asked,
        "closes": forecast.closes,
        "record_version": forecast.record_version,
        "model": forecast.model,
        "seed": forecast.seed,
        "odds": forecast.odds,
        "low": forecast.low,
        "high": forecast.high,
        "base_rate": forecast.base_rate,
        "recurrence": forecast.recurrence,
        "reasons": [
            {"words": told.words, "weight": told.weight, "events": list(told.events)} for told in forecast.reasons
        ],
        "notes": list(forecast.notes),
        "dragoman": installed_version("dragoman"),
        "at": at,
    }


def settlement_row(
    forecast: Row, found: Settlement, before: Row | None, as_of: datetime.date, version: int, at: datetime.datetime
) -> dict[str, Any] | None:
    """The row of `settlements` for what was found; None where it says nothing new."""
    if before is None and found.outcome is Outcome.OPEN:
        return None
    if before is not None and (before["outcome"], tuple(before["events"])) == (found.outcome, found.events):
        return None
    number = before["number"] + 1 if before else 1
    return {
        "id": content_id("s", forecast["id"], str(number), found.outcome, *found.events),
        "forecast_id": forecast["id"],
        "number": number,
        "outcome": found.outcome.value,
        "events": list(found.events),
        "reason": found.reason,
        "as_of": as_of,
        "record_version": version,
        "at": at,
    }


def last_settlements(rows: Sequence[Row]) -> dict[str, Row]:
    """The settlement that holds for each forecast: the one of the highest number."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: int(row["number"])):
        found[row["forecast_id"]] = row
    return found


def question_of(row: Row) -> Question:
    """The question that a row of `forecasts` asks."""
    return Question.parse(row["question"])


@dataclass(frozen=True)
class Scoreboard:
    """How the settled forecasts did, in all and by model; `open` are not settled, `unknown` cannot be."""

    settled: int
    open: int
    unknown: int
    all: Score | None
    by_model: dict[str, Score]
    bins: list[dict[str, float]]

    def row(self) -> dict[str, object]:
        """Plain values."""
        return {
            "settled": self.settled,
            "open": self.open,
            "unknown": self.unknown,
            "all": self.all.row() if self.all else None,
            "by_model": {name: own.row() for name, own in self.by_model.items()},
            "reliability": self.bins,
        }


def scoreboard(forecasts: Sequence[Row], settlements: Sequence[Row]) -> Scoreboard:
    """Scores of the forecasts that came out yes or no; blocks of the bootstrap are dyads."""
    last = last_settlements(settlements)
    outcomes = {row["id"]: last[row["id"]]["outcome"] if row["id"] in last else Outcome.OPEN for row in forecasts}
    decided = [row for row in forecasts if outcomes[row["id"]] in (Outcome.YES, Outcome.NO)]
    models = sorted({row["model"] for row in decided})
    odds = np.array([row["odds"] for row in decided])
    came = np.array([float(outcomes[row["id"]] == Outcome.YES) for row in decided])
    return Scoreboard(
        settled=len(decided),
        open=sum(outcome == Outcome.OPEN for outcome in outcomes.values()),
        unknown=sum(outcome == Outcome.UNKNOWN for outcome in outcomes.values()),
        all=_score(decided, outcomes) if decided else None,
        by_model={model: _score([row for row in decided if row["model"] == model], outcomes) for model in models},
        bins=[{"odds": b.odds, "share": b.share, "count": b.count} for b in reliability(odds, came)] if decided else [],
    )


def _score(rows: Sequence[Row], outcomes: Mapping[str, str]) -> Score:
    dyads: dict[tuple[str, ...], int] = {}
    blocks = [dyads.setdefault(tuple(sorted((row["source"], row["target"]))), len(dyads)) for row in rows]
    return score(
        np.array([row["odds"] for row in rows]),
        np.array([float(outcomes[row["id"]] == Outcome.YES) for row in rows]),
        {name.replace("_", " "): np.array([row[name] for row in rows]) for name in ("recurrence", "base_rate")},
        np.array(blocks),
    )
