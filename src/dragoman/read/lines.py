"""Lines of a long stream, none of them longer than allowed, in an encoding that is certain."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator

from dragoman.errors import ReadError
from dragoman.read.decode import detect
from dragoman.read.draft import Item, digest
from dragoman.read.transfer import Readable
from dragoman.terms import RefusalReason

_CHUNK = 65_536
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def byte_lines(stream: Readable, limit: int) -> Iterator[tuple[int, bytes | Item]]:
    """Each line with its number (from 1), without its line break; one over `limit` bytes as a refused item."""
    number = 1
    size = 0
    parts: list[bytes] = []
    seen = hashlib.sha256()
    for chunk in _chunks(stream):
        for piece in _split(chunk):
            size += len(piece)
            seen.update(piece)
            if size <= limit + 2:
                parts.append(piece)
            else:
                parts = []
            if piece.endswith(b"\n"):
                yield number, _line(parts, size, limit, seen.hexdigest(), number)
                number, size, parts, seen = number + 1, 0, [], hashlib.sha256()
    if size:
        yield number, _line(parts, size, limit, seen.hexdigest(), number)


class TextLines(Iterator[str]):
    """The lines of a table as text, for `csv.reader`; keeps where the present row began and what its bytes hash to.

    The encoding is UTF-8, or the one that is beyond doubt for the first bytes that are not UTF-8.
    """

    def __init__(self, stream: Readable, limit: int) -> None:
        self._lines = byte_lines(stream, limit)
        self._limit = limit
        self._encoding = "utf-8"
        self._number = 0
        self._raw: list[bytes] = []
        self._size = 0
        self._long: str | None = None
        self.first = 1

    @property
    def content(self) -> str:
        """The SHA-256 of the present row's bytes."""
        return self._long or digest(b"\n".join(self._raw))

    def begin(self) -> None:
        """A new row begins with the next line."""
        self.first, self._raw, self._size, self._long = self._number + 1, [], 0, None

    def __next__(self) -> str:
        self._number, line = next(self._lines)
        if isinstance(line, Item):
            self._long = line.content
            raise _too_long(self._limit + 1, self._limit)
        self._raw.append(line)
        self._size += len(line)
        if self._size > self._limit:
            raise _too_long(self._size, self._limit)
        return self._decoded(line) + "\n"

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            found = detect(line, error.start) if self._encoding == "utf-8" else None
            if found is not None:
                self._encoding = found
                return line.decode(found, "strict")
            raise ReadError(
                RefusalReason.NOT_TEXT,
                f"Byte {error.start} of line {self._number} (0x{line[error.start]:02x}) is not {self._encoding}, and "
                "no encoding is certain; save the table as UTF-8.",
            ) from error


def _chunks(stream: Readable) -> Iterator[bytes]:
    """The stream in UTF-8 or what else is not UTF-16, piece by piece, its byte order mark left out."""
    chunk = stream.read(_CHUNK)
    for mark, encoding in _MARKS:
        if chunk.startswith(mark):
            chunk = chunk[len(mark) :]
            if encoding != "utf-8":
                yield from _recoded(stream, chunk, encoding)
                return
            break
    while chunk:
        yield chunk
        chunk = stream.read(_CHUNK)


def _recoded(stream: Readable, chunk: bytes, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        while chunk:
            yield decoder.decode(chunk).encode("utf-8")
            at += len(chunk)
            chunk = stream.read(_CHUNK)
        yield decoder.decode(b"", final=True).encode("utf-8")
    except UnicodeError as error:
        raise ReadError(
            RefusalReason.NOT_TEXT,
            f"The bytes after {at:,} are not {encoding}, although the table begins so; save it as UTF-8.",
        ) from error


def _split(chunk: bytes) -> list[bytes]:
    """Lines that end in a line feed; a carriage return alone ends none."""
    parts = [part + b"\n" for part in chunk.split(b"\n")]
    parts[-1] = parts[-1][:-1]
    return [part for part in parts if part]


def _line(parts: list[bytes], size: int, limit: int, content: str, number: int) -> bytes | Item:
    if size > limit + 2:
        return Item(_too_long(size, limit), content, f"line {number}")
    return b"".join(parts).removesuffix(b"\n").removesuffix(b"\r")


def _too_long(size: int, limit: int) -> ReadError:
    return ReadError(
        RefusalReason.TOO_LARGE,
        f"The row has {size:,} bytes or more; {limit:,} are the most that is read at once. Split it, or raise "
        "DRAGOMAN_DOCUMENT_BYTES.",
    )
