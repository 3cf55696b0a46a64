from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.read import Input, ReadOptions, read_input
from dragoman.records import Document, Refusal

Outcome = Document | Refusal
ReadBytes = Callable[..., list[Outcome]]
PAGES = Path(__file__).parent / "pages"


@pytest.fixture
def pages() -> Path:
    return PAGES


@pytest.fixture
def retrieved() -> datetime:
    return datetime(2026, 1, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """Everything that comes of a file with this content and name."""

    def read(data: bytes | str, name: str = "page.html", options: ReadOptions | None = None) -> list[Outcome]:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return list(read_input(Input(name, path=path), options or ReadOptions()))

    return read
