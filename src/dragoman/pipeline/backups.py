"""Backup and restore: the record and the SQL database at one moment, in one folder or one archive."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from dragoman.database import dump, load, open_database
from dragoman.errors import DataError, RecordDamaged, UsageError
from dragoman.record import Store, copy_record, verify
from dragoman.settings import Settings

FORMAT = 1
ARCHIVES = (".tar", ".tar.gz", ".tgz")
_TOLD, _RECORD, _DATABASE = "backup.json", "record", "database.jsonl"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: where it lies, the record's version, and how many rows of the SQL database."""

    place: Path
    version: int
    rows: int


def back_up(settings: Settings, place: Path) -> Backup:
    """Write record and SQL database as they are at one moment to a folder, or to an archive by its ending.

    Writers of the record wait meanwhile; the database is read in one transaction at that moment. The backup gets its
    name when it is whole.
    """
    if place.exists():
        raise UsageError(f"At {place} there is something already; a backup replaces nothing. Give a new name.")
    store = Store.open(settings.record)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as made:
        folder = Path(made) / "backup"
        folder.mkdir(mode=0o700)
        rows = 0

        def write_database() -> None:
            nonlocal rows
            database = open_database(settings)
            try:
                with (folder / _DATABASE).open("w", encoding="utf-8") as stream:
                    for line in dump(database):
                        stream.write(f"{line}\n")
                        rows += 1
            finally:
                database.close()

        version = copy_record(store, folder / _RECORD, write_database)
        rows -= 1  # the first line tells the revision
        told = {
            "format": FORMAT,
            "dragoman": installed_version("dragoman"),
            "record_version": version,
            "rows": rows,
            "files": {name: _digest(folder / name) for name in _names(folder)},
        }
        (folder / _TOLD).write_text(json.dumps(told, indent=1), "utf-8")
        whole = folder
        if place.name.endswith(ARCHIVES):
            whole = Path(made) / "archive"
            with tarfile.open(whole, "w" if place.suffix == ".tar" else "w:gz") as archive:
                archive.add(folder, arcname=".")
            whole.chmod(0o600)
        whole.rename(place)
    return Backup(place, version, rows)


def bring_back(settings: Settings, place: Path) -> Backup:
    """Make the record and the SQL database that the settings name from a backup; neither may be there already.

    Every file is compared with its hash before anything is made, and the record is verified before it gets its name.
    """
    target = Path(settings.record).expanduser().absolute()
    if "://" in settings.record:
        raise UsageError(f"A backup is brought back to a folder, and --record is {settings.record}.")
    if target.exists():
        raise UsageError(f"At {target} there is something already; move it away, or give another --record.")
    with _opened(place, target.parent) as folder:
        told = _checked(folder, place)
        restored = Store.open(folder / _RECORD)
        findings = verify(restored.snapshot())
        if findings:
            raise RecordDamaged(
                f"The record in {place} does not hold together: {findings[0].table} {findings[0].id}: "
                f"{findings[0].problem}. Take another backup."
            )
        database = open_database(settings, migrate=False)
        try:
            with (folder / _DATABASE).open(encoding="utf-8") as stream:
                counts = load(database, stream)
        finally:
            database.close()
        shutil.move(folder / _RECORD, target)
    return Backup(place, int(told["record_version"]), sum(counts.values()))


@contextmanager
def _opened(place: Path, beside: Path) -> Iterator[Path]:
    """A copy of the backup that may be moved, on the disk where the record will lie."""
    if not place.exists():
        raise UsageError(f"There is no backup at {place}.")
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore.") as made:
        folder = Path(made) / "backup"
        if place.is_dir():
            shutil.copytree(place, folder)
        else:
            try:
                with tarfile.open(place) as archive:
                    # Nothing that points outside of the folder, no links to elsewhere, no devices.
                    archive.extractall(folder, filter="data")
            except (tarfile.TarError, OSError, EOFError) as error:
                raise DataError(f"{place} is no backup, or a damaged one ({error}). Take another.") from error
        yield folder


def _checked(folder: Path, place: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / _TOLD).read_text("utf-8"))
        listed: dict[str, str] = told["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{place} is no backup of Dragoman: {_TOLD} cannot be read ({error}).") from error
    if told.get("format") != FORMAT:
        raise DataError(
            f"{place} has format {told.get('format')!r}; this Dragoman reads {FORMAT}. Install a newer one."
        )
    there = set(_names(folder))
    wrong = sorted(there ^ set(listed)) or [name for name in listed if _digest(folder / name) != listed[name]]
    if wrong:
        raise DataError(f"{place} is damaged: {wrong[0]} is not as it was written. Take another backup.")
    return told


def _names(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != _TOLD)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
