from __future__ import annotations

import shutil
from pathlib import Path

import pytest

DISPATCHES = Path(__file__).parents[2] / "corpora" / "dispatches"


@pytest.fixture(scope="session")
def ten_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten sample pages about North Korea and Russia, in a folder of their own."""
    folder = tmp_path_factory.mktemp("pages")
    for page in sorted((DISPATCHES / "pages").glob("prk-rus-*.html"))[:8]:
        shutil.copy(page, folder)
    for page in sorted((DISPATCHES / "notes").glob("prk-rus-*.md"))[:2]:
        shutil.copy(page, folder)
    return folder
