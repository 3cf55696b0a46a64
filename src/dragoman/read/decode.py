"""Bytes to text, never by a silent guess."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from dragoman.errors import ReadError
from dragoman.terms import RefusalReason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages really mean by these names (the WHATWG's table).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_ALLOWED = re.compile(
    r"utf-(?:8|8-sig|16|16-le|16-be|32)|cp(?:125[0-8]|866|874|932|949|950)|iso8859-\d+|koi8-[ru]|mac-\w+|gb18030|big5|"
    r"big5hkscs|shift_jis|euc_(?:jp|kr)|iso2022_jp|tis-620"
)
# Encodings that an undeclared page may be in; old DOS pages fit almost any bytes and would make all else uncertain.
_CANDIDATES = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "mac_roman", "iso8859_2",
    "iso8859_5", "iso8859_7", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
_LEAST_EVIDENCE = 4  # bytes that are not ASCII; fewer prove nothing
_LEAST_COHERENCE = 0.3  # of charset-normalizer's 0 to 1: how much the letters look like a language's
_SAMPLE = 200_000
_NEAR = 0.05


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: by its byte order mark, as UTF-8, in the declared charset, or in one that is beyond doubt.

    Raises `ReadError` (reason `not-text`) that names the first byte that is not UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
    if (named := codec_of(declared)) is not None:
        try:
            return data.decode(named)
        except UnicodeDecodeError:
            named = None
    if (found := detect(data, at)) is not None:
        return _strict(data, found)
    said = f"the declared charset {declared!r} does not fit" if declared else "no charset is declared"
    raise ReadError(
        RefusalReason.NOT_TEXT,
        f"Byte {at} (0x{data[at]:02x}) is not UTF-8, {said}, and no encoding is certain; save the input as UTF-8.",
    )


def codec_of(charset: str | None) -> str | None:
    """Python's name for a declared charset of text; None for an unknown one."""
    if not charset:
        return None
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if _ALLOWED.fullmatch(name) else None


def detect(data: bytes, at: int = 0) -> str | None:
    """The encoding of bytes that are not UTF-8, if all likely candidates read the same text; else None."""
    start = max(0, at - _SAMPLE // 2)
    sample = data[start : start + _SAMPLE]
    if sum(byte > 127 for byte in sample) < _LEAST_EVIDENCE:
        return None
    matches = list(from_bytes(sample, cp_isolation=_CANDIDATES))
    if not matches or matches[0].chaos > _NEAR or matches[0].coherence < _LEAST_COHERENCE:
        return None
    best = matches[0]
    text = str(best)
    rivals = [
        other
        for other in matches[1:]
        if other.chaos <= best.chaos + _NEAR and other.coherence >= best.coherence - 2 * _NEAR
    ]
    return codec_of(best.encoding) if all(str(other) == text for other in rivals) else None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            RefusalReason.NOT_TEXT,
            f"Byte {error.start} is not {encoding}, although the input begins so; save the input as UTF-8.",
        ) from error
