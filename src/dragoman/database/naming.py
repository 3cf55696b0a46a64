"""Which versions of the record published briefs rest on, so that nobody lets go of them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url, select

from dragoman.database.engine import address_of, open_database
from dragoman.database.publishing import BriefVersion
from dragoman.settings import Settings


def versions_named(settings: Settings) -> frozenset[int]:
    """The record versions that any published state of any brief names; none where there is no database yet.

    A database that is named and cannot be opened is a `DatabaseError`: what it names is then unknown.
    """
    if not settings.database and "://" in settings.record:
        return frozenset()
    url = make_url(address_of(settings))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").expanduser().is_file():
        return frozenset()
    database = open_database(settings)
    try:
        with database.session() as session:
            contents = session.scalars(select(BriefVersion.content)).all()
    finally:
        database.close()
    return frozenset(int(content["record_version"]) for content in contents if "record_version" in content)
