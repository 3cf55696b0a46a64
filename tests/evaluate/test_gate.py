from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

GATE = Path(__file__).parents[2] / "evals" / "gate.py"
FLOORS = {
    "precision": 0.8,
    "recall": 0.4,
    "f1": 0.5,
    "direction_accuracy": 0.9,
    "factuality_accuracy": 0.9,
    "claimant_accuracy": 0.7,
    "false_events_on_empty": 0.1,
    "expected_calibration_error": 0.05,
}


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gate", GATE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gate"] = module
    spec.loader.exec_module(module)
    return module


def test_a_score_on_its_floor_passes(gate: ModuleType) -> None:
    assert gate.judge(dict(FLOORS), FLOORS) == []


def test_a_score_under_its_floor_fails_and_is_named(gate: ModuleType) -> None:
    assert gate.judge(FLOORS | {"recall": 0.39}, FLOORS) == ["gold: recall is 0.39, under its floor 0.4"]


def test_too_many_false_events_fail(gate: ModuleType) -> None:
    assert gate.judge(FLOORS | {"false_events_on_empty": 0.11}, FLOORS) != []


def test_a_score_that_could_not_be_measured_fails(gate: ModuleType) -> None:
    assert gate.judge(FLOORS | {"claimant_accuracy": None}, FLOORS) != []


def test_floors_rise_when_beaten_and_never_fall(gate: ModuleType) -> None:
    found = FLOORS | {"precision": 0.95, "recall": 0.3, "false_events_on_empty": 0.02}
    after = gate.raised(found, FLOORS, lower=False)
    assert (after["precision"], after["recall"], after["false_events_on_empty"]) == (0.94, 0.4, 0.03)


def test_floors_fall_only_when_told_to(gate: ModuleType) -> None:
    assert gate.raised(FLOORS | {"recall": 0.3}, FLOORS, lower=True)["recall"] == 0.29


def test_the_stored_figures_belong_to_the_sets_that_are_here(gate: ModuleType) -> None:
    stored = tomllib.loads(gate.MEASURED.read_text("utf-8"))
    pinned = tomllib.loads(gate.FLOORS.read_text("utf-8"))
    assert pinned["gold_sha256"] == gate.digest(gate.GOLD)
    assert pinned["heldout_sha256"] == stored["heldout_sha256"] == gate.digest(*gate.HELDOUT)
