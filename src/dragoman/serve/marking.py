"""Cuts a text where marked stretches begin and end, so that stretches that overlap can be shown side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` (exclusive) of a text, and what they are; `key` tells what the mark belongs to.

    `opens` says that a link to the key leads here.
    """

    start: int
    end: int
    kind: str
    key: str = ""
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text over which the same marks lie; `first` are the keys to which a link leads here.

    The last of the `keys` is that of the mark that began last: of marks within each other, the innermost.
    """

    text: str
    kinds: list[str]
    keys: list[str]
    first: list[str]


def pieces(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> list[Piece]:
    """The text from `start` to `end` in pieces, in order; their texts joined are the text.

    Marks that lie outside it are cut or left out.
    """
    last = len(text) if end is None else min(end, len(text))
    within = [
        (max(mark.start, start), min(mark.end, last), mark)
        for mark in marks
        if max(mark.start, start) < min(mark.end, last)
    ]
    cuts = sorted({start, last, *(low for low, _, _ in within), *(high for _, high, _ in within)})
    opening: dict[int, list[Mark]] = {}
    for low, _, mark in within:
        opening.setdefault(low, []).append(mark)
    found, over = [], list[tuple[int, Mark]]()
    ends = {id(mark): high for _, high, mark in within}
    for low, high in pairwise(cuts):
        over = [(until, mark) for until, mark in over if until > low]
        begun = opening.get(low, [])
        over += [(ends[id(mark)], mark) for mark in begun]
        found.append(
            Piece(
                text[low:high],
                list(dict.fromkeys(mark.kind for _, mark in over)),
                list(dict.fromkeys(mark.key for _, mark in over if mark.key)),
                list(dict.fromkeys(mark.key for mark in begun if mark.key and mark.opens and mark.start == low)),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text, in pieces."""

    pieces: list[Piece]


def paragraphs(text: str, marks: Sequence[Mark]) -> list[Paragraph]:
    """The paragraphs of a text, which empty lines part, each in pieces."""
    found, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            found.append(Paragraph(pieces(text, marks, start, start + len(part))))
        start += len(part) + 2
    return found
