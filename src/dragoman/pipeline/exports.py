"""Events out of a record: files in many layouts, and tables for Arrow, pandas and Polars."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.exchange.exporting import Exported, Layout, export_events
from dragoman.pipeline.asking import events_as_of, matching, party_codes
from dragoman.record import PUBLIC, EventFilter, Store, public_events


class Exports(ABC):
    """The ways out of a record; `Record` gives the tables."""

    @abstractmethod
    def store(self, *, create: bool = False) -> Store:
        """The tables."""

    def export(
        self,
        out: str | Path,
        *parties: str,
        layout: Layout | str = Layout.CSV,
        as_of: date | None = None,
        version: int | None = None,
        **filters: Any,
    ) -> Exported:
        """Write events to a file, in order, with a codebook beside it; `filters` as in `EventFilter`."""
        try:
            chosen = Layout(layout)
        except ValueError as error:
            raise UsageError(f"There is no layout {layout!r}; there are: {', '.join(Layout)}.") from error
        wanted = EventFilter(parties=tuple(parties), **filters)
        return self.export_found(wanted, Path(out), chosen, as_of=as_of, version=version)

    def export_found(
        self,
        wanted: EventFilter,
        out: Path,
        layout: Layout,
        *,
        as_of: date | None = None,
        version: int | None = None,
    ) -> Exported:
        """The same for a filter that is made already."""
        snapshot = self.store().snapshot(version)
        events = matching(events_as_of(snapshot, as_of, *party_codes(wanted)), wanted)
        return export_events(snapshot, events, layout, out, in_words(wanted, as_of))

    def to_arrow(
        self, *parties: str, as_of: date | None = None, version: int | None = None, **filters: Any
    ) -> pa.Table:
        """The events that a filter names as an Arrow table, whose fields carry their meaning and unit."""
        wanted = EventFilter(parties=tuple(parties), **filters)
        snapshot = self.store().snapshot(version)
        events = matching(events_as_of(snapshot, as_of, *party_codes(wanted)), wanted)
        return snapshot.batches("events", public_events(events), PUBLIC).read_all()

    def to_pandas(self, *parties: str, **options: Any) -> Any:
        """The same as a pandas data frame; dates are days of type datetime64."""
        return self.to_arrow(*parties, **options).to_pandas(date_as_object=False)

    def to_polars(self, *parties: str, **options: Any) -> Any:
        """The same as a Polars data frame; Polars must be installed."""
        try:
            polars = importlib.import_module("polars")
        except ImportError as error:
            raise UsageError(
                "Polars is not installed; “pip install polars” brings it. to_arrow and to_pandas work without."
            ) from error
        return polars.from_arrow(self.to_arrow(*parties, **options))


def in_words(wanted: EventFilter, as_of: date | None = None) -> str:
    """Which events a filter names, as a phrase."""
    parts = [
        {0: "all events", 1: "events of {}", 2: "events between {} and {}"}[len(wanted.parties)].format(
            *wanted.parties
        ),
        "from the first to the second only" if wanted.directed else "",
        f"of type {', '.join(wanted.types)}" if wanted.types else "",
        f"from {wanted.since} on" if wanted.since else "",
        f"until {wanted.until}" if wanted.until else "",
        f"in the domain {', '.join(wanted.domains)}" if wanted.domains else "",
        f"by {', '.join(wanted.providers)}" if wanted.providers else "",
        f"as known on {as_of}" if as_of else "",
    ]
    return ", ".join(part for part in parts if part)
