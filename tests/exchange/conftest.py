"""What the tests of imports share: parties over the shipped gazetteer, a record, and rows of each provider by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.parties import Parties
from dragoman.pipeline import Record


@pytest.fixture(scope="session")
def parties() -> Parties:
    return Parties(gazetteer(""))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")
