from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.serve import Desk, create_app
from dragoman.settings import Settings
from running import KEPT


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """A desk over a copy of the small record that the first version wrote, on either database."""
    shutil.copytree(KEPT, tmp_path / "record")
    settings = Settings.load({"DRAGOMAN_SERVE_LIMITS": "off"}, record=str(tmp_path / "record"), database=database_url)
    found = Desk.open(settings)
    yield found
    found.database.close()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """Somebody who is not signed in, with a browser that keeps cookies."""
    with TestClient(create_app(desk), base_url="http://desk.example", follow_redirects=False) as found:
        yield found
