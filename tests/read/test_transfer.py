from __future__ import annotations

import gzip
import io
import zlib

import pytest

from dragoman.errors import ReadError
from dragoman.read.transfer import Gunzip, Inflater, charset_of, dechunk

DATA = bytes(range(256)) * 2000


def test_gunzip_reads_one_and_many_members() -> None:
    many = b"".join(gzip.compress(part) for part in (b"one ", b"two ", DATA)) + b"\0" * 10
    stream = Gunzip(io.BytesIO(many))
    assert stream.read(4) == b"one "
    assert stream.tell() == 4
    assert stream.read() == b"two " + DATA
    assert stream.damage is None


@pytest.mark.parametrize("cut", [1, 5, 200])
def test_gunzip_gives_what_stands_before_a_break(cut: int) -> None:
    whole = gzip.compress(b"one " * 10_000) + gzip.compress(DATA)
    stream = Gunzip(io.BytesIO(whole[:-cut]))
    assert stream.read().startswith(b"one " * 10_000)
    assert stream.damage is not None
    assert "breaks off" in stream.damage


def test_gunzip_names_damage() -> None:
    stream = Gunzip(io.BytesIO(gzip.compress(b"one") + b"no gzip at all"))
    assert stream.read() == b"one"
    assert stream.damage is not None
    assert "damaged" in stream.damage


def test_gunzip_reads_a_bomb_no_further_than_asked() -> None:
    stream = Gunzip(io.BytesIO(gzip.compress(b"\0" * 50_000_000)))
    assert len(stream.read(1000)) == 1000


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        (None, DATA),
        ("identity", DATA),
        ("gzip", gzip.compress(DATA)),
        ("deflate", zlib.compress(DATA)),
        ("deflate", zlib.compress(DATA)[2:-4]),
    ],
)
def test_inflater_undoes_each_encoding_piece_by_piece(encoding: str | None, data: bytes) -> None:
    inflater = Inflater(encoding, len(DATA))
    for at in range(0, len(data), 1000):
        inflater.feed(data[at : at + 1000])
    assert inflater.finish() == DATA


@pytest.mark.parametrize(
    ("encoding", "data", "reason"),
    [
        ("gzip", gzip.compress(b"\0" * 50_000_000), "too-large"),
        (None, b"x" * 2_000_000, "too-large"),
        ("gzip", b"no gzip", "damaged"),
        ("gzip", gzip.compress(DATA)[:-10], "damaged"),
        ("br", b"x", "unknown-format"),
        ("gzip, gzip", b"x", "unknown-format"),
    ],
)
def test_inflater_refuses(encoding: str | None, data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        inflate(encoding, data)
    assert caught.value.reason == reason


def inflate(encoding: str | None, data: bytes) -> bytes:
    inflater = Inflater(encoding, 1_000_000)
    inflater.feed(data)
    return inflater.finish()


def test_dechunk_joins_chunks_and_refuses_broken_ones() -> None:
    assert dechunk(b"4\r\nKim \r\n3;x=y\r\nmet\r\n0\r\n\r\n") == b"Kim met"
    for broken in (b"", b"zz\r\nx", b"9\r\nshort\r\n", b"-1\r\nx\r\n0\r\n"):
        with pytest.raises(ReadError):
            dechunk(broken)


def test_charset_of_a_media_type() -> None:
    assert charset_of('text/html; charset="UTF-8"') == "UTF-8"
    assert charset_of("text/html") is None
    assert charset_of(None) is None
