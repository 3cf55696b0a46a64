from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dragoman.database import Database, open_database
from dragoman.pipeline import Record
from dragoman.read import Fetcher
from dragoman.settings import Settings
from dragoman.watch import Archive, Source, Watcher
from simulated_watch import SimulatedClock, Site


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def site(clock: SimulatedClock) -> Iterator[Site]:
    running = Site(clock)
    yield running
    running.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.load(
        {}, record=str(tmp_path / "record"), database=database_url, fetch_allow="127.0.0.0/8", fetch_seconds="1"
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    found = open_database(settings)
    yield found
    found.close()


@pytest.fixture
def record(settings: Settings) -> Record:
    return Record(settings.record, settings)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


Watch = Callable[..., Watcher]


@pytest.fixture
def watch(
    record: Record, database: Database, archive: Archive, clock: SimulatedClock, settings: Settings
) -> Callable[..., Watcher]:
    """A watcher of some sources, as a process of its own would make it."""

    def made(*sources: Source, **options: Any) -> Watcher:
        values: dict[str, Any] = {
            "archive": archive,
            "asker": Fetcher(settings),
            "clock": clock,
            "random": Random(7),
        }
        return Watcher(options.pop("record", record), database, sources, **(values | options))

    return made
