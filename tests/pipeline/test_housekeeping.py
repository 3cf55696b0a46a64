from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dragoman.database import Account, BriefText, BriefVersion, Community, open_database
from dragoman.pipeline import Record, View, Wish, view_rows
from dragoman.settings import Settings

KEPT = Path(__file__).parents[1] / "record" / "first_version"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = Record(shutil.copytree(KEPT, tmp_path / "record"))
    found.compact()
    document = sorted(found.store().snapshot().ids("documents"))[0]
    found.remove(document)
    return found


def test_no_view_changes_when_a_record_is_compacted_and_vacuumed(record: Record) -> None:
    before = {view: view_rows(record.dyad("PRK", "RUS"), view, Wish()) for view in View}
    assert before[View.EVENTS]
    assert record.compact().version is not None
    assert record.vacuum(versions=1).files > 0
    assert {view: view_rows(record.dyad("PRK", "RUS"), view, Wish()) for view in View} == before
    assert record.verify() == []


def test_a_version_that_a_published_brief_names_stays(record: Record) -> None:
    settings = Settings.load({}, record=record.location)
    database = open_database(settings)
    with database.session() as session:
        author = Account(name="ada", display_name="Ada", password_hash="x", role="author")
        community = Community(slug="asia", name="Asia")
        session.add_all([author, community])
        session.flush()
        brief = BriefText(slug="one", community_id=community.id, author_id=author.id, title="One", record_version=1)
        session.add(brief)
        session.flush()
        session.add(BriefVersion(brief_id=brief.id, number=1, content={"record_version": 1}))
    database.close()
    asked = Record(record.location, settings)
    assert 1 in asked.vacuum(versions=1).kept
    assert asked.events(version=1)


def test_a_removed_document_comes_back_with_its_version(record: Record) -> None:
    whole = record.store().snapshot().version - 1
    wanted = record.events(version=whole)
    assert record.events() != wanted
    record.restore(whole)
    assert record.events() == wanted
    assert record.verify() == []
