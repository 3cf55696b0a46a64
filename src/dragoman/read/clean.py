"""Text made regular before any offset is counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, soft hyphens, zero-width and direction marks, lone surrogates: unseen by a reader, in the way of offsets.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_RUNS = re.compile(" {2,}")
_EDGES = re.compile(" *\n *")


def clean_text(text: str) -> str:
    """Text with regular line breaks and spaces, without unseen characters, in Unicode's NFC."""
    text = _BREAKS.sub("\n", text)
    text = _UNSEEN.sub("", _SPACES.sub(" ", text))
    text = unicodedata.normalize("NFC", text)
    return _EDGES.sub("\n", _RUNS.sub(" ", text)).strip()


def clean_line(text: str | None) -> str | None:
    """Text cleaned and on one line; None if nothing is left."""
    if text is None:
        return None
    return _RUNS.sub(" ", clean_text(text).replace("\n", " ")).strip() or None


def clean_lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Every text on one line, the empty ones left out."""
    return tuple(line for line in map(clean_line, texts) if line)


def same(first: str | None, second: str | None) -> bool:
    """Whether two texts are equal but for case, punctuation and spaces."""
    return bool(first) and bool(second) and _letters(first or "") == _letters(second or "")


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
