"""Two that write at once, and a PostgreSQL server that goes away and comes back."""

from __future__ import annotations

import logging
import shutil
from functools import partial
from pathlib import Path

from benchmarks.faults.children import ended, in_child, start
from benchmarks.faults.kills import import_days, write_days
from benchmarks.faults.outcome import Outcome, compared, state
from sqlalchemy import select

from dragoman.database import Database, FetchedItem, open_database
from dragoman.errors import DatabaseError
from dragoman.pipeline import Record
from dragoman.settings import Settings
from postgres import running


def at_once(pages: Path, folder: Path, points: int) -> Outcome:
    """Two processes add the same folder and a third imports, all at once: as if one had done all, one after another."""
    folder.mkdir(parents=True)
    days = write_days(folder / "days", files=3)
    few = Settings.load({"DRAGOMAN_BATCH_DOCUMENTS": "2"})

    def add(place: Path) -> None:
        Record(place / "record", few).add(pages)

    def alone() -> tuple[str, list[str]]:
        add(folder / "alone")
        import_days(days, folder / "alone")
        return state(folder / "alone" / "record")

    wanted, lost = in_child(alone)
    outcome = Outcome("two that add and one that imports at once", points, lost)
    for number in range(points):
        place = folder / str(number)
        children = [
            start(partial(add, place)),
            start(partial(add, place)),
            start(partial(import_days, days, place)),
        ]
        codes = [ended(child) for child in children]
        if any(codes):
            outcome.lost.append(f"time {number}: ended with {codes}")
        outcome.lost += compared(
            f"time {number}",
            in_child(partial(state, place / "record")),
            wanted,
        )
    outcome.seen = "the record of one after the other, whoever came first"
    return outcome


def _write(database: Database, number: int) -> None:
    with database.session() as session:
        session.add(FetchedItem(source="site", address_hash=str(number), address=f"https://site.example/{number}"))


def going_away(points: int) -> Outcome:
    """Stop the server at once while the database is in use, start it again: writes fail with a reason, then work."""
    outcome = Outcome("PostgreSQL goes away and comes back", 0)
    if not shutil.which("initdb") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        outcome.seen = "not tried: there is no PostgreSQL here"
        return outcome
    # The pool tells of every connection that it finds broken, with a traceback.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)
    with running() as server:
        database = open_database(Settings.load({}, database=server.address))
        written = []
        for number in range(points):
            _write(database, 2 * number)
            server.stop()
            try:
                _write(database, 2 * number + 1)
                outcome.lost.append(f"time {number}: a write was taken while the server was away")
            except DatabaseError as error:
                if "try again" not in str(error):
                    outcome.lost.append(f"time {number}: {error}")
            server.start()
            _write(database, 1000 + number)
            written += [2 * number, 1000 + number]
            outcome.tried += 1
        with database.session() as session:
            there = sorted(int(key) for key in session.scalars(select(FetchedItem.address_hash)))
        database.close()
    if there != sorted(written):
        outcome.lost.append(f"written {sorted(written)}, there are {there}")
    outcome.seen = (
        "a `DatabaseError` while it is away, then the next unit of work goes through; what was committed is there"
    )
    return outcome
