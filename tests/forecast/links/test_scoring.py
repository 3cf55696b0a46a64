"""Scoring on files, as `dragoman eval forecast` does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dragoman.cli.app import app
from dragoman.errors import UsageError
from dragoman.forecast.links.facts import Facts
from dragoman.forecast.links.scoring import score_links
from worlds import NAMES, regular_world

KEYS = ["mrr", "hits1", "hits3", "hits10", "n", "fit_seconds", "predict_seconds", "peak_mb"]


def write_facts(path: Path, facts: Facts) -> Path:
    rows = zip(facts.source, facts.relation, facts.target, facts.day * 24, strict=True)
    path.write_text("".join(f"{s}\t{r}\t{t}\t{hours}\t-1\n" for s, r, t, hours in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    for name, words in (("entity2id.txt", NAMES.entities), ("relation2id.txt", NAMES.relations)):
        lines = "".join(f"{word}\t{i}\n" for i, word in enumerate(words))
        (tmp_path / name).write_text(lines, encoding="utf-8")
    world = regular_world()
    parts = (("train", 0, 39), ("valid", 40, 49), ("test", 50, 59))
    train, valid, test = (write_facts(tmp_path / f"{name}.txt", world.of_days(a, b)) for name, a, b in parts)
    return train, valid, test


def test_the_summary_has_the_keys_that_people_rely_on(files: tuple[Path, Path, Path]) -> None:
    summary = score_links(*files, model="recurrence").summary()
    assert list(summary) == KEYS
    assert 0 < summary["hits1"] <= summary["mrr"] <= 1


def test_a_test_that_begins_before_the_past_ends_is_refused(files: tuple[Path, Path, Path]) -> None:
    train, valid, test = files
    with pytest.raises(UsageError, match="earlier days only"):
        score_links(train, test, valid, model="recurrence")


def test_an_unknown_model_is_refused(files: tuple[Path, Path, Path]) -> None:
    with pytest.raises(UsageError, match="trees, recurrence"):
        score_links(*files, model="oracle")


def test_the_command_prints_one_object(files: tuple[Path, Path, Path]) -> None:
    train, valid, test = files
    words = ["eval", "forecast", "--train", str(train), "--valid", str(valid), "--test", str(test)]
    result = CliRunner().invoke(app, [*words, "--model", "recurrence", "--json"])
    assert result.exit_code == 0
    assert list(json.loads(result.stdout)) == KEYS
