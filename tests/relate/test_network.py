from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.records import Actor, Event, content_id
from dragoman.relate import Happening, make_event
from dragoman.relate.balance import TriadKind
from dragoman.relate.blocs import find_blocs, match_blocs, signed_modularity
from dragoman.relate.network import MoveKind, Network, moves, network, networks
from dragoman.relate.ties import Sign, weight_of
from dragoman.terms import EventType, Factuality
from making import make_mention, make_report

DAY = date(2024, 6, 19)
FRIENDLY, HOSTILE = (EventType.COOPERATE, 2, 8.0), (EventType.ASSAULT, 4, -10.0)
PRAISE = (EventType.SUPPORT, 1, 5.0)


def state(code: str) -> Actor:
    return Actor(code, code.title())


def happening(
    one: str, other: str, kind: tuple[EventType, int, float] = FRIENDLY, number: int = 0, **changes: Any
) -> Happening:
    """An event of one report between two states named by their codes."""
    report = make_report(make_mention())
    event_type, quad, intensity = kind
    values: dict[str, Any] = {
        "id": content_id("e", one, other, event_type, str(number), repr(sorted(changes))),
        "source": (state(one),),
        "target": (state(other),),
        "type": event_type,
        "quad": quad,
        "intensity": intensity,
        "date": Period(DAY),
    }
    event: Event = replace(make_event([report]), **(values | changes))
    return Happening(event, (report,))


def friends(*pairs: str, kind: tuple[EventType, int, float] = FRIENDLY, **changes: Any) -> Iterator[Happening]:
    """One event for each pair of letters."""
    return (happening(pair[0] * 3, pair[1] * 3, kind, **changes) for pair in pairs)


def foes(*pairs: str, **changes: Any) -> Iterator[Happening]:
    return friends(*pairs, kind=HOSTILE, **changes)


def members(net: Network) -> list[set[str]]:
    return [set(bloc.members) for bloc in net.blocs]


TWO_CAMPS = [*friends("AB", "AC", "BC", "XY", "XZ", "YZ"), *foes("AX", "BY", "CZ", "AY")]


def test_who_began_makes_no_difference_to_a_tie() -> None:
    (tie,) = network([happening("AAA", "BBB"), happening("BBB", "AAA", HOSTILE), happening("BBB", "AAA")]).ties
    assert (tie.first, tie.second, tie.cooperation, tie.conflict, tie.events) == ("AAA", "BBB", 6, 3, 3)


def test_a_deed_counts_more_than_a_word() -> None:
    deed, word = happening("AAA", "BBB"), happening("AAA", "BBB", PRAISE)
    pledge = happening("AAA", "BBB", factuality=Factuality.PLEDGED)
    assert (weight_of(deed), weight_of(word), weight_of(pledge)) == (3, 1, 1)


def test_a_deed_that_is_denied_or_only_claimed_counts_as_a_word() -> None:
    contested, claimed = happening("AAA", "BBB", contested=True), happening("AAA", "BBB", claimants=("CCC",))
    owned = happening("AAA", "BBB", claimants=("AAA",))
    assert [weight_of(h) for h in (contested, claimed, owned)] == [1, 1, 3]


@pytest.mark.parametrize(
    "changes", [{"factuality": Factuality.POSSIBLE}, {"factuality": Factuality.DENIED}, {"dismissed": True}]
)
def test_what_did_not_happen_makes_no_tie(changes: dict[str, Any]) -> None:
    assert network([happening("AAA", "BBB", **changes)]).ties == ()


def test_a_side_leads_only_when_it_weighs_twice_as_much() -> None:
    def sign(deeds: int, words: int) -> Sign:
        accuse = (EventType.ACCUSE, 3, -3.0)
        events = [happening("AAA", "BBB", number=n) for n in range(deeds)]
        (tie,) = network([*events, *(happening("AAA", "BBB", accuse, n) for n in range(words))]).ties
        return tie.sign

    assert [sign(2, 3), sign(2, 4), sign(1, 6)] == [Sign.POSITIVE, Sign.MIXED, Sign.NEGATIVE]


def test_an_organ_acting_on_its_own_state_makes_no_tie() -> None:
    assert network([happening("AAA", "AAA", source=(replace(state("AAA"), sector="MIL"),))]).ties == ()


def test_bodies_are_told_apart_by_name() -> None:
    bodies = (Actor("IGO", "NATO"), Actor("IGO", "African Union"))
    net = network([happening("AAA", "IGO", target=bodies)])
    assert [(tie.first, tie.second) for tie in net.ties] == [("AAA", "IGO:African Union"), ("AAA", "IGO:NATO")]
    assert net.names == {"AAA": "Aaa", "IGO:African Union": "African Union", "IGO:NATO": "NATO"}


def test_a_minister_gives_his_state_no_name() -> None:
    net = network([happening("AAA", "BBB", source=(Actor("AAA", "Sergei Lavrov", "GOV"),))])
    assert net.names["AAA"] == "AAA"


def test_a_joint_act_ties_each_pair_once() -> None:
    both = (state("AAA"), state("BBB"))
    (tie,) = network([happening("AAA", "BBB", source=both, target=both)]).ties
    assert (tie.events, tie.cooperation) == (1, 3)


def test_the_same_event_twice_counts_once() -> None:
    event = happening("AAA", "BBB")
    assert network([event, event]) == network([event])


def test_evidence_begins_with_the_leading_side_and_the_deeds() -> None:
    events = [happening("AAA", "BBB", number=n) for n in range(5)]
    word, clash = happening("AAA", "BBB", PRAISE), happening("AAA", "BBB", HOSTILE)
    best = happening("AAA", "BBB", number=9, origins=4)
    (tie,) = network([clash, word, *events, best]).ties
    assert tie.evidence[0] == best.event.id
    assert len(tie.evidence) == 5
    assert not {word.event.id, clash.event.id} & set(tie.evidence)


def test_a_period_holds_its_first_and_last_day_and_nothing_else() -> None:
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    events = [happening("AAA", "BBB", number=n, date=Period(day)) for n, day in enumerate(days)]
    (tie,) = network(events, since=date(2024, 1, 1), until=date(2024, 12, 31)).ties
    assert set(tie.evidence) == {events[1].event.id, events[2].event.id}


def test_an_event_of_no_known_day_is_left_out_and_counted() -> None:
    net = network([happening("AAA", "BBB", date=None, first_reported=None), happening("AAA", "BBB")])
    assert (net.undated, net.ties[0].events) == (1, 1)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="swap"):
        network([], since=date(2025, 1, 1), until=date(2024, 1, 1))


def test_an_empty_record_gives_an_empty_network() -> None:
    net = network([])
    assert (net.ties, net.blocs, net.modularity, net.balance.share) == ((), (), None, None)
    assert json.dumps(net.row())


def test_two_camps_are_two_blocs() -> None:
    net = network(TWO_CAMPS)
    assert members(net) == [{"AAA", "BBB", "CCC"}, {"XXX", "YYY", "ZZZ"}]
    assert net.modularity == pytest.approx(0.5)


def test_a_quarrel_parts_what_friendship_alone_would_join() -> None:
    star = [*friends("AB", "AC"), *friends("AB", number=1)]
    assert members(network(star)) == [{"AAA", "BBB", "CCC"}]
    assert members(network([*star, *foes("BC"), *foes("BC", number=1)])) == [{"AAA", "BBB"}]


def test_common_foes_without_cooperation_are_no_bloc() -> None:
    assert network(list(foes("AX", "BX", "CX", "AY", "BY", "CY"))).blocs == ()


def test_a_single_word_makes_no_bloc() -> None:
    assert network(list(friends("AB", kind=PRAISE))).blocs == ()


def test_a_bloc_is_called_after_its_centre() -> None:
    (bloc,) = network([*friends("AB", "AC", "AD"), *friends("AB", number=1)]).blocs
    assert bloc.members[0] == "AAA"
    assert bloc.name == "Aaa, Bbb and 2 more"


def test_the_signed_modularity_is_that_of_the_paper() -> None:
    strengths = {("a", "b"): 1.0, ("c", "d"): 1.0, ("a", "c"): -1.0, ("b", "d"): -1.0}
    assert signed_modularity([["a", "b"], ["c", "d"]], strengths) == pytest.approx(0.5)
    assert signed_modularity([["a", "b", "c", "d"]], strengths) == pytest.approx(0.0)
    blocs, score = find_blocs(strengths)
    assert blocs == [frozenset("ab"), frozenset("cd")]
    assert score == pytest.approx(0.5)


@given(st.dictionaries(st.sampled_from([a + b for a in "abcdef" for b in "ghijkl"]), st.sampled_from([-2.0, 1.0, 3.0])))
@settings(max_examples=30, deadline=None)
def test_no_division_is_worse_than_everybody_alone_and_every_member_has_a_friend(pairs: dict[str, float]) -> None:
    strengths = {(pair[0], pair[1]): strength for pair, strength in pairs.items()}
    blocs, score = find_blocs(strengths)
    if score is not None:
        alone = signed_modularity([[actor] for actor in {a for pair in strengths for a in pair}], strengths)
        assert score >= alone - 1e-9
    for bloc in blocs:
        for actor in bloc:
            assert any(s > 0 and actor in pair and set(pair) <= bloc for pair, s in strengths.items())


def test_the_order_of_events_changes_nothing() -> None:
    expected = network(TWO_CAMPS)
    for seed in range(5):
        shuffled = TWO_CAMPS[:]
        random.Random(seed).shuffle(shuffled)
        assert network(shuffled) == expected


def test_the_enemy_of_a_friend_is_a_friend_of_nobody() -> None:
    balance = network([*friends("AB"), *foes("AC", "BC")]).balance
    assert (balance.triads, balance.balanced, balance.share, balance.tension) == (1, 1, 1.0, ())


def test_one_torn_between_two_who_clash_is_in_tension() -> None:
    (triad,) = network([*friends("AB", "AC"), *foes("BC")]).balance.tension
    assert triad.kind is TriadKind.TORN
    assert triad.says == "Aaa cooperates with Bbb and Ccc, which are at odds with each other."
    assert [(t.first, t.second, t.sign) for t in triad.ties] == [
        ("AAA", "BBB", Sign.POSITIVE),
        ("AAA", "CCC", Sign.POSITIVE),
        ("BBB", "CCC", Sign.NEGATIVE),
    ]


def test_three_at_odds_are_named_apart() -> None:
    (triad,) = network(list(foes("AB", "AC", "BC"))).balance.tension
    assert triad.kind is TriadKind.ALL_AT_ODDS


def test_a_mixed_or_thin_tie_makes_no_triad() -> None:
    mixed = [*friends("AB", "AC", "BC"), *foes("BC")]
    thin = [*friends("AB", "AC"), *friends("BC", kind=PRAISE)]
    assert (network(mixed).balance.triads, network(thin).balance.triads) == (0, 0)


def test_balance_is_set_against_chance() -> None:
    balance = network(TWO_CAMPS).balance
    assert balance.by_chance == pytest.approx(0.6**3 + 3 * 0.6 * 0.4**2)


def test_the_triads_that_rest_on_most_come_first() -> None:
    weak, strong = [*friends("AB", "AC"), *foes("BC")], [*friends("XY", "XZ"), *foes("YZ")]
    more = [*friends("XY", "XZ", number=1), *foes("YZ", number=1)]
    assert [t.actors[0] for t in network([*weak, *strong, *more]).balance.tension] == ["XXX", "AAA"]


def test_who_changes_sides_is_a_mover_and_the_others_are_not() -> None:
    later = [*friends("AB", "XY", "XZ", "YZ", "CX", "CY"), *foes("AX", "BY", "AC", "BC")]
    (move,) = moves(network(TWO_CAMPS), network(later))
    assert (move.actor, move.kind) == ("CCC", MoveKind.CHANGED)
    assert move.reason == "Ccc stood with Aaa and Bbb and now stands with Xxx, Yyy and Zzz."
    assert set(move.evidence) == {h.event.id for h in later if {"CCC"} & {h.event.source[0].code} and h.event.quad == 2}


def test_a_bloc_that_grows_is_the_same_bloc() -> None:
    found = moves(network(list(friends("AB", "CD"))), network(list(friends("AB", "AE", "BE", "AF", "CD"))))
    assert found == []


def test_who_joins_stood_somewhere_before() -> None:
    earlier, later = network([*friends("AB"), *foes("AE")]), network(list(friends("AB", "AE", "BE")))
    (move,) = moves(earlier, later)
    assert (move.actor, move.kind, move.before) == ("EEE", MoveKind.JOINED, None)


def test_silence_is_no_move() -> None:
    assert moves(network(list(friends("AB", "AC", "BC"))), network(list(friends("AB")))) == []


def test_to_fall_out_with_a_companion_is_to_leave() -> None:
    earlier, later = network(list(friends("AB", "AC", "BC"))), network([*friends("AB"), *foes("AC")])
    (move,) = moves(earlier, later)
    assert (move.actor, move.kind, move.after) == ("CCC", MoveKind.LEFT, None)
    assert move.reason == "Ccc stood with Aaa and Bbb and now stands in no bloc."


def test_a_bloc_lives_on_in_one_only() -> None:
    big = frozenset("abcdef")
    assert match_blocs([big], [frozenset("abcd"), frozenset("ef")]) == {0: 0}
    assert match_blocs([frozenset("abcd"), frozenset("ef")], [big]) == {0: 0}
    assert match_blocs([big], [frozenset("axyz")]) == {}


def test_networks_follow_the_periods_given() -> None:
    events = [happening("AAA", "BBB", number=n, date=Period(date(y, 5, 1))) for n, y in enumerate((2023, 2024, 2024))]
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024, 2025)]
    assert [sum(tie.events for tie in net.ties) for net in networks(events, years)] == [1, 2, 0]


def test_an_event_of_a_month_stands_where_it_was_first_reported() -> None:
    month = Period(date(2024, 5, 1), Precision.MONTH)
    event = happening("AAA", "BBB", date=month, first_reported=date(2024, 5, 20))
    assert network([event], since=date(2024, 5, 15)).ties
    assert not network([event], until=date(2024, 5, 15)).ties


def test_rows_are_plain_values() -> None:
    before, after = network(TWO_CAMPS), network([*friends("AX"), *foes("AB")])
    row = json.loads(json.dumps(before.row()))
    assert row["nodes"][0] == {"key": "AAA", "name": "Aaa", "bloc": 0}
    assert row["edges"][0]["sign"] == "positive"
    assert row["blocs"][0]["members"] == ["AAA", "BBB", "CCC"]
    assert json.dumps([move.row() for move in moves(before, after)])
    torn = network([*friends("AB", "AC"), *foes("BC")]).row()
    assert json.loads(json.dumps(torn))["balance"]["tension"][0]["kind"] == "torn between two"
