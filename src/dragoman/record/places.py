"""Where a record lies: a folder, or an address of object storage such as s3://bucket/record."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from deltalake.fs import DeltaStorageHandler
from pyarrow.fs import FileInfo, FileSelector, FileType, PyFileSystem

from dragoman.errors import RecordError


def is_remote(place: str) -> bool:
    """Whether the place is an address and no folder; `file://` is a folder."""
    return "://" in place and not place.startswith("file://")


def place_of(location: str | Path) -> str:
    """The place of a record: an absolute path, or an address of S3; a `RecordError` for any other address."""
    text = str(location)
    if text.startswith("s3://") and text.removeprefix("s3://").strip("/"):
        return text.rstrip("/")
    if is_remote(text):
        raise RecordError(
            f"The record's place is {text!r}; a record lies in a folder, or at an address such as s3://bucket/record."
        )
    return str(Path(text.removeprefix("file://")).expanduser().absolute())


def is_there(address: str) -> bool:
    """Whether there is a file at a path or address."""
    if not is_remote(address):
        return Path(address.removeprefix("file://")).exists()
    place, name = address.rsplit("/", 1)
    found: FileInfo = _system(place).get_file_info(name)
    return bool(found.type == FileType.File)


def plain(error: Exception) -> str:
    """What object storage says as one line, without colours and arrows."""
    return " ".join(re.sub(r"\x1b\[\d+m|↳", " ", str(error)).split()).rstrip(".")[:400]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file somewhere: its address or path, and its size in bytes."""

    address: str
    size: int


def files_under(address: str) -> list[Stored]:
    """Every file at an address of object storage, sorted; hidden ones and README files are left out."""
    place = address.rstrip("/")
    try:
        found = _system(place).get_file_info(FileSelector("", recursive=True, allow_not_found=True))
    except OSError as error:
        raise RecordError(
            f"{address} cannot be listed: {plain(error)}. Check the address, AWS_ENDPOINT_URL and the keys."
        ) from error
    return sorted(
        (Stored(f"{place}/{item.path.lstrip('/')}", item.size) for item in found if _is_wanted(item)),
        key=lambda stored: stored.address,
    )


def _is_wanted(item: FileInfo) -> bool:
    name = item.path.rsplit("/", 1)[-1]
    return item.type == FileType.File and not name.startswith(".") and not name.upper().startswith("README")


@contextmanager
def local_copy(address: str) -> Iterator[Path]:
    """A file of this machine with what lies at an address; gone when the block ends. A path stays what it is."""
    if not is_remote(address):
        yield Path(address.removeprefix("file://"))
        return
    place, name = address.rsplit("/", 1)
    with NamedTemporaryFile(suffix=f"-{name}") as copied:
        with _system(place).open_input_stream(name) as opened:
            shutil.copyfileobj(opened, copied)
        copied.flush()
        yield Path(copied.name)


def _system(place: str) -> PyFileSystem:
    return PyFileSystem(DeltaStorageHandler(place))
