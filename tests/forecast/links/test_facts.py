"""Reading of temporal knowledge graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import DataError, UsageError
from dragoman.forecast.links.facts import Names, facts_of, load_facts, load_names, together

NAMES = Names(("Aland", "Bland", "Army_(Aland)"), ("Consult", "Accuse"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_load_reads_days_in_order_and_ignores_a_fifth_column(tmp_path: Path) -> None:
    facts = load_facts(write(tmp_path / "train.txt", "0\t1\t2\t48\t-1\n1 0 0 24\n"), NAMES)
    assert facts.day.tolist() == [1, 2]
    assert (facts.source.tolist(), facts.relation.tolist(), facts.target.tolist()) == ([1, 0], [0, 1], [0, 2])


@pytest.mark.parametrize("line", ["0 1 2", "0 1 x 24", "0 1 3 24", "0 2 1 24", "-1 0 0 24"])
def test_load_refuses_a_line_that_cannot_be_and_names_it(tmp_path: Path, line: str) -> None:
    with pytest.raises(DataError, match="line 2"):
        load_facts(write(tmp_path / "train.txt", f"0 1 2 24\n{line}\n"), NAMES)


def test_load_refuses_an_empty_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no facts"):
        load_facts(write(tmp_path / "train.txt", "\n"), NAMES)
    with pytest.raises(UsageError, match="no file"):
        load_facts(tmp_path / "other.txt", NAMES)


def test_load_names_puts_each_name_at_its_number(tmp_path: Path) -> None:
    write(tmp_path / "entity2id.txt", "Bland\t1\nAland\t0\n")
    write(tmp_path / "relation2id.txt", "Make a visit\t0\n")
    assert load_names(tmp_path) == Names(("Aland", "Bland"), ("Make a visit",))


def test_load_names_skips_a_leading_count_and_names_gaps(tmp_path: Path) -> None:
    write(tmp_path / "entity2id.txt", "2\nAland\t0\nCland\t2\n")
    write(tmp_path / "relation2id.txt", "Consult\t0\n")
    assert load_names(tmp_path).entities == ("Aland", "#1", "Cland")


def test_load_names_refuses_what_is_no_name(tmp_path: Path) -> None:
    write(tmp_path / "entity2id.txt", "Aland\tzero\n")
    with pytest.raises(DataError, match="line 1"):
        load_names(tmp_path)


def test_both_ways_turns_every_fact_around() -> None:
    both = facts_of([0], [1], [2], [5]).both_ways(2)
    assert list(zip(both.source, both.relation, both.target, strict=True)) == [(0, 1, 2), (2, 3, 0)]


def test_of_days_includes_both_ends() -> None:
    facts = together(facts_of([0, 1], [0, 0], [1, 0], [3, 4]), facts_of([2], [0], [0], [2]))
    assert facts.of_days(2, 3).source.tolist() == [2, 0]
