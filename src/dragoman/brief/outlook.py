"""The outlook of a brief: forecasts from the ledger, with words of estimative probability beside the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dragoman.brief.wording import capital, say_date
from dragoman.forecast.estimative import estimative
from dragoman.forecast.questions import Question

MOST_FORECASTS = 8
"""Forecasts that a brief tells: those with the highest odds."""

NOTE = (
    "Odds as issued, from what was known on the day of asking; the words beside them are those of ICD 203. Each is "
    "settled later by its stated rule and scored, whatever comes."
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A forecast as issued, and the mentions of the events behind its reasons."""

    question: Question
    asked: date
    closes: date
    odds: float
    low: float
    high: float
    base_rate: float
    notes: tuple[str, ...]
    mentions: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Foreseen:
        """From a row of the ledger; an event bears the name of its first mention."""
        events = [event for reason in row["reasons"] for event in reason["events"]]
        return cls(
            question=Question.parse(row["question"]),
            asked=row["asked"],
            closes=row["closes"],
            odds=row["odds"],
            low=row["low"],
            high=row["high"],
            base_rate=row["base_rate"],
            notes=tuple(row["notes"]),
            mentions=tuple(dict.fromkeys(f"m{event[1:]}" for event in events)),
        )

    def say(self, source: str, target: str) -> str:
        """The forecast in one sentence."""
        asked = self.question
        many = f"at least {asked.times} of: " if asked.times > 1 else ""
        until = say_date(self.closes, "day").removeprefix("on ")
        text = (
            f"{capital(estimative(self.odds))}, {self.odds:.0%} ({self.low:.0%} to {self.high:.0%}): {many}"
            f"{asked.event_class.words} from {source} to {target} until {until}, "
            f"asked {say_date(self.asked, 'day')}; the base rate is {self.base_rate:.0%}"
        )
        return f"{text}. {capital(self.notes[0])}." if self.notes else f"{text}."


def chosen(rows: Sequence[Mapping[str, Any]], parties: Sequence[str], day: date) -> list[Foreseen]:
    """The forecasts between the parties that run on a day, of each question the last one asked, the likeliest first."""
    last: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["asked"], row["record_version"], row["id"])):
        if {row["source"], row["target"]} == set(parties) and row["asked"] <= day <= row["closes"]:
            last[row["question"]] = row
    return sorted((Foreseen.of(row) for row in last.values()), key=lambda own: (-own.odds, str(own.question)))
