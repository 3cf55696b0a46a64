from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.coding import Coder
from dragoman.errors import DataError, UsageError
from dragoman.evaluate.merging import (
    GoldGroup,
    b_cubed,
    coded_report,
    gold_report,
    load_groups,
    score_groups,
    score_merging,
    score_rule,
)
from dragoman.terms import EventType, Factuality
from making import make_mention, make_report

EVALS = Path(__file__).parents[2] / "evals" / "relate"
SHIPPED = "North Korea shipped artillery shells to Russia on Wednesday, the foreign ministry in Seoul said."
AGAIN = "Pyongyang sent Russia 300 containers of artillery shells on Wednesday, South Korea said."
NEXT = "North Korea shipped artillery shells to Russia on Sunday, the foreign ministry in Seoul said."


def row(number: int, text: str, happening: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"x-{number}",
        "outlet": f"outlet {number}",
        "published": "2024-06-20",
        "text": text,
        "source": "PRK",
        "target": "RUS",
        "types": ["AID"],
        "happening": happening,
    } | changes


def groups_of(folder: Path, *rows: dict[str, Any]) -> list[GoldGroup]:
    path = folder / "groups.jsonl"
    path.write_text(json.dumps({"id": "x", "reports": rows}) + "\n", "utf-8")
    return load_groups(path)


def test_a_group_is_read(tmp_path: Path) -> None:
    (group,) = groups_of(tmp_path, row(1, SHIPPED, "a", types=["AGREE", "AID"], factuality="pledged"))
    (report,) = group.reports
    assert (report.types, report.factuality) == ((EventType.AGREE, EventType.AID), Factuality.PLEDGED)
    assert (report.document.publisher, str(report.document.published)) == ("outlet 1", "2024-06-20")


def test_factuality_is_actual_unless_told(tmp_path: Path) -> None:
    (group,) = groups_of(tmp_path, row(1, SHIPPED, "a"))
    assert group.reports[0].factuality is Factuality.ACTUAL


def test_an_unknown_type_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 1 .*GIFT"):
        groups_of(tmp_path, row(1, SHIPPED, "a", types=["GIFT"]))


def test_a_report_without_types_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="types"):
        groups_of(tmp_path, row(1, SHIPPED, "a", types=[]))


def test_a_day_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="June"):
        groups_of(tmp_path, row(1, SHIPPED, "a", published="June"))


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    path.write_text("\n{", "utf-8")
    with pytest.raises(DataError, match="line 2"):
        load_groups(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        load_groups(tmp_path / "none.jsonl")


def test_b_cubed_of_a_perfect_clustering_is_one() -> None:
    gold = {"1": "a", "2": "a", "3": "b"}
    assert b_cubed(gold, {"1": "x", "2": "x", "3": "y"}) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_b_cubed_counts_items_not_links() -> None:
    # The example of the paper: clusters of 5, 2 and 5, of which the answer joins the last two.
    gold = {str(n): "a" if n < 5 else "b" if n < 7 else "c" for n in range(12)}
    told = {str(n): "x" if n < 5 else "y" for n in range(12)}
    assert b_cubed(gold, told) == {"precision": 0.7619, "recall": 1.0, "f1": 0.8649}


def test_what_is_put_apart_loses_recall() -> None:
    assert b_cubed({"1": "a", "2": "a"}, {"1": "x", "2": "y"}) == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}


def test_b_cubed_of_nothing_is_unknown() -> None:
    assert b_cubed({}, {})["f1"] is None


def test_right_and_wrong_decisions_are_counted(tmp_path: Path) -> None:
    groups = groups_of(tmp_path, row(1, SHIPPED, "a"), row(2, AGAIN, "a"), row(3, NEXT, "b"))
    # All three are dated 19 June here, so that they become one event.
    reports = {
        report.id: make_report(replace(make_mention(report.document), document_id=report.document.id))
        for report in groups[0].reports
    }
    found = score_groups(groups, reports)
    assert (found["decisions"], found["same"], found["happenings"]) == (3, 1, 2)
    assert found["pairwise"] == {"precision": 0.3333, "recall": 1.0, "f1": 0.5}
    assert [(wrong["right"], wrong["reports"]) for wrong in found["wrong"]] == [
        ("different", ["x-1", "x-3"]),
        ("different", ["x-2", "x-3"]),
    ]
    assert found["wrong"][0]["texts"] == [SHIPPED, NEXT]


def test_reports_of_other_groups_are_never_compared(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    lines = [{"id": name, "reports": [row(name, SHIPPED, "a", id=f"{name}-1")]} for name in (1, 2)]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    groups = load_groups(path)
    reports = {r.id: make_report(make_mention(r.document)) for group in groups for r in group.reports}
    assert score_groups(groups, reports)["decisions"] == 0


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def test_both_ways_of_scoring_tell_two_shipments_apart(tmp_path: Path, coder: Coder) -> None:
    groups = groups_of(tmp_path, row(1, SHIPPED, "a"), row(2, NEXT, "b", published="2024-06-24"))
    for found in (score_merging(groups, coder), score_rule(groups, coder)):
        assert (found["matched"], found["unmatched"], found["wrong"]) == (2, [], [])


def test_a_report_in_which_the_coder_misses_the_event_is_left_out_and_named(tmp_path: Path, coder: Coder) -> None:
    groups = groups_of(tmp_path, row(1, SHIPPED, "a"), row(2, "It rained in Oslo.", "a"))
    assert score_merging(groups, coder)["unmatched"] == ["x-2"]
    assert score_rule(groups, coder)["matched"] == 2


def test_the_rule_is_judged_with_the_parties_of_gold(tmp_path: Path, coder: Coder) -> None:
    (group,) = groups_of(tmp_path, row(1, "It rained in Oslo on Tuesday.", "a", target="NATO", factuality="denied"))
    mention = gold_report(group.reports[0], coder).mention
    assert [party.actor.key for party in (*mention.source, *mention.target)] == ["PRK", "IGO:NATO"]
    assert (mention.type, mention.factuality, str(mention.date)) == (EventType.AID, Factuality.DENIED, "2024-06-18")


def test_a_target_that_gold_leaves_open_matches_any(tmp_path: Path, coder: Coder) -> None:
    (group,) = groups_of(tmp_path, row(1, SHIPPED, "a", target=""))
    found = coded_report(group.reports[0], coder)
    assert found is not None
    assert found.mention.type is EventType.AID


@pytest.mark.parametrize("name", ["happenings.jsonl", "happenings_dev.jsonl"])
def test_the_gold_is_large_enough_and_names_only_what_exists(name: str) -> None:
    groups = load_groups(EVALS / name)
    sizes = [len(group.reports) for group in groups]
    assert len(groups) >= (60 if name == "happenings.jsonl" else 40)
    assert min(sizes) >= 3
    assert max(sizes) <= 6
    ids = [report.id for group in groups for report in group.reports]
    assert len(set(ids)) == len(ids)


def test_gold_and_development_texts_differ() -> None:
    texts = [
        {report.document.body for group in load_groups(EVALS / name) for report in group.reports}
        for name in ("happenings.jsonl", "happenings_dev.jsonl")
    ]
    assert not texts[0] & texts[1]
