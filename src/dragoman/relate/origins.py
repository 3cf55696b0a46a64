"""Independent origins: ten outlets that carry one wire story are one origin.

Two reports have one origin when their documents share the outlet, are near-copies by MinHash, tell it in the same
words, or credit the same agency ("(Yonhap)", "KCNA reported").
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from dragoman.records import Document
from dragoman.relate.evidence import Report

SHINGLE = 4
"""Words in a row whose sets are compared."""

PERMUTATIONS = 64

NEAR_COPY = 0.5
"""Share of four-word shingles in common from which two documents are near-copies; edited wire copy stays above it."""

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


def origins(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports parted by origin, in the order of their mention ids."""
    if len(reports) == 1:
        return [list(reports)]
    joined = _Joined()
    linked: dict[tuple[str, str], str] = {}
    for report in reports:
        for link in _links(report):
            joined.join(report.mention.document_id, linked.setdefault(link, report.mention.document_id))
    documents = {r.mention.document_id: r.signature for r in reports if r.signature}
    _join_copies(sorted(documents.items()), joined)
    found: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: r.mention.id):
        found[joined.first(report.mention.document_id)].append(report)
    return list(found.values())


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


def _join_copies(documents: Sequence[tuple[str, bytes]], joined: _Joined) -> None:
    """Join the documents that are near-copies by their signatures."""
    if len({joined.first(document) for document, _ in documents}) < 2:
        return
    table = np.stack([np.frombuffer(mark, "<u4") for _, mark in documents])
    for i in range(len(documents) - 1):
        same = np.count_nonzero(table[i + 1 :] == table[i], axis=1)
        for j in np.flatnonzero(same >= NEAR_COPY * table.shape[1]):
            joined.join(documents[i][0], documents[i + 1 + int(j)][0])


def _links(report: Report) -> Iterator[tuple[str, str]]:
    """What a report shares with others of its origin."""
    yield "sentence", _plain(report.sentence)
    if report.outlet:
        yield "outlet", report.outlet
    if report.credit:
        yield "agency", report.credit


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
