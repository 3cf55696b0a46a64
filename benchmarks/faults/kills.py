"""`kill -9` at random points of everything that writes; started again, it must end like an unbroken run."""

from __future__ import annotations

import csv
import datetime
import json
import math
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.faults.children import ended, in_child, start
from benchmarks.faults.outcome import Outcome, compared, state
from benchmarks.faults.watching import before_watching, news_site, watch, watched
from sqlalchemy import select

from dragoman.database import FetchedItem, open_database
from dragoman.exchange.gdelt import COLUMNS
from dragoman.pipeline import Record
from dragoman.records import Correction
from dragoman.settings import Settings
from dragoman.terms import CorrectionKind

Note = Callable[[Outcome], object]
"""Hears of an outcome as it grows."""
REVIEWED = 6
VISITS = 60
MOMENT = datetime.datetime(2026, 1, 15, 9, 30, tzinfo=datetime.UTC)
_CODES = ("010", "036", "042", "057", "111", "130", "173", "190", "193", "020")
_STATES = ("RUS", "UKR", "USA", "CHN", "PRK", "KOR", "FRA", "DEU")


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that writes: `prepare` makes what is there before, `run` does it and may be run again after a kill."""

    name: str
    share: int
    prepare: Callable[[Path], object]
    run: Callable[[Path], object]
    told: Callable[[Path], tuple[str, list[str]]] = state


def add(pages: Path, place: Path) -> None:
    """Add a folder in small batches, so that there are many commits to be killed in."""
    Record(place / "record", Settings.load({"DRAGOMAN_BATCH_DOCUMENTS": "2"})).add(pages)


def write_days(folder: Path, files: int = 6, rows: int = 150) -> Path:
    """Made-up day files of GDELT."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)
    for day in range(files):
        with (folder / f"202401{day + 1:02}.export.CSV").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
            for number in range(rows):
                first, second = chance.sample(_STATES, 2)
                values = {
                    "GLOBALEVENTID": str(day * 1000 + number),
                    "SQLDATE": f"202401{day + 1:02}",
                    "Actor1Code": first,
                    "Actor1CountryCode": first,
                    "Actor2Code": second,
                    "Actor2CountryCode": second,
                    "EventCode": chance.choice(_CODES),
                    "QuadClass": "1",
                    "NumSources": "2",
                    "DATEADDED": f"202401{day + 1:02}120000",
                    "SOURCEURL": f"https://outlet.example/{day}/{number}",
                }
                writer.writerow([values.get(name, "") for name in COLUMNS])
    return folder


def import_days(days: Path, place: Path) -> None:
    """Import the day files."""
    Record(place / "record").import_events("gdelt", days)


def compact(place: Path) -> None:
    """Compact the record."""
    Record(place / "record").compact()


def choose(pages: Path, place: Path) -> None:
    """Add, and note which events a person will dismiss."""
    add(pages, place)
    chosen = [event["id"] for event in Record(place / "record").events()[:REVIEWED]]
    (place / "chosen.json").write_text(json.dumps(chosen), "utf-8")


def review(place: Path) -> None:
    """Say of the chosen events that they are none, one correction a commit; what is said already is not said again."""
    record = Record(place / "record")
    said = {row["id"] for row in record.store().snapshot().rows("corrections")}
    for event in json.loads((place / "chosen.json").read_text("utf-8")):
        correction = Correction(CorrectionKind.DISMISS, event, "ada", MOMENT)
        if correction.id not in said:
            record.correct(correction)


def visit(place: Path) -> None:
    """Write to the SQL database, a unit of work a row, and note each as soon as it is committed."""
    database = open_database(Settings.load({}, database=f"sqlite:///{place}/desk.sqlite"))
    with database.session() as session:
        known = set(session.scalars(select(FetchedItem.address)))
    noted = os.open(place / "noted", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(VISITS):
        address = f"https://site.example/{number}"
        if address in known:
            continue
        with database.session() as session:
            session.add(FetchedItem(source="site", address_hash=str(number), address=address, first_seen=MOMENT))
        os.write(noted, f"{address}\n".encode())
    os.close(noted)
    database.close()


def visited(place: Path) -> tuple[str, list[str]]:
    """The rows of the SQL database, and what is wrong: a damaged file, or a row that was noted and is not there."""
    connection = sqlite3.connect(place / "desk.sqlite")
    there = [row[0] for row in connection.execute("SELECT address FROM fetched ORDER BY address")]
    checked = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    noted = (place / "noted").read_text("utf-8").split() if (place / "noted").exists() else []
    lost = sorted(set(noted) - set(there))
    return str(there), [*([] if checked == "ok" else [checked]), *(f"{one} is lost" for one in lost)]


def operations(pages: Path, days: Path, site: str) -> list[Operation]:
    """Everything that writes, with its share of 200 kills; `site` is the address of the site that is watched."""

    def of_record(place: Path) -> tuple[str, list[str]]:
        return state(place / "record")

    return [
        Operation("add", 50, _nothing, partial(add, pages), of_record),
        Operation("watch", 28, partial(before_watching, pages), partial(watch, site), watched),
        Operation("import", 46, _nothing, partial(import_days, days), of_record),
        Operation("compact", 36, partial(add, pages), compact, of_record),
        Operation("review", 25, partial(choose, pages), review, of_record),
        Operation("SQL database", 15, _nothing, visit, visited),
    ]


def _nothing(place: Path) -> None:
    place.mkdir(exist_ok=True)


def kill(
    operation: Operation,
    folder: Path,
    points: int,
    seed: int,
    before: Outcome | None = None,
    note: Note | None = None,
    until: float = math.inf,
) -> Outcome:
    """Kill the operation at so many random points, each on a fresh copy, and run it again after each.

    A kill that comes when the run has ended already is not counted. `before` is what earlier runs came to, which
    count; `note` hears of the outcome after every point; none begins after the moment `until`.
    """
    outcome = before or Outcome(named(operation), 0)
    if outcome.tried >= points or time.monotonic() > until:
        return outcome
    folder.mkdir(parents=True)
    begun, unbroken = folder / "begun", folder / "unbroken"
    begun.mkdir()
    in_child(partial(operation.prepare, begun))
    shutil.copytree(begun, unbroken)
    started = time.monotonic()
    in_child(partial(operation.run, unbroken))
    length = time.monotonic() - started
    wanted, wrong = in_child(partial(operation.told, unbroken))
    outcome.lost += [f"unbroken: {one}" for one in wrong]
    while outcome.tried < points and time.monotonic() < until:
        number = outcome.tried + outcome.missed
        place = folder / str(number)
        shutil.copytree(begun, place)
        child = start(partial(operation.run, place))
        waited = random.Random(f"{seed} {operation.name} {number}").uniform(0, length)
        time.sleep(waited)
        os.kill(child, signal.SIGKILL)
        if ended(child) == -signal.SIGKILL:
            outcome.tried += 1
        else:
            # The machine was slower when the unbroken run was timed.
            outcome.missed, length = outcome.missed + 1, waited
        again = ended(start(partial(operation.run, place)))
        name = f"kill {number}"
        if again:
            outcome.lost.append(f"{name}: the next run ended with {again}")
        else:
            found = in_child(partial(operation.told, place))
            outcome.lost += compared(name, found, wanted)
        outcome.seen = "each met a run under way; each next run ended like an unbroken one"
        shutil.rmtree(place)
        if note is not None:
            note(outcome)
    return outcome


def named(operation: Operation) -> str:
    """How the table calls kills in an operation."""
    return f"kill -9 in {operation.name}"


def all_kills(
    pages: Path,
    folder: Path,
    points: int,
    seed: int,
    chosen: Sequence[str] = (),
    before: Mapping[str, Outcome] | None = None,
    note: Note | None = None,
    until: float = math.inf,
) -> list[Outcome]:
    """Kills in everything that writes, so many in all; or the shares of what is chosen."""
    days = write_days(folder / "days")
    found = []
    with news_site(pages) as site:
        told = operations(pages, days, site)
        whole = sum(operation.share for operation in told)
        for operation in told:
            if not chosen or operation.name in chosen:
                wanted = max(1, operation.share * points // whole)
                place = folder / operation.name.replace(" ", "-")
                earlier = (before or {}).get(named(operation))
                found.append(kill(operation, place, wanted, seed, earlier, note, until))
    return found
