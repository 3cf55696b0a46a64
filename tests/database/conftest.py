from __future__ import annotations

from collections.abc import Iterator

import pytest

from dragoman.database import Database, open_database
from dragoman.settings import Settings


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = open_database(Settings.load({}, database=database_url))
    yield found
    found.close()
