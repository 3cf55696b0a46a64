from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import DataError, UsageError
from dragoman.evaluate.ledger import LedgerPair, actor_of, load_ledger_pairs, score_ledger
from dragoman.relate.evidence import Happening
from dragoman.relate.settling import Match, Verdict
from dragoman.relate.told import Standing
from dragoman.terms import ClaimantKind, Factuality

GOLD = Path(__file__).parents[2] / "evals" / "relate" / "ledger.jsonl"
ROW: dict[str, object] = {
    "id": "one",
    "pledge": "Oslo promised to send Chad ten field hospitals by June.",
    "pledge_date": "2021-03-01",
    "deed": "“All ten are here,” Chad's health minister said of the Norwegian clinics.",
    "deed_date": "2021-05-20",
    "source": "NOR",
    "target": "TCD",
    "pledge_type": "AGREE",
    "pledge_domain": None,
    "deed_source": "NOR",
    "deed_target": "TCD",
    "deed_type": "AID",
    "deed_domain": "other",
    "deed_factuality": "actual",
    "deed_claimant": "TCD",
    "due": "2021-06-30",
    "label": "settles",
    "why": "all arrived",
}


def pairs_of(folder: Path, *rows: dict[str, object]) -> list[LedgerPair]:
    path = folder / "ledger.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return load_ledger_pairs(path)


def saying(verdicts: dict[str, Verdict], standing: Standing = "reported") -> Callable[[Happening, Happening], Match]:
    def matcher(pledge: Happening, deed: Happening) -> Match:
        name = deed.reports[0].mention.document_id.split()[0]
        return Match(0.9, verdicts[name], ("by the test's own word",), standing)

    return matcher


def test_a_pair_is_read_with_its_days_and_labels(tmp_path: Path) -> None:
    [pair] = pairs_of(tmp_path, ROW)
    assert (pair.pledge_date, pair.deed_date, pair.due) == (date(2021, 3, 1), date(2021, 5, 20), date(2021, 6, 30))
    assert (pair.label, pair.pledge_domain) == (Verdict.SETTLES, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "kept"}, "label is 'kept'; allowed are settles, partly"),
        ({"pledge_date": "2021-13-01"}, "pledge_date is '2021-13-01'; a day"),
        ({"due": "June"}, "due is 'June'; a day"),
        ({"deed_type": "GIFT"}, "deed_type is 'GIFT'; allowed are AGREE"),
        ({"deed_domain": "health"}, "deed_domain is 'health'"),
        ({"deed": " "}, "deed is ' '; a text is needed"),
        ({"target": "Atlantis"}, "'Atlantis' is no code of a state"),
        ({"deed_claimant": "somebody"}, "'somebody' is no code of a state"),
        ({"note": "x"}, "missing keys: none; unknown keys: note"),
        ({"deed_factuality": "denied"}, "a deed that is denied has the label settles"),
        ({"deed_date": "2021-02-28"}, "a deed before its pledge has the label settles"),
    ],
)
def test_a_bad_line_says_what_is_wrong(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=r"ledger\.jsonl line 2: ") as caught:
        pairs_of(tmp_path, ROW, ROW | {"id": "two"} | change)
    assert message in str(caught.value)


def test_a_missing_key_a_double_id_and_no_json_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: missing keys: why"):
        pairs_of(tmp_path, {key: value for key, value in ROW.items() if key != "why"})
    with pytest.raises(DataError, match="line 2: the id 'one' stands on an earlier line"):
        pairs_of(tmp_path, ROW, ROW)
    path = tmp_path / "broken.jsonl"
    path.write_bytes(b"\xff{\n")
    with pytest.raises(DataError, match=r"broken\.jsonl line 1: not JSON"):
        load_ledger_pairs(path)
    path.write_text("[1]\n", "utf-8")
    with pytest.raises(DataError, match="a list instead of an object"):
        load_ledger_pairs(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        load_ledger_pairs(tmp_path / "none.jsonl")


def test_a_pair_becomes_a_word_and_a_deed_in_the_order_of_their_days(tmp_path: Path) -> None:
    [pair] = pairs_of(tmp_path, ROW)
    pledge, deed = pair.pledge_happening(), pair.deed_happening()
    assert pledge.is_word
    assert deed.is_deed
    assert (pledge.day, deed.day) == (pair.pledge_date, pair.deed_date)
    assert pledge.event.factuality is Factuality.PLEDGED
    assert deed.event.claimants == ("TCD",)
    assert deed.reports[0].quotes == ("All ten are here,",)
    assert deed.reports[0].mention.vector is not None


def test_a_kind_of_claimant_belongs_to_no_actor(tmp_path: Path) -> None:
    [pair] = pairs_of(tmp_path, ROW | {"deed_claimant": "analyst"})
    [claimant] = pair.deed_happening().reports[0].mention.claimants
    assert (claimant.kind, claimant.actor) == (ClaimantKind.ANALYST, None)


def test_a_deed_without_a_target_has_none(tmp_path: Path) -> None:
    [pair] = pairs_of(tmp_path, ROW | {"deed_target": ""})
    assert pair.deed_happening().event.target == ()


def test_names_of_bodies_and_groups_find_their_actors() -> None:
    assert actor_of("UNO").code == "UNO"
    assert actor_of("NATO").key == "IGO:NATO"
    assert actor_of("SDF").name == "Syrian Democratic Forces"


def test_scores_count_pairs_and_labels_apart(tmp_path: Path) -> None:
    labels = {"a": "settles", "b": "partly", "c": "breaks", "d": "none", "e": "none"}
    pairs = pairs_of(tmp_path, *(ROW | {"id": name, "label": label} for name, label in labels.items()))
    answers = {
        "a": Verdict.SETTLES,
        "b": Verdict.SETTLES,
        "c": Verdict.NONE,
        "d": Verdict.NONE,
        "e": Verdict.BREAKS,
    }
    scores = score_ledger(pairs, saying(answers))
    assert (scores["n"], scores["pairs"]) == (5, 3)
    assert scores["precision"] == scores["recall"] == scores["f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores["label_accuracy"] == 0.5
    assert scores["by_label"]["settles"] == {"n": 1, "right": 1, "told": 2}
    assert [(wrong["id"], wrong["label"], wrong["found"]) for wrong in scores["wrong"]] == [
        ("b", "partly", "settles"),
        ("c", "breaks", "none"),
        ("e", "none", "breaks"),
    ]
    assert scores["wrong"][0]["deed"] == ROW["deed"]


def test_a_verdict_on_what_only_outsiders_claim_counts_as_none(tmp_path: Path) -> None:
    pairs = pairs_of(tmp_path, ROW | {"label": "none", "deed_claimant": "USA"})
    scores = score_ledger(pairs, saying({"one": Verdict.SETTLES}, "claimed"))
    assert scores["wrong"] == []


def test_no_pairs_give_no_shares() -> None:
    scores = score_ledger([])
    assert (scores["precision"], scores["recall"], scores["f1"], scores["label_accuracy"]) == (None,) * 4


def test_the_gold_set_is_sound_and_large_enough() -> None:
    pairs = load_ledger_pairs(GOLD)
    assert len(pairs) >= 170
    assert {pair.label for pair in pairs} == set(Verdict)
    dues: dict[tuple[str, date], set[date | None]] = {}
    for pair in pairs:
        dues.setdefault((pair.pledge, pair.pledge_date), set()).add(pair.due)
    assert [pledge for pledge, days in dues.items() if len(days) > 1] == []
