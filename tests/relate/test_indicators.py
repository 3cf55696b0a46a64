from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.periods import Period
from dragoman.records import Actor, Claimant, Document, Party, Span
from dragoman.relate import Happening, Report, make_event
from dragoman.relate.indicators import IndicatorRow, State, indicators, load_indicators
from dragoman.terms import ClaimantKind, EventType, Factuality, Part
from making import KOR, PRK, RUS, claimed_by, make_document, make_mention

TODAY = date(2026, 1, 1)
SHELLS = "North Korea shipped shells to Russia on Wednesday."


def party(actor: Actor) -> tuple[Party, ...]:
    return (Party(actor, Span(Part.BODY, 0, 5), "name: state"),)


def told(
    number: int = 1,
    body: str = SHELLS,
    verb: str = "shipped",
    outlet: str | None = None,
    day: int = 20,
    **changes: object,
) -> Report:
    """A report of its own document, which says `body`."""
    document: Document = make_document(body, url=f"https://x.example/{number}", publisher=outlet or f"outlet {number}")
    start = body.index(verb)
    credit = changes.pop("credit", None)
    mention = make_mention(document, predicate=Span(Part.BODY, start, start + len(verb)), **changes)
    return Report(mention, document.publisher, date(2024, 6, day), body, credit=credit)  # type: ignore[arg-type]


def happening(*reports: Report) -> Happening:
    ordered = sorted(reports, key=lambda report: report.mention.id)
    return Happening(make_event(ordered), tuple(ordered))


def ask(key: str, *happenings: Happening, first: str = "PRK", second: str = "RUS") -> IndicatorRow:
    definitions = [indicator for indicator in load_indicators() if indicator.key == key]
    (row,) = indicators(happenings, first, second, today=TODAY, definitions=definitions)
    return row


def arms(*happenings: Happening) -> IndicatorRow:
    return ask("arms-transfers", *happenings)


def test_every_question_is_answered_even_where_nothing_is_known() -> None:
    rows = indicators([], "PRK", "RUS", today=TODAY, definitions=load_indicators())
    assert len(rows) == 13
    assert {row.state for row in rows} == {State.NOTHING}
    assert rows[0].finding.reason == "No document in the record speaks of it."


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"factuality": Factuality.PLEDGED}, State.TALKED),
        ({"factuality": Factuality.POSSIBLE}, State.TALKED),
        ({"type": EventType.REQUEST}, State.TALKED),
        ({"claimants": claimed_by(KOR)}, State.CLAIMED),
        ({}, State.REPORTED),
        ({"claimants": claimed_by(RUS)}, State.CONFIRMED),
        ({"claimants": claimed_by(PRK)}, State.CONFIRMED),
        ({"credit": "KCNA"}, State.CONFIRMED),
        ({"credit": "Yonhap"}, State.REPORTED),
        ({"credit": "KCNA", "claimants": claimed_by(KOR)}, State.CLAIMED),
    ],
)
def test_the_state_follows_from_who_stands_behind_it(changes: dict[str, object], state: State) -> None:
    assert arms(happening(told(**changes))).state is state  # type: ignore[arg-type]


def test_hearsay_of_a_party_is_an_outsiders_claim() -> None:
    chain = (*claimed_by(KOR), *(replace(claimant, cue="admit") for claimant in claimed_by(RUS)))
    finding = arms(happening(told(claimants=chain))).finding
    assert (finding.state, finding.claimants) == (State.CLAIMED, ("RUS",))


def test_free_media_of_a_state_do_not_speak_for_it_and_owned_ones_do() -> None:
    def said_by(actor: Actor) -> Happening:
        return happening(told(claimants=(Claimant(ClaimantKind.MEDIA, actor, Span(Part.BODY, 0, 5), "say"),)))

    paper = Actor("RUS", "Novaya Gazeta", "JRN")
    assert arms(said_by(paper)).state is State.CLAIMED
    assert arms(said_by(replace(paper, name="TASS"))).state is State.CONFIRMED


def test_claimed_first_and_confirmed_later_with_the_dates_of_each() -> None:
    claim = happening(told(1, day=20, claimants=claimed_by(KOR)))
    admission = happening(told(2, day=28, claimants=claimed_by(RUS), date=Period(date(2024, 6, 26))))
    finding = arms(claim, admission).finding
    assert [(step.state, step.first_said) for step in finding.steps] == [
        (State.CONFIRMED, date(2024, 6, 28)),
        (State.CLAIMED, date(2024, 6, 20)),
    ]
    assert (finding.first, finding.confirmed_by, finding.claimants) == (date(2024, 6, 26), ("RUS",), ("KOR",))
    assert finding.reason == "Confirmed by RUS on 2024-06-28; claimed by KOR on 2024-06-20."


def test_a_claim_that_a_party_denies_is_contested_with_both_sides() -> None:
    denial = told(2, factuality=Factuality.DENIED, claimants=claimed_by(RUS))
    finding = arms(happening(told(1, claimants=claimed_by(KOR)), denial)).finding
    assert (finding.state, finding.contested) == (State.CLAIMED, True)
    assert (finding.claimants, finding.deniers) == (("KOR",), ("RUS",))


def test_who_confirms_what_he_denied_before_no_longer_contests_it() -> None:
    denial = happening(told(1, day=20, factuality=Factuality.DENIED, claimants=claimed_by(RUS)))
    admission = happening(told(2, day=25, claimants=claimed_by(RUS), date=Period(date(2024, 6, 24))))
    finding = arms(denial, admission).finding
    assert (finding.state, finding.deniers, finding.contested) == (State.CONFIRMED, ("RUS",), False)


def test_a_partys_denial_alone_shows_that_it_is_claimed() -> None:
    finding = arms(happening(told(factuality=Factuality.DENIED, claimants=claimed_by(PRK)))).finding
    assert (finding.state, finding.steps, finding.deniers) == (State.CLAIMED, (), ("PRK",))


def test_absence_in_the_articles_own_voice_counts_for_nothing() -> None:
    assert arms(happening(told(factuality=Factuality.DENIED))).finding.row()["evidence"] == []


def test_an_outsider_who_saw_none_is_named_and_nothing_is_seen() -> None:
    finding = arms(happening(told(factuality=Factuality.DENIED, claimants=claimed_by(KOR)))).finding
    assert (finding.state, finding.deniers, finding.contested) == (State.NOTHING, ("KOR",), False)


def test_a_rejection_of_reports_is_a_denial() -> None:
    body = "The Kremlin dismisses reports of North Korean arms as unproven."
    rejected = told(
        2, body, "dismisses", type=EventType.REJECT, quad=3, domain=None, source=party(RUS), target=party(PRK)
    )
    finding = arms(happening(told(1, claimants=claimed_by(KOR))), happening(rejected)).finding
    assert (finding.deniers, finding.contested) == (("RUS",), True)


def test_a_copied_wire_story_counts_once() -> None:
    wire = [happening(told(n, outlet=f"outlet {n}", date=Period(date(2024, 6, n)))) for n in (1, 2, 3)]
    other = happening(told(9, "Russia got shells that North Korea shipped by rail.", date=Period(date(2024, 6, 9))))
    finding = arms(*wire, other).finding
    assert (finding.origins, len(finding.steps[0].events)) == (2, 4)
    assert finding.reason.startswith("Reported by 2 independent origins")


def test_each_direction_is_told_apart() -> None:
    there = happening(told(1))
    back = happening(told(2, claimants=claimed_by(KOR), source=party(RUS), target=party(PRK)))
    forth, other = arms(there, back).directions
    assert (forth.source, forth.finding.state, other.source, other.finding.state) == (
        "PRK",
        State.REPORTED,
        "RUS",
        State.CLAIMED,
    )


def test_who_buys_receives() -> None:
    body = "Russia buys shells from North Korea."
    bought = happening(told(1, body, "buys", type=EventType.COOPERATE, source=party(RUS), target=party(PRK)))
    assert [d.finding.state for d in arms(bought).directions] == [State.REPORTED, State.NOTHING]


def test_thanks_of_the_receiver_confirm_what_was_given() -> None:
    body = "Putin thanked Kim for the help of North Korean soldiers in Kursk."
    thanks = {"type": EventType.SUPPORT, "quad": 1, "domain": None, "source": party(RUS), "target": party(PRK)}
    row = ask("troops-sent", happening(told(1, body, "thanked", **thanks)))  # type: ignore[arg-type]
    assert [d.finding.state for d in row.directions] == [State.CONFIRMED, State.NOTHING]
    assert row.finding.confirmed_by == ("RUS",)


def test_thanks_for_an_offer_confirm_nothing() -> None:
    body = "Putin thanked Kim for an offer of soldiers."
    thanks = {"type": EventType.SUPPORT, "quad": 1, "domain": None, "source": party(RUS), "target": party(PRK)}
    assert ask("troops-sent", happening(told(1, body, "thanked", **thanks))).state is State.NOTHING  # type: ignore[arg-type]


def test_words_stand_in_for_an_unknown_domain_and_excluded_ones_rule_out() -> None:
    assert arms(happening(told(domain=None))).state is State.REPORTED
    spoken = "North Korea shipped books on nuclear arms to Russia."
    assert arms(happening(told(1, spoken, domain=None))).state is State.NOTHING


def test_words_far_from_the_predicate_do_not_count() -> None:
    body = "North Korea shipped rice to Russia, " + "and so on " * 8 + "while others spoke of shells."
    assert arms(happening(told(1, body, domain=None))).state is State.NOTHING


def test_a_signed_treaty_is_a_step_and_a_promise_to_sign_is_talk() -> None:
    changes = {"type": EventType.AGREE, "quad": 1, "factuality": Factuality.PLEDGED, "domain": None}
    signed = told(1, "North Korea and Russia signed a treaty.", "signed", **changes)  # type: ignore[arg-type]
    promised = told(2, "North Korea and Russia agreed to sign a treaty.", "agreed", **changes)  # type: ignore[arg-type]
    assert ask("treaty-steps", happening(signed)).state is State.REPORTED
    assert ask("treaty-steps", happening(promised)).state is State.TALKED


def test_what_is_dated_after_today_is_only_talked_of() -> None:
    assert arms(happening(told(date=Period(date(2026, 6, 1))))).state is State.TALKED


def test_later_documents_change_nothing_on_an_earlier_day() -> None:
    later = happening(told(2, day=28, claimants=claimed_by(RUS)))
    known = (happening(told(1, day=20, claimants=claimed_by(KOR))), later)
    (row,) = indicators(known, "PRK", "RUS", today=date(2024, 6, 21), definitions=load_indicators()[:1])
    assert (row.state, row.finding.confirmed_by) == (State.CLAIMED, ())


def test_dismissed_events_and_other_relations_are_left_out() -> None:
    seen = happening(told())
    assert arms(replace(seen, event=replace(seen.event, dismissed=True))).state is State.NOTHING
    assert ask("arms-transfers", seen, second="KOR").state is State.NOTHING


def test_a_row_is_plain_json_with_the_ids_of_its_evidence() -> None:
    report = told(1, claimants=claimed_by(KOR))
    row = json.loads(json.dumps(arms(happening(report)).row()))
    assert (row["state"], row["evidence"], row["events"]) == (
        "claimed",
        [report.mention.id],
        [f"e{report.mention.id[1:]}"],
    )
    assert (row["first"], row["steps"][0]["sentence"]) == ("2024-06-19", SHELLS)


@given(st.integers(0, 2**32))
def test_the_order_of_the_events_changes_nothing(seed: int) -> None:
    says = (None, KOR, RUS)
    known = [
        happening(told(n, day=n, date=Period(date(2024, 6, n)), claimants=claimed_by(by) if by else ()))
        for n in range(1, 10)
        for by in (says[n % 3],)
    ]
    shuffled = known[:]
    random.Random(seed).shuffle(shuffled)
    assert arms(*shuffled) == arms(*known)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_user_adds_a_question_and_replaces_one(tmp_path: Path) -> None:
    own = written(
        tmp_path,
        """
        [[indicators]]
        key = "medicine"
        question = "Has medicine gone from the one to the other?"
        types = ["AID"]
        may = ["vaccine*"]
        direction = "one"
        [[indicators]]
        key = "food"
        question = "Rice?"
        types = ["AID"]
        domains = ["food"]
        """,
    )
    definitions = {indicator.key: indicator for indicator in load_indicators(own)}
    assert (len(definitions), definitions["food"].question) == (14, "Rice?")
    sent = happening(told(1, "North Korea shipped vaccines to Russia.", domain=None))
    (row,) = indicators([sent], "PRK", "RUS", today=TODAY, definitions=[definitions["medicine"]])
    assert row.state is State.REPORTED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[indicators", "not TOML"),
        ("a = 1", "needs a \\[\\[indicators\\]\\] table"),
        ("[common]\nbefore = 3\n[[indicators]]", "holds 'common'; allowed is indicators"),
        ('[[indicators]]\nkey = "Big Key"', "lower-case words"),
        ('[[indicators]]\nkey = "a"\ncolour = 1', "'colour'; allowed are key, question"),
        ('[[indicators]]\nkey = "a"', "needs a question"),
        ('[[indicators]]\nkey = "a"\nquestion = "q"\nmay = ["x"]', "no types"),
        ('[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]', "hold every event"),
        (
            '[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["GIVE"]\nmay = ["x"]',
            "'GIVE' in types; use one of AGREE",
        ),
        ('[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]\nmay = "x"', "allowed is a list of words"),
        ('[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]\nmay = ["*"]', "allowed is a list of words"),
        ('[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]\nmay = ["x"]\nthanked = 1', "true and false"),
        (
            '[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]\nmay = ["x"]\ndirection = "up"',
            "'up' in direction; use one of either, one",
        ),
        (
            '[[indicators]]\nkey = "a"\nquestion = "q"\ntypes = ["AID"]\nmay = ["x"]\n' * 2,
            "more than one indicator with the key 'a'",
        ),
    ],
)
def test_a_bad_file_is_refused_with_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_indicators(written(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"own\.toml cannot be read"):
        load_indicators(tmp_path / "own.toml")
