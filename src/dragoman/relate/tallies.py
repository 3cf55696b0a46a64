"""The ties of a period counted from columns of the table of events, for records too large to hold as objects.

What is counted, and how its evidence is ranked, is as in `ties.py`; only the way is another: whole columns at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.records import Actor
from dragoman.relate.evidence import COOPERATION, MATERIAL
from dragoman.relate.ties import DEED_WEIGHT, EVIDENCE, FIRM, WORD_WEIGHT, Tie, commonest_names
from dragoman.terms import Factuality

COLUMNS = "id day source target quad intensity factuality contested claimants origins".split()
"""The columns that counting needs: those of the table of events, and the `day` of `columns.day_of`."""

MANY = 2_000
"""Ties of a period from which only the firm ones, and those of the two that were asked for, are shown."""

Whole = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_NO_DAY = np.iinfo(np.int64).min
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Side:
    """The actors of one side of all events, one after the other: whose they are, and which actor each is."""

    starts: Whole
    counts: Whole
    actors: Whole


@dataclass(frozen=True, slots=True)
class Doing:
    """An actor: in how many events it acts and is acted on, and how many of each are cooperation."""

    key: str
    acts: int
    acts_cooperation: int
    acted_on: int
    acted_on_cooperation: int


@dataclass(frozen=True)
class Tallies:
    """Events that are not dismissed as columns; make it with `tally`."""

    ids: pa.Array
    day: Whole
    weight: Whole
    cooperative: Truths
    merit: Whole
    actors: tuple[Actor, ...]
    source: _Side
    target: _Side

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the actors, sorted."""
        return tuple(sorted({actor.key for actor in self.actors}))

    @cached_property
    def undated(self) -> int:
        """Events of which nothing tells when they were."""
        return int((self.day == _NO_DAY).sum())

    @cached_property
    def names(self) -> dict[str, str]:
        """What to call each actor, by key, as `ties.names_of` does."""
        times = sum(np.bincount(side.actors, minlength=len(self.actors)) for side in (self.source, self.target))
        return commonest_names(zip(self.actors, np.asarray(times).tolist(), strict=True))

    def ties(self, since: date | None, until: date | None, around: Collection[str] = ()) -> list[Tie]:
        """The ties of the days from one to another, both included, sorted by their parties.

        Where there are more than `MANY`, those lighter than `FIRM` are left out, but for those of a party in `around`.
        """
        event, pair = self._pairs
        day = self.day[event]
        wanted = day != _NO_DAY
        if since is not None:
            wanted &= day >= _number(since)
        if until is not None:
            wanted &= day <= _number(until)
        return self._ties(event[wanted], pair[wanted], around)

    def _ties(self, event: Whole, pair: Whole, around: Collection[str]) -> list[Tie]:
        pairs, place = np.unique(pair, return_inverse=True)
        if not len(pairs):
            return []
        weight, cooperative = self.weight[event], self.cooperative[event]
        cooperation = np.bincount(place, weight * cooperative, len(pairs)).astype(np.int64)
        conflict = np.bincount(place, weight * ~cooperative, len(pairs)).astype(np.int64)
        led = cooperative != (cooperation >= conflict)[place]
        order = np.lexsort((self._rank[event], self.merit[event], led, place))
        counts = np.bincount(place, minlength=len(pairs))
        starts = np.cumsum(counts) - counts
        shown = np.arange(len(pairs))
        if len(pairs) > MANY:
            own = np.array([i for i, key in enumerate(self.keys) if self._is_named(key, around)], np.int64)
            asked = np.isin(pairs // len(self.keys), own) | np.isin(pairs % len(self.keys), own)
            shown = np.flatnonzero((cooperation + conflict >= FIRM) | asked)
        taken = np.minimum(counts[shown], EVIDENCE)
        ends = np.cumsum(taken)
        within = np.arange(int(taken.sum())) - np.repeat(ends - taken, taken)
        told = event[order[np.repeat(starts[shown], taken) + within]]
        ids = tuple(self.ids.take(pa.array(told)).to_pylist())
        first, second = np.divmod(pairs[shown], len(self.keys))
        return [
            Tie(self.keys[one], self.keys[other], friendly, hostile, events, ids[end - count : end])
            for one, other, friendly, hostile, events, end, count in zip(
                first.tolist(),
                second.tolist(),
                cooperation[shown].tolist(),
                conflict[shown].tolist(),
                counts[shown].tolist(),
                ends.tolist(),
                taken.tolist(),
                strict=True,
            )
        ]

    def doings(self) -> list[Doing]:
        """What each actor does and has done to it in the events that count, sorted by their number, then by key."""
        numbers = self._numbers
        counts = [
            self._on(side, numbers, only) for side in (self.source, self.target) for only in (None, self.cooperative)
        ]
        order = np.lexsort((np.arange(len(self.keys)), -counts[0] - counts[2]))
        found = [Doing(self.keys[key], *(int(column[key]) for column in counts)) for key in order.tolist()]
        return [own for own in found if own.acts or own.acted_on]

    def _on(self, side: _Side, numbers: Whole, only: Truths | None) -> Whole:
        """In how many events that count, or only in some of them, each actor stands on this side."""
        event = np.repeat(np.arange(len(side.counts)), side.counts)
        counted = self.weight[event] > 0 if only is None else (self.weight[event] > 0) & only[event]
        # Somebody may stand twice on a side.
        once = np.unique(event[counted] * max(len(self.keys), 1) + numbers[side.actors[counted]])
        return np.bincount(once % max(len(self.keys), 1), minlength=len(self.keys)).astype(np.int64)

    def _is_named(self, key: str, around: Collection[str]) -> bool:
        """Whether an actor is one of these parties, which are told by code or name."""
        return key in around or key.partition(":")[2] in around

    @cached_property
    def _numbers(self) -> Whole:
        """The number of each actor's key."""
        place = {key: number for number, key in enumerate(self.keys)}
        return np.array([place[actor.key] for actor in self.actors], np.int64)

    @cached_property
    def _rank(self) -> Whole:
        """The place of each event in the order of the ids."""
        rank = np.empty(len(self.ids), np.int64)
        rank[_order(self.ids)] = np.arange(len(self.ids))
        return rank

    @cached_property
    def _pairs(self) -> tuple[Whole, Whole]:
        """Of each event that counts every pair of opposite parties, once: the event, and the pair as one number."""
        counted = np.flatnonzero(self.weight > 0)
        times = self.source.counts[counted] * self.target.counts[counted]
        event = np.repeat(counted, times)
        within = np.arange(len(event)) - np.repeat(np.cumsum(times) - times, times)
        others = self.target.counts[event]
        numbers = self._numbers
        one = numbers[self.source.actors[self.source.starts[event] + within // np.maximum(others, 1)]]
        other = numbers[self.target.actors[self.target.starts[event] + within % np.maximum(others, 1)]]
        pair = np.minimum(one, other) * len(self.keys) + np.maximum(one, other)
        apart = one != other
        event, pair = event[apart], pair[apart]
        if (times > 1).any():
            # Somebody may stand on both sides, or twice on one.
            several = np.unique(np.stack([event, pair]), axis=1)
            event, pair = several[0], several[1]
        return event, pair


def tally(events: pa.Table) -> Tallies:
    """The columns of `COLUMNS` ready for counting; the events must not be dismissed ones, and their ids differ."""
    events = events.combine_chunks()
    actors: dict[tuple[str, str, str | None], int] = {}
    source, target = (_side(_one(events[name]), actors) for name in ("source", "target"))
    known = tuple(Actor(code, name, sector) for code, name, sector in actors)
    quad = _one(events["quad"]).to_numpy(zero_copy_only=False)
    actual, pledged = (
        pc.equal(events["factuality"], f.value).to_numpy() for f in (Factuality.ACTUAL, Factuality.PLEDGED)
    )
    material = np.isin(quad, MATERIAL)
    deed, word = material & actual, pledged | (~material & actual)
    firm = deed & ~events["contested"].to_numpy() & ~_only_claimed(_one(events["claimants"]), source, known)
    weight = np.where(firm, DEED_WEIGHT, np.where(deed | word, WORD_WEIGHT, 0)).astype(np.int64)
    _, origins = np.unique(-events["origins"].to_numpy().astype(np.int64), return_inverse=True)
    _, intensity = np.unique(-np.abs(events["intensity"].to_numpy()), return_inverse=True)
    merit = (-weight * (origins.max(initial=0) + 1) + origins) * (intensity.max(initial=0) + 1) + intensity
    return Tallies(_one(events["id"]), _days(events), weight, np.isin(quad, COOPERATION), merit, known, source, target)


def _days(events: pa.Table) -> Whole:
    """The day of each event as a number from 1970 on."""
    days: Whole = np.asarray(pc.fill_null(events["day"].cast(pa.int32()).cast(pa.int64()), _NO_DAY).to_numpy())
    return days


def _side(lists: pa.Array, actors: dict[tuple[str, str, str | None], int]) -> _Side:
    """One side of all events; actors that are new get the next number."""
    offsets = lists.offsets.to_numpy().astype(np.int64)
    inside = lists.flatten()
    columns = [inside.field(name).dictionary_encode() for name in ("code", "name", "sector")]
    combined = np.zeros(len(inside), np.int64)
    for column in columns:
        numbers = pc.fill_null(column.indices.cast(pa.int64()), -1).to_numpy() + 1
        combined = combined * (len(column.dictionary) + 1) + numbers
    _, first, place = np.unique(combined, return_index=True, return_inverse=True)
    told = inside.take(pa.array(first)).to_pylist()
    kinds = [(row["code"], row["name"], row["sector"]) for row in told]
    numbers = np.array([actors.setdefault(kind, len(actors)) for kind in kinds], np.int64)
    starts = offsets[:-1] - offsets[0]
    return _Side(starts, np.diff(offsets), numbers[place] if len(kinds) else place.astype(np.int64))


def _only_claimed(claimants: pa.Array, source: _Side, actors: tuple[Actor, ...]) -> Truths:
    """Whether nobody but outsiders stands behind each event, as `Happening.is_only_claimed` tells it."""
    offsets = claimants.offsets.to_numpy().astype(np.int64)
    counts = np.diff(offsets)
    speakers = claimants.flatten().dictionary_encode()
    numbers = {name: number for number, name in enumerate(speakers.dictionary.to_pylist())}
    labels = np.array([numbers.get(actor.label, -1) for actor in actors], np.int64)
    width = len(numbers) + 1
    said = np.repeat(np.arange(len(counts)), counts) * width + speakers.indices.to_numpy().astype(np.int64)
    doing = np.repeat(np.arange(len(counts)), source.counts)
    doers = labels[source.actors] if len(actors) else source.actors
    own = np.isin(said, (doing * width + doers)[doers >= 0])
    backed = np.bincount(np.repeat(np.arange(len(counts)), counts)[own], minlength=len(counts)) > 0
    only: Truths = (counts > 0) & ~backed
    return only


def _order(ids: pa.Array) -> Whole:
    """The places of the ids in their order; ids of one length are compared by eight of their digits first."""
    offsets = np.frombuffer(ids.buffers()[1], np.int32)[ids.offset : ids.offset + len(ids) + 1]
    width = int(offsets[1] - offsets[0]) if len(ids) else 0
    if ids.type != pa.string() or width < 9 or (np.diff(offsets) != width).any():
        return np.asarray(pc.array_sort_indices(ids).to_numpy().astype(np.int64))
    letters = np.frombuffer(ids.buffers()[2], np.uint8)[offsets[0] : offsets[-1]].reshape(-1, width)
    if (letters[:, 0] != letters[0, 0]).any():
        return np.asarray(pc.array_sort_indices(ids).to_numpy().astype(np.int64))
    digits = np.ascontiguousarray(letters[:, 1:9]).view(">u8")[:, 0].astype(np.uint64)
    order: Whole = np.argsort(digits)
    same = np.flatnonzero(digits[order[1:]] == digits[order[:-1]])
    for run in np.split(same, np.flatnonzero(np.diff(same) != 1) + 1):
        if len(run):
            places = order[run[0] : run[-1] + 2]
            order[run[0] : run[-1] + 2] = places[pc.array_sort_indices(ids.take(pa.array(places))).to_numpy()]
    return order


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    whole = column.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _number(day: date) -> int:
    return (day - _EPOCH) // timedelta(days=1)
