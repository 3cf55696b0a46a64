"""Opens what an import reads: files, members of archives, pages of bytes from addresses; nothing here stops a run."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from dragoman.errors import ReadError
from dragoman.read import Fetcher, Input, find_inputs
from dragoman.records import Refusal
from dragoman.terms import RefusalReason, RefusalStage

BLOCK_BYTES = 1 << 25
"""About how many bytes are read, mapped and written at once."""
LONGEST_LINE = 1 << 24
"""A line longer than this many bytes is no row of an event file; it is cut into pieces, which are then refused."""
_LINE_END = 10
_DAMAGE = (
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    # What zipfile lets through of archives whose lists of members are damaged.
    struct.error,
    ValueError,
    OverflowError,
    KeyError,
)
_LISTED = re.compile(rb"^\d+ [0-9a-f]{32} (https?://\S+\.export\.CSV\.zip)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of rows: `name` is the path or address, with “!” and the member's name for a part of an archive."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file; `first_line` counts from 1."""

    data: bytes
    first_line: int


def find_sources(arguments: Sequence[str], fetcher: Fetcher | None) -> Iterator[Source | Refusal]:
    """The streams that the arguments mean: files, folders, patterns, archives and addresses, in order."""
    for item in find_inputs(arguments):
        if isinstance(item, Refusal):
            yield refusal(item.reason, item.detail, item.input or "")
        elif item.url is not None:
            yield from _fetched(item.url, fetcher)
        else:
            yield from _parts(item)


def refusal(reason: RefusalReason, detail: str, name: str, locator: str | None = None) -> Refusal:
    """A refusal of a whole input, or of what follows a place in it."""
    return Refusal(RefusalStage.IMPORT, reason, detail, input=name, locator=locator)


def blocks(source: Source, size: int = BLOCK_BYTES) -> Iterator[Block | Refusal]:
    """The stream in pieces of whole lines; where it breaks off, what came before is given and a refusal follows."""
    line = 1
    rest = b""
    try:
        with source.open() as stream:
            while True:
                piece, damage = _read(stream, size)
                if not piece and damage is None:
                    break
                end = piece.rfind(b"\n") + 1
                if not end and len(rest) + len(piece) < LONGEST_LINE:
                    rest += piece
                else:
                    data = b"".join((rest, memoryview(piece)[:end] if end else piece))
                    rest = piece[end:] if end else b""
                    yield Block(data, line)
                    line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == _LINE_END))
                if damage is not None:
                    raise damage
    except _DAMAGE as error:
        if rest:
            line += rest.count(b"\n")
        detail = (
            f"The file breaks off after line {line - 1:,} ({str(error) or type(error).__name__}); the rows before it "
            "are imported. Get it again and import it once more: rows that are there are not written twice."
        )
        yield refusal(RefusalReason.DAMAGED, detail, source.name, f"line {line}")
        return
    if rest:
        yield Block(rest, line)


def _read(stream: IO[bytes], size: int) -> tuple[bytes, Exception | None]:
    """The next bytes, at most so many, and the error that they end at: what was unpacked before it is not lost."""
    source = cast("io.BufferedIOBase", stream)
    found: list[bytes] = []
    left = size
    try:
        while left > 0 and (part := source.read1(left)):
            found.append(part)
            left -= len(part)
    except _DAMAGE as error:
        return b"".join(found), error
    return b"".join(found), None


def _parts(item: Input) -> Iterator[Source | Refusal]:
    path = item.path or Path(item.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError as error:
        yield refusal(RefusalReason.MISSING, f"The file cannot be opened ({error.strerror or error}).", item.name)
        return
    if head[:2] == b"PK":
        yield from _members(item.name, lambda: zipfile.ZipFile(path))
    elif head[:2] == b"\x1f\x8b":
        yield Source(item.name, lambda: _unzipped(lambda: path.open("rb")), path)
    else:
        yield Source(item.name, lambda: path.open("rb"), path)


def _members(name: str, archive: Callable[[], zipfile.ZipFile]) -> Iterator[Source | Refusal]:
    try:
        with archive() as opened:
            members = sorted(info.filename for info in opened.infolist() if info.filename and not info.is_dir())
    except _DAMAGE as error:
        detail = f"The archive cannot be read ({error}); it may be cut short. Get it again."
        yield refusal(RefusalReason.DAMAGED, detail, name)
        return
    wanted = [member for member in members if not Path(member).name.startswith((".", "_"))]
    if not wanted:
        yield refusal(RefusalReason.EMPTY, "The archive holds no file; check its content.", name)
    for member in wanted:
        yield Source(f"{name}!{member}", _member(archive, member))


def _member(archive: Callable[[], zipfile.ZipFile], member: str) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    return lambda: _opened(archive, member)


@contextmanager
def _opened(archive: Callable[[], zipfile.ZipFile], member: str) -> Iterator[IO[bytes]]:
    with archive() as opened, opened.open(member) as stream:
        yield stream


@contextmanager
def _unzipped(raw: Callable[[], IO[bytes]]) -> Iterator[IO[bytes]]:
    with raw() as packed, gzip.GzipFile(fileobj=packed) as stream:
        yield cast("IO[bytes]", stream)


def _fetched(url: str, fetcher: Fetcher | None) -> Iterator[Source | Refusal]:
    """What an address holds: one file, an archive, or GDELT's list of the newest files."""
    if fetcher is None:
        detail = "Addresses are fetched only where a fetcher is given; download the file and give its path."
        yield refusal(RefusalReason.UNREACHABLE, detail, url)
        return
    try:
        body = fetcher.get(url, bulk=True).body
    except ReadError as error:
        yield refusal(RefusalReason(error.reason), str(error), url)
        return
    listed = _LISTED.findall(body[:10_000])
    if listed and url.endswith(".txt"):
        for address in listed:
            yield from _fetched(address.decode("ascii"), fetcher)
    elif body[:2] == b"PK":
        yield from _members(url, lambda: zipfile.ZipFile(io.BytesIO(body)))
    elif body[:2] == b"\x1f\x8b":
        yield Source(url, lambda: _unzipped(lambda: io.BytesIO(body)))
    else:
        yield Source(url, lambda: io.BytesIO(body))
