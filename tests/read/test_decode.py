from __future__ import annotations

import pytest

from dragoman.errors import ReadError
from dragoman.read.decode import codec_of, decode

TEXT = (
    "The minister said on Monday that the talks “were useful” — and that Poland’s delegation would return in May. "
    "Prime Minister Malec thanked the hosts, and the spokesman called the visit “a good beginning” for both sides. "
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_by_its_marks(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_valid_utf8_goes_before_a_wrong_declaration() -> None:
    assert decode(TEXT.encode(), "iso-8859-1") == TEXT


def test_a_declared_charset_is_used() -> None:
    assert decode(TEXT.encode("cp1252"), "windows-1252") == TEXT
    assert decode(TEXT.encode("cp1252"), "ISO-8859-1") == TEXT  # pages that say Latin-1 mean windows-1252
    assert decode("Привет, мир".encode("koi8-r"), "KOI8-R") == "Привет, мир"


def test_an_undeclared_charset_is_used_only_beyond_doubt() -> None:
    assert decode((TEXT * 3).encode("cp1252")) == TEXT * 3
    doubtful = ("The cafés of the old town were full on Monday. " * 3).encode("cp1252")
    with pytest.raises(ReadError, match=r"Byte 7 \(0xe9\) is not UTF-8.*no encoding is certain") as caught:
        decode(doubtful)
    assert caught.value.reason == "not-text"


def test_a_declared_charset_that_does_not_fit_is_named() -> None:
    with pytest.raises(ReadError, match=r"Byte 5 .*declared charset 'shift_jis' does not fit"):
        decode(b"text \xff\xfe\xfd\xa0\xff more", "shift_jis")


def test_a_broken_utf16_is_refused() -> None:
    with pytest.raises(ReadError, match="utf-16"):
        decode(b"\xff\xfea\x00b")


@pytest.mark.parametrize(
    "charset", [None, "", "nonsense", "hex", "rot13", "unicode_escape", "utf-7", "idna", "zip", "a\0b"]
)
def test_codecs_that_are_no_charset_are_not_used(charset: str | None) -> None:
    assert codec_of(charset) is None
