"""A record as if it held what some providers brought and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import ibis

from dragoman.errors import UsageError
from dragoman.exchange import PROVIDERS
from dragoman.record import TABLES, Snapshot
from dragoman.relate import PROVIDER

OWN = ("documents", "mentions", "refusals")
"""Tables that hold what this program itself read; of others' files only events are kept."""


class Chosen(Snapshot):
    """A state of a record of which only the events of some providers are read, and only texts that they rest on.

    Forecasts rest on the events of everybody, so none is there.
    """

    def __init__(self, whole: Snapshot, providers: Collection[str]) -> None:
        super().__init__(whole.identity[0], whole.commit, whole.engine)
        self.providers = tuple(sorted(set(providers)))

    @property
    def identity(self) -> tuple[str, int, datetime.datetime, str]:
        """As of any state, and other providers make another one."""
        root, version, at, engine = super().identity
        return root, version, at, f"{engine} of {', '.join(self.providers)}"

    def size(self, name: str) -> int | None:
        """How many rows a table has is not told by its log, which tells of everybody's."""
        return super().size(name) if name not in (*OWN, "events", "forecasts") else None

    def _open(self, name: str) -> ibis.Table:
        if name == "forecasts" or (name in OWN and PROVIDER not in self.providers):
            return ibis.memtable(TABLES[name].empty_table())
        table = super()._open(name)
        return table.filter(table.provider.isin(list(self.providers))) if name == "events" else table


def chosen_from(snapshot: Snapshot, providers: Collection[str]) -> Snapshot:
    """The snapshot as these providers alone make it; without any named, as it is."""
    return Chosen(snapshot, providers) if providers else snapshot


def known_providers(names: Collection[str]) -> tuple[str, ...]:
    """The names, each once and sorted; one that no event can bear is wrong use."""
    allowed = (PROVIDER, *sorted(PROVIDERS))
    for name in names:
        if name not in allowed:
            raise UsageError(f"There is no provider {name!r}; there are {', '.join(allowed)}.")
    return tuple(sorted(set(names)))
