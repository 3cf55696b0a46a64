"""Reads what was fetched into the record: pages held in memory, files of a folder, files of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.errors import FetchError, ReadError, UsageError
from dragoman.pipeline import Record
from dragoman.read import Answer, Fetched
from dragoman.records import Document, Refusal
from dragoman.terms import RefusalReason

DOCUMENT = "document"
KNOWN = "known"


@dataclass(slots=True)
class Outcome:
    """What became of one page or file: new documents, known ones, and refusals by reason."""

    documents: int = 0
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, other: Outcome) -> None:
        """Count another's beside."""
        self.documents += other.documents
        self.known += other.known
        self.refused.update(other.refused)

    @property
    def word(self) -> str:
        """The outcome in one word: document, known, or the reason of the first refusal."""
        if self.documents:
            return DOCUMENT
        if self.known:
            return KNOWN
        return next(iter(self.refused), "empty")


class Held:
    """Pages that were fetched already, handed to the reader by their address; a `ReadError` stands for one not had."""

    def __init__(self, pages: Mapping[str, Answer | ReadError]) -> None:
        self._pages = pages

    def get(self, url: str) -> Fetched:
        """The page at an address, or the error in its place."""
        found = self._pages.get(url)
        if found is None:
            raise FetchError(RefusalReason.UNREACHABLE, f"{url} was not fetched beforehand; watch it again.")
        if isinstance(found, ReadError):
            raise found
        return Fetched(found.url, found.status, found.headers.get("content-type"), found.body, found.retrieved)


def read_pages(record: Record, pages: Mapping[str, Answer | ReadError]) -> dict[str, Outcome]:
    """Read pages and commit what they give; the outcome of each, by its address.

    What is no web address is a `UsageError`: such a name would be looked for among this machine's files.
    """
    local = next((name for name in pages if not name.lower().startswith(("http://", "https://"))), None)
    if local is not None:
        raise UsageError(f"{local[:200]!r} is no web address; only pages of the web are read here.")
    return _read(record, list(pages), Held(pages))


def read_files(record: Record, paths: Iterable[Path]) -> dict[str, Outcome]:
    """Read files and commit what they give; the outcome of each, by its path."""
    return _read(record, [str(path) for path in paths], Held({}))


def _read(record: Record, names: list[str], held: Held) -> dict[str, Outcome]:
    outcomes = {name: Outcome() for name in names}

    def heard(name: str, outcome: Document | Refusal, known: bool) -> None:
        found = outcomes.setdefault(name, Outcome())
        if isinstance(outcome, Refusal):
            found.refused[outcome.reason.value] += 1
        elif known:
            found.known += 1
        else:
            found.documents += 1

    if names:
        record.add(*names, fetcher=held, heard=heard)
    return outcomes
