"""What tests share: makers of documents and mentions by hand, and where the checking data lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres import empty_database


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty SQL database: a file, and a new one on the server of `DRAGOMAN_TEST_POSTGRES`."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/desk.sqlite"
        return
    with empty_database(os.environ["DRAGOMAN_TEST_POSTGRES"]) as address:
        yield address


NEEDS = {
    "eval_data": ("checking data", "DRAGOMAN_EVAL_DATA"),
    "spark": ("Spark master", "DRAGOMAN_SPARK_MASTER"),
    "postgres": ("PostgreSQL", "DRAGOMAN_TEST_POSTGRES"),
    "browser": ("browser", "DRAGOMAN_TEST_BROWSER"),
}
"""What the tests of a marker need, and the variable that names it."""


@pytest.fixture(scope="session")
def spark_master() -> str:
    """The address of a Spark master, for tests that are marked `spark`."""
    return os.environ["DRAGOMAN_SPARK_MASTER"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests out for which something is not there that they need; the report's header says so."""
    lacking = [marker for marker, (_, variable) in NEEDS.items() if not os.environ.get(variable)]
    left_out = [item for item in items if any(map(item.get_closest_marker, lacking))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_report_header() -> list[str]:
    """Say whether the tests that need something take part."""
    return [
        f"{what}: {os.environ.get(variable) or f'none ({variable} unset); its tests are left out'}"
        for what, variable in NEEDS.values()
    ]
