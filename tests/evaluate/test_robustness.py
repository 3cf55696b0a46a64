"""Changes to a text that should, or should not, change the record: each holds at least as often as its floor says."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dragoman.coding import Coder

SCRIPT = Path(__file__).parents[2] / "evals" / "robustness.py"
FLOORS = {
    "source and target exchanged": 0.95,
    "other states named": 0.85,
    "a typing error": 0.8,
    "all in capitals": 0.9,
    "“… denied that” before it": 0.92,
    "“… denied that” before it, kept": 0.88,
    "“It is possible that” before it": 0.8,
    "“It is not true that” before it": 0.95,
    "the same said otherwise": 0.6,
}


@pytest.fixture(scope="module")
def robustness() -> ModuleType:
    spec = importlib.util.spec_from_file_location("robustness", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["robustness"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def measured(robustness: ModuleType) -> dict[str, float]:
    return {rate.name: rate.share for rate in robustness.rates(Coder())}


@pytest.mark.parametrize("name", FLOORS)
def test_a_change_is_stood(measured: dict[str, float], name: str) -> None:
    assert measured[name] >= FLOORS[name]


def test_exchanging_names_exchanges_each_once(robustness: ModuleType) -> None:
    assert robustness.exchanged("Peru sued Chile; Chile laughed.", "Peru", "Chile") == "Chile sued Peru; Peru laughed."


def test_a_capital_takes_a_capitals_place(robustness: ModuleType) -> None:
    text = robustness.exchanged("United States drones pound villages near Lima.", "United States", "Lima")
    assert text == "Peru drones pound villages near Washington."


def test_a_typing_error_leaves_names_alone(robustness: ModuleType) -> None:
    item = robustness.Plain("Bolivia condemned Paraguay.", "ACCUSE", "Bolivia", "Paraguay", "actual")
    changed = robustness.mistyped(item, random.Random(1))
    assert changed != item.text
    assert changed.startswith("Bolivia ")
    assert changed.endswith(" Paraguay.")
