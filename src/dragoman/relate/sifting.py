"""Which of very many later deeds a rule could speak for at all, told by arrays before any of them is read closely.

In a busy relation each word has hundreds of deeds after it, nearly all about something else. What is passed over here
is what `settling.rule_match` gives no verdict for: the conditions are its own or weaker ones, and a test holds the two
together. What is left is matched one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.deadlines import due_day
from dragoman.relate.fitting import acts_on, is_mutual, shared
from dragoman.relate.promises import Act, lexicon
from dragoman.relate.settling import LEAST_LIKENESS, RECANT_TYPES
from dragoman.relate.told import Told
from dragoman.terms import EventType

Mask = NDArray[np.bool_]

_TYPES = {kind: place for place, kind in enumerate(EventType)}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is told of each deed: the ordinals of its day and of the last it may have been done on, and what it names.

    `turns` are places in `sides`; kinds of object and acts are bits.
    """

    days: NDArray[np.int64]
    ends: NDArray[np.int64]
    sides: tuple[tuple[frozenset[str], frozenset[str]], ...]
    turns: NDArray[np.int64]
    things: NDArray[np.uint64]
    done: NDArray[np.uint64]
    recants: Mask
    contrary: Mask
    thanks: Mask
    ended: Mask


class Sieve:
    """Deeds in their order, with what is asked of them worked out once, and only when it is asked."""

    def __init__(self, deeds: Sequence[Told]) -> None:
        self._deeds = deeds
        self._kinds = np.fromiter((_TYPES[deed.event.type] for deed in deeds), np.int64, len(deeds))
        self._places = {deed: place for place, deed in enumerate(deeds)}

    def of_kinds(self, kinds: Iterable[EventType], among: range, but: Iterable[Told]) -> NDArray[np.int64]:
        """The places, among these, of deeds of such types but for some."""
        places = np.arange(among.start, among.stop)
        mask = self._are_of(places, kinds)
        mask[[self._places[deed] - among.start for deed in but if self._places.get(deed, -1) in among]] = False
        return places[mask]

    def may_bear(self, pledge: Told, acts: Iterable[Act], places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the places whose deeds a rule may speak for, as keeping or breaking one of the acts."""
        sides, turns = self._facts.sides, self._facts.turns[places]
        forth = np.array([acts_on(*turn, pledge.sources, pledge.targets) for turn in sides], np.bool_)
        back = np.array([acts_on(*turn, pledge.targets, pledge.sources) for turn in sides], np.bool_)
        ways = forth[turns], back[turns]
        sure, worded = (np.zeros(len(places), np.bool_) for _ in range(2))
        if pledge.day is None:
            return places[sure]
        due = due_day(pledge.reading.clause, pledge.day) or pledge.day
        days = self._facts.days[places] - max(pledge.day, due).toordinal()
        for act in acts:
            timely = (days <= act.horizon) & (self._facts.ends[places] >= pledge.day.toordinal())
            keeping = timely & self._may_keep(act, places, is_mutual(pledge), *ways)
            fits = self._may_fit(pledge, act, places)
            sure |= (keeping & fits) | (timely & self._may_break(pledge, act, places, *ways))
            worded |= keeping & ~fits & self._do(places, act)
        worded &= ~sure
        worded[worded] = [self._is_worded_alike(pledge, place) for place in places[worded]]
        return places[sure | worded]

    def _may_keep(self, act: Act, places: NDArray[np.int64], mutual: bool, forth: Mask, back: Mask) -> Mask:
        """See `settling._keeps`: the kind, and who acts on whom."""
        if act.name == "visit":
            headed = np.ones(len(places), np.bool_)
        elif act.name == "talks" or mutual:
            headed = forth | back
        else:
            headed = forth
        found: Mask = self._are_of(places, act.kept_by) & headed
        if act.name == "defend":
            found |= self._are_of(places, (EventType.SUPPORT,)) & self._facts.thanks[places] & back
        return found & self._facts.ended[places] if act.abstains else found

    def _may_fit(self, pledge: Told, act: Act, places: NDArray[np.int64]) -> Mask:
        """See `fitting.fit`; what does not fit may still be settled by its wording, if it names the act."""
        if act.free or act.name in ("visit", "talks", "defend"):
            return np.ones(len(places), np.bool_)
        return self._name(places, pledge, act)

    def _is_worded_alike(self, pledge: Told, place: int) -> bool:
        deed = self._deeds[place]
        return any(shared(pledge, deed, pledge.reading, told) >= LEAST_LIKENESS for told in deed.readings)

    def _may_break(self, pledge: Told, act: Act, places: NDArray[np.int64], forth: Mask, back: Mask) -> Mask:
        """See `settling._against`: words taken back, or a contrary deed, by one who was bound and about the object."""
        own = forth | back if is_mutual(pledge) else forth
        recants = self._facts.recants[places]
        contrary = recants | self._facts.contrary[places] | act.abstains
        taken_back = recants & self._are_of(places, RECANT_TYPES)
        against: Mask = own & (taken_back | (contrary & self._are_of(places, act.broken_by)))
        if act.name in ("visit", "talks"):
            return against & self._do(places, act)
        if act.name == "truce" or act.free or not pledge.reading.things:
            return against
        return against & self._name(places, pledge, act)

    def _name(self, places: NDArray[np.int64], pledge: Told, act: Act) -> Mask:
        """Whether they name an object that fits the promised one."""
        wanted = act.kept_with or _fitting(pledge.reading.things, act)
        found: Mask = (self._facts.things[places] & np.uint64(_bits("things", wanted))) != 0
        return found

    def _do(self, places: NDArray[np.int64], act: Act) -> Mask:
        """Whether they name the act."""
        found: Mask = (self._facts.done[places] & np.uint64(_bits("acts", frozenset((act.name,))))) != 0
        return found

    @cached_property
    def _facts(self) -> _Facts:
        return _facts_of(self._deeds)

    def _are_of(self, places: NDArray[np.int64], kinds: Iterable[EventType]) -> Mask:
        known = np.zeros(len(_TYPES), np.bool_)
        known[[_TYPES[kind] for kind in kinds]] = True
        return known[self._kinds[places]]


def _facts_of(deeds: Sequence[Told]) -> _Facts:
    sides: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    rows = [
        (sides.setdefault((d.sources, d.targets), len(sides)), *_told(d), d.event.mode == "ceasefire") for d in deeds
    ]
    turns, things, done, recants, contrary, thanks, ended, stopped = zip(*rows, strict=True) if rows else ((),) * 8
    return _Facts(
        np.array([deed.day.toordinal() if deed.day else 0 for deed in deeds], np.int64),
        np.array([_last_day(deed) for deed in deeds], np.int64),
        tuple(sides),
        np.array(turns, np.int64),
        np.array(things, np.uint64),
        np.array(done, np.uint64),
        np.array(recants, np.bool_),
        np.array(contrary, np.bool_),
        np.array(thanks, np.bool_),
        np.array(ended, np.bool_) | np.array(stopped, np.bool_),
    )


def _last_day(deed: Told) -> int:
    last = deed.event.date.end if deed.event.date is not None else deed.day
    return last.toordinal() if last else 0


def _told(deed: Told) -> tuple[int, int, bool, bool, bool, bool]:
    """Objects and acts as bits, and whether reports tell of words taken back, a halt, thanks, an end of fighting."""
    things = done = 0
    recants = contrary = thanks = ended = False
    for reading in deed.readings:
        things |= _bits("things", reading.things)
        done |= _bits("acts", reading.deeds)
        recants = recants or reading.tells("recants")
        contrary = contrary or reading.tells("contrary")
        thanks = thanks or reading.tells("thanks")
        ended = ended or reading.tells("ended")
    return things, done, recants, contrary, thanks, ended


def _fitting(things: frozenset[str], act: Act) -> frozenset[str]:
    """The kinds of object of which one must be named for a deed to be about the promised ones."""
    known = lexicon().things
    parts = {name for name, thing in known.items() if thing.whole in things}
    return things | parts | (act.alike if things & act.alike else frozenset())


@cache
def _places(kind: str) -> dict[str, int]:
    names = lexicon().things if kind == "things" else lexicon().acts
    if len(names) > 64:
        raise ValueError(f"There are {len(names)} {kind} in data/ledger.toml; a sieve has room for 64.")
    return {name: place for place, name in enumerate(names)}


@cache
def _bits(kind: str, names: frozenset[str]) -> int:
    """The names as one number, a bit for each."""
    places = _places(kind)
    return sum(1 << places[name] for name in names)
