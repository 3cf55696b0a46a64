"""What the caller can say about the inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dragoman.errors import UsageError

# The fields of a document that a table can give, with the names that their columns usually have.
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "standfirst": ("standfirst", "description", "summary", "subtitle", "lead"),
    "body": ("body", "text", "content"),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "outlet", "source"),
    "section": ("section", "category", "community"),
    "topics": ("topics", "tags", "keywords"),
    "published": ("published", "published_at", "date"),
    "retrieved": ("retrieved", "retrieved_at"),
    "language": ("language", "lang"),
    "url": ("url", "link"),
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows about local files and how large one document may be.

    `retrieved` is when local files were taken from their site (a file's own time says nothing about that); `columns`
    maps fields of `Document` to columns or keys of CSV and JSONL; `document_bytes` is the largest single document.
    """

    retrieved: datetime | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    document_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        unknown = sorted(set(self.columns) - set(COLUMNS))
        if unknown:
            raise UsageError(f"A document has no field {unknown[0]!r}; columns can be named for: {', '.join(COLUMNS)}.")
