"""Finds the pledges, offers, threats, ultimatums and deadlines among events, and joins repetitions of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Literal

from dragoman.periods import Precision
from dragoman.records import Event
from dragoman.relate.deadlines import due_day, retold_day
from dragoman.relate.fitting import acts_of, is_mutual, shared
from dragoman.relate.promises import Act, Reading, lexicon
from dragoman.relate.told import Told
from dragoman.terms import ClaimantKind, Domain, EventType, Factuality

Kind = Literal["pledge", "offer", "threat", "ultimatum", "deadline", "commitment"]

_KINDS_OF_SPEAKERS = frozenset(kind.value for kind in ClaimantKind)
_MEETINGS = frozenset({"visit", "talks"})
_WORDS = frozenset({EventType.REQUEST, EventType.SUPPORT, EventType.CONCEDE, EventType.AGREE, EventType.THREATEN})
"""Types of event that may be a word even where they are no pledge."""
_CHECKABLE = frozenset({"visit", "talks", "sign", "defend"})


@dataclass(frozen=True, slots=True)
class Pledge:
    """One pledge or threat with all that repeats it; `shown` is the event whose words are read, the first that names
    something; `made` the day of the first."""

    kind: Kind
    shown: Told
    promise: Reading
    members: tuple[Told, ...]
    made: date
    due: date | None
    mutual: bool
    acts: tuple[Act, ...]
    documents: frozenset[str]
    renews: str | None = None

    @property
    def id(self) -> str:
        """The ledger's name for it, after the first event."""
        return entry_id(self.members[0].event)

    @property
    def is_general(self) -> bool:
        """Whether it names nothing that a deed could be checked against."""
        return self.due is None and is_general(self.promise, self.acts)

    @property
    def is_broad(self) -> bool:
        """Whether it names a field rather than a thing, and sets no day: silence about it means nothing."""
        things = lexicon().things
        named = [name for name in self.promise.things if not things[name].broad]
        free = any(act.free or act.name in _CHECKABLE for act in self.acts)
        return self.due is None and not named and not free and not self.promise.amounts

    @property
    def is_unnamed(self) -> bool:
        """Whether it is only of a visit or talks of an office, without a day: no meeting can be told to be the one."""
        offices = any("(" in actor.name for actor in (*self.shown.event.source, *self.shown.event.target))
        return self.due is None and offices and {act.name for act in self.acts} <= _MEETINGS

    @property
    def is_conditional(self) -> bool:
        """Whether it is a threat in case of something, which need not have come true."""
        return self.shown.course == "threat" and self.promise.says("conditional")

    @property
    def domain(self) -> Domain | None:
        """The event's domain, else that of its objects where they have one."""
        if self.shown.event.domain is not None:
            return self.shown.event.domain
        domains = {lexicon().things[name].domain for name in self.promise.things}
        return domains.pop() if len(domains) == 1 else None


def entry_id(event: Event) -> str:
    """The id of the entry that begins with this event."""
    return f"l{event.id[1:]}"


def is_general(promise: Reading, acts: Sequence[Act]) -> bool:
    """Whether a promise names neither object, amount, visit, talks, signature nor a use of force."""
    named = promise.things - {"treaty"} or promise.amounts
    checkable = named or any(act.free or act.abstains or act.name in _CHECKABLE for act in acts)
    return not acts or not checkable


def kind_of(told: Told) -> Kind | None:
    """What kind of word it is; None where it is no promise, threat or demand with a date, or of an unknown day."""
    event = told.event
    if event.dismissed or event.factuality in (Factuality.DENIED, Factuality.POSSIBLE) or told.day is None:
        return None
    if event.date is not None and event.date.precision is Precision.YEAR:
        return None
    if event.type not in _WORDS and event.factuality is not Factuality.PLEDGED:
        return None
    promise = told.reading
    if event.type is EventType.REQUEST:
        return _demand(promise, told.day)
    if not _is_word_of(told, promise) or not _is_promise(told, promise):
        return None
    if told.course == "threat":
        due = due_day(promise.clause, told.day)
        return "ultimatum" if due is not None and promise.tells("consequence") else "threat"
    if event.type is EventType.SUPPORT and event.factuality is Factuality.ACTUAL:
        return "commitment"
    return "offer" if promise.says("offers") and not promise.says("accepts") else "pledge"


def _demand(promise: Reading, made: date) -> Kind | None:
    if due_day(promise.clause, made) is None:
        return None
    return "ultimatum" if promise.tells("consequence") else "deadline"


def _is_promise(told: Told, promise: Reading) -> bool:
    event = told.event
    if event.type is EventType.SUPPORT and event.factuality is Factuality.ACTUAL:
        return event.domain is Domain.TREATY and promise.says("obliges")
    if event.type is EventType.CONCEDE and event.factuality is Factuality.ACTUAL:
        return promise.says("commits") and not promise.tells("recants")
    return event.type in (EventType.AGREE, EventType.THREATEN) or event.factuality is Factuality.PLEDGED


def _is_word_of(told: Told, promise: Reading) -> bool:
    """Whether it is the pledger's own word: no outsider's guess, and no mere "may"."""
    if promise.says("guesses") and not promise.says("binds"):
        return False
    speakers = set(told.event.claimants) - _KINDS_OF_SPEAKERS
    parties = {actor.code for actor in (*told.event.source, *told.event.target)}
    return not speakers or bool(speakers & parties) or promise.says("binds")


def find_pledges(events: Sequence[Told]) -> list[Pledge]:
    """The pledges among events sorted by day and id; repetitions are joined, later ones linked by `renews`."""
    sides: dict[tuple[str, frozenset[str]], _Register] = defaultdict(_Register)
    for told in events:
        kind = kind_of(told)
        if kind is not None and told.day is not None:
            sides[told.course, told.sources | told.targets].add(_single(kind, told, told.day))
    found = chain.from_iterable(register.pledges for register in sides.values())
    return sorted(found, key=lambda pledge: (pledge.made, pledge.id))


class _Register:
    """The pledges of one course between the same parties, and where to look for those that a later one may take up.

    Only what `_same` and `_renews` could find is looked at: pledges of the last days, of the same days, told in one
    sentence, or of the same things and meetings.
    """

    def __init__(self) -> None:
        self.pledges: list[Pledge] = []
        self._latest: dict[int, date] = {}
        self._made: dict[date, list[int]] = defaultdict(list)
        self._told: dict[tuple[str, str, int], set[int]] = defaultdict(set)
        self._about: dict[str, set[int]] = defaultdict(set)

    def add(self, single: Pledge) -> None:
        """Join the pledge of one event to the first that it repeats, or keep it, linked to the last that it renews."""
        for place in self._repeated(single):
            if _same(self.pledges[place], single):
                self._keep(place, _joined(self.pledges[place], single), single)
                return
        places = sorted(set().union(*(self._about.get(name, ()) for name in _subjects(single))), reverse=True)
        renewed = next((self.pledges[place] for place in places if _renews(self.pledges[place], single)), None)
        self._made[single.made].append(len(self.pledges))
        self.pledges.append(single)
        self._keep(len(self.pledges) - 1, replace(single, renews=renewed.id) if renewed else single, single)

    def _keep(self, place: int, pledge: Pledge, single: Pledge) -> None:
        self.pledges[place] = pledge
        # The latest are kept last; members come in the order of their days.
        self._latest.pop(place, None)
        self._latest[place] = single.shown.day or single.made
        for sentence in single.shown.sentences:
            self._told[sentence].add(place)
        for name in _subjects(pledge):
            self._about[name].add(place)

    def _repeated(self, single: Pledge) -> list[int]:
        """The places of those that it may repeat, the oldest first."""
        limits = lexicon().thresholds
        near = range(-int(limits["same_event_days"]), int(limits["same_event_days"]) + 1)
        found = {place for days in near for place in self._made.get(single.made + timedelta(days=days), ())}
        found |= set().union(*(self._told.get(sentence, ()) for sentence in single.shown.sentences))
        for place in reversed(self._latest):
            if (single.made - self._latest[place]).days > limits["same_days"]:
                break
            found.add(place)
        return sorted(found)


def _subjects(pledge: Pledge) -> frozenset[str]:
    """What a later pledge must share with one that it renews: a kind of object, or a visit or talks."""
    return pledge.promise.things | ({act.name for act in pledge.acts} & _MEETINGS)


def _single(kind: Kind, told: Told, day: date) -> Pledge:
    period, reported = told.event.date, told.event.first_reported
    if period is not None and period.precision in (Precision.WEEK, Precision.MONTH) and reported is not None:
        day = min(period.end, max(reported, day))
    promise = told.reading
    made = retold_day(promise.text, day) or day
    due = due_day(promise.clause, made)
    return Pledge(kind, told, promise, (told,), made, due, is_mutual(told), acts_of(told, promise), told.documents)


def _joined(earlier: Pledge, later: Pledge) -> Pledge:
    members = (*earlier.members, later.members[0])
    documents = earlier.documents | later.documents
    if not earlier.is_general or later.is_general:
        mutual, due = earlier.mutual or later.mutual, earlier.due or later.due
        return replace(earlier, members=members, documents=documents, mutual=mutual, due=due)
    return replace(later, members=members, documents=documents, made=earlier.made, renews=earlier.renews)


def _same(earlier: Pledge, later: Pledge) -> bool:
    """Whether a later event repeats a pledge: told in one sentence, or worded alike within sixty days."""
    if not _alike_in_kind(earlier, later):
        return False
    limits = lexicon().thresholds
    apart = (later.made - (earlier.members[-1].day or earlier.made)).days
    if earlier.documents & later.documents and _sentences(earlier) & _sentences(later):
        return True
    if apart > limits["same_days"] and abs((later.made - earlier.made).days) > limits["same_event_days"]:
        return False
    close = abs((later.made - earlier.made).days) <= limits["same_event_days"]
    if close and earlier.promise.things & later.promise.things and _are_alike(earlier, later, limits["same_event"]):
        return True
    if apart > limits["same_days"]:
        return False
    return _are_alike(earlier, later, limits["same"])


def _renews(earlier: Pledge, later: Pledge) -> bool:
    """Whether a later pledge takes up an earlier one: of the same kind of act or object, and somewhat alike."""
    if not _alike_in_kind(earlier, later) or earlier.is_general or later.is_general:
        return False
    things = earlier.promise.things & later.promise.things
    people = _MEETINGS & {a.name for a in earlier.acts} & {a.name for a in later.acts}
    return bool(things or people) and _are_alike(earlier, later, lexicon().thresholds["renews"])


def _alike_in_kind(earlier: Pledge, later: Pledge) -> bool:
    """Whether two pledges between the same parties bind the same side, to things that do not differ."""
    one, other = earlier.shown, later.shown
    sides = earlier.mutual or later.mutual or (one.sources, one.targets) == (other.sources, other.targets)
    things, others = earlier.promise.things, later.promise.things
    amounts, counts = dict(earlier.promise.amounts), dict(later.promise.amounts)
    differ = any(amounts[kind] != counts[kind] for kind in amounts.keys() & counts.keys())
    return sides and not differ and not (things and others and not things & others)


def _are_alike(earlier: Pledge, later: Pledge, least: float) -> bool:
    """Whether the wording of a member of the earlier one, the last ones first, is as like that of the later one."""
    told, promise = later.shown, later.promise
    return any(shared(member, told, member.reading, promise) >= least for member in reversed(earlier.members))


def _sentences(pledge: Pledge) -> frozenset[tuple[str, str, int]]:
    return frozenset().union(*(told.sentences for told in pledge.members))
