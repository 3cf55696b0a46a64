from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.errors import DataError, UsageError
from dragoman.evaluate import EventScores, GoldEvent, GoldText, load_gold
from dragoman.evaluate.events import CodedPair, match_text


def gold(*events: tuple[str, str, str], **changes: str) -> GoldText:
    made = tuple(
        GoldEvent(s, t, frozenset(k.split("|")), changes.get("factuality"), changes.get("by")) for s, t, k in events
    )
    return GoldText("g1", "text", None, "wire", made)


def coded(source: str, target: str, kind: str, factuality: str = "actual", *claimants: str) -> CodedPair:
    return CodedPair(
        frozenset(source.split("|")),
        frozenset(target.split("|")) if target else frozenset(),
        kind,
        factuality,
        frozenset(claimants),
        "e",
    )


def scores(text: GoldText, *pairs: CodedPair) -> dict[str, object]:
    return EventScores((match_text(text, pairs),), 1.0).summary()


def test_a_perfect_coder_scores_one() -> None:
    found = scores(gold(("RUS", "PRK", "AID")), coded("RUS", "PRK", "AID"))
    assert [found[key] for key in ("precision", "recall", "f1", "undirected_f1", "direction_accuracy")] == [1.0] * 5


def test_a_second_identical_pair_is_a_false_positive() -> None:
    found = scores(gold(("RUS", "PRK", "AID")), coded("RUS", "PRK", "AID"), coded("RUS", "PRK", "AID"))
    assert (found["precision"], found["recall"]) == (0.5, 1.0)


def test_a_swapped_pair_counts_undirected_only() -> None:
    found = scores(gold(("RUS", "PRK", "AID")), coded("PRK", "RUS", "AID"))
    assert (found["f1"], found["undirected_f1"], found["direction_accuracy"]) == (0.0, 1.0, 0.0)


def test_a_name_or_abbreviation_matches() -> None:
    assert scores(gold(("NATO", "RUS", "ACCUSE")), coded("IGO|NATO", "RUS", "ACCUSE"))["f1"] == 1.0


def test_an_empty_gold_target_matches_any_and_none() -> None:
    text = gold(("RUS", "", "REJECT"))
    assert scores(text, coded("RUS", "KOR", "REJECT"))["f1"] == 1.0
    assert scores(text, coded("RUS", "", "REJECT"))["f1"] == 1.0


def test_a_named_gold_target_does_not_match_none() -> None:
    assert scores(gold(("RUS", "KOR", "REJECT")), coded("RUS", "", "REJECT"))["f1"] == 0.0


def test_one_pair_serves_the_gold_event_that_needs_it() -> None:
    text = gold(("RUS", "", "REJECT"), ("RUS", "KOR", "REJECT"))
    assert scores(text, coded("RUS", "KOR", "REJECT"), coded("RUS", "USA", "REJECT"))["recall"] == 1.0


def test_either_of_two_types_is_right() -> None:
    assert scores(gold(("CHN", "USA", "SANCTION|COERCE")), coded("CHN", "USA", "COERCE"))["f1"] == 1.0


def test_factuality_and_claimant_are_judged_only_where_gold_says() -> None:
    silent = scores(gold(("RUS", "PRK", "AID")), coded("RUS", "PRK", "AID"))
    assert (silent["factuality_accuracy"], silent["claimant_accuracy"]) == (None, None)
    told = scores(
        gold(("RUS", "PRK", "AID"), factuality="denied", by="KOR"), coded("RUS", "PRK", "AID", "actual", "KOR")
    )
    assert (told["factuality_accuracy"], told["claimant_accuracy"]) == (0.0, 1.0)


def test_an_event_in_an_empty_text_is_false() -> None:
    assert scores(gold(), coded("RUS", "PRK", "AID"))["false_events_on_empty"] == 1.0
    assert scores(gold())["false_events_on_empty"] == 0.0


def test_load_gold_reads_the_promised_lines(tmp_path: Path) -> None:
    line = {"id": "a", "date": "2024-06-20", "text": "t", "events": [{"source": "A", "target": "", "types": ["AID"]}]}
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(line) + "\n\n", "utf-8")
    (text,) = load_gold(path)
    assert (text.id, str(text.published), text.events[0].factuality) == ("a", "2024-06-20", None)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"text": "t"}',
        '{"text": "t", "events": [{"source": "A", "target": "B", "types": ["HUG"]}]}',
        '{"text": "t", "events": [{"source": "A", "target": "B", "types": ["AID"], "factuality": "maybe"}]}',
        '{"text": "t", "date": "June", "events": []}',
    ],
)
def test_load_gold_names_the_malformed_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl line 1"):
        load_gold(path)


def test_load_gold_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        load_gold(tmp_path / "none.jsonl")
