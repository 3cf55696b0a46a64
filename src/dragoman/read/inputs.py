"""The things to read: files, folders, patterns and addresses; the only module that opens files."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dragoman.errors import ReadError
from dragoman.records import Refusal
from dragoman.terms import RefusalReason, RefusalStage


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to read: `name` is how it is called in messages and refusals; either `path` or `url` is given."""

    name: str
    path: Path | None = None
    url: str | None = None


def find_inputs(arguments: Sequence[str]) -> Iterator[Input | Refusal]:
    """The inputs that the arguments mean: files, folders, patterns (`*`, `**`) and http(s) addresses, in order.

    What cannot be found becomes a refusal (reason `missing`), and the rest goes on.
    """
    for argument in arguments:
        scheme, separator, _ = argument.partition("://")
        if separator and scheme.isalnum():
            yield _address(argument, scheme.lower())
            continue
        path = Path(argument)
        if argument and _exists(path):
            yield from _found(path)
        elif glob.has_magic(argument) and (matches := _matches(argument)):
            for match in matches:
                yield from _found(Path(match))
        else:
            what = "No file matches this pattern" if glob.has_magic(argument) else "There is no such file or folder"
            yield _missing(argument, f"{what}; check the path, or give an address that begins with https://.")


def open_input(item: Input) -> BinaryIO:
    """The bytes of a file; a `ReadError` (reason `missing`) where it cannot be opened."""
    try:
        return Path(item.path or item.name).open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadError(
            RefusalReason.MISSING, f"The file cannot be opened ({reason}); check its path and rights."
        ) from error


def _address(argument: str, scheme: str) -> Input | Refusal:
    if scheme in ("http", "https"):
        return Input(argument, url=argument)
    return Refusal(
        RefusalStage.READ,
        RefusalReason.FORBIDDEN_ADDRESS,
        f"The address begins with {scheme}://; only http:// and https:// are fetched. Give local files by their path.",
        input=argument,
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _matches(pattern: str) -> list[str]:
    found = sorted(match for match in glob.glob(pattern, recursive=True) if not _is_left_out(Path(match)))  # noqa: PTH207
    # "**" gives a folder and all that is in it; the folder itself would bring its files a second time.
    return [match for match in found if not Path(match).is_dir()] if "**" in pattern else found


def _found(path: Path) -> Iterator[Input | Refusal]:
    if path.is_dir():
        count = 0
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                inner = Path(folder) / name
                if not _is_left_out(inner):
                    count += 1
                    yield _file(inner)
        if not count:
            yield _missing(str(path), "The folder holds no file to read (hidden files and README files are left out).")
    else:
        yield _file(path)


def _file(path: Path) -> Input | Refusal:
    if path.is_file():
        return Input(str(path), path=path)
    return _missing(str(path), "This is no regular file (a pipe, a device or a broken link); give a file.")


def _is_left_out(path: Path) -> bool:
    return path.name.startswith(".") or path.name.upper().startswith("README")


def _missing(name: str, detail: str) -> Refusal:
    return Refusal(RefusalStage.READ, RefusalReason.MISSING, detail, input=name)
