from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dragoman.periods import Period, Precision
from dragoman.records import Actor
from dragoman.relate import Happening, ledger
from dragoman.relate.pledges import Pledge, _joined, _renews, _same, _single, find_pledges, kind_of
from dragoman.relate.settling import Match, match_told
from dragoman.relate.sifting import Sieve
from dragoman.relate.told import Told, tell
from dragoman.terms import EventType, Factuality
from making import KOR, PRK, RUS, make_told

FIRST = date(2020, 1, 1)
LAST = date(2024, 12, 31)
OBJECTS = (
    "artillery shells",
    "50 tons of grain",
    "100 tons of grain",
    "troops",
    "oil",
    "a visit to Pyongyang",
    "talks on the border",
    "friendship for ever",
    "a treaty",
)
KINDS = (EventType.AGREE, EventType.AID, EventType.CONSULT, EventType.THREATEN, EventType.REQUEST, EventType.REJECT)
VERBS = ("promised", "sent", "will hold", "threatened to withhold", "cancelled", "would sign within two weeks")


def made(count: int, seed: int, parties: tuple[Actor, ...] = (PRK, RUS)) -> list[Happening]:
    """So many words and deeds between the parties, many of them alike, some told in one sentence."""
    random_ = random.Random(seed)
    found: list[Happening] = []
    for _ in range(count):
        source, target = random_.sample(parties, 2)
        day = FIRST + timedelta(days=random_.randrange(1500))
        vague = random_.random() < 0.1
        words = f"{random_.choice(VERBS)} {target.name} {random_.choice(OBJECTS)} in {random_.choice('abc')}"
        told = make_told(
            f"{source.name} {words}.",
            day,
            random_.choice(KINDS),
            random_.choice((Factuality.ACTUAL, Factuality.PLEDGED, Factuality.PLEDGED)),
            source,
            target,
            random_.choice(("One", "Other")),
            date=Period(day.replace(day=1), Precision.MONTH) if vague else Period(day),
        )
        found.append(told)
        if random_.random() < 0.2:
            found.append(replace(told, event=replace(told.event, id=f"{told.event.id}x")))
    return found


def in_order(happenings: list[Happening]) -> list[Told]:
    return [tell(h) for h in sorted(happenings, key=lambda h: (h.day or date.max, h.event.id))]


def plainly(events: list[Told]) -> list[Pledge]:
    """The pledges found by comparing each with all earlier ones."""
    sides: dict[tuple[str, frozenset[str]], list[Pledge]] = defaultdict(list)
    for told in events:
        kind = kind_of(told)
        if kind is None or told.day is None:
            continue
        single = _single(kind, told, told.day)
        found = sides[told.course, told.sources | told.targets]
        place = next((i for i, earlier in enumerate(found) if _same(earlier, single)), None)
        if place is not None:
            found[place] = _joined(found[place], single)
            continue
        renewed = next((earlier for earlier in reversed(found) if _renews(earlier, single)), None)
        found.append(replace(single, renews=renewed.id) if renewed is not None else single)
    return sorted((p for pledges in sides.values() for p in pledges), key=lambda pledge: (pledge.made, pledge.id))


@pytest.mark.parametrize("seed", range(4))
def test_looking_where_it_may_be_finds_what_comparing_with_all_finds(seed: int) -> None:
    events = in_order(made(250, seed, (PRK, RUS, KOR)))
    expected = plainly(events)
    assert find_pledges(events) == expected
    assert any(len(pledge.members) > 2 for pledge in expected)
    assert any(pledge.renews for pledge in expected)


@pytest.mark.parametrize("seed", range(2))
def test_the_ledger_is_the_same_when_every_deed_is_matched_in_full(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    events = made(300, seed)

    def in_full(pledge: Told, deed: Told, *, by_rules_alone: bool = False) -> Match:
        full = match_told(pledge, deed)
        return Match(0.0, full.verdict.NONE, ()) if by_rules_alone and full.fitted_only else full

    found = ledger.ledger(events, "PRK", "RUS", today=LAST)
    monkeypatch.setattr(ledger, "match_told", in_full)
    monkeypatch.setattr(Sieve, "may_bear", lambda _self, _pledge, _acts, places: places)
    assert found == ledger.ledger(events, "PRK", "RUS", today=LAST)
    assert len({entry.state for entry in found}) > 2
