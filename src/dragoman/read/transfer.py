"""Compressed and chunked bytes undone, never beyond a limit."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO, Protocol

from dragoman.errors import ReadError
from dragoman.terms import RefusalReason

_CHUNK = 65_536
_LONGEST_NUMBER = 18


class Readable(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        ...


class Gunzip(io.RawIOBase):
    """A gzip stream (of one or many members) read as plain bytes.

    Where the stream breaks off or is damaged, all bytes before that are given and `damage` says what was found.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._inflate = zlib.decompressobj(31)
        self._waiting = b""
        self._begun = False
        self._offset = 0
        self.damage: str | None = None

    def readable(self) -> bool:
        """Always true."""
        return True

    def tell(self) -> int:
        """How many plain bytes were given so far."""
        return self._offset

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` plain bytes, fewer only at the end of the stream."""
        parts: list[bytes] = []
        missing = size
        while missing and (part := self._more(missing)):
            parts.append(part)
            missing -= len(part) if size >= 0 else 0
        data = b"".join(parts)
        self._offset += len(data)
        return data

    def _more(self, most: int) -> bytes:
        while self.damage is None:
            if self._inflate.eof:
                self._waiting = self._inflate.unused_data.lstrip(b"\0") or self._waiting
                self._inflate, self._begun = zlib.decompressobj(31), False
            if not self._waiting:
                self._waiting = self._stream.read(_CHUNK)
                if not self._begun:
                    self._waiting = self._waiting.lstrip(b"\0")  # padding between members
            if not self._waiting:
                if self._begun:
                    self.damage = "The gzip stream breaks off before its end"
                return b""
            self._begun = True
            try:
                data = self._inflate.decompress(self._waiting, _CHUNK if most < 0 else min(most, _CHUNK))
            except zlib.error as error:
                self.damage = f"The gzip stream is damaged ({error})"
                return b""
            self._waiting = b"" if self._inflate.eof else self._inflate.unconsumed_tail
            if data:
                return data
        return b""


class Inflater:
    """Undoes one Content-Encoding piece by piece and stops at `limit` bytes of plain content."""

    def __init__(self, encoding: str | None, limit: int) -> None:
        self._codings = [
            name for name in (encoding or "").lower().replace(" ", "").split(",") if name != "identity" and name
        ]
        unknown = [name for name in self._codings if name not in ("gzip", "x-gzip", "deflate")]
        if unknown or len(self._codings) > 1:
            raise ReadError(
                RefusalReason.UNKNOWN_FORMAT, f"The content is encoded as {encoding!r}; gzip, deflate or none is read."
            )
        self._limit = limit
        self._inflate = zlib.decompressobj(47) if self._codings else None
        self._size = 0
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Take one more piece as it came; `ReadError` (too-large, damaged) where it cannot be used."""
        while data:
            if self._inflate is None:
                self._add(data)
                return
            data = self._inflated(data)

    def finish(self) -> bytes:
        """All plain content; `ReadError` (damaged) if the encoded content breaks off."""
        if self._inflate is not None and self._size and not self._inflate.eof:
            raise ReadError(RefusalReason.DAMAGED, "The compressed content breaks off before its end; fetch it again.")
        return b"".join(self._parts)

    def _inflated(self, data: bytes) -> bytes:
        inflate = self._inflate
        if inflate is None or inflate.eof:
            return b""
        try:
            plain = inflate.decompress(data, self._limit - self._size + 1)
        except zlib.error as error:
            if self._size == 0 and self._codings == ["deflate"] and data[:1] != b"\x78":
                self._codings, self._inflate = [], zlib.decompressobj(-15)  # deflate without its zlib header
                return data
            raise ReadError(
                RefusalReason.DAMAGED, f"The compressed content is damaged ({error}); fetch it again."
            ) from error
        self._add(plain)
        return inflate.unconsumed_tail

    def _add(self, plain: bytes) -> None:
        self._size += len(plain)
        if self._size > self._limit:
            raise ReadError(
                RefusalReason.TOO_LARGE,
                f"The page has more than {self._limit:,} bytes, the most that is read at once; give a smaller page, or "
                "raise DRAGOMAN_DOCUMENT_BYTES.",
            )
        self._parts.append(plain)


def dechunk(data: bytes) -> bytes:
    """The content of an HTTP body in chunked transfer coding; `ReadError` (damaged) where the chunks do not add up."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\r\n", at, at + 1024)
        size_text = data[at:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(size_text, 16)
        except ValueError:
            size = -1
        if size < 0 or (size and end + 2 + size > len(data)):
            raise ReadError(RefusalReason.DAMAGED, f"The chunked content is broken at byte {at}; fetch it again.")
        if size == 0:
            return b"".join(parts)
        parts.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


def whole_number(text: str) -> int | None:
    """A count as HTTP writes it, in ASCII digits; None for anything else, such as “²” or a thousand digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def charset_of(media_type: str | None) -> str | None:
    """The charset in a Content-Type."""
    for part in (media_type or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None
