"""The raw archive: every page as it was fetched, in WARC files that `dragoman add` reads again; a file a day."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import uuid
import zlib
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from dragoman.read import Answer

_CODED = ("content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive")
_LENGTH_DIGITS = 20
_REASONS = {200: "OK"}


class Archive:
    """A folder of WARC files. Several watchers may write to it; a page is whole in it or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, answer: Answer) -> Path:
        """Add an answer to the file of its day; after this returns it outlives a crash of the machine."""
        path = self.folder / f"{answer.retrieved.astimezone(UTC):%Y-%m-%d}.warc.gz"
        self.folder.mkdir(parents=True, exist_ok=True)
        member = gzip.compress(_record(answer), mtime=0)
        with FileLock(path.with_suffix(".lock")):
            _append(path, member)
        return path

    def keep_file(self, answer: Answer) -> Path:
        """Keep a file of event data under its own name; the same bytes are written once."""
        name = re.sub(r"[^\w.-]", "_", urlsplit(answer.url).path.rpartition("/")[2]).lstrip(".") or "data"
        folder = self.folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        if not path.exists() or path.read_bytes() != answer.body:
            waiting = folder / f".{uuid.uuid4().hex}"
            waiting.write_bytes(answer.body)
            waiting.replace(path)
        return path


def _append(path: Path, member: bytes) -> None:
    """Write a member behind the last whole one; what a killed writer left half written is cut off first.

    The length of the whole members stands in a file beside, written after them.
    """
    beside = path.with_suffix(".length")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        whole = _known_length(beside, size)
        if whole is None:
            whole = _whole_members(path)
        if whole < size:
            os.ftruncate(descriptor, whole)
        os.lseek(descriptor, whole, os.SEEK_SET)
        rest = memoryview(member)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.write_text(f"{whole + len(member):0{_LENGTH_DIGITS}d}", "ascii")


def _known_length(beside: Path, size: int) -> int | None:
    """The length of the whole members; None where the file beside does not tell it, or cannot be right."""
    try:
        text = beside.read_text("ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    whole = int(text) if len(text) == _LENGTH_DIGITS and text.isdecimal() else size + 1
    return whole if whole <= size else None


def _whole_members(path: Path) -> int:
    """Where the last whole gzip member ends."""
    end = at = 0
    with path.open("rb") as stream:
        inflate, waiting = zlib.decompressobj(31), b""
        while chunk := waiting or stream.read(1 << 20):
            try:
                inflate.decompress(chunk)
            except zlib.error:
                break
            waiting = inflate.unused_data
            at += len(chunk) - len(waiting)
            if inflate.eof:
                end, inflate = at, zlib.decompressobj(31)
    return end


def _record(answer: Answer) -> bytes:
    """A response record: the content is kept unpacked, its headers as they came but for those of the transfer."""
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}".rstrip()]
    for name, value in answer.headers.items():
        kept = f"X-Archive-Orig-{name}" if name in _CODED else name
        lines.append(f"{kept}: {_line(value)}")
    lines.append(f"Content-Length: {len(answer.body)}")
    block = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + answer.body
    head = "\r\n".join(
        (
            "WARC/1.1",
            "WARC-Type: response",
            f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>",
            f"WARC-Date: {answer.retrieved.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            f"WARC-Target-URI: {_line(answer.url)}",
            f"WARC-Payload-Digest: sha256:{hashlib.sha256(answer.body).hexdigest()}",
            "Content-Type: application/http; msgtype=response",
            f"Content-Length: {len(block)}",
        )
    )
    return head.encode("utf-8") + b"\r\n\r\n" + block + b"\r\n\r\n"


def _line(text: str) -> str:
    return re.sub(r"[\r\n]+", " ", text)
