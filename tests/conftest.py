"""What tests share: makers of documents and mentions by hand, and where the checking data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder with checking data; CI sets it and fails if it is absent."""
    place = os.environ.get("DRAGOMAN_EVAL_DATA")
    if not place:
        pytest.fail("DRAGOMAN_EVAL_DATA is not set; name the folder with the checking data, or deselect -m eval_data.")
    path = Path(place)
    if not path.is_dir():
        pytest.fail(f"DRAGOMAN_EVAL_DATA is {place!r}, which is no folder.")
    return path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that need checking data out where there is none; the report's header says so."""
    if os.environ.get("DRAGOMAN_EVAL_DATA"):
        return
    left_out = [item for item in items if item.get_closest_marker("eval_data")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("eval_data")]


def pytest_report_header() -> str:
    """Say whether tests with checking data take part."""
    place = os.environ.get("DRAGOMAN_EVAL_DATA")
    return (
        f"checking data: {place}" if place else "checking data: none (DRAGOMAN_EVAL_DATA unset); its tests are left out"
    )
