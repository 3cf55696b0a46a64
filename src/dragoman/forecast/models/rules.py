"""Temporal rules mined from the record: what lately happened, and how often the class then followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from dragoman.forecast.bodies import Body
from dragoman.forecast.history import Floats, Ints
from dragoman.forecast.models.calibration import Logistic, fit_logistic
from dragoman.forecast.models.shape import Reason, clipped, logit
from dragoman.forecast.questions import EventClass
from dragoman.forecast.samples import Samples, Span
from dragoman.relate.keeping import NORMAL_95

LEAST_SUPPORT = 20
"""Times that a rule must have been set off at least."""

LEAST_FOLLOWED = 3
"""Times that the class must then have followed at least."""

LEAST_LIFT = 1.2
"""How many times more often than always, at the low end of the interval, the class must follow."""


@dataclass(frozen=True, slots=True)
class Rule:
    """If the body happened, the class follows within the span: `followed` of `support` times.

    `always` is the share in which the class follows whatever happened; `low` the low end of the 95 % interval (Wilson)
    of the confidence.
    """

    body: Body
    column: int
    event_class: EventClass
    span: Span
    followed: int
    support: int
    always: float
    low: float

    @property
    def confidence(self) -> float:
        """The share of times that the class followed."""
        return self.followed / self.support

    def __str__(self) -> str:
        many = f"{self.span.times} times " if self.span.times > 1 else ""
        return (
            f"{self.body} → {self.event_class.words}, A to B, {many}within {self.span.days} days: "
            f"{self.followed:,} of {self.support:,} times ({self.confidence:.0%}; always {self.always:.1%})"
        )


class Rules:
    """Odds from the surest rules that are set off; `rules_` lists them by class, the most telling first.

    Support counts pairs and days of the learning samples, so that spans overlap where samples are denser than horizons.
    """

    name = "rules"

    def fit(self, samples: Samples, rows: Ints, outcomes: Floats, span: Span) -> Self:
        """Mine, then fit how rules add up."""
        kinds = len(samples.panel.classes)
        bodies = len(samples.panel.bodies)
        self.rules_: list[list[Rule]] = [[] for _ in range(kinds)]
        self.certain_ = np.zeros((kinds, bodies))
        self.always_ = np.full(kinds, 0.5)
        for number in range(kinds):
            own = rows[samples.event_class[rows] == number]
            if len(own):
                self._mine(samples, own, outcomes[samples.event_class[rows] == number], number, span)
        columns = self.columns(samples, rows)
        self.adding_: Logistic = fit_logistic(columns, outcomes, np.array([0.5, 0.5]))
        return self

    def _mine(self, samples: Samples, rows: Ints, outcomes: Floats, number: int, span: Span) -> None:
        lit = samples.fired[samples.place[rows]].astype(np.float32)
        support = lit.sum(axis=0).astype(float)
        followed = (outcomes.astype(np.float32) @ lit).astype(float)
        always = (outcomes.sum() + 0.5) / (len(outcomes) + 1)
        self.always_[number] = always
        low = _low(followed, support)
        kept = (support >= LEAST_SUPPORT) & (followed >= LEAST_FOLLOWED) & (low > LEAST_LIFT * always)
        self.certain_[number, kept] = low[kept]
        found = [
            Rule(
                samples.panel.bodies[column],
                int(column),
                samples.panel.classes[number],
                span,
                int(followed[column]),
                int(support[column]),
                float(always),
                float(low[column]),
            )
            for column in np.flatnonzero(kept)
        ]
        self.rules_[number] = sorted(found, key=lambda rule: (-rule.low, rule.column))

    def columns(self, samples: Samples, rows: Ints) -> Floats:
        """For each row the log-odds of the surest rule set off, and of all of them taken as independent."""
        best, joined = np.zeros(len(rows)), np.zeros(len(rows))
        for number in range(len(samples.panel.classes)):
            own = samples.event_class[rows] == number
            if not own.any():
                continue
            lit = samples.fired[samples.place[rows[own]]]
            certain, always = self.certain_[number], self.always_[number]
            used = np.flatnonzero(certain > 0)
            if not len(used):
                best[own], joined[own] = always, always
                continue
            values = lit[:, used] * certain[used]
            top = values.max(axis=1)
            best[own] = np.where(top > 0, top, always / 2)
            rest = np.log1p(-np.minimum(values, 0.99)).sum(axis=1)
            joined[own] = np.where(top > 0, -np.expm1(np.maximum(rest, -4.6)), always / 2)
        return np.column_stack([logit(best), logit(joined)])

    def predict(self, samples: Samples, rows: Ints) -> Floats:
        """The odds."""
        return clipped(self.adding_(self.columns(samples, rows)))

    def explain(self, samples: Samples, row: int) -> list[Reason]:
        """The rules that are set off, the surest first."""
        lit = samples.fired[samples.place[row]]
        own = self.rules_[int(samples.event_class[row])]
        return [
            Reason(str(rule), float(np.log(rule.low / rule.always)), "rule", rule.column)
            for rule in own
            if lit[rule.column]
        ]

    def listed(self, most: int = 20) -> list[Rule]:
        """The rules of all classes, the highest lift first."""
        every = [rule for own in self.rules_ for rule in own]
        return sorted(every, key=lambda rule: (-rule.low / rule.always, str(rule)))[:most]


def _low(followed: Floats, support: Floats) -> Floats:
    """The low end of Wilson's 95 % interval of shares; 0 where nothing was seen."""
    asked, square = np.maximum(support, 1), NORMAL_95**2
    share = followed / asked
    spread = NORMAL_95 * np.sqrt(share * (1 - share) / asked + square / (4 * asked**2))
    found: Floats = np.maximum(0, (share + square / (2 * asked) - spread) / (1 + square / asked))
    return found
