"""Looking after a record: check it, bring an older version back, rewrite small files, let old versions go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from dragoman.database import versions_named
from dragoman.record import (
    Compacted,
    Finding,
    Store,
    Vacuumed,
    compact,
    keep_day_counts,
    restore,
    vacuum,
    verify,
    verify_versions,
)
from dragoman.settings import Settings


class Housekeeping(ABC):
    """What may be done to a record as a whole; `Record` gives the tables."""

    settings: Settings
    location: str

    @abstractmethod
    def store(self, *, create: bool = False) -> Store:
        """The tables."""

    @abstractmethod
    def _writable(self, *, create: bool = False) -> Store:
        """The tables in today's layout."""

    def verify(self, version: int | None = None) -> list[Finding]:
        """Everything that is wrong with the record; an empty list means it holds together.

        Without a version the rows of the current one are checked, and of all others that their files are there.
        """
        store = self.store()
        findings = verify(store.snapshot(version))
        return findings if version is not None else [*findings, *verify_versions(store)]

    def compact(self, *, parted: bool | None = None) -> Compacted:
        """Sort the tables and write them in few files, as a new version with the same rows; no view changes.

        `parted` cuts the events by month and provider, or no more; by default only from fifty million events on. What
        is so cut is also counted, for the course of relations.
        """
        store = self._writable()
        done = compact(store, parted=parted)
        keep_day_counts(store)
        return done

    def vacuum(
        self, *, versions: int | None = None, days: int | None = None, pinned: Iterable[int] = (), dry: bool = False
    ) -> Vacuumed:
        """Let go of versions beyond the last so many, or of more than so many days ago.

        `pinned` stay, and so do those that a forecast or a published brief names.
        """
        store = self.store()
        named = versions_named(replace(self.settings, record=self.location)) & {
            commit["version"] for commit in store.versions()
        }
        return vacuum(store, versions=versions, days=days, pinned={*pinned, *named}, dry=dry)

    def restore(self, version: int) -> int:
        """Make an older version current again, as a new one, whose number is returned."""
        return restore(self.store(), version)
