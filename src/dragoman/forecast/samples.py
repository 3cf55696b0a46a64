"""Samples: what was known of every pair and class on chosen days, and afterwards what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dragoman.forecast.bodies import Body, all_bodies, fired
from dragoman.forecast.features import CLASS_MAKERS, PAIR_MAKERS, Columns, Maker, Pairs
from dragoman.forecast.history import Flags, Floats, History, Ints
from dragoman.forecast.known import Known, refuse_look_ahead
from dragoman.forecast.pledges import pledge_columns
from dragoman.forecast.questions import EventClass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """What a model is fitted for: at least `times` events within `days` days."""

    days: int
    times: int = 1


@dataclass(frozen=True)
class Panel:
    """What is asked on every day: ordered pairs (by party), classes of events and horizons in days.

    `makers` are the makers of features by class; a project of one's own may add to them.
    """

    pairs: tuple[tuple[str, str], ...]
    classes: tuple[EventClass, ...]
    horizons: tuple[int, ...]
    makers: tuple[Maker, ...] = CLASS_MAKERS
    bodies: tuple[Body, ...] = field(default_factory=all_bodies)

    def numbered(self, history: History) -> Pairs:
        """The pairs by the parties' numbers in a history."""
        ends = np.array([[history.numbers[party] for party in pair] for pair in self.pairs], dtype=np.int64)
        return Pairs(ends[:, 0], ends[:, 1], len(history.parties))


@dataclass(frozen=True)
class Samples:
    """A row for each day, class and pair, in this order; `values` are its features, `names` their names.

    `fired` has a row for each day and pair; `place` leads from a sample to it. `observed` is the days of record before.
    """

    panel: Panel
    days: Ints
    day: Ints
    event_class: Ints
    pair: Ints
    observed: Floats
    values: npt.NDArray[np.float32]
    names: tuple[str, ...]
    fired: Flags

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def place(self) -> Ints:
        """The row of `fired` of each sample."""
        return np.searchsorted(self.days, self.day) * len(self.panel.pairs) + self.pair

    @cached_property
    def dyad(self) -> Ints:
        """The number of each sample's two parties, whichever way."""
        numbers: dict[tuple[str, ...], int] = {}
        own = np.array([numbers.setdefault(tuple(sorted(pair)), len(numbers)) for pair in self.panel.pairs])
        return own[self.pair]

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """One feature of every sample."""
        return self.values[:, self.names.index(name)]

    def outcomes(self, history: History, span: Span) -> Floats:
        """1 where at least so many events came in time, 0 where not; NaN where `history` ends too early.

        Give the history as known on the day of looking back, whose last day is that of its last report.
        """
        found = np.full((len(self.days), len(self.panel.classes), len(self.panel.pairs)), np.nan)
        last = int(history.known.max()) if len(history) else 0
        size = len(history.parties)
        pairs = self.panel.numbered(history)
        for column, event_class in enumerate(self.panel.classes):
            rows = history.of(event_class)
            keys, when = (history.source * size + history.target)[rows], history.day[rows]
            wanted = np.isin(keys, pairs.keys)
            order = np.argsort(when[wanted], kind="stable")
            keys, when = keys[wanted][order], when[wanted][order]
            for number, day in enumerate(self.days):
                if day + span.days > last:
                    continue
                within = slice(*np.searchsorted(when, (day + 1, day + span.days + 1)))
                counts = np.bincount(np.searchsorted(pairs.keys[pairs.order], keys[within]), minlength=len(pairs))
                found[number, column, pairs.order] = counts >= span.times
        return found.reshape(-1)


def features_of(panel: Panel, history: History, known: Known) -> tuple[list[Columns], Flags]:
    """The columns of each class, and what is fired, for every pair of a panel as known on a day."""
    pairs = panel.numbered(history)
    common: Columns = {}
    for make in PAIR_MAKERS:
        common |= make(known, pairs)
    common |= pledge_columns(known, pairs, panel.horizons)
    own = []
    for event_class in panel.classes:
        columns = dict(common)
        for maker in panel.makers:
            columns |= maker(known, pairs, event_class)
        own.append(columns)
    return own, fired(known, pairs, panel.bodies)


def make_samples(panel: Panel, history: History, days: Sequence[int]) -> Samples:
    """The samples of a panel on these days, each made from what was known on its day alone."""
    ordered = np.array(sorted(set(days)), dtype=np.int64)
    names: tuple[str, ...] = ()
    values: list[npt.NDArray[np.float32]] = []
    flags: list[Flags] = []
    observed: list[int] = []
    for day in ordered:
        known = Known(history, int(day))
        columns, lit = features_of(panel, history, known)
        names = names or tuple(columns[0])
        values.extend(np.column_stack([own[name] for name in names]).astype(np.float32) for own in columns)
        flags.append(lit)
        observed.append(known.observed)
    size, kinds = len(panel.pairs), len(panel.classes)
    return Samples(
        panel=panel,
        days=ordered,
        day=np.repeat(ordered, kinds * size),
        event_class=np.tile(np.repeat(np.arange(kinds), size), len(ordered)),
        pair=np.tile(np.arange(size), len(ordered) * kinds),
        observed=np.repeat(np.array(observed, dtype=float), kinds * size),
        values=np.concatenate(values),
        names=names,
        fired=np.concatenate(flags),
    )


def guard(panel: Panel, history: History, day: int) -> None:
    """Refuse with a `LookAheadError` features of the panel that read what was reported after the day."""

    def made(known: Known) -> Mapping[str, Floats]:
        own, lit = features_of(panel, history, known)
        found = {
            f"{name} ({event_class})": column
            for event_class, columns in zip(panel.classes, own, strict=True)
            for name, column in columns.items()
        }
        bodies = zip(panel.bodies, lit.T, strict=True)
        return found | {str(body): column.astype(float) for body, column in bodies}

    refuse_look_ahead(made, history, day)
