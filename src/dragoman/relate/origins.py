"""Independent origins: ten outlets that carry one wire story are one origin.

Two reports have one origin when their documents share the outlet, are near-copies by MinHash, tell it in the same
words, or credit the same agency ("(Yonhap)", "KCNA reported").
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from math import ceil

import numpy as np
from numpy.typing import NDArray

from dragoman.records import Document
from dragoman.relate.evidence import Report

SHINGLE = 4
"""Words in a row whose sets are compared."""

PERMUTATIONS = 64

NEAR_COPY = 0.5
"""Share of four-word shingles in common from which two documents are near-copies; edited wire copy stays above it."""

FEW = 200
"""Documents of which every two are compared at once."""

AT_ONCE = 16_384
"""Pairs of documents that are compared at once."""

Numbers = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

REPORTING = r"(?:reported|reports|said|says|cited|quoted|wrote|announced|carried)"


def signature(document: Document) -> bytes | None:
    """The MinHash of the text's four-word shingles, 64 numbers of 4 bytes; None for fewer than 12 words."""
    # It takes a while to import, and only adding documents needs it.
    from datasketch import MinHash

    words = re.findall(r"\w+", document.body.casefold())
    if len(words) < 3 * SHINGLE:
        return None
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch(
        {" ".join(words[i : i + SHINGLE]).encode("utf-8", "surrogatepass") for i in range(len(words) - SHINGLE + 1)}
    )
    values: bytes = sketch.hashvalues.astype("<u4").tobytes()
    return values


def likeness(one: bytes, other: bytes) -> float:
    """The share of shingles that two documents have in common, estimated from their signatures, 0 to 1."""
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def credit_of(document: Document, sentence: str) -> str | None:
    """The agency behind a report: credited in its sentence, else in the dateline or byline, else the publisher."""
    agencies, pattern = _agencies()
    in_sentence = pattern["sentence"].search(sentence)
    if in_sentence:
        return agencies[next(group for group in in_sentence.groups() if group)]
    dateline = pattern["dateline"].search(document.body[:200])
    if dateline:
        return agencies[next(group for group in dateline.groups() if group)]
    for stated in (document.author, document.publisher):
        if stated and stated.strip() in agencies:
            return agencies[stated.strip()]
    return None


Copies = Mapping[bytes, Sequence[bytes]]
"""For signatures, others that are so like them that the documents are near-copies; each pair is told once."""


def near_copies(reports: Iterable[Report]) -> Copies:
    """Which documents of these reports are near-copies, so that it need not be found anew for parts of the reports."""
    marks = sorted({report.signature for report in reports if report.signature})
    found: dict[bytes, list[bytes]] = defaultdict(list)
    if len(marks) > 1:
        table = np.stack([np.frombuffer(mark, "<u4") for mark in marks])
        for one, other in _alike(table):
            found[marks[one]].append(marks[other])
    return found


def origins(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports parted by origin, in the order of their mention ids."""
    if len(reports) == 1:
        return [list(reports)]
    joined = _joined(reports, None)
    found: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: r.mention.id):
        found[joined.first(report.mention.document_id)].append(report)
    return list(found.values())


def count_origins(reports: Sequence[Report], copies: Copies) -> int:
    """Of how many origins the reports are, where it is known which documents are near-copies."""
    if len(reports) < 2:
        return len(reports)
    joined = _joined(reports, copies)
    return len({joined.first(document) for document in {report.mention.document_id for report in reports}})


def _joined(reports: Sequence[Report], copies: Copies | None) -> _Joined:
    """The documents of the reports, joined where they are of one origin."""
    joined = _Joined()
    linked: dict[tuple[str, str | bytes], str] = {}
    for report in reports:
        document = report.mention.document_id
        for link in _links(report):
            known = linked.setdefault(link, document)
            if known != document:
                joined.join(document, known)
    if len({joined.first(report.mention.document_id) for report in reports}) < 2:
        return joined
    for mark, others in (near_copies(reports) if copies is None else copies).items():
        one = linked.get(("copy", mark))
        for other in others if one else ():
            if ("copy", other) in linked:
                joined.join(linked["copy", mark], linked["copy", other])
    return joined


class _Joined:
    """Documents of one origin; each leads to another of it, or to itself."""

    def __init__(self) -> None:
        self._next: dict[str, str] = {}

    def first(self, document: str) -> str:
        """The document that stands for the origin of this one."""
        path = []
        while (following := self._next.get(document, document)) != document:
            path.append(document)
            document = following
        self._next.update(dict.fromkeys(path, document))
        return document

    def join(self, one: str, other: str) -> None:
        """Make the two of one origin."""
        self._next[self.first(one)] = self.first(other)


def _alike(table: Numbers) -> Iterator[tuple[int, int]]:
    """The pairs of rows of which so many numbers are equal that their documents are near-copies.

    Of many rows only those are compared that share two numbers of one band: there is one band less than the numbers
    that near-copies share, so that two of these stand in the same band.
    """
    least = ceil(NEAR_COPY * table.shape[1])
    if len(table) > FEW:
        # Columns in which many rows are equal are paired with others.
        columns = sorted(range(table.shape[1]), key=lambda place: len(np.unique(table[:FEW, place])))
        bands = [columns[place :: least - 1] for place in range(least - 1)]
        shared = [_sharing(table[:, one], table[:, two]) for band in bands for one, two in combinations(band, 2)]
        if sum(int(following.sum()) for _, following in shared) < len(table) ** 2 // 8:
            yield from {pair for order, following in shared for pair in _compared(table, order, following, least)}
            return
    every = np.arange(len(table))
    yield from _compared(table, every, every[::-1], least)


def _sharing(one: Numbers, two: Numbers) -> tuple[Places, Places]:
    """The rows in an order in which those of equal numbers stand together, and how many equal ones follow on each."""
    both = one.astype(np.uint64) << np.uint64(32) | two
    order = np.argsort(both, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(both[order]) != 0, True)) + 1
    sizes = np.diff(ends, prepend=0)
    return order, np.repeat(ends, sizes) - np.arange(len(both)) - 1


def _compared(table: Numbers, order: Places, following: Places, least: int) -> Iterator[tuple[int, int]]:
    """Of each row and the `following` ones after it in `order`, the pairs that have so many equal numbers."""
    ends, lowest = np.cumsum(following), table.astype(np.uint8)
    for start in range(0, int(ends[-1]), AT_ONCE):
        pairs = np.arange(start, min(start + AT_ONCE, int(ends[-1])))
        first = np.searchsorted(ends, pairs, side="right")
        one, other = order[first], order[first + 1 + pairs - (ends - following)[first]]
        # Equal numbers have equal lowest bytes, which are sooner compared.
        likely = np.flatnonzero(_equal(lowest, one, other) >= least)
        one, other = one[likely], other[likely]
        for i in np.flatnonzero(_equal(table, one, other) >= least).tolist():
            yield min(int(one[i]), int(other[i])), max(int(one[i]), int(other[i]))


def _equal(table: Numbers | Bytes, one: Places, other: Places) -> Places:
    """How many numbers are equal in these rows and those."""
    same: NDArray[np.bool_] = table[one] == table[other]
    if same.shape[1] % 8:
        return np.asarray(same.sum(axis=1), np.int64)
    # Eight truths at once, as the bits of one number; far quicker than to add them up one by one.
    counted: Places = np.bitwise_count(same.view(np.uint64)).sum(axis=1, dtype=np.int64)
    return counted


def _links(report: Report) -> Iterator[tuple[str, str | bytes]]:
    """What a report shares with others of its origin."""
    yield "sentence", _plain(report.sentence)
    if report.outlet:
        yield "outlet", report.outlet
    if report.credit:
        yield "agency", report.credit
    if report.signature:
        yield "copy", report.signature


@lru_cache(maxsize=16384)
def _plain(sentence: str) -> str:
    """The words alone, in small letters."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


@cache
def _agencies() -> tuple[dict[str, str], dict[str, re.Pattern[str]]]:
    """Every crediting word with its agency, and the patterns that find a credit."""
    data = tomllib.loads(files("dragoman.relate").joinpath("data/agencies.toml").read_text("utf-8"))["agencies"]
    agencies = {word: name for name, words in data.items() for word in words}
    names = _any(agencies)
    return agencies, {
        "sentence": re.compile(
            rf"\(({names})\)|\b({names}),? (?:\w+ )?{REPORTING}\b|\baccording to (?:the )?({names})\b"
            rf"|\b{REPORTING} by (?:the )?({names})\b|\bciting (?:the )?({names})\b|\btold (?:the )?({names})\b"
        ),
        "dateline": re.compile(rf"\(({names})\)|^[A-Z][A-Z .,/'’-]+,? [^.\n]{{0,30}}?\b({names})\b"),
    }


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
