from __future__ import annotations

import pytest

from dragoman.coding.ontology import ontology
from dragoman.errors import DataError
from dragoman.exchange.codes import cameo, cameo_by_label, data_table, facts_of, listed, plain, plover
from dragoman.terms import Domain, EventType, Factuality, RefusalReason

ROOTS = {
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "17": "COERCE",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "20": "ASSAULT",
}
OTHERWISE = {"055", "056", "116"}
"""Codes that PLOVER's own rules take out of their root: apology and pardon concede, a conviction sanctions."""


def test_every_code_but_statements_has_a_type_of_its_root() -> None:
    wrong = {
        code: facts.type
        for code, facts in cameo().items()
        if code[:2] in ROOTS and code not in OTHERWISE and facts.type != ROOTS[code[:2]]
    }
    assert wrong == {}


def test_every_root_has_codes_of_three_digits_and_most_of_four() -> None:
    lengths = {(code[:2], len(code)) for code in cameo()}
    assert {root for root, length in lengths if length == 3} == {f"{number:02}" for number in range(1, 21)}
    assert len([code for code in cameo() if len(code) == 4]) > 130


def test_every_four_digit_code_has_its_parent() -> None:
    assert [code for code in cameo() if len(code) == 4 and code[:3] not in cameo()] == []


def test_plain_statements_are_refused_and_appeals_are_requests() -> None:
    assert all(facts.refusal is RefusalReason.STATEMENT for code, facts in cameo().items() if code.startswith("01"))
    assert {facts.type for code, facts in cameo().items() if code.startswith("02")} == {EventType.REQUEST}


def test_yielding_in_words_concedes_and_in_deeds_retreats() -> None:
    kinds = {code: facts.type for code, facts in cameo().items() if code.startswith("08")}
    assert {kinds[code] for code in kinds if code[:3] in ("080", "081", "082", "083")} == {EventType.CONCEDE}
    assert {kinds[code] for code in kinds if code[:3] in ("084", "085", "086", "087")} == {EventType.RETREAT}


def test_intents_and_threats_are_pledged_and_all_else_is_actual() -> None:
    pledged = {code for code, facts in cameo().items() if facts.factuality is Factuality.PLEDGED}
    assert pledged == {code for code in cameo() if code[:2] in ("03", "13")}


@pytest.mark.parametrize(
    ("code", "mode", "domain"),
    [
        ("0312", None, Domain.TROOPS),
        ("072", None, Domain.ARMS),
        ("0331", None, Domain.FINANCE),
        ("057", None, Domain.TREATY),
        ("042", "visit", None),
        ("173", "arrest", None),
        ("0871", "ceasefire", Domain.TROOPS),
        ("1831", "suicide-attack", None),
        ("163", "discontinue", Domain.SANCTIONS),
    ],
)
def test_a_code_names_mode_and_domain_where_it_says_them(code: str, mode: str | None, domain: Domain | None) -> None:
    assert (cameo()[code].mode, cameo()[code].domain) == (mode, domain)


def test_quad_and_intensity_are_the_ontologys() -> None:
    for facts in cameo().values():
        if facts.type is not None:
            assert facts.quad == ontology()[facts.type].quad
    assert cameo()["193"].intensity == -9.0


def test_labels_are_distinct_and_found_without_case_and_marks() -> None:
    assert len(cameo_by_label()) == len(cameo())
    assert cameo_by_label()[plain("Express_intent_to_meet_or_negotiate")] == "036"


def test_every_sub_event_of_acled_and_every_kind_of_ucdp_is_mapped() -> None:
    assert len(listed("acled.toml")) == 25
    assert set(listed("ucdp.toml")) == {"1", "2", "3"}


def test_plovers_words_keep_a_mode_that_the_type_has_and_drop_any_other() -> None:
    kept, dropped = plover("assault", "Crowd Control", ""), plover("AGREE", "visit", "")
    assert kept is not None
    assert kept.mode == "crowd-control"
    assert dropped is not None
    assert (dropped.mode, dropped.factuality) == (None, Factuality.PLEDGED)
    assert plover("FIGHT", "", "") is None


def test_a_domain_comes_from_one_context_and_not_from_two() -> None:
    one, two = plover("CONSULT", "", "military;election"), plover("CONSULT", "", "military;legal")
    assert one is not None
    assert one.domain is Domain.TROOPS
    assert two is not None
    assert two.domain is None


def test_contexts_of_the_mapping_are_plovers_and_domains_are_known() -> None:
    assert [Domain(word) for word in data_table("contexts.toml")["domains"].values()]


@pytest.mark.parametrize("row", [{}, {"type": "FIGHT"}, {"type": "AID", "mode": "visit"}])
def test_a_wrong_mapping_is_an_error_that_names_the_code(row: dict[str, str]) -> None:
    with pytest.raises(DataError, match="'999'"):
        facts_of("999", row)
