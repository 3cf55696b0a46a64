"""What was known on a day: the only thing that features read; a guard refuses whatever came later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

import numpy as np

from dragoman.errors import LookAheadError
from dragoman.forecast.history import Flags, Floats, History
from dragoman.forecast.questions import EventClass


class Known:
    """The history as it was known on one day, with the counts over it that features share."""

    def __init__(self, history: History, day: int) -> None:
        self.day = day
        self._history = history

    @cached_property
    def rows(self) -> History:
        """The events reported by the end of the day."""
        return self._history.known_by(self.day)

    @cached_property
    def age(self) -> Floats:
        """Of each row, how many days ago it was."""
        return (self.day - self.rows.day).astype(float)

    @cached_property
    def observed(self) -> int:
        """Days since the first event of the record, this one included; at least 1."""
        return self.day - int(self.rows.day.min()) + 1 if len(self.rows) else 1

    def window(self, first: int, last: int) -> Flags:
        """Which rows lie within these days; days after this one are refused with a `LookAheadError`."""
        if last > self.day:
            raise LookAheadError(
                f"A feature as of {date.fromordinal(self.day)} asks for days up to {date.fromordinal(last)}; only days "
                "up to its own are allowed: end the window there."
            )
        return (self.rows.day >= first) & (self.rows.day <= last)

    def faded(self, half_life: float | None) -> Floats:
        """The weight of each row: halved every `half_life` days; 1 without one."""
        return np.ones(len(self.rows)) if half_life is None else np.exp2(-self.age / half_life)

    def of(self, event_class: EventClass) -> Flags:
        """Which rows are of a class."""
        if event_class not in self._classes:
            self._classes[event_class] = self.rows.of(event_class)
        return self._classes[event_class]

    @cached_property
    def _classes(self) -> dict[EventClass, Flags]:
        return {}


Making = Callable[[Known], Mapping[str, Floats]]
"""Makes named feature columns from what was known."""


def refuse_look_ahead(make: Making, history: History, day: int) -> None:
    """Raise a `LookAheadError` if what `make` gives as of a day changes when all later events are taken away.

    A column may read its past alone; one that reads anything later differs between the two histories.
    """
    told, alone = make(Known(history, day)), make(Known(history.known_by(day), day))
    changed = [name for name in told if not np.array_equal(told[name], alone[name], equal_nan=True)]
    if changed:
        raise LookAheadError(
            f"As of {date.fromordinal(day)}, {', '.join(changed)} changed with events that were reported later; a "
            "feature may read only what was known on its day: read `Known.rows`."
        )
