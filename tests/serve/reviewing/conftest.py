from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dragoman.database import Account, Review
from dragoman.serve import Desk
from dragoman.settings import Settings
from running import KEPT


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """A desk over a copy of the small record, in today's layout, on either database."""
    shutil.copytree(KEPT, tmp_path / "record")
    made = Desk.open(Settings.load({}, record=str(tmp_path / "record"), database=database_url))
    made.record.correct()
    yield made
    made.database.close()


@pytest.fixture
def people(desk: Desk) -> dict[str, int]:
    """Three reviewers by name."""
    with desk.database.session() as session:
        made = [Account(name=n, display_name=n, password_hash="!", role="reviewer") for n in ("ann", "eve", "ida")]
        session.add_all(made)
        session.flush()
        return {account.name: account.id for account in made}


@pytest.fixture
def judge(desk: Desk) -> Callable[..., None]:
    """Keeps a decision that was made by hand."""

    def keep(account: int, mention: str, decision: str = "accept", **changes: object) -> None:
        values: dict[str, object] = {
            "account_id": account,
            "mention_id": mention,
            "event_id": f"e{mention[1:]}",
            "decision": decision,
            "coded_type": "AID",
            "queue": "random",
            "coded": {"type": "AID", "source": "PRK:North Korea", "target": "RUS:Russia", "factuality": "actual"}
            | {"date": "", "domain": "arms"},
            "coder_version": "1",
        }
        with desk.database.session() as session:
            session.add(Review(**(values | changes)))

    return keep
