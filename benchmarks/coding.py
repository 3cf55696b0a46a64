"""How fast the coder is against the parser that it stands on: CPU seconds of both on the sample dispatches.

`python benchmarks/coding.py` reads the dispatches, then lets spaCy parse their paragraphs and lets the coder code the
documents, in turn, several rounds. The coder's time includes parsing. The ratio hardly depends on the machine.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.coding import Coder, gazetteer
from dragoman.coding.parser import Parser, load_model
from dragoman.read import ReadOptions, find_inputs, read_input
from dragoman.records import Document, Refusal

DISPATCHES = Path(__file__).parents[1] / "corpora" / "dispatches"


@dataclass(frozen=True, slots=True)
class Round:
    """CPU seconds of one round."""

    spacy: float
    ours: float

    @property
    def ratio(self) -> float:
        """The coder's time as a multiple of the parser's."""
        return self.ours / self.spacy


def read_documents(folder: Path) -> list[Document]:
    """Every document of a folder, each once however many files carry it."""
    found: dict[str, Document] = {}
    for item in find_inputs([str(folder)]):
        for outcome in [item] if isinstance(item, Refusal) else read_input(item, ReadOptions()):
            if isinstance(outcome, Document):
                found[outcome.id] = outcome
    return list(found.values())


def paragraphs_of(documents: Sequence[Document]) -> list[str]:
    """The texts that the coder hands to the parser for these documents."""
    parser = Parser(gazetteer())
    return [paragraph.doc.text for document in documents for paragraph in parser.parse(document)]


def cpu_seconds(work: Callable[[], object]) -> float:
    """What a piece of work takes of the processor, all threads counted."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(documents: Sequence[Document], paragraphs: Sequence[str], rounds: int) -> list[Round]:
    """The rounds after one that only warms up; who goes first changes from round to round."""
    model, coder = load_model(), Coder()

    def parse() -> None:
        for _ in model.pipe(paragraphs):
            pass

    def code() -> None:
        for document in documents:
            coder.code(document)

    found = []
    for number in range(rounds + 1):
        if number % 2:
            spacy, ours = cpu_seconds(parse), cpu_seconds(code)
        else:
            ours, spacy = cpu_seconds(code), cpu_seconds(parse)
        found.append(Round(spacy, ours))
    return found[1:]


def peak_mib() -> float:
    """The largest memory that this process has held, in MiB; macOS counts in bytes, others in KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if there is nothing to measure or the ratio is over the limit."""
    parser = argparse.ArgumentParser(description="CPU time of the coder against spaCy alone on the same paragraphs.")
    parser.add_argument("folder", nargs="?", type=Path, default=DISPATCHES, help="what to read (the sample dispatches)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds measured, after one that warms up (7)")
    parser.add_argument("--limit", type=float, default=None, help="end with 1 if the median ratio is above this")
    given = parser.parse_args(arguments)
    if given.rounds < 1:
        parser.error("--rounds must be at least 1")
    documents = read_documents(given.folder)
    if not documents:
        sys.stderr.write(f"No document was found in {given.folder}.\n")
        return 1
    paragraphs = paragraphs_of(documents)
    parsed = list(load_model().pipe(paragraphs))
    sentences, tokens = sum(1 for doc in parsed for _ in doc.sents), sum(len(doc) for doc in parsed)
    del parsed
    rounds = measure(documents, paragraphs, given.rounds)
    spacy, ours = (statistics.median(values) for values in ([r.spacy for r in rounds], [r.ours for r in rounds]))
    ratio = statistics.median(r.ratio for r in rounds)
    lines = [
        f"documents        {len(documents)}",
        f"paragraphs       {len(paragraphs)}",
        f"sentences        {sentences}",
        f"tokens           {tokens}",
        f"rounds           {len(rounds)}",
        f"spaCy            {spacy:.2f} CPU s, {sentences / spacy:.0f} sentences/s",
        f"coder            {ours:.2f} CPU s, {sentences / ours:.0f} sentences/s, parsing included",
        f"coder/spaCy      {ratio:.2f}, {min(r.ratio for r in rounds):.2f} to {max(r.ratio for r in rounds):.2f}",
        f"peak memory      {peak_mib():.0f} MiB",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if given.limit is not None and ratio > given.limit else 0


if __name__ == "__main__":
    sys.exit(main())
