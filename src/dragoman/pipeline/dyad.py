"""The relation of two actors in a record: its events, and every view of how it develops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dragoman.brief import Brief
from dragoman.pipeline.happenings import load_happenings
from dragoman.pipeline.parties import party_code
from dragoman.record import Store
from dragoman.relate import Happening


class Asked(Protocol):
    """What a relation needs of its record."""

    def store(self) -> Store:
        """The tables."""

    def events(
        self, *parties: str, as_of: date | None = None, version: int | None = None, **filters: Any
    ) -> list[dict[str, Any]]:
        """Events as dictionaries."""

    def brief(
        self,
        *dyads: tuple[str, str],
        as_of: date | None = None,
        version: int | None = None,
        since: date | None = None,
    ) -> Brief:
        """A cited brief."""


@dataclass(frozen=True, slots=True)
class Dyad:
    """The relation of two actors in a record."""

    record: Asked
    first: str
    second: str

    def events(self, **options: Any) -> list[dict[str, Any]]:
        """The events between the two, in both directions unless `directed=True`."""
        return self.record.events(self.first, self.second, **options)

    def happenings(self, as_of: date | None = None, version: int | None = None) -> list[Happening]:
        """The events between the two with their reports, sorted by day, then id."""
        parties = (party_code(self.first), party_code(self.second))
        return load_happenings(self.record.store().snapshot(version), parties, as_of)

    def brief(self, as_of: date | None = None, version: int | None = None, since: date | None = None) -> Brief:
        """What the record knows of the relation, every sentence with its citations."""
        return self.record.brief((self.first, self.second), as_of=as_of, version=version, since=since)
