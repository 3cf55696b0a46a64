"""A question about parties is answered by the flat keys as it is by looking at every actor."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import ibis
import pyarrow as pa
import pytest

from dragoman.record import EventFilter, event_row, event_table, filter_events, keys_beside, side_key, side_keys
from dragoman.record.schemas import EVENTS, MENTIONS
from dragoman.record.sides import among, both_ways, like_pair, ways_of, with_keys, with_keys_of
from dragoman.records import Actor, Event, Mention, Party, Span
from dragoman.relate import make_event
from dragoman.terms import Part
from making import KOR, NATO, PRK, RUS, make_document, make_mention, make_mention_row, make_report

MINISTRY = Actor("RUS", "Ministry of Defence", "MIL")
GROUP = Actor("TUR", "PKK", "REB")
"""A group whose name looks like a code."""
REBELS = Actor("SYR", "Tahrir", "REB")
CAN = Actor("IGO", "CAN")
"""A body that bears the code of a state as its name."""
PLUS = Actor("IGO", "A+RUS+B")
"""A body whose name holds what parts the keys of several."""
ODD_CODE = Actor("+RUS+", "Nobody")
"""A code that looks like the key of several."""
SIDES = [
    (PRK,),
    (RUS,),
    (RUS, MINISTRY),
    (PRK, RUS),
    (GROUP,),
    (REBELS,),
    (REBELS, GROUP),
    (CAN,),
    (NATO, RUS),
    (REBELS, RUS, NATO),
    (PLUS,),
    (PLUS, PRK),
    (ODD_CODE,),
    (Actor("CAN", "Canada"),),
    (),
]
ASKED = ["PRK", "RUS", "IGO", "PKK", "CAN", "NATO", "North Korea", "Ministry of Defence", "TUR", "SYR", "Tahrir", "XYZ"]


def make(source: tuple[Actor, ...], target: tuple[Actor, ...], number: int) -> Event:
    return replace(make_event([make_report(make_mention())]), id=f"e{number:020}", source=source, target=target)


EVENTS_MADE = [make(*sides, n) for n, sides in enumerate(itertools.product(SIDES[:-1], SIDES))]


def beside(mention: Mention, event: Event) -> tuple[str | None, str | None]:
    source, target = ([party.actor for party in side] for side in (mention.source, mention.target))
    return keys_beside(source, target, side_keys(event))


def bears(event: Event, side: str, party: str) -> bool:
    return any(party in (actor.code, actor.name) for actor in getattr(event, side))


@cache
def connection() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def ids(table: ibis.Table) -> set[str]:
    return set(connection().to_pyarrow(table)["id"].to_pylist())


@pytest.mark.parametrize(
    ("actors", "key"),
    [
        ((PRK,), "PRK"),
        ((RUS, MINISTRY), "RUS"),
        ((RUS, PRK), "+PRK+RUS+"),
        ((RUS, MINISTRY, PRK), "+PRK+RUS+"),
        ((NATO, RUS), "+IGO:NATO+RUS+"),
        ((NATO, PLUS), None),
        ((PLUS,), "IGO:A+RUS+B"),
        ((ODD_CODE,), None),
        ((GROUP,), None),
        ((REBELS,), "SYR:Tahrir"),
        ((NATO,), "IGO:NATO"),
        ((Actor("UNO", "UNO"),), "UNO"),
        ((), ""),
    ],
)
def test_the_key_of_a_side(actors: tuple[Actor, ...], key: str | None) -> None:
    assert side_key(actors) == key


@pytest.mark.parametrize("bare", [False, True])
def test_parties_are_found_with_and_without_keys(bare: bool) -> None:
    rows = list(map(event_row, EVENTS_MADE))
    if bare:
        rows = [{**row, "source_key": None, "target_key": None} for row in rows]
    table = event_table(rows)
    for one in ASKED:
        acting = {e.id for e in EVENTS_MADE if bears(e, "source", one)}
        either = acting | {e.id for e in EVENTS_MADE if bears(e, "target", one)}
        assert ids(filter_events(table, EventFilter((one,)))) == either
        assert ids(filter_events(table, EventFilter((one,), directed=True))) == acting
    for one, other in itertools.product(ASKED[:7], repeat=2):
        forth = {e.id for e in EVENTS_MADE if bears(e, "source", one) and bears(e, "target", other)}
        back = {e.id for e in EVENTS_MADE if bears(e, "source", other) and bears(e, "target", one)}
        assert ids(filter_events(table, EventFilter((one, other), directed=True))) == forth
        assert ids(filter_events(table, EventFilter((one, other)))) == forth | back


def test_keys_told_anew_in_a_table_are_those_of_the_objects() -> None:
    rows = [{**event_row(event), "source_key": None, "target_key": "XXX"} for event in EVENTS_MADE]
    told = connection().to_pyarrow(with_keys(event_table(rows))).select(EVENTS.names).to_pylist()
    assert sorted(told, key=lambda row: str(row["id"])) == [event_row(event) for event in EVENTS_MADE]


def test_a_mention_bears_its_events_keys_unless_it_names_others() -> None:
    here = Span(Part.BODY, 0, 5)

    def parties(*actors: Actor) -> tuple[Party, ...]:
        return tuple(Party(actor, here, "name") for actor in actors)

    event = make((PRK,), (RUS,), 0)
    told = [
        (make_mention(source=parties(PRK, RUS), target=parties(RUS, MINISTRY)), ("PRK", "RUS")),
        (make_mention(source=parties(PRK), target=parties(KOR)), (None, None)),
        (make_mention(source=parties(PRK), target=()), ("PRK", "RUS")),
        (make_mention(source=parties(PRK), target=parties(replace(RUS, name="KGB"))), (None, None)),
    ]
    assert [beside(mention, event) for mention, _ in told] == [codes for _, codes in told]
    rows = [{**make_mention_row(mention, make_document()), "event_id": event.id} for mention, _ in told]
    mentions = ibis.memtable(pa.Table.from_pylist(rows, schema=MENTIONS))
    found = connection().to_pyarrow(with_keys_of(mentions, event_table([event_row(event)]))).to_pylist()
    expected = {mention.id: codes for mention, codes in told}
    assert {row["id"]: (row["source_key"], row["target_key"]) for row in found} == expected


def test_a_mention_bears_the_key_of_several_only_where_it_tells_the_same_of_both_sides() -> None:
    here = Span(Part.BODY, 0, 5)

    def parties(*actors: Actor) -> tuple[Party, ...]:
        return tuple(Party(actor, here, "name") for actor in actors)

    event = make((PRK, RUS), (KOR,), 0)
    told = [
        (make_mention(source=parties(RUS, PRK, MINISTRY), target=parties(KOR)), ("+PRK+RUS+", "KOR")),
        (make_mention(source=parties(PRK), target=parties(KOR)), (None, None)),
        (make_mention(source=parties(PRK), target=parties(KOR, RUS)), (None, None)),
        (make_mention(source=parties(PRK, RUS), target=()), (None, None)),
    ]
    assert [beside(mention, event) for mention, _ in told] == [keys for _, keys in told]
    rows = [{**make_mention_row(mention, make_document()), "event_id": event.id} for mention, _ in told]
    mentions = ibis.memtable(pa.Table.from_pylist(rows, schema=MENTIONS))
    found = connection().to_pyarrow(with_keys_of(mentions, event_table([event_row(event)]))).to_pylist()
    expected = {mention.id: keys for mention, keys in told}
    assert {row["id"]: (row["source_key"], row["target_key"]) for row in found} == expected


@pytest.mark.parametrize("whole", [False, True])
def test_of_what_stands_between_two_it_is_told_which_way_it_goes(whole: bool) -> None:
    known = [event for event in EVENTS_MADE if not whole or None not in side_keys(event)]
    table = event_table(map(event_row, known))
    for one, other in itertools.product(ASKED[1:6], ASKED[3:10:3]):
        rows = connection().to_pyarrow(both_ways(table, one, other, whole=whole).select("id", "forth", "back"))
        found = sorted((row["id"], bool(row["forth"]), bool(row["back"])) for row in rows.to_pylist())
        ways = [
            (e.id, *(bears(e, "source", a) and bears(e, "target", b) for a, b in ((one, other), (other, one))))
            for e in known
        ]
        assert found == sorted(way for way in ways if any(way[1:]))


def test_keys_alone_tell_which_way_an_event_goes() -> None:
    known = {event.id: event for event in EVENTS_MADE if None not in side_keys(event)}
    table = event_table(map(event_row, known.values()))
    for one, other in itertools.combinations(["PRK", "RUS", "IGO", "CAN", "SYR"], 2):
        expected = {
            e.id: tuple(bears(e, "source", a) and bears(e, "target", b) for a, b in ((one, other), (other, one)))
            for e in known.values()
        }
        found = ids(like_pair(table, one, other))
        assert found >= {key for key, ways in expected.items() if any(ways)}
        assert {key: ways_of(side_keys(known[key]), one, other) for key in known} == expected


def test_what_may_be_among_pairs_of_keys_is_found() -> None:
    table = event_table(map(event_row, EVENTS_MADE))
    wanted = {e.id for e in EVENTS_MADE if side_key(e.source) in ("RUS", None) and side_key(e.target) in ("", None)}
    assert ids(among(table, {("RUS", "")})) == wanted
    assert ids(among(table, set())) == {
        e.id for e in EVENTS_MADE if side_key(e.source) is None and side_key(e.target) is None
    }
