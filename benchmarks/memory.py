"""Whether the coder's memory stays flat: resident memory while 100,000 sentences are coded.

`python -m benchmarks.memory` codes the sample dispatches over and over, each round with other states in the place of
named ones so that no text comes twice, and prints resident memory along the way. Ends with 1 if the peak is over the
limit, or if the second half needs more than a tenth above the first.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.coding import DISPATCHES, peak_mib, read_documents

from dragoman.coding import Coder, gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.records import Document

LIMIT_MIB = 1536
STEPS = 20
ENDS = re.compile(r"[.!?][”\"']?(?=\s|$)")
"""Ends of sentences, as plainly counted; the parser finds about as many."""


def resident_mib() -> float:
    """What this process holds in memory now, in MiB; needs Linux's /proc."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


def renamed(document: Document, number: int, names: Sequence[str]) -> Document:
    """The document with every tenth state's name replaced by another, a different one each round."""
    body = document.body
    for at in range(number % 10, len(names), 10):
        body = body.replace(names[at], names[(at + number) % len(names)])
    return replace(document, body=f"{body}\n\nRound {number}.")


def rounds(documents: Sequence[Document]) -> Iterator[Document]:
    """The documents again and again, never twice the same."""
    names = sorted(n for n, e in gazetteer().names.items() if len(e) == 1 and e[0].kind is NameKind.STATE)
    number = 0
    while True:
        number += 1
        yield from (renamed(document, number, names) for document in documents)


def measure(sentences: int, documents: Sequence[Document]) -> list[tuple[int, float]]:
    """Sentences coded and MiB held, at each of the steps."""
    coder, coded, found = Coder(), 0, list[tuple[int, float]]()
    for document in rounds(documents):
        coder.code(document)
        coded += max(1, len(ENDS.findall(document.body)))
        if coded >= sentences * (len(found) + 1) / STEPS:
            found.append((coded, resident_mib()))
            sys.stderr.write(f"{coded} sentences, {found[-1][1]:.0f} MiB\n")
        if coded >= sentences:
            return found
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Memory of the coder over many sentences.")
    parser.add_argument("--sentences", type=int, default=100_000)
    given = parser.parse_args(arguments)
    found = measure(given.sentences, read_documents(DISPATCHES))
    held = [mib for _, mib in found]
    first, second = max(held[: len(held) // 2]), max(held[len(held) // 2 :])
    sys.stdout.write(
        f"sentences        {found[-1][0]}\nfirst half       {first:.0f} MiB at most\n"
        f"second half      {second:.0f} MiB at most\npeak             {peak_mib():.0f} MiB\n"
    )
    return 1 if peak_mib() > LIMIT_MIB or second > 1.1 * first else 0


if __name__ == "__main__":
    sys.exit(main())
